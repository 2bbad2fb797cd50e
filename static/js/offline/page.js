// The page without a connection looks every few seconds whether there is one again, and opens what was asked for.
const EVERY_MS = 10_000;

async function look() {
  try {
    if ((await fetch("/healthz", { cache: "no-store" })).ok) location.reload();
  } catch {
    // Not yet.
  }
}

document.querySelector("[data-again]").addEventListener("click", () => location.reload());
window.addEventListener("online", look);
setInterval(look, EVERY_MS);
