// The field at the shelf: it is emptied as soon as its code is entered, so that the next scan finds it empty however long the
// answer takes, and gets the code back when the way was barred or the server could not use it.
import { heard } from "./beep.js";
import { carry, remember } from "./carry.js";

const field = () => document.querySelector("[data-entry] #code");
const list = () => document.getElementById("entry");

// What was entered by each act, until its turn comes: the questions wait for one another.
const entered = new WeakMap();
// Codes that did not reach the server while another one stood in the field.
const barred = [];
// What was given back to the field, until it is entered again.
let given = "";
// The newest question to the server. An older answer that settles late has nothing more to say about the field.
let newest = null;
let onTheWay = "";
let goOn = () => {};

export function startEntries() {
  document.addEventListener("submit", (event) => event.target.matches("[data-entry]") && enter(event), { capture: true });
  document.addEventListener("change", (event) => event.target.matches("[data-entry] #location") && enter(event), { capture: true });
  document.addEventListener("scan", takeLot);
  document.addEventListener("scan", keepWhatWasGiven);
  const { body } = document;
  body.addEventListener("htmx:configRequest", ({ detail }) => {
    const code = entered.get(detail.triggeringEvent);
    if (code !== undefined) detail.parameters.code = code;
  });
  body.addEventListener("htmx:beforeSend", sends);
  for (const failure of ["htmx:sendError", "htmx:responseError", "htmx:timeout"]) body.addEventListener(failure, fails);
  body.addEventListener("htmx:beforeSwap", ({ detail }) => {
    if (detail.shouldSwap && detail.target.id === "entry") goOn = carry(detail.target);
  });
  body.addEventListener("htmx:afterSwap", ({ detail }) => {
    if (detail.elt.id !== "entry") return;
    goOn(detail.elt);
    goOn = () => {};
  });
  body.addEventListener("htmx:afterSettle", settles);
}

// Without htmx the browser sends the form as it stands.
function enter(event) {
  const code = field();
  if (!code || !window.htmx) return;
  entered.set(event, code.value);
  code.value = "";
  given = "";
}

// A second tap while the first is on its way does nothing; the answer brings new buttons.
function lock(isLocked) {
  for (const button of document.querySelectorAll("#entry [name=do]")) button.disabled = isLocked;
}

function sends({ detail }) {
  const code = field();
  if (!code || !detail.elt.matches("[data-entry]")) return;
  onTheWay = entered.get(detail.requestConfig.triggeringEvent) ?? "";
  newest = detail.xhr;
  remember(list());
  lock(true);
  // What it may mean was asked for other letters.
  window.htmx.trigger(code, "htmx:abort");
  document.getElementById("suggestions").replaceChildren();
}

function fails({ detail }) {
  const code = field();
  if (!code || !detail.elt.matches("[data-entry]")) return;
  giveBack(code, onTheWay);
  lock(false);
}

// What stands in the field stays there; the code then comes back as soon as it is free.
function giveBack(code, text) {
  if (!text) return;
  if (code.value) barred.push(text);
  else code.value = given = text;
}

// An empty field for a lot, with the cursor in it, waits for the code on the goods; what else is scanned goes on the list.
function takeLot(event) {
  const lot = document.activeElement;
  if (event.target !== field() || !lot?.matches("[data-takes-lot]") || lot.value) return;
  event.preventDefault();
  lot.value = event.detail;
  lot.dispatchEvent(new Event("input", { bubbles: true }));
  heard(true);
}

// A scanner writes behind it, or over it.
function keepWhatWasGiven({ target }) {
  if (given && target === field() && target.value.startsWith(given)) barred.push(given);
  given = "";
}

function settles({ detail: { elt, xhr } }) {
  const code = field();
  if (!code || elt.id !== "entry" || xhr !== newest) return;
  const { typed, unknown } = elt.dataset;
  if (unknown) heard(false);
  // Somebody types or scans already: the cursor stays, and nothing is written between the letters.
  if (code.value) return;
  code.value = typed || barred.shift() || "";
  const wrong = elt.querySelector("[aria-invalid]");
  // Who has gone on to another field while the page settled stays there.
  const isElsewhere = document.activeElement !== code && document.activeElement?.matches("input, select, textarea");
  if (wrong) wrong.focus();
  else if (isElsewhere) return;
  // The next scan must replace what nobody knows, not be written behind it.
  else if (unknown) code.select();
  else code.focus({ preventScroll: true });
}
