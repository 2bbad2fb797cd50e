// A page with a fixed list of lines (an order or a transfer that arrives): each scan adds to the line of its SKU.
// <input data-scan-lines data-scan-field> with the texts for what it says; each line has data-codes, code -> units as JSON.
import { heard } from "./beep.js";

export function wake(field) {
  if (field.dataset.awake) return;
  field.dataset.awake = "1";
  field.addEventListener("scan", (event) => {
    event.preventDefault();
    take(field, event.detail);
  });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter") return;
    // Enter must not send the page that is being filled.
    event.preventDefault();
    if (field.value.trim()) take(field, field.value.trim());
  });
}

function take(field, code) {
  field.value = "";
  const note = document.getElementById(field.getAttribute("aria-describedby"));
  const line = [...document.querySelectorAll("[data-codes]")].find((one) => unitsOf(one, code) !== undefined);
  heard(Boolean(line));
  note.classList.toggle("tone-out", !line);
  if (!line) {
    note.textContent = field.dataset.unknown.replace("%(code)s", code);
    return;
  }
  const input = line.querySelector(".stepper__input");
  const isFirst = !line.dataset.scanned;
  line.dataset.scanned = "1";
  // The page proposes all that is open; the first scan of a line begins to count what really came.
  const pack = packOf(line);
  const counted = isFirst ? 0 : (Number(input.value.replace(",", ".")) || 0) * pack;
  input.value = String(Math.round((counted + unitsOf(line, code)) * 1000) / 1000);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  note.textContent = field.dataset.counted.replace("%(name)s", line.dataset.name).replace("%(count)s", input.value);
  line.scrollIntoView({ block: "center" });
}

function unitsOf(line, code) {
  const units = JSON.parse(line.dataset.codes)[code];
  return units === undefined ? undefined : Number(units);
}

// Units in one of what the line counts; from now on it counts units.
function packOf(line) {
  const choice = line.querySelector("[data-packs] select");
  const units = Number(choice?.selectedOptions[0].dataset.units ?? 1);
  if (choice) choice.value = "";
  return units;
}
