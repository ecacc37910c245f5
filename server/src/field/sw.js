// The service worker of the field: keeps every file of one version of the program and answers from them. Nothing else is
// ever kept, so no page with data can be. The server fills in VERSION and FILES.
"use strict";

const VERSION = "{{version}}";
// Each path with the digest that its content must have.
const FILES = new Map({{files}});
const SHELL = "/field";
const PREFIX = "iut-field-";
const CACHE = PREFIX + VERSION;

// All or nothing. A server that meanwhile holds another version fails the digests, and the next try begins anew.
async function keep() {
  const load = async ([path, integrity]) => {
    const answer = await fetch(path, { integrity, cache: "no-cache", credentials: "omit", redirect: "error" });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}`);
    return [path, answer];
  };
  const loaded = await Promise.all([...FILES].map(load));
  // The version that is in use may be this one, after an update was taken back: then its files stay whatever happens.
  const known = await caches.has(CACHE);
  const cache = await caches.open(CACHE);
  try {
    await Promise.all(loaded.map(([path, answer]) => cache.put(path, answer)));
  } catch (error) {
    if (!known) await caches.delete(CACHE);
    throw error;
  }
}

async function begin() {
  const names = await caches.keys();
  await Promise.all(names.filter((name) => name.startsWith(PREFIX) && name !== CACHE).map((name) => caches.delete(name)));
  await self.clients.claim();
}

// The browser may have thrown the cache away; then it asks the server as a page without a service worker does.
async function kept(path, request) {
  return (await caches.match(path, { cacheName: CACHE, ignoreVary: true })) ?? fetch(request);
}

self.addEventListener("install", (event) => event.waitUntil(keep()));

self.addEventListener("activate", (event) => event.waitUntil(begin()));

// A new version waits until a person wants it.
self.addEventListener("message", (event) => {
  if (event.data === "skip-waiting") self.skipWaiting();
});

// The browser has a network again and lets the field get in step. What waits is sealed, and only an open, unlocked tab has the key:
// so it is asked to.
self.addEventListener("sync", (event) => {
  if (event.tag !== "iut-outbox") return;
  const tell = (tabs) => tabs.forEach((tab) => tab.postMessage("sync"));
  event.waitUntil(self.clients.matchAll({ type: "window" }).then(tell));
});

self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname, search } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") {
    if (pathname === SHELL || pathname.startsWith(`${SHELL}/`)) event.respondWith(kept(SHELL, request));
  } else if (search === "" && FILES.has(pathname)) {
    event.respondWith(kept(pathname, request));
  }
});
