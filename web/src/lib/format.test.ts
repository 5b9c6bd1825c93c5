import { equal } from "node:assert/strict";
import { test } from "node:test";
import { initials, latency, listOf, slugify, uptime } from "./format.ts";

test("an uptime is never rounded up to 100 %", () => {
  equal(uptime(0.99999), "99.99 %");
  equal(uptime(1), "100 %");
  equal(uptime(0.5), "50.0 %");
  equal(uptime(null), "–");
});

test("a latency keeps about three digits", () => {
  equal(latency(4.21), "4.2 ms");
  equal(latency(84.4), "84 ms");
  equal(latency(1_240), "1.24 s");
});

test("people are listed as one would say it", () => {
  equal(listOf(["Ada"]), "Ada");
  equal(listOf(["Ada", "Bo"]), "Ada and Bo");
  equal(listOf(["Ada", "Bo", "Chidi"]), "Ada, Bo and Chidi");
  equal(listOf(["Ada", "Bo", "Chidi", "Dana"]), "Ada, Bo and 2 others");
});

test("a name becomes a slug and initials", () => {
  equal(slugify("Shop: Café & home page"), "shop-cafe-home-page");
  equal(initials("Ada Lovelace"), "AL");
  equal(initials("  "), "?");
});
