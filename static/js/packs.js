// Beside a quantity in packs stands what it comes to in units, while it is typed. The server reckons it again, exactly.
const locale = document.documentElement.lang;

export function startPacks() {
  document.addEventListener("input", show);
  document.addEventListener("change", show);
}

function show(event) {
  const line = event.target.closest(".entry__line, .receive");
  const box = line?.querySelector("[data-packs]");
  if (!box) return;
  const choice = box.querySelector("select").selectedOptions[0];
  const count = Number(line.querySelector(".stepper__input").value.replace(",", "."));
  const units = Math.round(count * Number(choice.dataset.units) * 1e6) / 1e6;
  const isShown = choice.value && Number.isFinite(units) && units > 0;
  box.querySelector("output").textContent = isShown ? `= ${new Intl.NumberFormat(locale, { maximumFractionDigits: 3 }).format(units)}` : "";
}
