// Pages of counting: the field that belongs to the chosen scope, and lines that are ticked for a decision.
const form = document.querySelector("[data-count-scope]");
const scope = form?.querySelector("[name=scope]");

function showScope() {
  for (const part of form.querySelectorAll("[data-scope]")) part.hidden = part.dataset.scope !== scope.value;
}

if (scope) {
  scope.addEventListener("change", showScope);
  showScope();
}

const ticks = () => [...document.querySelectorAll("input[data-tick]")];

function showTicked() {
  const bar = document.querySelector("[data-ticked]");
  const all = document.querySelector("[data-tick-all]");
  if (!bar || !all) return;
  const count = ticks().filter((tick) => tick.checked).length;
  bar.hidden = count === 0;
  bar.querySelector("[data-ticked-figure]").textContent = count ? `(${count})` : "";
  all.checked = count > 0 && count === ticks().length;
  all.indeterminate = count > 0 && !all.checked;
}

document.addEventListener("change", (event) => {
  if (event.target.matches("[data-tick-all]")) for (const tick of ticks()) tick.checked = event.target.checked;
  showTicked();
});
window.addEventListener("pageshow", showTicked);
showTicked();
