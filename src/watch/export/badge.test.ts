import assert from "node:assert/strict";
import { test } from "node:test";
import { badgeSvg, responseBadge, statusBadge, uptimeBadge } from "./badge.ts";

test("a badge says what it is about and how it stands, in words and in colour", () => {
  const svg = badgeSvg(statusBadge("Shop", "down"));
  assert.match(svg, /^<svg [^>]*role="img" aria-label="Shop: down">/);
  assert.match(svg, />Shop<\/text>.*>down<\/text>/);
  assert.notEqual(statusBadge("Shop", "down").colour, statusBadge("Shop", "up").colour);
});

test("a month with an outage never shows as 100 %", () => {
  const values = [1, 0.999999, 0.9995, 0.99, 0, null].map((share) => uptimeBadge("30 days", share).value);
  assert.deepEqual(values, ["100 %", "99.999 %", "99.95 %", "99 %", "0 %", "unknown"]);
});

test("response times are short", () => {
  const values = [0.4, 82.6, 1499, null].map((ms) => responseBadge("response", ms).value);
  assert.deepEqual(values, ["0 ms", "83 ms", "1.5 s", "unknown"]);
});

test("a name can't bring markup into a badge", () => {
  const svg = badgeSvg(statusBadge(`"><script>alert('x')</script>&`, "up"));
  assert.doesNotMatch(svg, /<script>/);
  assert.match(svg, /&quot;&gt;&lt;script&gt;alert\(&#39;x&#39;\)&lt;\/script&gt;&amp;/);
});
