import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { addContactMethod, methodsOf } from "../contact-methods.ts";
import { keepEnvironmentProviders, listProviders, putProvider } from "../providers/providers.ts";
import { provider } from "../providers/schema.ts";
import { providerJson } from "../providers/show.ts";
import {
  type FakePushService,
  fakePushService,
  PUSH_KEYS,
  PUSH_TOKEN,
} from "../providers/web-push.fixture.ts";
import { webPush } from "../providers/web-push.ts";
import { answersFor } from "../replies/receive.ts";
import { type Fixture, fixture, messageAbout, until } from "../testing.ts";
import { contextAt, contract } from "./contract.fixture.ts";
import { webPushChannel } from "./web-push.ts";

contract({
  channel: webPushChannel.any,
  start: fakePushService,
  secrets: [PUSH_TOKEN, PUSH_KEYS.private_key],
});

test("a page is urgent, kept for hours at most, and takes the place of what was said of its incident", async () => {
  await using service = await fakePushService();
  for (const message of [messageAbout(), messageAbout({}, "resolved")])
    await webPushChannel.send(webPushChannel.address.parse(service.address), message, contextAt(service));
  const [page, resolved] = service.taken;
  assert.equal(page?.headers.urgency, "high");
  assert.equal(page?.headers.ttl, "14400");
  assert.ok(page?.headers.topic);
  assert.equal(resolved?.headers.topic, page?.headers.topic);
  assert.equal(resolved?.message.tag, page?.message.tag);
  assert.deepEqual(
    page?.message.actions.map(({ action }) => action),
    ["acknowledge", "escalate"],
  );
  assert.deepEqual([resolved?.message.actions, resolved?.message.silent], [[], true]);
});

/** Ada with a browser, and one page on its way to it. */
async function paged(f: Fixture, service: FakePushService) {
  const hand = by(f.t.platform, SYSTEM);
  const settings = PUSH_KEYS;
  await inTransaction(f.t.platform.db, (tx) =>
    putProvider(tx, hand, { slug: "web-push", kind: "web_push", settings }),
  );
  f.t.platform.due.start();
  const ada = await f.person("Ada");
  const method = await inTransaction(f.t.platform.db, (tx) =>
    addContactMethod(
      tx,
      { ...hand, managedBy: "config" },
      { userId: ada.id, channel: "web_push", address: service.address },
    ),
  );
  const subject = f.subject();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  return { ada, subject };
}

const forget = (f: Fixture) => f.t.platform.db.deleteFrom("providers").execute();

test("an urgent page that nobody has seen is pushed again, until the browser says that it was", async () => {
  await using f = await fixture();
  await using service = await fakePushService();
  try {
    await paged(f, service);
    await until(() => service.taken.length === 1, "the page");
    await f.advance(31_000);
    await until(() => service.taken.length === 2, "the same again");
    assert.equal(service.taken[0]?.message.tag, service.taken[1]?.message.tag);
    const { seen } = service.taken[1]!.message.receipts;
    const [provider] = await listProviders(f.t.platform.db);
    const answers = answersFor(f.t.platform, { answer: f.deps.answer, providerId: provider!.id });
    const tell = (path: string) =>
      webPush.receive!(
        PUSH_KEYS,
        { method: "POST", path, url: "", query: new URLSearchParams(), headers: {}, body: Buffer.alloc(0) },
        { ...f.deps, answers, now: f.t.clock.now(), signal: AbortSignal.timeout(5_000) },
      );
    const path = seen.replace("/callbacks/web-push/", "");
    assert.equal((await tell(path.replace("seen/", "shown/"))).status, 403);
    assert.equal((await tell(path)).status, 204);
    assert.equal((await f.deliveries())[0]?.status, "seen");
    await f.advance(31_000);
    await f.advance(31_000);
    assert.equal(service.taken.length, 2);
  } finally {
    await forget(f);
  }
});

test("a browser that its push service has forgotten is disabled, and the reason says how to mend it", async () => {
  await using f = await fixture();
  await using service = await fakePushService();
  try {
    service.trouble("gone");
    const { ada } = await paged(f, service);
    await until(async () => (await f.deliveries())[0]?.status === "failed", "the refusal");
    const [method] = await methodsOf(f.t.platform.db, ada.id);
    assert.match(method?.disabled_reason ?? "", /Ada's phone is no longer connected.*410.*Connect it again/);
  } finally {
    await forget(f);
  }
});

test("a browser that is forgotten while its page rings fails that page, and is disabled", async () => {
  await using f = await fixture();
  await using service = await fakePushService();
  try {
    const { ada } = await paged(f, service);
    await until(() => service.taken.length === 1, "the page");
    service.trouble("gone");
    await f.advance(31_000);
    await until(async () => (await f.deliveries())[0]?.status === "failed", "the refusal");
    const [method] = await methodsOf(f.t.platform.db, ada.id);
    assert.match(method?.disabled_reason ?? "", /410/);
    await until(() => f.unreachable.length === 1, "that nobody can be reached");
  } finally {
    await forget(f);
  }
});

test("a page answered elsewhere is not pushed again", async () => {
  await using f = await fixture();
  await using service = await fakePushService();
  try {
    const { ada, subject } = await paged(f, service);
    await until(() => service.taken.length === 1, "the page");
    await f.acknowledge(subject, ada);
    const sent = service.taken.length;
    await f.advance(31_000);
    await f.advance(31_000);
    assert.equal(service.taken.length, sent);
  } finally {
    await forget(f);
  }
});

test("the installation makes its keys once, keeps them sealed, and keeps them for good", async () => {
  await using f = await fixture();
  const { db } = f.t.platform;
  const start = () => inTransaction(db, (tx) => keepEnvironmentProviders(tx, by(f.t.platform, SYSTEM), {}));
  try {
    await start();
    const [first] = await listProviders(db);
    await start();
    const again = await listProviders(db);
    assert.deepEqual(again, [first]);
    // Whoever administers Keepwatch sees it among the providers.
    assert.equal(provider.parse(providerJson(first!, "https://keepwatch.test")).callback_url, null);
    assert.match(String(first?.settings.private_key), /^v1\./);
  } finally {
    await forget(f);
  }
});
