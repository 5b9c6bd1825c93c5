import assert from "node:assert/strict";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { test } from "node:test";
import { createMail } from "../../platform/mail.ts";
import { createAddressGuard } from "../../platform/net/address-guard.ts";
import { mailbox, messageAbout } from "../testing.ts";
import type { SendContext } from "./channel.ts";
import { email, judgeMailError } from "./email.ts";

const contextFor = (url: string | undefined): SendContext & AsyncDisposable => {
  const mail = createMail({ url, from: "Keepwatch <keepwatch@example.com>" });
  return {
    signal: new AbortController().signal,
    deliveryId: "d",
    now: Temporal.Instant.from("2026-11-23T09:00:00Z"),
    mail,
    resolve: async () => [],
    guard: createAddressGuard({ ownPorts: [], allowPrivate: true }),
    provider: null,
    threads: new Map(),
    async [Symbol.asyncDispose]() {
      mail.close();
    },
  };
};
const ada = { email: "ada@example.com" };

test("a page arrives as a mail that says everything in both its halves", async () => {
  await using box = await mailbox();
  await using context = contextFor(box.url);
  const result = await email.send(ada, messageAbout(), context);
  assert.equal(result.kind, "accepted");
  assert.match(result.kind === "accepted" ? result.detail : "", /^250/);
  const mail = box.mails[0]!;
  assert.equal(mail.subject, "[SEV2] Shop: Shop home is down");
  for (const half of [mail.text ?? "", mail.html || ""])
    for (const said of [
      "Shop home is down",
      "Mon 23 Nov, 09:59:20 Europe/Paris (08:59:20 UTC)",
      "status 502, wanted 200–299",
      "status: got 502, wanted 200–299",
      "checked from local",
      "You are on call for Shop.",
      "Also paged: Bo (level 1)",
      "https://example.com/runbook",
      "http://keepwatch.test/a/acknowledge",
      "http://keepwatch.test/a/escalate",
      "http://keepwatch.test/a/resolve",
    ])
      assert.ok(half.includes(said) || half.includes(said.replaceAll("'", "&#39;")), said);
});

test("the HTML is a 600 px table for light and dark, without images, scripts or anything fetched", () => {
  const html = email.render(messageAbout()).html ?? "";
  assert.match(html, /width="600"/);
  assert.match(html, /prefers-color-scheme: dark/);
  assert.match(html, /<meta name="color-scheme" content="light dark">/);
  assert.doesNotMatch(html, /<img|<script|<link|url\(|@import|src=/i);
});

test("outside text is text, never markup, and a script is no runbook", () => {
  const evil = '<img src=x onerror="alert(1)">';
  const alert = { id: "a", title: evil, reason: evil, status: "firing", evidence: [evil] } as const;
  const since = Temporal.Instant.from("2026-11-23T09:00:00Z");
  const message = messageAbout({
    title: evil,
    runbook: { url: "javascript:alert(1)" },
    alerts: [{ ...alert, since }],
  });
  const html = email.render(message).html ?? "";
  assert.doesNotMatch(html, /<img/);
  assert.doesNotMatch(html, /href="javascript:/i);
  assert.match(html, /&lt;img src=x onerror=&quot;alert\(1\)&quot;&gt;/);
});

test("mails about one incident form a thread: one reference for all, a Message-ID for each delivery", async () => {
  await using box = await mailbox();
  await using context = contextFor(box.url);
  const page = messageAbout();
  await email.send(ada, page, context);
  await email.send(ada, page, context);
  await email.send(ada, { ...messageAbout({}, "resolved"), deliveryId: "another" }, context);
  const [first, again, over] = box.mails;
  const thread = "<incident-0193588e-0000-7000-8000-00000000000a.ada.example.com@keepwatch.test>";
  for (const mail of [first, again, over]) {
    assert.deepEqual([mail?.references].flat(), [thread]);
    assert.equal(mail?.inReplyTo, thread);
    assert.equal(mail?.replyTo, undefined);
  }
  assert.equal(first?.messageId, again?.messageId);
  assert.equal(over?.messageId, "<delivery-another@keepwatch.test>");
  assert.equal(first?.headers.get("auto-submitted"), "auto-generated");
  assert.match(box.raw[0] ?? "", /^Importance: high\r$/m);
  assert.doesNotMatch(box.raw[2] ?? "", /^Importance:/m);
});

test("a mail that says it is over asks for nothing", () => {
  const { html = "", text } = email.render(messageAbout({}, "resolved"));
  for (const half of [html, text]) {
    assert.match(half, /Resolved Mon 23 Nov, 09:59:20 Europe\/Paris/);
    assert.doesNotMatch(half, /\/a\//);
  }
});

test("a bundle of a hundred stays below what mail programs cut off, and each can be answered", () => {
  const message = messageAbout();
  const [item] = message.items;
  const link = (n: number) => `http://keepwatch.test/a/${"x".repeat(100)}${n}`;
  const items = Array.from({ length: 100 }, (_, n) => ({
    ...item,
    actions: { acknowledge: link(n), resolve: link(n), escalate: link(n) },
  }));
  const html = email.render({ ...message, items: [items[0]!, ...items.slice(1)] }).html ?? "";
  assert.ok(html.length < 100_000, `${html.length} bytes`);
  for (let n = 0; n < 100; n++) assert.ok(html.includes(`href="${link(n)}"`), `incident ${n}`);
});

test("an address that the server refuses for good is refused, with the server's words", async () => {
  await using box = await mailbox();
  await using context = contextFor(box.url);
  box.refuse = () => ({ code: 550, text: "No such user here" });
  const result = await email.send(ada, messageAbout(), context);
  assert.equal(result.kind, "refused");
  assert.match(result.kind === "refused" ? result.why : "", /No such user here/);
});

test("a server that is busy or away is tried again", async () => {
  await using box = await mailbox();
  await using context = contextFor(box.url);
  box.refuse = () => ({ code: 451, text: "Try later" });
  assert.equal((await email.send(ada, messageAbout(), context)).kind, "retry");
  const closed = createServer().listen(0, "127.0.0.1");
  await new Promise((resolve) => closed.once("listening", resolve));
  const { port } = closed.address() as AddressInfo;
  await new Promise((resolve) => closed.close(resolve));
  await using away = contextFor(`smtp://127.0.0.1:${port}`);
  assert.equal((await email.send(ada, messageAbout(), away)).kind, "retry");
  assert.equal(judgeMailError(new Error("Greeting never received")).kind, "retry");
});

test("without a mail server the channel says what to set, and refuses", async () => {
  await using context = contextFor(undefined);
  assert.match(email.unavailable(context) ?? "", /KEEPWATCH_SMTP_URL/);
  assert.equal((await email.send(ada, messageAbout(), context)).kind, "refused");
});
