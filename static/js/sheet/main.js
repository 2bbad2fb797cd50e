// The count sheet: works without a connection. Every scan is kept on the phone at once and sent when that is possible.
import { indexLines, key, readQuantity, round, searchLines } from "./lines.js";
import { dropUnknown, forgetOld, loadEntries, loadSheet, newId, onOtherTab, saveEntry, saveSheet } from "./store.js";
import { startSync } from "./sync.js";
import { draw } from "./view.js";
import { keepForOffline } from "./offline.js";

const root = document.querySelector("[data-sheet]");
const { user, entriesUrl, sheetUrl } = root.dataset;
const count = Number(root.dataset.sheet);
const code = document.getElementById("code");
const quantity = document.getElementById("sheet-quantity");
const place = document.getElementById("sheet-place");

let sheet = { data: { lines: [] }, offset: 0, fetched: 0 };
let byCode = new Map();
let entries = [];
let state = "idle";
let sync;
// The letters whose lines are shown instead of those that are left.
let sought = "";

const current = () => entries.find((entry) => !entry.sealed && entry.user === user);
const lineOf = (entry) => sheet.data.lines.find((line) => line.sku === entry.sku);
const now = () => new Date(Date.now() + sheet.offset).toISOString();

async function show(next = state) {
  state = next;
  entries = await loadEntries(count);
  draw(root, { sheet, entries, state, user, sought, current: current(), line: current() && lineOf(current()) });
}

const again = (next) => show(next).catch((problem) => draw.problem(root, problem));

// Letters may be typed before the lines are here: they are looked for again among those that came.
function useSheet(fresh) {
  sheet = fresh;
  byCode = indexLines(sheet.data.lines);
  if (sought) search(sought, 1);
}

// Before the lines are here nobody can tell that nothing has such a name.
function search(text, fewest = 2) {
  sought = text.length < fewest ? "" : text;
  const found = sought && sheet.fetched ? searchLines(sheet.data.lines, sought) : null;
  draw.search(root, sought, found, sheet, entries);
}

// One change after the other: a fast scanner is faster than the database of the phone.
let queue = Promise.resolve();
const inTurn = (act) => (queue = queue.then(act).catch((problem) => draw.problem(root, problem)));

// A change begins from what is kept: another tab may have sent by now what this one last showed as open.
async function refresh() {
  entries = await loadEntries(count);
}

// What is scanned or typed waits until the lines are known, from the phone or from the server.
let isReady;
const ready = new Promise((resolve) => (isReady = resolve));

async function take(text) {
  await ready;
  sought = code.value.trim();
  if (isUnclear()) return refuse();
  await refresh();
  const found = byCode.get(key(text));
  const open = current();
  if (found && open?.sku === found.line.sku) {
    await saveEntry({ ...open, quantity: String(round(Number(open.quantity) + Number(found.pack))), counted_at: now() });
  } else if (found) {
    await begin({ sku: found.line.sku, name: found.line.name, round: found.line.round, unit: found.line.unit }, found.pack);
  } else if (open?.barcode === text) {
    await saveEntry({ ...open, quantity: String(Number(open.quantity) + 1), counted_at: now() });
  } else {
    await begin({ barcode: text, name: text, round: null, unit: "" }, "1");
  }
  await show();
}

async function begin(what, number) {
  await seal();
  const known = sheet.data.lines.find((line) => line.sku === what.sku);
  await saveEntry({
    ...blank(),
    quantity: number,
    place: known?.places.length ? known.places[0] : "",
    sealed: false,
    ...what,
  });
}

// The order in which entries were made outlives a clock that is set back meanwhile.
function blank() {
  const made = Math.max(Date.now(), ...entries.map((entry) => entry.made + 1));
  return { id: newId(), count, user, made, counted_at: now(), sent: 0 };
}

// What was typed last may be no quantity. The one before it is not sent in its place: nobody counted that.
const isUnclear = () => Boolean(current()) && quantity.getAttribute("aria-invalid") === "true";

function refuse() {
  draw.unclear(root, current());
  quantity.focus();
}

async function finish() {
  if (isUnclear()) return refuse();
  await seal();
  await show();
  code.focus({ preventScroll: true });
}

async function seal() {
  await refresh();
  const open = current();
  if (!open) return;
  await saveEntry({ ...open, sealed: true });
  await refresh();
  sync?.run();
}

// Of the entry that was shown when it was typed: a scan before it in the queue may have begun another one.
async function change(fields, id, turn) {
  await refresh();
  const open = current();
  if (open?.id !== id) return;
  await saveEntry({ ...open, ...fields, counted_at: now() });
  if (turn && turn === quantity.dataset.typed) delete quantity.dataset.typed;
  await show();
}

// An entry that the server cannot have is forgotten; any other is taken back by another one. An answer may be lost.
async function undo(id) {
  await refresh();
  const entry = entries.find((row) => row.id === id);
  if (!entry) return;
  const back = entries.find((row) => row.voids === id);
  const isGone = await dropUnknown(id);
  const isOpen = !back || back.refused;
  if (back && (isGone || isOpen)) await dropUnknown(back.id);
  if (!isGone && isOpen) {
    const { sku, barcode, name, round: counting, quantity: number } = entry;
    await saveEntry({ ...blank(), voids: id, sealed: true, sku, barcode, name, round: counting, quantity: number });
  }
  await show();
  sync?.run();
}

async function find(text) {
  await ready;
  const isExact = byCode.has(key(text));
  const found = isExact ? [] : searchLines(sheet.data.lines, text);
  const isCode = /^\S*\d\S*$/.test(text);
  if (isExact || (!found.length && isCode)) await take(text);
  else if (found.length === 1) await take(found[0].sku);
  else if (!code.value.trim()) search(text, 1);
}

document.getElementById("sheet-form").addEventListener("submit", (event) => {
  event.preventDefault();
  const text = code.value.trim();
  code.value = "";
  if (text) inTurn(() => find(text));
});
code.addEventListener("input", () => search(code.value.trim()));

// Until the last that was typed is kept, what was kept before it is not drawn over it.
let turns = 0;
quantity.addEventListener("input", () => {
  const open = current();
  const number = open ? readQuantity(quantity.value, open.unit) : "";
  quantity.setAttribute("aria-invalid", String(!number));
  const turn = (quantity.dataset.typed = String(++turns));
  if (!number) return;
  draw.clear(root);
  inTurn(() => change({ quantity: number }, open.id, turn));
});
quantity.addEventListener("focus", () => quantity.select());

// Nobody types a digit every few milliseconds: that is a scanner, whose code is no quantity, wherever the focus is.
const BURST_MS = 50;
const NO_BURST = { text: "", before: "", at: 0 };
let burst = NO_BURST;
quantity.addEventListener("keydown", (event) => {
  const isQuick = event.timeStamp - burst.at < BURST_MS;
  if (event.key.length === 1) {
    burst = isQuick ? burst : { text: "", before: readQuantity(quantity.value, current()?.unit) || (current()?.quantity ?? "") };
    burst = { ...burst, text: burst.text + event.key, at: event.timeStamp };
  }
  if (event.key !== "Enter") return;
  event.preventDefault();
  const { text, before } = burst;
  burst = NO_BURST;
  const id = current()?.id;
  if (isQuick && text.length > 1) {
    quantity.value = before;
    quantity.setAttribute("aria-invalid", "false");
    delete quantity.dataset.typed;
    inTurn(() => change({ quantity: before }, id));
    inTurn(() => take(text));
    code.focus();
  } else inTurn(finish);
});
place.addEventListener("change", () => {
  const [id, chosen] = [current()?.id, place.value];
  inTurn(() => change({ place: chosen }, id));
});

root.addEventListener("click", (event) => {
  const { act, id, sku } = event.target.closest("[data-act]")?.dataset ?? {};
  if (act === "next") inTurn(finish);
  const open = current()?.id;
  if (act === "drop") inTurn(async () => (open && (await dropUnknown(open)), show()));
  if (act === "undo") inTurn(() => undo(id));
  if (act === "send") inTurn(async () => (await finish(), sync?.run()));
  if (act === "take") {
    code.value = "";
    search("");
    inTurn(() => take(sku));
  }
  if (act === "drop" || act === "undo") code.focus({ preventScroll: true });
});

// A wedge scanner types wherever the focus is.
document.addEventListener("keydown", (event) => {
  const isTyping = event.target.closest?.("input, select, textarea, dialog[open]");
  if (!isTyping && event.key.length === 1 && !event.ctrlKey && !event.metaKey && !event.altKey) code.focus();
});

async function start() {
  const kept = await loadSheet(count);
  if (kept) useSheet(kept);
  if (kept) isReady();
  await show();
  await forgetOld();
  onOtherTab(() => again());
  sync = startSync({
    count,
    user,
    entriesUrl,
    sheetUrl,
    clock: now,
    onChange: (next) => {
      if (!["idle", "sending"].includes(next)) isReady();
      // Not in turn: a scan in the queue may be waiting for this.
      again(next);
    },
    onSheet: async (fresh) => {
      await saveSheet(fresh);
      useSheet(fresh);
      isReady();
      await show();
    },
  });
  await keepForOffline(root);
}

start().catch((problem) => draw.problem(root, problem));
