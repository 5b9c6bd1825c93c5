import assert from "node:assert/strict";
import { test } from "node:test";
import type { PageMessage } from "./message.ts";
import { messageAbout } from "./testing.ts";
import { headline, oneLine, sayTime } from "./words.ts";

const at = Temporal.Instant.from("2026-11-23T09:02:11.345Z");

test("a time is the person's own, with UTC beside it", () => {
  assert.equal(sayTime(at, "Europe/Paris"), "Mon 23 Nov, 10:02:11 Europe/Paris (09:02:11 UTC)");
  assert.equal(sayTime(at, "UTC"), "Mon 23 Nov, 09:02:11 UTC");
});

test("a time on another day in UTC says which", () => {
  const late = Temporal.Instant.from("2026-11-23T20:00:00Z");
  assert.equal(sayTime(late, "Asia/Tokyo"), "Tue 24 Nov, 05:00:00 Asia/Tokyo (Mon 23 Nov, 20:00:00 UTC)");
});

test("the first 40 characters say how bad, where and what", () => {
  assert.equal(headline(messageAbout()).slice(0, 40), "[SEV2] Shop: Shop home is down");
  assert.equal(headline(messageAbout({ title: "shop: checkout fails" })), "[SEV2] shop: checkout fails");
  assert.equal(headline(messageAbout({ service: null })), "[SEV2] Shop home is down");
  assert.equal(headline(messageAbout({}, "resolved")), "Resolved: [SEV2] Shop: Shop home is down");
});

test("a bundle's headline counts and names the places, the worst severity first", () => {
  const one = messageAbout();
  const [item] = one.items;
  const search = { ...item, subject: { ...item.subject, service: { slug: "search", name: "Search" } } };
  const bundle: PageMessage = { ...one, items: [item, search, search] };
  assert.equal(headline(bundle), "[SEV2] 3 incidents: Shop, Search");
});

test("outside text can't break out of its line", () => {
  assert.equal(oneLine("down\r\nBcc: eve@example.com\u2028x\u0000y"), "down Bcc: eve@example.com x y");
});
