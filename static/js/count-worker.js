// Opens the count sheet without a connection. Its scope is the sheets alone; it never touches what is sent or asked of
// the API, and keeps nothing but the pages of sheets and the static files that they name.
const CACHE = "youhuo-count-sheets-1";
const PATIENCE_MS = 4_000;

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("youhuo-count-sheets-") && name !== CACHE) await caches.delete(name);
      }
      await self.clients.claim();
    })(),
  );
});

self.addEventListener("message", (event) => {
  event.waitUntil(keep(event.data.keep).catch(() => false).then((isKept) => event.ports[0].postMessage({ isKept })));
});

// A page that led elsewhere, to the sign-in, is not the sheet.
async function keep(urls) {
  const cache = await caches.open(CACHE);
  const kept = await Promise.all(
    urls.map(async (url) => {
      try {
        const answer = await fetch(url, { credentials: "same-origin" });
        if (!answer.ok || answer.redirected) return Boolean(await cache.match(url));
        await cache.put(url, answer);
        return true;
      } catch {
        return Boolean(await cache.match(url));
      }
    }),
  );
  return kept.every(Boolean);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin || url.pathname.startsWith("/api/")) return;
  event.respondWith(newest(request, url));
});

// From the server when it answers in good time, else as it was kept.
async function newest(request, url) {
  const cache = await caches.open(CACHE);
  const kept = await cache.match(url.origin + url.pathname);
  if (!kept) return fetch(request);
  try {
    const answer = await inTime(fetch(request));
    if (answer.status >= 500) return kept;
    if (answer.ok && !answer.redirected) await cache.put(url.origin + url.pathname, answer.clone());
    return answer;
  } catch {
    return kept;
  }
}

function inTime(promise) {
  return new Promise((resolve, reject) => {
    setTimeout(() => reject(new Error("too slow")), PATIENCE_MS);
    promise.then(resolve, reject);
  });
}
