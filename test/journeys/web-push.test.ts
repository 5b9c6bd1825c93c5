import assert from "node:assert/strict";
import { test } from "node:test";
import type { Page, Worker } from "playwright-core";
import { type FakePushService, fakePushService } from "../../src/page/providers/web-push.fixture.ts";
import { as } from "../support/as.ts";
import { openBrowser, type Visitor } from "../support/browser.ts";
import { emptyHome } from "../support/home.ts";
import { eventually, freePort, type RunningKeepwatch, startKeepwatch } from "../support/keepwatch.ts";
import { freshDatabase } from "../support/platform.ts";
import { signIn } from "../support/sign-in.ts";

const ADA = { email: "ada@example.com", password: "a few words to begin with" };

/** A headless browser has no push service and shows no notification: those two alone are stood in for. */
const standIn = ({ address }: FakePushService): string => `
  const given = ${JSON.stringify(address)};
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (c) => c.charCodeAt(0)).buffer;
  const subscription = { endpoint: given.endpoint, getKey: (name) => bytes(given[name]), unsubscribe: async () => true };
  let subscribed = localStorage.getItem("subscribed") === "yes";
  Object.defineProperty(Notification, "permission", { get: () => "default" });
  Notification.requestPermission = async () => "granted";
  PushManager.prototype.getSubscription = async () => (subscribed ? subscription : null);
  PushManager.prototype.subscribe = async ({ applicationServerKey, userVisibleOnly }) => {
    if (!userVisibleOnly || applicationServerKey.length !== 87) throw new Error("not a subscription to be had");
    localStorage.setItem("subscribed", "yes");
    subscribed = true;
    return subscription;
  };`;

interface Shown {
  title: string;
  body: string;
  tag: string;
  actions: { action: string; title: string }[];
}

const SHOWS_NOTHING = `
  self.shown = [];
  self.registration.showNotification = async (title, options) => { self.shown.push({ title, ...options }); }`;

/** The notification's button is pressed: in the very worker, with no page's help. */
const pressed = (action: string): string => `(async () => {
  const data = self.shown.at(-1).data;
  const event = new ExtendableEvent("notificationclick");
  let done;
  Object.assign(event, { action: ${JSON.stringify(action)}, notification: { data, close() {} } });
  event.waitUntil = (work) => { done = work; };
  self.dispatchEvent(event);
  await done;
})()`;

/** Brings what the push service has taken to the browser, as the service would. */
async function carrier(page: Page, service: FakePushService) {
  const session = await page.context().newCDPSession(page);
  const registered = Promise.withResolvers<string>();
  session.on("ServiceWorker.workerRegistrationUpdated", ({ registrations }) => {
    const [first] = registrations.filter(({ isDeleted }) => !isDeleted);
    if (first) registered.resolve(first.registrationId);
  });
  await session.send("ServiceWorker.enable");
  return async (n: number): Promise<void> => {
    await eventually("a push to be sent", () => service.taken.length > n);
    const registrationId = await registered.promise;
    const data = JSON.stringify(service.taken[n]?.message);
    const { origin } = new URL(page.url());
    await session.send("ServiceWorker.deliverPushMessage", { origin, registrationId, data });
  };
}

const lastShown = (worker: Worker, count: number): Promise<Shown> =>
  eventually(`notification ${count}`, async () => {
    const shown = await worker.evaluate<Shown[]>("self.shown");
    return shown.length === count && shown.at(-1);
  });

async function connect({ page, ...visitor }: Visitor, keepwatch: RunningKeepwatch, service: FakePushService) {
  await page.goto(`${keepwatch.url}/settings/contact`);
  const deliver = await carrier(page, service);
  const begun = page.context().waitForEvent("serviceworker");
  await page.getByLabel("What you call this device").fill("Ada's phone");
  await visitor.axe();
  await page.getByRole("button", { name: "Connect this browser" }).click();
  const worker = await begun;
  await worker.evaluate(SHOWS_NOTHING);
  await deliver(0);
  await page.getByRole("heading", { name: "This browser is connected" }).waitFor();
  await visitor.axe();
  return { worker, deliver };
}

test("a browser is connected, and the button of a notification acknowledges the incident without a session", async () => {
  await using home = await emptyHome();
  await using database = await freshDatabase();
  await using keepwatch = await startKeepwatch({
    dataDir: home.dir,
    port: await freePort(),
    env: {
      DATABASE_URL: database.url,
      KEEPWATCH_SECRET: "a secret for the journeys",
      KEEPWATCH_ADMIN_EMAIL: ADA.email,
      KEEPWATCH_ADMIN_PASSWORD: ADA.password,
    },
  });
  const { public_key } = await keepwatch.api<{ public_key: string }>("GET", "/web-push");
  await using service = await fakePushService(public_key);
  await using browser = await openBrowser();
  await using visitor = await browser.visitor();
  const { page } = visitor;
  await page.context().addInitScript(standIn(service));
  await signIn(page, keepwatch.url, ADA);
  const { worker, deliver } = await connect(visitor, keepwatch, service);

  const { id } = await as<{ id: string }>(page, {
    method: "POST",
    path: "/incidents",
    body: { title: "Checkout refuses every card", severity: "SEV2" },
  });
  await deliver(1);
  const page1 = await lastShown(worker, 2);
  assert.match(page1.title, /SEV2.*Checkout refuses every card/);
  assert.deepEqual(
    page1.actions.map(({ title }) => title),
    ["Acknowledge", "Escalate"],
  );
  await page.context().clearCookies();
  await worker.evaluate(pressed("acknowledge"));
  const incident = await keepwatch.api<{ status: string }>("GET", `/incidents/${id}`);
  assert.equal(incident.status, "acknowledged");
  assert.match((await lastShown(worker, 3)).title, /[Aa]cknowledged/);
  const { items } = await keepwatch.api<{ items: { deliveries: { channel: string; status: string }[] }[] }>(
    "GET",
    `/pages?incident=${id}`,
  );
  assert.deepEqual(
    items[0]?.deliveries.map(({ channel, status }) => [channel, status]),
    [["web_push", "seen"]],
  );
});
