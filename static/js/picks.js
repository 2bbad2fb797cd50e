// Under a line of a SKU that is tracked by lot stands from which lots its quantity is taken; told anew while it is typed.
// The page has every lot that may be sold, in their order, each with what is left of it in data-left.
const locale = document.documentElement.lang;

export function startPicks() {
  document.addEventListener("input", show);
  document.addEventListener("change", show);
}

function show(event) {
  const line = event.target.closest(".entry__line");
  const picks = line?.querySelector("[data-picks]");
  if (!picks) return;
  picks.hidden = Boolean(line.querySelector("[name=line_lot]").value.trim());
  const pack = Number(line.querySelector("[name=line_pack]").selectedOptions?.[0].dataset.units ?? 1);
  let missing = Number(line.querySelector("[name=line_quantity]").value.replace(",", ".")) * pack || 0;
  for (const lot of picks.querySelectorAll("[data-left]")) {
    const taken = Math.max(0, Math.min(missing, Number(lot.dataset.left)));
    missing = Math.round((missing - taken) * 1e6) / 1e6;
    lot.hidden = taken === 0;
    lot.querySelector(".number").textContent = new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(taken);
  }
}
