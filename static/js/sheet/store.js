// What the phone keeps of counts: the sheet as it was last fetched, and every entry until long after it was sent.
// IndexedDB survives a reload, a crash, and the end of the session. Each write is done when its promise is.
const NAME = "youhuo-counts";
const DAYS_KEPT = 14;
let opening;

function open() {
  opening ??= new Promise((resolve, reject) => {
    const request = indexedDB.open(NAME, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore("sheets", { keyPath: "count" });
      request.result.createObjectStore("entries", { keyPath: "id" }).createIndex("count", "count");
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
  return opening;
}

// The sheet may be open in two tabs, which have these entries in common.
const otherTabs = "BroadcastChannel" in window ? new BroadcastChannel(NAME) : null;
export const onOtherTab = (act) => otherTabs?.addEventListener("message", act);

async function run(table, mode, act) {
  const database = await open();
  const result = await inTransaction(database, table, mode, act);
  if (mode === "readwrite" && table === "entries") otherTabs?.postMessage("changed");
  return result;
}

function inTransaction(database, table, mode, act) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(table, mode, { durability: "strict" });
    const request = act(transaction.objectStore(table));
    transaction.oncomplete = () => resolve(request?.result);
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
  });
}

export const loadSheet = (count) => run("sheets", "readonly", (table) => table.get(count));
export const saveSheet = (sheet) => run("sheets", "readwrite", (table) => table.put(sheet));
export const saveEntry = (entry) => run("entries", "readwrite", (table) => table.put(entry));

export const saveEntries = (entries) =>
  run("entries", "readwrite", (table) => {
    for (const entry of entries) table.put(entry);
  });

// Marks what is about to be sent, and gives what is still there. From now on the server may have it, answer or none.
export async function markTried(entries) {
  const marked = [];
  await run("entries", "readwrite", (table) => {
    for (const { id } of entries) {
      table.get(id).onsuccess = ({ target: { result } }) => {
        if (!result) return;
        marked.push({ ...result, tried: true });
        table.put(marked.at(-1));
      };
    }
  });
  return marked;
}

// Forgets an entry, unless the server may have it. Whether it is gone.
export async function dropUnknown(id) {
  let isGone = false;
  await run("entries", "readwrite", (table) => {
    table.get(id).onsuccess = ({ target: { result } }) => {
      isGone = !result || !result.tried || Boolean(result.refused);
      if (isGone) table.delete(id);
    };
  });
  return isGone;
}

// In the order in which they were made.
export async function loadEntries(count) {
  const entries = await run("entries", "readonly", (table) => table.index("count").getAll(count));
  return entries.sort((one, other) => one.made - other.made);
}

// Entries that the server has had for two weeks are of no use here. Unsent ones are never dropped.
export async function forgetOld() {
  const border = Date.now() - DAYS_KEPT * 86_400_000;
  await run("entries", "readwrite", (table) => {
    table.openCursor().onsuccess = ({ target: { result: cursor } }) => {
      if (!cursor) return;
      if (cursor.value.sent && cursor.value.made < border) cursor.delete();
      cursor.continue();
    };
  });
}

// Made here, so that an entry that is sent twice is known. randomUUID exists only where the address is secure.
export function newId() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const digits = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return digits.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}
