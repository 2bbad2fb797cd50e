// A page with a fixed list of lines (an order or a transfer that arrives): each scan adds to the line of its SKU.
// <input data-scan-lines data-scan-field> with the texts for what it says; each line has data-codes, code -> units as JSON,
// and data-most, the units that may come. What no line knows is a lot where the cursor stands in a field for one.
import { heard } from "./beep.js";
import { toast } from "./toasts.js";

const FIELD = "[data-scan-lines]";

// Listens to the document from the first moment of the page, so that no scan finds the field without its meaning and
// sends the form with what the page proposes.
export function startLines() {
  document.addEventListener("scan", (event) => {
    if (!event.target.matches(FIELD)) return;
    event.preventDefault();
    take(event.target, event.detail);
  });
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches(`${FIELD}, [data-takes-lot]`)) return;
    if (!document.querySelector(FIELD)) return;
    // Enter must not send the page that is being filled.
    event.preventDefault();
    if (event.target.matches(FIELD) && event.target.value.trim()) take(event.target, event.target.value.trim());
  });
}

function take(field, code) {
  field.value = "";
  const note = document.getElementById(field.getAttribute("aria-describedby"));
  const say = (text, isRight, values) => {
    heard(isRight);
    note.classList.toggle("tone-out", !isRight);
    note.textContent = Object.entries(values).reduce((said, [name, value]) => said.replace(`%(${name})s`, () => value), text);
    // Long lists are scrolled to their line, and the note is out of sight then.
    if (!isRight) toast(note.textContent);
  };
  const { unknown, over, counted: right } = field.dataset;
  const line = [...document.querySelectorAll("[data-codes]")].find((one) => unitsOf(one, code) !== undefined);
  if (line) {
    begin(field);
    const count = add(line, code);
    const isOver = count > Number(line.dataset.most);
    say(isOver ? over : right, !isOver, { name: line.dataset.name, count, most: Number(line.dataset.most) });
    line.scrollIntoView({ block: "center" });
  } else if (document.activeElement?.matches("[data-takes-lot]")) {
    takeLot(document.activeElement, code, field.dataset, say);
  } else say(unknown, false, { code });
}

// What was counted under one lot must not become another one by the next scan: a line takes one lot at a time.
function takeLot(input, code, { lot, other }, say) {
  const line = input.closest("[data-codes]");
  const before = input.value.trim();
  const count = counted(line);
  if (count > 0 && before && before !== code) return say(other, false, { name: line.dataset.name, count, lot: before, code });
  input.value = code;
  say(lot, true, { name: line.dataset.name, code });
}

// Says how many units there are now.
function add(line, code) {
  const input = line.querySelector(".stepper__input");
  const sum = Math.round((counted(line) + unitsOf(line, code)) * 1000) / 1000;
  countUnits(line);
  input.value = String(sum);
  input.dispatchEvent(new Event("input", { bubbles: true }));
  return sum;
}

// The page proposes all that is open. The first scan begins to count what really came: what nobody scanned or typed did
// not come, or a line that is forgotten would be received in full. A page that came back with a refusal goes on counting.
function begin(field) {
  const state = field.form.elements.scanning;
  if (state.value) return;
  state.value = "1";
  for (const input of field.form.querySelectorAll("[data-codes] .stepper__input")) {
    if (input.value !== input.defaultValue) continue;
    input.value = "0";
    input.dispatchEvent(new Event("input", { bubbles: true }));
  }
  document.getElementById("scan-began").hidden = false;
}

function unitsOf(line, code) {
  const units = JSON.parse(line.dataset.codes)[code];
  return units === undefined ? undefined : Number(units);
}

function counted(line) {
  const units = Number(packs(line)?.selectedOptions[0].dataset.units ?? 1);
  return (Number(line.querySelector(".stepper__input").value.replace(",", ".")) || 0) * units;
}

// From now on the line counts units, whatever pack was chosen.
function countUnits(line) {
  const choice = packs(line);
  if (choice) choice.value = "";
}

function packs(line) {
  return line.querySelector("[data-packs] select");
}
