import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { createServer } from "../../platform/http/server.ts";
import { silentLog } from "../../platform/log.ts";
import { addContactMethod } from "../contact-methods.ts";
import { putProvider } from "../providers/providers.ts";
import { AUTH_TOKEN, fakeTwilio, TELEPHONE } from "../providers/twilio.fixture.ts";
import { twilioSignature } from "../providers/twilio-api.ts";
import { callbackRoutes } from "../replies/callback-routes.ts";
import { fixture, messageAbout, until } from "../testing.ts";
import { contract } from "./contract.fixture.ts";
import { sms, smsText } from "./sms.ts";
import { callScript, voice } from "./voice.ts";

contract({ channel: sms.any, start: fakeTwilio, secrets: [AUTH_TOKEN] });
contract({ channel: voice.any, start: fakeTwilio, secrets: [AUTH_TOKEN], spoken: true });

test("the signature is the one of Twilio's own example", () => {
  // twilio.com/docs/usage/security: the worked example of its section on validating requests.
  const url = "https://example.com/myapp.php?foo=1&bar=2";
  const params = {
    CallSid: "CA1234567890ABCDE",
    Caller: "+14158675310",
    Digits: "1234",
    From: "+14158675310",
    To: "+18005551212",
  };
  assert.equal(twilioSignature("12345", url, params), "L/OH5YylLD5NRKLltdqwSvS0BnU=");
});

test("an SMS says its number and how to answer, whatever its length", () => {
  assert.match(
    smsText(messageAbout()),
    /^\[SEV2\] Shop: .*\(#12\)\. status 502.*Reply 4 ack, 6 resolve, 5 next$/,
  );
  assert.ok(smsText(messageAbout({ title: "x".repeat(5_000) })).length <= 450);
});

test("a call without an address to answer to is read out twice, and asks for nothing", () => {
  assert.doesNotMatch(callScript(messageAbout(), null), /Gather|Press/);
});

/** Ada with a telephone, and Twilio calling back at an address it can reach. */
async function called(channel: "sms" | "voice") {
  const f = await fixture();
  const provider = await fakeTwilio();
  const { platform } = f.t;
  const home = "https://keepwatch.example.com";
  const before = platform.url;
  platform.url = home;
  const hand = by(platform, SYSTEM);
  const { kind, settings } = provider.provider!;
  await inTransaction(platform.db, (tx) => putProvider(tx, hand, { slug: "phone", kind, settings }));
  platform.due.start();
  const ada = await f.person("Ada");
  const add = (how: "sms" | "voice" | "webhook", address: Record<string, unknown>) =>
    inTransaction(platform.db, (tx) =>
      addContactMethod(tx, { ...hand, managedBy: "config" }, { userId: ada.id, channel: how, address }),
    );
  const method = await add(channel, provider.address);
  const app = await createServer({ log: silentLog, version: "0", url: home });
  callbackRoutes(app, platform, f.deps);
  await app.ready();
  /** As Twilio calls: a signed form. */
  const post = async (address: string, params: Record<string, string>, token = AUTH_TOKEN) => {
    const answer = await app.inject({
      method: "POST",
      url: address.slice(home.length),
      headers: {
        "content-type": "application/x-www-form-urlencoded",
        "x-twilio-signature": twilioSignature(token, address, params),
      },
      payload: new URLSearchParams(params).toString(),
    });
    return { status: answer.statusCode, body: answer.body };
  };
  return {
    ...{ f, provider, ada, method, add, post, home },
    async [Symbol.asyncDispose]() {
      await app.close();
      await f[Symbol.asyncDispose]();
      platform.url = before;
      await platform.db.deleteFrom("providers").execute();
      await provider[Symbol.asyncDispose]();
    },
  };
}

test("an SMS is answered in words, by whose number it is; a forged one by nobody", async () => {
  await using s = await called("sms");
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await until(() => s.provider.made.length === 1, "the message");
  const says = (Body: string, MessageSid: string) =>
    s.post(`${s.home}/callbacks/phone/sms`, { From: TELEPHONE, Body, MessageSid });
  assert.match((await says(" Ack 1", "SM1")).body, /<Message>#1: Acknowledged\.<\/Message>/);
  assert.match((await says(" Ack 1", "SM1")).body, /<Message>#1: Acknowledged\.<\/Message>/);
  assert.equal(s.f.acted.length, 1);
  assert.match((await says("4 1", "SM2")).body, /Already acknowledged/);
  const forged = await s.post(
    `${s.home}/callbacks/phone/sms`,
    { From: TELEPHONE, Body: "6 1", MessageSid: "SM3" },
    "another",
  );
  assert.equal(forged.status, 403);
  assert.equal(s.f.acted.filter(({ action }) => action.verb === "resolve").length, 0);
});

test("STOP disables the number and is not answered", async () => {
  await using s = await called("sms");
  const { body } = await s.post(`${s.home}/callbacks/phone/sms`, {
    From: TELEPHONE,
    Body: "STOP",
    MessageSid: "SM9",
  });
  assert.match(body, /<Response><\/Response>/);
  const row = await s.f.t.platform.db
    .selectFrom("contact_methods")
    .selectAll()
    .where("id", "=", s.method.id)
    .executeTakeFirstOrThrow();
  assert.match(row.disabled_reason ?? "", /STOP/);
});

test("a key pressed during the call answers it", async () => {
  await using s = await called("voice");
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await until(() => s.provider.made.length === 1, "the call");
  const action =
    /action="([^"]+)"/.exec(s.provider.made[0]?.Twiml ?? "")?.[1]?.replaceAll("&amp;", "&") ?? "";
  const { body } = await s.post(action, { To: TELEPHONE, From: "+15550109999", Digits: "4", CallSid: "CA1" });
  assert.match(body, /<Say>Acknowledged\.<\/Say>/);
  assert.deepEqual(
    s.f.acted.map(({ action: done, via }) => [done.verb, via]),
    [["acknowledge", "voice"]],
  );
});

test("a receipt is on the ledger; what did not arrive makes the next contact method due at once", async () => {
  await using s = await called("voice");
  const later = await s.add("sms", s.provider.address);
  await s.f.page(s.f.subject(), s.ada.id, {
    plan: [
      { method: s.method, afterMs: 0 },
      { method: later, afterMs: 600_000 },
    ],
  });
  await until(() => s.provider.made.length === 1, "the call");
  const status = s.provider.made[0]?.StatusCallback ?? "";
  await until(async () => (await s.f.deliveries())[0]?.status === "sent", "the call being on the ledger");
  assert.equal((await s.post(status, { CallStatus: "no-answer", CallSid: "CA1" })).status, 204);
  await until(() => s.provider.made.length === 2, "the message");
  const [call, message] = await s.f.deliveries();
  assert.deepEqual([call?.status, call?.reason], ["failed", "Nobody took the call"]);
  await until(async () => (await s.f.deliveries())[1]?.status === "sent", "the message being on the ledger");
  const sent = s.provider.made[1]?.StatusCallback ?? "";
  await s.post(sent, { MessageStatus: "delivered", MessageSid: "SM1" });
  assert.equal((await s.f.deliveries())[1]?.status, "delivered");
  assert.ok(message);
});
