// A hand-held scanner types its code faster than any hand and ends with Enter or Tab. Wherever the cursor stands on a
// page with a code field, the code goes there, and what it wrote into another field on its way is taken back. In the code
// field itself too: an answer may have moved the cursor or marked the letters while half of the code was written.
import { deliver } from "./scanner.js";

// Scanners send a key every 2 to 50 ms; nobody types four letters in a row so fast, and Enter at once.
const FASTEST_HAND_MS = 60;
const SHORTEST_CODE = 4;
// Codes of lots may be as short as two signs; in their field nothing but such a code is awaited.
const SHORTEST_LOT = 2;

const target = () => document.querySelector("[data-entry] #code, [data-scan-field]");

let keys = "";
let lastAt = 0;
let place = null;
let before = "";

export function startWedge() {
  document.addEventListener("keydown", listen, { capture: true });
}

function listen(event) {
  if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
  const field = target();
  if (!field || document.querySelector("dialog[open]")) return;
  if (event.key === "Enter" || event.key === "Tab") return finish(event, field);
  if (event.key.length !== 1) return;
  if (event.timeStamp - lastAt > FASTEST_HAND_MS) {
    keys = "";
    place = document.activeElement;
    before = place?.value ?? "";
  }
  keys += event.key;
  lastAt = event.timeStamp;
}

function finish(event, field) {
  const code = keys;
  const shortest = place?.matches?.("[data-takes-lot]") ? SHORTEST_LOT : SHORTEST_CODE;
  const isScan = code.length >= shortest && event.timeStamp - lastAt <= 2 * FASTEST_HAND_MS;
  keys = "";
  // The next key begins anew, however soon it comes: what stands in a field by then was not there before this code.
  lastAt = 0;
  if (!isScan) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  if (place && place !== field && "value" in place) {
    place.value = before;
    place.dispatchEvent(new Event("input", { bubbles: true }));
  }
  deliver(field, code);
}
