// Has the worker of the sheet keep this page and what it needs, so that it opens without a connection.
export async function keepForOffline(root) {
  if (!("serviceWorker" in navigator)) return;
  try {
    await navigator.serviceWorker.register(root.dataset.worker, { scope: root.dataset.scope });
    const { active } = await navigator.serviceWorker.ready;
    const isKept = await askWorker(active, addresses(root));
    root.dataset.offline = isKept ? "ready" : "not-ready";
  } catch {
    root.dataset.offline = "not-ready";
  }
  navigator.storage?.persist?.();
}

function addresses(root) {
  const used = performance.getEntriesByType("resource").map((entry) => entry.name);
  const wanted = new Set([...used, ...root.dataset.needs.split(" ").map((path) => new URL(path, location).href)]);
  const files = [...wanted].filter((address) => address.startsWith(new URL(root.dataset.static, location).href));
  return [location.origin + location.pathname, ...files.map((address) => address.split("#")[0])];
}

function askWorker(worker, urls) {
  return new Promise((resolve) => {
    const channel = new MessageChannel();
    channel.port1.onmessage = (event) => resolve(event.data.isKept);
    worker.postMessage({ keep: [...new Set(urls)] }, [channel.port2]);
  });
}
