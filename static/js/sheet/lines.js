// The lines of a sheet: found by what a scanner reads or a person types, and what was counted of each so far.
const SHOWN = 30;

export function indexLines(lines) {
  const byCode = new Map();
  for (const line of lines) {
    byCode.set(key(line.sku), { line, pack: "1" });
    for (const [code, pack] of line.codes) byCode.set(key(code), { line, pack });
  }
  return byCode;
}

export const key = (text) => text.trim().toUpperCase();

// Lines whose code begins with the text or whose name has each of its words.
export function searchLines(lines, text) {
  const wanted = key(text);
  const words = wanted.split(/\s+/).filter(Boolean);
  const fits = ({ sku, name }) => key(sku).startsWith(wanted) || words.every((word) => key(name).includes(word));
  return lines.filter(fits).slice(0, SHOWN);
}

// What this phone adds to what the server told: entries that the server did not have when it told it.
export function counted(line, entries, fetched) {
  const isTold = (entry) => entry.sent && entry.sent < fetched;
  const own = entries.filter(
    (entry) => entry.sku === line.sku && entry.round === line.round && !entry.refused && !entry.late && !isTold(entry),
  );
  if (line.counted === null && !own.some((entry) => !entry.voids)) return null;
  const change = own.reduce((sum, entry) => sum + (entry.voids ? -Number(entry.quantity) : Number(entry.quantity)), 0);
  return round(Number(line.counted ?? 0) + change);
}

export const round = (number) => Math.round(number * 1000) / 1000;

// A quantity as people write it, as the server reads it; empty when it is none. Nobody counts ten million of a thing:
// so many digits come from a scanner.
export function readQuantity(text, unit) {
  const plain = text.trim().replace(",", ".");
  const isOne = unit === "each" ? /^\d{1,7}$/.test(plain) : /^\d{1,7}(\.\d{1,3})?$/.test(plain);
  return isOne ? String(Number(plain)) : "";
}
