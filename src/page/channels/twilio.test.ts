import assert from "node:assert/strict";
import { test } from "node:test";
import { getExpectedTwilioSignature, validateRequest } from "twilio/lib/webhooks/webhooks.js";
import { AUTH_TOKEN, fakeTwilio, TELEPHONE } from "../providers/twilio.fixture.ts";
import { isFromTwilio, twilioSignature } from "../providers/twilio-api.ts";
import { METHOD_DISABLED } from "../replies/gone.ts";
import { messageAbout, until } from "../testing.ts";
import { callScript } from "./call-script.ts";
import { contract } from "./contract.fixture.ts";
import { sms, smsText } from "./sms.ts";
import { telephoned } from "./telephone.fixture.ts";
import { voice } from "./voice.ts";

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

test("Twilio's own library takes our signatures and no others, and we take its", () => {
  const url =
    "https://keepwatch.example.com/callbacks/phone/sms-status?d=0193588e-0000-7000-8000-00000000000b";
  const params = { MessageStatus: "delivered", Body: "Ärger & mehr 🔥", To: TELEPHONE, ApiVersion: "" };
  assert.ok(validateRequest(AUTH_TOKEN, twilioSignature(AUTH_TOKEN, url, params), url, params));
  assert.ok(!validateRequest(AUTH_TOKEN, twilioSignature("another", url, params), url, params));
  const signature = getExpectedTwilioSignature(AUTH_TOKEN, url, params);
  assert.ok(isFromTwilio(AUTH_TOKEN, { url, params, signature }));
  assert.ok(!isFromTwilio(AUTH_TOKEN, { url, params: { ...params, To: "+33699999999" }, signature }));
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

test("an SMS is answered in words, by whose number it is; a forged one by nobody", async () => {
  await using s = await telephoned("sms");
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

test("STOP disables the number and is not answered, START enables it again, HELP says how to answer", async () => {
  await using s = await telephoned("sms");
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
  const told = await s.f.t.platform.db
    .selectFrom("due_jobs")
    .select("key")
    .where("kind", "=", METHOD_DISABLED)
    .execute();
  assert.deepEqual(told, [{ key: s.method.id }]);
  const start = { From: TELEPHONE, Body: "start", MessageSid: "SM10" };
  assert.match((await s.post(`${s.home}/callbacks/phone/sms`, start)).body, /reach you here again/);
  const again = await s.f.t.platform.db.selectFrom("contact_methods").select("disabled_at").execute();
  assert.deepEqual(again, [{ disabled_at: null }]);
  const help = { From: TELEPHONE, Body: "HELP", MessageSid: "SM11" };
  assert.match((await s.post(`${s.home}/callbacks/phone/sms`, help)).body, /ack/);
});

test("a key pressed during the call answers it", async () => {
  await using s = await telephoned("voice");
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
  await using s = await telephoned("voice");
  const later = await s.add("sms");
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
