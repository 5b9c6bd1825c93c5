import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { createServer } from "../../platform/http/server.ts";
import { silentLog } from "../../platform/log.ts";
import { addContactMethod } from "../contact-methods.ts";
import { putProvider } from "../providers/providers.ts";
import { fakeTwilio } from "../providers/twilio.fixture.ts";
import {
  API_SECRET,
  eventToken,
  fakeVonage,
  PRIVATE_KEY,
  SIGNATURE_SECRET,
  signedText,
  TELEPHONE,
} from "../providers/vonage.fixture.ts";
import { vonageSettings } from "../providers/vonage-api.ts";
import { callbackRoutes } from "../replies/callback-routes.ts";
import { fixture, until } from "../testing.ts";
import { contract } from "./contract.fixture.ts";
import { sms } from "./sms.ts";
import { voice } from "./voice.ts";

const secrets = [API_SECRET, SIGNATURE_SECRET, PRIVATE_KEY];
contract({ channel: sms.any, start: fakeVonage, secrets });
contract({ channel: voice.any, start: fakeVonage, secrets, spoken: true });

/** Ada with a telephone, Twilio first and Vonage second. */
async function both(channel: "sms" | "voice") {
  const f = await fixture();
  const [twilio, vonage] = [await fakeTwilio(), await fakeVonage()];
  const { platform } = f.t;
  const before = platform.url;
  platform.url = "https://keepwatch.example.com";
  const hand = { ...by(platform, SYSTEM), managedBy: "config" as const };
  await inTransaction(platform.db, async (tx) => {
    for (const [slug, stand] of Object.entries({ twilio, vonage }))
      await putProvider(tx, hand, { slug, ...stand.provider! });
  });
  const ada = await f.person("Ada");
  const method = await inTransaction(platform.db, (tx) =>
    addContactMethod(tx, hand, { userId: ada.id, channel, address: { phone: TELEPHONE } }),
  );
  const app = await createServer({ log: silentLog, version: "0", url: platform.url });
  callbackRoutes(app, platform, f.deps);
  await app.ready();
  platform.due.start();
  const post = async (path: string, payload: string, headers: Record<string, string>) => {
    const url = `/callbacks/vonage/${path}`;
    const answer = await app.inject({ method: "POST", url, payload, headers });
    return { status: answer.statusCode, body: answer.body };
  };
  return {
    ...{ f, twilio, vonage, ada, method },
    text: (path: string, params: Record<string, string>, secret?: string) =>
      post(path, new URLSearchParams(signedText(params, { at: platform.clock.now(), secret })).toString(), {
        "content-type": "application/x-www-form-urlencoded",
      }),
    event: (path: string, event: object, some: { secret?: string; signed?: string } = {}) => {
      const payload = JSON.stringify(event);
      const at = platform.clock.now();
      const authorization = eventToken(some.signed ?? payload, { at, secret: some.secret });
      return post(path, payload, { "content-type": "application/json", authorization });
    },
    async sent(n: number) {
      await until(
        async () => (await f.deliveries()).filter((row) => row.status === "sent").length === n,
        `${n} sent`,
      );
    },
    async [Symbol.asyncDispose]() {
      await app.close();
      await f[Symbol.asyncDispose]();
      platform.url = before;
      await platform.db.deleteFrom("providers").execute();
      await twilio[Symbol.asyncDispose]();
      await vonage[Symbol.asyncDispose]();
    },
  };
}

for (const channel of ["sms", "voice"] as const)
  for (const trouble of ["broken", "reset", "denied"] as const)
    test(`${channel}: when Twilio is ${trouble}, Vonage carries it in the same try; then Twilio does again`, async () => {
      await using s = await both(channel);
      const page = () => s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
      s.twilio.trouble(trouble);
      await page();
      await s.sent(1);
      assert.deepEqual([s.twilio.made.length, s.vonage.shown().length], [0, 1]);
      const tries = await s.f.t.platform.db.selectFrom("delivery_attempts").select("detail").execute();
      assert.equal(tries.length, 1);
      assert.match(tries[0]?.detail ?? "", /^twilio: .*; vonage: /s);
      await s.f.advance(31_000);
      await page();
      await s.sent(2);
      assert.deepEqual([s.twilio.made.length, s.vonage.shown().length], [1, 1]);
    });

test("an SMS through Vonage is answered in words, told back by SMS; forged, stale and altered ones by nobody", async () => {
  await using s = await both("sms");
  s.twilio.trouble("broken");
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await s.sent(1);
  const [message] = s.vonage.texts;
  assert.equal(message?.callback, "https://keepwatch.example.com/callbacks/vonage/sms-status");
  const says = (text: string, messageId: string, secret?: string) =>
    s.text("sms", { msisdn: "33612345678", to: "447700900000", messageId, text, type: "text" }, secret);
  assert.equal((await says("6 1", "M0", "another secret of somebody")).status, 403);
  assert.equal(s.f.acted.length, 0);
  assert.equal((await says("ack 1 & thanks = 1", "M1")).status, 204);
  assert.equal((await says("Ack 1", "M2")).status, 204);
  assert.equal((await says("Ack 1", "M2")).status, 204);
  assert.equal(s.f.acted.length, 1);
  assert.match(s.vonage.texts.at(-1)?.text ?? "", /#1: Acknowledged\./);
  const receipt = { msisdn: "33612345678", messageId: "ID1", "client-ref": message?.["client-ref"] ?? "" };
  for (const status of ["buffered", "accepted", "delivered", "delivered", "failed"])
    assert.equal((await s.text("sms-status", { ...receipt, status, "err-code": "0" })).status, 204);
  assert.equal((await s.f.deliveries())[0]?.status, "delivered");
  assert.equal(
    (await s.text("sms-status", { ...receipt, "client-ref": "nobody", status: "failed" })).status,
    204,
  );
});

test("a key pressed during Vonage's call answers it, silence lets it go on, and a forged one does nothing", async () => {
  await using s = await both("voice");
  s.twilio.trouble("broken");
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await s.sent(1);
  const [call] = s.vonage.calls;
  const keys = call?.ncco.find(({ action }) => action === "input")?.eventUrl?.[0]?.split("/vonage/")[1] ?? "";
  const pressed = (digits: string) => ({
    to: "33612345678",
    from: "447700900000",
    uuid: "u1",
    dtmf: { digits },
  });
  assert.equal((await s.event(keys, pressed("4"), { secret: "another secret of somebody" })).status, 403);
  assert.equal((await s.event(keys, pressed("4"), { signed: JSON.stringify(pressed("6")) })).status, 403);
  assert.equal((await s.event(keys, pressed(""))).status, 204);
  assert.equal(s.f.acted.length, 0);
  const { body } = await s.event(keys, pressed("4"));
  assert.deepEqual(JSON.parse(body), [{ action: "talk", text: "Acknowledged." }]);
  assert.deepEqual(
    s.f.acted.map(({ action, via }) => [action.verb, via]),
    [["acknowledge", "voice"]],
  );
  const status = call?.event_url?.[0]?.split("/vonage/")[1] ?? "";
  for (const each of ["started", "ringing", "answered", "completed", "completed"])
    assert.equal((await s.event(status, { status: each, uuid: "u1" })).status, 204);
  assert.equal((await s.f.deliveries())[0]?.status, "delivered");
});

test("a private key that was pasted into one line still works, and a wrong one is refused with its mend", () => {
  const settings = {
    api_key: "a1b2c3d4",
    api_secret: API_SECRET,
    signature_secret: SIGNATURE_SECRET,
    from: "+44 7700 900000",
  };
  const pasted = vonageSettings.safeParse({
    ...settings,
    private_key: PRIVATE_KEY.replaceAll("\n", " ").trim(),
  });
  assert.equal(pasted.success, true, JSON.stringify(pasted.error?.issues));
  const wrong = vonageSettings.safeParse({ ...settings, private_key: "secret" });
  assert.match(wrong.error?.issues[0]?.message ?? "", /BEGIN PRIVATE KEY/);
});
