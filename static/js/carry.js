// An answer brings the list anew while somebody goes on in the old one. What was typed or tapped since the question was sent
// goes into the new list: a text as it stands, taps on plus and minus on top of what the answer says.
let sent = new Map();
let typed = new Set();
let focusedThen = null;

document.addEventListener("input", (event) => event.isTrusted && typed.add(event.target), { capture: true });

const fields = (list) => [...list.querySelectorAll("input, select, textarea")].filter(({ type }) => type !== "hidden");

// Lines are told apart by their codes, and fields of one name in one line by their order.
function named(list) {
  const byName = new Map();
  const seen = new Map();
  for (const field of fields(list)) {
    const code = field.closest(".entry__line")?.querySelector("[name=line_code]").value ?? "";
    const name = JSON.stringify([code, field.name]);
    seen.set(name, (seen.get(name) ?? 0) + 1);
    byName.set(`${name} ${seen.get(name)}`, field);
  }
  return byName;
}

export function remember(list) {
  sent = new Map(fields(list).map((field) => [field, field.value]));
  typed = new Set();
  focusedThen = document.activeElement;
}

// To be called before the list goes; gives what to do when the new one is there.
export function carry(list) {
  const active = document.activeElement;
  const acts = [];
  for (const [name, field] of named(list)) {
    const before = sent.get(field);
    const isFocused = field === active && active !== focusedThen;
    if (before === undefined || (field.value === before && !isFocused)) continue;
    acts.push((fresh) => isFocused && fresh.get(name)?.focus());
    if (field.value !== before) acts.push((fresh) => fresh.has(name) && fill(fresh.get(name), field, before));
  }
  return (fresh) => acts.forEach((act) => act(named(fresh)));
}

const number = (text) => Number(text.replace(",", ".")) || 0;

function fill(fresh, old, before) {
  const isTapped = old.matches(".stepper__input") && !typed.has(old);
  fresh.value = isTapped ? String(Math.round((number(fresh.value) + number(old.value) - number(before)) * 1000) / 1000) : old.value;
  fresh.dispatchEvent(new Event("input", { bubbles: true }));
}
