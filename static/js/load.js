// Fetches a classic script of static/vendor once, when a page first needs it.
const underway = new Map();

export function load(name) {
  if (!underway.has(name)) underway.set(name, fetchScript(new URL(`../vendor/${name}`, import.meta.url).href));
  // What failed once, on a bad connection, may be tried again.
  underway.get(name).catch(() => underway.delete(name));
  return underway.get(name);
}

function fetchScript(address) {
  return new Promise((resolve, reject) => {
    const script = Object.assign(document.createElement("script"), { src: address, onload: resolve, onerror: reject });
    document.head.append(script);
  });
}
