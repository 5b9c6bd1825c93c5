import assert from "node:assert/strict";
import { createHmac } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { createMail } from "../../platform/mail.ts";
import { createAddressGuard } from "../../platform/net/address-guard.ts";
import { createResolver } from "../../platform/net/resolver.ts";
import { messageAbout, receiver } from "../testing.ts";
import type { SendContext } from "./channel.ts";
import { judgeAnswer } from "./http-call.ts";
import { webhook } from "./webhook.ts";

const now = Temporal.Instant.from("2026-11-23T09:00:00Z");
const context = (some: Partial<SendContext> = {}): SendContext => ({
  signal: new AbortController().signal,
  deliveryId: "0193588e-0000-7000-8000-00000000000b",
  now,
  mail: createMail({ url: undefined, from: "" }),
  resolve: createResolver(),
  guard: createAddressGuard({ ownPorts: [], allowPrivate: true }),
  provider: null,
  threads: new Map(),
  ...some,
});

test("a page is posted in the documented shape, field by field", async () => {
  await using hook = await receiver();
  const result = await webhook.send({ url: hook.url, secret: "s" }, messageAbout(), context());
  assert.deepEqual(result, { kind: "accepted", detail: "200 OK" });
  const { headers, json } = hook.received[0]!;
  assert.equal(headers["content-type"], "application/json");
  assert.deepEqual(json, {
    type: "page",
    delivery_id: "0193588e-0000-7000-8000-00000000000b",
    page: { id: "0193588e-0000-7000-8000-00000000000c", reason: "You are on call for Shop." },
    incident: {
      id: "0193588e-0000-7000-8000-00000000000a",
      number: 12,
      title: "Shop home is down",
      severity: "SEV2",
      urgency: "high",
      status: "triggered",
      url: "http://keepwatch.test/incidents/12",
      service: { slug: "shop", name: "Shop" },
      since: "2026-11-23T08:59:20.000Z",
      acknowledged_by: null,
      resolved_at: null,
      runbook: { url: "https://example.com/runbook" },
      also_paged: [{ name: "Bo", level: 1 }],
      alerts: [
        {
          id: "0193588e-0000-7000-8000-000000000001",
          title: "Shop home",
          reason: "status 502, wanted 200–299",
          since: "2026-11-23T08:59:20.000Z",
          status: "firing",
          evidence: ["status: got 502, wanted 200–299", "checked from local"],
        },
      ],
    },
    person: { email: "ada@example.com", name: "Ada" },
    actions: {
      acknowledge: { url: "http://keepwatch.test/a/acknowledge" },
      resolve: { url: "http://keepwatch.test/a/resolve" },
      escalate: { url: "http://keepwatch.test/a/escalate" },
    },
    similar: [],
    sent_at: "2026-11-23T09:00:00.000Z",
  });
});

test("a receiver can verify the signature from the raw body alone, and t is the time of this very try", async () => {
  await using hook = await receiver();
  const to = { url: hook.url, secret: "correct horse" };
  await webhook.send(to, messageAbout(), context());
  await webhook.send(to, messageAbout(), context({ now: now.add({ seconds: 2 }) }));
  for (const [index, { headers, raw }] of hook.received.entries()) {
    const header = String(headers["keepwatch-signature"]);
    const [, t = "", v1 = ""] = /^t=(\d+),v1=([0-9a-f]{64})$/.exec(header) ?? [];
    assert.equal(Number(t), 1_795_424_400 + index * 2);
    assert.equal(v1, createHmac("sha256", "correct horse").update(`${t}.`).update(raw).digest("hex"));
    assert.notEqual(v1, createHmac("sha256", "wrong").update(`${t}.`).update(raw).digest("hex"));
  }
});

const meanings: [number, "accepted" | "retry" | "refused"][] = [
  [200, "accepted"],
  [204, "accepted"],
  [301, "refused"],
  [302, "refused"],
  [400, "refused"],
  [401, "refused"],
  [404, "refused"],
  [408, "retry"],
  [410, "refused"],
  [425, "retry"],
  [429, "retry"],
  [500, "retry"],
  [503, "retry"],
];
for (const [status, kind] of meanings)
  test(`an answer of ${status} is ${kind}`, () => {
    const answer = { status, text: "", body: "", headers: {} };
    assert.equal(judgeAnswer(answer, now).kind, kind);
  });

test("Retry-After is read as seconds or as a date, and nonsense is passed over", () => {
  const after = (retryAfter: string) => {
    const result = judgeAnswer(
      { status: 503, text: "", body: "", headers: { "retry-after": retryAfter } },
      now,
    );
    return result.kind === "retry" ? result.afterMs : "?";
  };
  assert.equal(after("7"), 7_000);
  assert.equal(after("Mon, 23 Nov 2026 09:00:20 GMT"), 20_000);
  assert.equal(after("Mon, 23 Nov 2026 08:00:00 GMT"), 0);
  assert.equal(after("soon"), undefined);
});

test("a refusal carries the first 500 characters of the answer", async () => {
  await using hook = await receiver();
  hook.answer = () => ({ status: 422, body: `bad\n${"x".repeat(2_000)}` });
  const result = await webhook.send({ url: hook.url, secret: "s" }, messageAbout(), context());
  assert.deepEqual(result, { kind: "refused", why: `422 Unprocessable Entity: bad ${"x".repeat(496)}` });
});

test("a redirect is not followed", async () => {
  await using elsewhere = await receiver();
  await using hook = await receiver();
  hook.answer = () => ({ status: 307, headers: { location: elsewhere.url } });
  const result = await webhook.send({ url: hook.url, secret: "s" }, messageAbout(), context());
  assert.equal(result.kind, "refused");
  assert.equal(elsewhere.received.length, 0);
});

test("an address that the guard forbids is refused before anything is sent, also behind a name", async () => {
  await using hook = await receiver();
  const port = Number(new URL(hook.url).port);
  const guard = createAddressGuard({ ownPorts: [port], allowPrivate: true });
  for (const host of ["127.0.0.1", "localhost"]) {
    const result = await webhook.send(
      { url: `http://${host}:${port}/`, secret: "s" },
      messageAbout(),
      context({ guard }),
    );
    assert.equal(result.kind, "refused");
    assert.match(result.kind === "refused" ? result.why : "", /Keepwatch itself/);
  }
  const metadata = { url: "http://169.254.169.254/latest", secret: "s" };
  assert.equal((await webhook.send(metadata, messageAbout(), context())).kind, "refused");
  assert.equal(hook.received.length, 0);
});

test("nobody listening, a name without an address and a broken answer are tried again", async () => {
  const breaks = createServer((request) => request.socket.destroy());
  await new Promise<void>((resolve) => breaks.listen(0, "127.0.0.1", resolve));
  const { port } = breaks.address() as AddressInfo;
  const to = (url: string) => webhook.send({ url, secret: "s" }, messageAbout(), context());
  assert.equal((await to(`http://127.0.0.1:${port}/`)).kind, "retry");
  await new Promise((resolve) => breaks.close(resolve));
  const refused = await to(`http://127.0.0.1:${port}/`);
  assert.equal(refused.kind, "retry");
  assert.match(refused.kind === "retry" ? refused.why : "", /ECONNREFUSED/);
  const unknown = context({ resolve: () => Promise.reject(new Error("ENOTFOUND nowhere.invalid")) });
  const result = await webhook.send({ url: "http://nowhere.invalid/", secret: "s" }, messageAbout(), unknown);
  assert.equal(result.kind, "retry");
});

test("when the worker has to stop, the outcome is left open", async () => {
  await using hook = await receiver();
  let release = () => {};
  hook.gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const stop = new AbortController();
  const sending = webhook.send(
    { url: hook.url, secret: "s" },
    messageAbout(),
    context({ signal: stop.signal }),
  );
  setTimeout(() => stop.abort(new Error("stopping")), 30);
  await assert.rejects(sending);
  release();
});

test("where it goes is shown without user, query and whatever comes after the first part of the path", () => {
  const shown = (url: string) => webhook.destination({ url, secret: "s" });
  assert.equal(
    shown("https://u:p@hooks.example.com/services/T0/B0/xyz?key=1"),
    "hooks.example.com/services/…",
  );
  assert.equal(shown("http://127.0.0.1:9000/ada"), "127.0.0.1:9000/ada");
  assert.equal(shown("https://example.com"), "example.com");
  assert.equal(shown("https://example.com/0123456789abcdef0123456789"), "example.com/…");
});
