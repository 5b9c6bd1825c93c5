// Keepwatch's service worker: shows pages that are pushed, answers them from a closed tab, and says when there is no
// network. It keeps nothing of the app itself, so that a new version is never hidden by an old one.

const OFFLINE = "keepwatch-offline-1";
const OFFLINE_PAGE = "/offline.html";

self.addEventListener("install", (event) => {
  event.waitUntil(
    caches
      .open(OFFLINE)
      .then((cache) => cache.addAll([OFFLINE_PAGE, "/favicon.svg"]))
      .then(() => self.skipWaiting()),
  );
});

self.addEventListener("activate", (event) => {
  const old = (names) => names.filter((name) => name.startsWith("keepwatch-offline-") && name !== OFFLINE);
  event.waitUntil(
    caches
      .keys()
      .then((names) => Promise.all(old(names).map((name) => caches.delete(name))))
      .then(() => self.clients.claim()),
  );
});

// Only whole pages that the network can't bring: everything else goes its way untouched.
self.addEventListener("fetch", (event) => {
  if (event.request.mode !== "navigate") return;
  event.respondWith(fetch(event.request).catch(() => caches.match(OFFLINE_PAGE)));
});

const read = (data) => {
  try {
    return data.json();
  } catch {
    return { title: "Keepwatch", body: "Open Keepwatch to see what happened.", tag: "keepwatch", path: "/" };
  }
};

/** A receipt that doesn't get through changes nothing here: Keepwatch then uses the next contact method. */
const tell = (path) => (path ? fetch(path, { method: "POST", keepalive: true }).catch(() => {}) : undefined);

const asking = (message) => (message.actions ?? []).length > 0;

async function show(message) {
  const rings = !message.silent;
  await self.registration.showNotification(message.title, {
    body: message.body,
    tag: message.tag,
    // A notification that replaces another of its tag rings again only when it is told to.
    renotify: rings,
    silent: !rings,
    requireInteraction: message.urgent === true,
    vibrate: message.urgent ? [400, 150, 400, 150, 400] : undefined,
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    actions: (message.actions ?? []).map(({ action, title }) => ({ action, title })),
    data: message,
  });
  // What is open and has just been connected proves itself by the code, without anybody typing it.
  const open = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  for (const client of open) client.postMessage({ type: "pushed", kind: message.kind, code: message.code });
  await tell(message.receipts?.shown);
}

self.addEventListener("push", (event) => {
  event.waitUntil(show(read(event.data)));
});

/** The tab that is open already, or a new one. */
async function open(path) {
  const url = new URL(path ?? "/", self.location.origin).href;
  const tabs = await self.clients.matchAll({ type: "window", includeUncontrolled: true });
  const tab = tabs.find((each) => each.url === url) ?? tabs[0];
  if (!tab) return self.clients.openWindow(url);
  await tab.focus();
  return tab.url === url ? tab : tab.navigate(url).catch(() => self.clients.openWindow(url));
}

const say = (message, title, body) =>
  self.registration.showNotification(title, {
    body,
    tag: message.tag,
    silent: true,
    icon: "/icon-192.png",
    badge: "/badge-96.png",
    data: { ...message, actions: [], receipts: undefined },
  });

/** Carries out what a button stands for, and says truly what came of it. */
async function answer(message, chosen) {
  try {
    const response = await fetch(chosen.path, { method: "POST", headers: { accept: "application/json" } });
    const said = await response.json().catch(() => ({}));
    if (!response.ok) return await say(message, said.detail ?? "That could not be done", message.title);
    await say(message, said.text ?? "Done", message.title);
  } catch {
    // It must not look answered: the buttons stay.
    await self.registration.showNotification(`Not sent, no connection: ${message.title}`, {
      body: "Try again, or answer another way.",
      tag: message.tag,
      requireInteraction: true,
      icon: "/icon-192.png",
      badge: "/badge-96.png",
      actions: message.actions.map(({ action, title }) => ({ action, title })),
      data: message,
    });
  }
}

self.addEventListener("notificationclick", (event) => {
  const message = event.notification.data ?? {};
  const chosen = (message.actions ?? []).find(({ action }) => action === event.action);
  event.notification.close();
  event.waitUntil(
    Promise.all([tell(message.receipts?.seen), chosen ? answer(message, chosen) : open(message.path)]),
  );
});

self.addEventListener("notificationclose", (event) => {
  const message = event.notification.data ?? {};
  if (asking(message)) event.waitUntil(Promise.resolve(tell(message.receipts?.seen)));
});
