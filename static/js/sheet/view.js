// Draws the sheet. Words come from the page, in its language; nothing here is text.
import { counted } from "./lines.js";
import { mayBeSent } from "./sync.js";

const LEFT_SHOWN = 30;
const DONE_SHOWN = 30;
const part = (root, name) => root.querySelector(`[data-part="${name}"]`);
const words = (root, name, figures = {}) =>
  Object.entries(figures).reduce((text, [key, value]) => text.replace(`{${key}}`, value), root.dataset[name]);

export function draw(root, view) {
  drawState(root, view);
  drawCurrent(root, view);
  drawDone(root, view);
  if (!view.sought) drawLeft(root, view);
  drawProgress(root, view);
}

draw.problem = (root, problem) => {
  const notice = part(root, "problem");
  notice.hidden = false;
  notice.querySelector("[data-text]").textContent = `${root.dataset.broken} (${problem.message ?? problem})`;
};

// Lines that the typed letters may mean; null shows the lines that are left.
draw.search = (root, text, found, sheet, entries) => {
  part(root, "found-title").textContent = found ? root.dataset.found : root.dataset.left;
  part(root, "nothing").hidden = !found || found.length > 0 || !text;
  if (found) fillLines(root, found, () => "");
  else drawLeft(root, { sheet, entries });
};

function drawState(root, { entries, state, user }) {
  // Why an entry was not taken back stands on its own row; nothing waits because of it.
  const own = entries.filter((entry) => !entry.sent && entry.user === user && !(entry.voids && entry.refused));
  const refused = own.filter((entry) => entry.refused);
  const unsent = own.filter((entry) => !entry.refused);
  const others = entries.filter((entry) => !entry.sent && entry.user !== user);
  const bar = part(root, "state");
  bar.dataset.state = (unsent.length || refused.length) && state === "idle" ? "waiting" : state;
  const amount = (some) => (some.length === 1 ? "One" : "Many");
  const name = unsent.length ? `waiting${amount(unsent)}` : refused.length ? `refused${amount(refused)}` : "waitingNone";
  part(root, "waiting").textContent = words(root, name, { n: unsent.length || refused.length });
  part(root, "why").textContent = root.dataset[`state-${state}`.replace(/-(\w)/g, (_all, letter) => letter.toUpperCase())] ?? "";
  part(root, "sign-in").hidden = !["signed-out", "other-person"].includes(state);
  part(root, "send").hidden = !unsent.some((entry) => mayBeSent({ ...entry, sealed: true }, user)) || state === "sending";
  part(root, "others").hidden = !others.length;
  if (others.length) part(root, "others").textContent = words(root, "others", { n: others.length, name: others[0].user });
}

function drawCurrent(root, { current, line, entries, sheet }) {
  const card = part(root, "current");
  card.hidden = !current;
  if (!current) return;
  card.querySelector("[data-name]").textContent = current.name;
  card.querySelector("[data-code]").textContent = line ? line.sku : "";
  drawQuantity(root, current);
  const facts = line ? [] : [root.dataset.unknown];
  if (line) {
    const before = counted(line, entries.filter((entry) => entry !== current), sheet.fetched);
    if (before !== null) facts.push(words(root, "before", { n: before }));
    if (line.expected !== undefined) facts.push(words(root, "expected", { n: line.expected }));
    if (line.is_for_others) facts.push(root.dataset.forOthers);
  }
  const text = facts.join(" · ");
  card.querySelector("[data-facts]").textContent = line && text ? `· ${text}` : text;
  drawPlaces(line, current);
}

// An answer of the server may come while somebody types: what is in the field stays until the entry itself is another.
function drawQuantity(root, current) {
  const quantity = document.getElementById("sheet-quantity");
  const isOther = !quantity.dataset.drawn?.startsWith(`${current.id} `);
  const drawn = `${current.id} ${current.quantity}`;
  if (quantity.dataset.drawn === drawn || (quantity.dataset.typed && !isOther)) return;
  delete quantity.dataset.typed;
  quantity.dataset.drawn = drawn;
  if (document.activeElement !== quantity || Number(quantity.value.replace(",", ".")) !== Number(current.quantity)) {
    quantity.value = current.quantity;
  }
  quantity.setAttribute("aria-invalid", "false");
  draw.clear(root);
}

draw.unclear = (root, current) => {
  part(root, "unclear").hidden = false;
  part(root, "unclear").querySelector("[data-text]").textContent =
    root.dataset[current.unit === "each" ? "wholeNumber" : "anyNumber"];
};

draw.clear = (root) => {
  part(root, "unclear").hidden = true;
};

function drawPlaces(line, current) {
  const place = document.getElementById("sheet-place");
  const names = line?.places ?? [];
  const drawn = JSON.stringify([current.id, current.place, names]);
  // A list of choices that is open closes when it is written anew.
  if (place.dataset.drawn === drawn) return;
  place.dataset.drawn = drawn;
  place.closest(".field").hidden = names.length < 2;
  place.replaceChildren(...names.map((name) => new Option(name, name, false, name === current.place)));
}

function drawDone(root, { entries, user }) {
  const backs = new Map(entries.filter((entry) => entry.voids).map((entry) => [entry.voids, entry]));
  const isBack = (entry) => backs.has(entry.id) && !backs.get(entry.id).refused && !backs.get(entry.id).late;
  const own = entries.filter((entry) => entry.sealed && !entry.voids && entry.user === user && !isBack(entry));
  const rows = own.reverse().slice(0, DONE_SHOWN);
  part(root, "done").hidden = !rows.length;
  part(root, "done").querySelector(".list").replaceChildren(...rows.map((entry) => doneRow(root, entry, backs.get(entry.id))));
}

function doneRow(root, entry, back) {
  const row = document.getElementById("sheet-entry").content.firstElementChild.cloneNode(true);
  row.querySelector("[data-name]").textContent = entry.name;
  const state = entry.refused ? entry.message : entry.late ? root.dataset.late : entry.sent ? "" : root.dataset.onPhone;
  const stays = back?.refused ? back.message : back?.late && !entry.late ? root.dataset.stays : "";
  row.querySelector("[data-note]").textContent = [entry.place, state, stays].filter(Boolean).join(" · ");
  row.querySelector("[data-note]").classList.toggle("tone-out", Boolean(entry.refused || stays));
  row.querySelector("[data-quantity]").textContent = entry.quantity;
  Object.assign(row.querySelector("[data-act]").dataset, { id: entry.id });
  row.dataset.entry = entry.sent ? "sent" : "waiting";
  return row;
}

function drawLeft(root, view) {
  const { sheet, entries } = view;
  const left = sheet.data.lines.filter((line) => counted(line, entries, sheet.fetched) === null && !line.is_for_others);
  const others = sheet.data.lines.filter((line) => line.is_for_others).length;
  part(root, "others-turn").hidden = !others;
  part(root, "others-turn").textContent = words(root, others === 1 ? "othersTurnOne" : "othersTurnMany", { n: others });
  const walk = left.sort((one, other) => (one.places[0] ?? "~").localeCompare(other.places[0] ?? "~", undefined, { numeric: true }));
  part(root, "found-title").textContent = root.dataset.left;
  part(root, "nothing").hidden = true;
  fillLines(root, walk.slice(0, LEFT_SHOWN), (line) => line.places.join(", "));
}

function fillLines(root, lines, note) {
  const rows = lines.map((line) => {
    const row = document.getElementById("sheet-line").content.firstElementChild.cloneNode(true);
    row.querySelector("[data-name]").textContent = line.name;
    row.querySelector("[data-note]").textContent = [line.sku, note(line)].filter(Boolean).join(" · ");
    row.querySelector("[data-act]").dataset.sku = line.sku;
    return row;
  });
  part(root, "lines").replaceChildren(...rows);
}

function drawProgress(root, { sheet, entries }) {
  const lines = sheet.data.lines;
  const done = lines.filter((line) => counted(line, entries, sheet.fetched) !== null).length;
  const meter = part(root, "progress");
  Object.assign(meter, { max: Math.max(lines.length, 1), value: done });
  part(root, "figures").textContent = lines.length ? words(root, "progress", { done, all: lines.length }) : "";
  part(root, "closed").hidden = !sheet.fetched || lines.length > 0;
}
