import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import { type Circumstances, choosePath, conditionWords, type PathCondition } from "./paths.ts";
import type { PolicyCopy } from "./policy.ts";

const level = (name: string) => ({ targets: [{ kind: "user" as const, id: name, name }], waitMs: 60_000 });
const path = (name: string, when: PathCondition) => ({
  ...{ name, when, repeat: 3, fallback: [] },
  levels: [level(name)],
});
const policy = (...paths: PolicyCopy["paths"] & object): PolicyCopy => ({
  ...{ slug: "web", name: "Web", repeat: 0, fallback: [], paths },
  levels: [level("own")],
});
const office = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" } as const;
const hours = { ...office, time_zone: "Europe/Paris" };

const chosen = (copy: PolicyCopy, more: Partial<Circumstances> & { time?: string } = {}) => {
  const at = Temporal.Instant.from(more.time ?? "2026-11-23T10:00:00Z");
  return choosePath(copy, { urgency: "high", severity: "SEV2", labels: [], at, ...more });
};
const nameOf = (copy: PolicyCopy) => copy.levels[0]?.targets[0]?.name;

test("the first path that fits is taken with its levels, repeats and fallback, and says why", () => {
  const two = policy(
    path("low", { urgency: "low" }),
    path("night", { urgency: "high", hours: { ...hours, outside: true } }),
  );
  const night = chosen(two, { time: "2026-11-23T03:00:00Z" });
  deepEqual(night.path, {
    name: "night",
    because: "urgency high, outside mon to fri 09:00–18:00 Europe/Paris",
  });
  deepEqual([nameOf(night), night.repeat, night.paths], ["night", 3, undefined]);
  equal(chosen(two, { urgency: "low", time: "2026-11-23T03:00:00Z" }).path?.name, "low");
  const day = chosen(two);
  deepEqual([nameOf(day), day.path], ["own", { name: null, because: "no path fits" }]);
  equal(chosen(policy()).path, undefined, "a policy without paths says nothing of them");
});

for (const [time, within] of [
  ["2026-11-23T07:59:59.999Z", false],
  ["2026-11-23T08:00:00Z", true],
  ["2026-11-23T17:00:00Z", false],
  ["2026-07-20T07:00:00Z", true],
  ["2026-11-28T10:00:00Z", false],
] as const)
  test(`at ${time} it is ${within ? "within" : "outside"} office hours in Paris`, () => {
    equal(nameOf(chosen(policy(path("day", { hours })), { time })), within ? "day" : "own");
    equal(
      nameOf(chosen(policy(path("night", { hours: { ...hours, outside: true } })), { time })),
      within ? "own" : "night",
    );
  });

test("hours over midnight belong to the day on which they begin", () => {
  const weekend = policy(
    path("night", { hours: { days: ["fri"], from: "22:00", to: "06:00", time_zone: "UTC" } }),
  );
  equal(nameOf(chosen(weekend, { time: "2026-11-28T05:59:00Z" })), "night");
  equal(nameOf(chosen(weekend, { time: "2026-11-27T05:59:00Z" })), "own");
});

test("severities are alternatives; labels must all stand on one alert", () => {
  const severe = policy(path("severe", { severity: ["SEV1", "SEV2"] }));
  deepEqual([nameOf(chosen(severe)), nameOf(chosen(severe, { severity: "SEV3" }))], ["severe", "own"]);
  const labelled = policy(path("eu", { labels: { region: "eu", tier: "1" } }));
  equal(nameOf(chosen(labelled, { labels: [{ region: "eu" }, { tier: "1" }] })), "own");
  equal(nameOf(chosen(labelled, { labels: [{ region: "eu", tier: "1", host: "a" }] })), "eu");
  equal(nameOf(chosen(labelled)), "own");
});

test("conditions are said in words", () => {
  equal(
    conditionWords({ severity: ["SEV1", "SEV2"], labels: { team: "x" } }),
    "severity SEV1 or SEV2, label team=x",
  );
  equal(conditionWords({ hours: { days: ["sun", "sat"], time_zone: "UTC" } }), "within sat, sun UTC");
});
