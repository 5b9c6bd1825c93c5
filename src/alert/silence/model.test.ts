import assert from "node:assert/strict";
import { test } from "node:test";
import { type Matchers, matches, mutes, problemKey, type Silenceable } from "./model.ts";

const alert: Silenceable = {
  service: "shop",
  monitor: "shop-home",
  severity: "SEV2",
  title: "Shop: Home is down",
  labels: { region: "eu", env: "prod" },
  problem: problemKey("a", "b"),
};

test("all that a silence says must be true of an alert; of a list one is enough", () => {
  const yes: Matchers[] = [
    { services: ["search", "shop"] },
    { services: ["shop"], monitors: ["shop-home"], severities: ["SEV2", "SEV3"] },
    { text: "HOME is" },
    { text: "region=eu" },
    { labels: { env: "prod" } },
    { problems: ["a b"] },
  ];
  const no: Matchers[] = [
    {},
    { services: ["shop"], severities: ["SEV1"] },
    { monitors: [] },
    { text: "search" },
    { labels: { env: "prod", region: "us" } },
    { problems: ["a c"] },
  ];
  assert.deepEqual(
    yes.map((each) => matches(each, alert)),
    yes.map(() => true),
  );
  assert.deepEqual(
    no.map((each) => matches(each, alert)),
    no.map(() => false),
  );
  assert.equal(matches({ services: ["shop"] }, { ...alert, service: null }), false);
});

test("a monitor is muted by what silences all of its alerts, not by what silences some", () => {
  const monitor = { service: "shop", monitor: "shop-home", labels: {} };
  assert.equal(mutes({ monitors: ["shop-home"] }, monitor), true);
  assert.equal(mutes({ services: ["shop"] }, monitor), true);
  assert.equal(mutes({ services: ["shop"], severities: ["SEV3"] }, monitor), false);
  assert.equal(mutes({ text: "shop" }, monitor), false);
  assert.equal(
    mutes({ monitors: ["shop-home"] }, { ...monitor, monitor: null }),
    false,
    "its service is not",
  );
});
