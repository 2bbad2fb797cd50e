// The inbox: what is ticked, counted and summed up in the bar at the thumb; "tick all" of a group; what is typed in a line.
const locale = document.documentElement.lang;

document.addEventListener("change", (event) => {
  const all = event.target.closest("[data-select-all]");
  if (all) {
    for (const tick of approvable(all)) tick.checked = all.checked;
  }
  if (all || event.target.matches("[data-group]")) show();
});
document.body.addEventListener("htmx:load", show);
window.addEventListener("pageshow", show);

// What is typed and not kept would not be what is approved.
document.addEventListener("input", (event) => {
  const panel = event.target.matches(".stepper__input") ? event.target.closest(".panel") : null;
  if (!panel?.querySelector("[data-approves]")) return;
  const approved = panel.querySelector('[name^="seen-"]').value.split(" ")[0];
  const isKept = Number(event.target.value.replace(",", ".")) === Number(approved);
  panel.querySelector("[data-approves]").disabled = !isKept;
  panel.querySelector("[data-unkept]").hidden = isKept;
});

const ticks = () => [...document.querySelectorAll("input[data-group]")];

// Those of the group that no budget holds.
const approvable = (all) => ticks().filter(({ dataset }) => dataset.group === all.dataset.selectAll && !("held" in dataset));

function show() {
  const bar = document.querySelector("[data-selection]");
  if (!bar) return;
  const ticked = ticks().filter((tick) => tick.checked);
  bar.classList.toggle("selection--some", ticked.length > 0);
  const sums = new Map();
  for (const { dataset } of ticked) sums.set(dataset.currency, (sums.get(dataset.currency) ?? 0) + Number(dataset.cost));
  const amounts = [...sums].map(([currency, sum]) => money(sum, currency));
  bar.querySelector("[data-selection-figures]").textContent = ticked.length ? `(${[ticked.length, ...amounts].join(" · ")})` : "";
  for (const all of document.querySelectorAll("[data-select-all]")) {
    const own = approvable(all);
    const count = own.filter((tick) => tick.checked).length;
    all.checked = own.length > 0 && count === own.length;
    all.indeterminate = count > 0 && count < own.length;
  }
}

function money(sum, currency) {
  if (!currency) return String(Math.round(sum));
  return new Intl.NumberFormat(locale, { style: "currency", currency }).format(sum);
}
