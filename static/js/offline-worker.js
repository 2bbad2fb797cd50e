// Without a connection a page of ours says so instead of one of the browser's. Keeps that page and its files alone, nothing of
// anybody's: every other page comes from the server or not at all. Count sheets have a worker of their own, below this one.
const CACHE = "youhuo-offline-1";

self.addEventListener("install", () => self.skipWaiting());

self.addEventListener("activate", (event) => {
  event.waitUntil(
    (async () => {
      for (const name of await caches.keys()) {
        if (name.startsWith("youhuo-offline-") && name !== CACHE) await caches.delete(name);
      }
      // Else each page would wait until this worker is awake.
      await self.registration.navigationPreload?.enable();
    })(),
  );
});

self.addEventListener("message", (event) => event.waitUntil(keep(event.data.keep).catch(() => {})));

// Its address names its language and the state of the files, so another address is another page, and the old one goes.
async function keep(address) {
  const cache = await caches.open(CACHE);
  if (await cache.match(address, { ignoreVary: true })) return;
  const page = await fetch(address);
  const html = await page.clone().text();
  const files = [...html.matchAll(/(?:href|src)="([^"]+[?]offline)"/g)].map(([, file]) => file);
  const answers = await Promise.all(files.map((file) => fetch(file)));
  if (![page, ...answers].every((answer) => answer.ok)) return;
  await Promise.all(files.map((file, index) => cache.put(file, answers[index])));
  await cache.put(address, page);
  const fresh = new Set([address, ...files].map((path) => new URL(path, self.location).href));
  for (const old of await cache.keys()) if (!fresh.has(old.url)) await cache.delete(old);
}

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(reached(event));
  else if (search === "?offline") event.respondWith(keptOrFetched(request));
});

async function reached(event) {
  try {
    return (await event.preloadResponse) ?? (await fetch(event.request));
  } catch {
    return (await pageOf(await caches.open(CACHE))) ?? Response.error();
  }
}

async function pageOf(cache) {
  const address = (await cache.keys()).find(({ url }) => new URL(url).pathname === "/offline/");
  const page = address && (await cache.match(address, { ignoreVary: true }));
  return page && new Response(page.body, { status: 503, headers: page.headers });
}

async function keptOrFetched(request) {
  const cache = await caches.open(CACHE);
  return (await cache.match(request, { ignoreVary: true })) ?? fetch(request);
}
