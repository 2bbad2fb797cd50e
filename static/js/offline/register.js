// Has the worker keep the page that is shown without a connection, in the language of this one.
export async function startOffline() {
  const page = document.querySelector("meta[name=offline-page]");
  if (!page || !("serviceWorker" in navigator)) return;
  try {
    const { active, waiting, installing } = await navigator.serviceWorker.register(page.dataset.worker, { scope: "/" });
    // A worker that is new keeps what it is told while it wakes up.
    (active ?? waiting ?? installing).postMessage({ keep: page.content });
  } catch {
    // Without it the browser says that there is no connection.
  }
}
