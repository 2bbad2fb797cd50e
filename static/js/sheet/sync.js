// Sends what waits on this phone. The server keeps each entry once, known by its id, so that sending again is harmless:
// an entry counts as sent only when the answer that says so has arrived.
import { loadEntries, markTried, saveEntries } from "./store.js";

const BATCH = 200;
const PATIENCE_MS = 20_000;
const FIRST_WAIT_MS = 3_000;
const LONGEST_WAIT_MS = 60_000;
const SHEET_IS_FRESH_MS = 30_000;

// States: "idle", "sending", "offline", "signed-out", "other-person", "forbidden", "gone", "failed".
export function startSync({ count, user, entriesUrl, sheetUrl, clock, onChange, onSheet }) {
  let state = "idle";
  let isRunning = false;
  let isWanted = false;
  let wait = FIRST_WAIT_MS;
  let fetched = 0;
  let timer;

  const tell = (next) => {
    state = next;
    onChange(state);
  };

  async function run() {
    if (isRunning) {
      isWanted = true;
      return;
    }
    isRunning = true;
    clearTimeout(timer);
    try {
      do {
        isWanted = false;
        await pushAll();
        if (Date.now() - fetched > SHEET_IS_FRESH_MS) await pull();
        // What was counted while the sheet came is sent as well.
      } while (isWanted);
      wait = FIRST_WAIT_MS;
      tell("idle");
    } catch (problem) {
      tell(problem.state ?? "offline");
      if (["offline", "failed"].includes(state)) later();
    } finally {
      isRunning = false;
    }
  }

  function later() {
    timer = setTimeout(run, wait);
    wait = Math.min(wait * 2, LONGEST_WAIT_MS);
  }

  async function pushAll() {
    for (;;) {
      const waiting = (await loadEntries(count)).filter((entry) => mayBeSent(entry, user)).slice(0, BATCH);
      if (!waiting.length) return;
      tell("sending");
      const batch = await markTried(waiting);
      const told = new Map((await send(batch)).map((row) => [row.id, row]));
      await saveEntries(batch.map((entry) => settled(entry, told.get(entry.id))));
      onChange(state);
      if ([...told.values()].some((row) => row.outcome === "wrong_person")) throw problem("other-person");
    }
  }

  // What the server cannot read at all refuses its whole batch. It is found by halves, so that the others get through.
  async function send(batch) {
    if (!batch.length) return [];
    try {
      const body = JSON.stringify({ sent_at: clock(), is_clock_set: fetched > 0, entries: batch.map(asSent) });
      return (await ask(entriesUrl, { method: "POST", body })).entries;
    } catch (fault) {
      if (fault.state !== "unreadable") throw fault;
      if (batch.length === 1) return [{ id: batch[0].id, outcome: "refused", message: fault.words }];
      const middle = batch.length >> 1;
      return [...(await send(batch.slice(0, middle))), ...(await send(batch.slice(middle)))];
    }
  }

  async function pull() {
    const before = Date.now();
    const data = await ask(sheetUrl, {});
    if (data.user !== user) throw problem("other-person");
    const middle = (before + Date.now()) / 2;
    fetched = Date.now();
    // How far the clock of this phone is behind ours; entries are dated by ours.
    await onSheet({ count, data, offset: Date.parse(data.now) - middle, fetched });
  }

  window.addEventListener("online", () => {
    fetched = 0;
    run();
  });
  document.addEventListener("visibilitychange", () => document.visibilityState === "visible" && run());
  run();
  return { run, state: () => state };
}

export function mayBeSent(entry, user) {
  return entry.sealed && !entry.sent && !entry.refused && entry.user === user;
}

function asSent(entry) {
  const { id, counted_at, place, round, user: by } = entry;
  if (entry.voids) return { id, counted_at, voids: entry.voids, by };
  const named = entry.sku ? { sku: entry.sku } : { barcode: entry.barcode };
  return { id, counted_at, place, round, by, quantity: entry.quantity, ...named };
}

function settled(entry, row) {
  if (!row || row.outcome === "wrong_person") return entry;
  if (row.outcome === "refused") return { ...entry, refused: true, message: row.message };
  return { ...entry, sent: Date.now(), late: row.is_late, message: "" };
}

async function ask(url, options) {
  const answer = await fetch(url, {
    ...options,
    credentials: "same-origin",
    headers: { "Content-Type": "application/json", "X-CSRFToken": cookie("csrftoken") },
    signal: AbortSignal.timeout(PATIENCE_MS),
  });
  if (answer.ok) return answer.json();
  if (answer.status === 400) throw Object.assign(problem("unreadable"), { words: await faults(answer) });
  throw problem({ 401: "signed-out", 403: "forbidden", 404: "gone" }[answer.status] ?? "failed");
}

async function faults(answer) {
  const { title, errors = [] } = await answer.json().catch(() => ({ title: "" }));
  return errors.map(({ message }) => message).join(" ") || title;
}

const problem = (state) => Object.assign(new Error(state), { state });

// Read when it is needed: signing in again brings a new one.
function cookie(name) {
  const found = document.cookie.split("; ").find((pair) => pair.startsWith(`${name}=`));
  return found ? decodeURIComponent(found.slice(name.length + 1)) : "";
}
