import assert from "node:assert/strict";
import { test } from "node:test";
import { isBefore, later } from "../platform/clock.ts";
import { next } from "./escalation/next.ts";
import { startRound } from "./escalation/state.ts";
import { planFor } from "./notification-rules.ts";
import { policyOfService, resolveTargets, rulesFor, targetKey } from "./resolve.ts";
import { setNotificationRules } from "./rules.ts";
import { oncallWorld, type Person, type World, weekly } from "./testing.ts";

interface Item {
  at: string;
  level: number;
  repeat: number;
  person: { name: string };
  method: string;
}

const method = (slug: string) => ({ slug, channel: slug, verified: true, disabled: false });
const line = ({ at, level, repeat, person, method }: Item) =>
  `${at.slice(11, 19)} level ${level} run ${repeat} ${person.name} ${method}`;

async function withMethods(world: World, name: string, ...slugs: string[]): Promise<Person> {
  const person = await world.person(name);
  world.methods.set(person.id, slugs.map(method));
  return person;
}

/** Steps through the escalation as an incident does, asking the database again at each step. */
async function escalated(
  world: World,
  serviceId: string,
  from: Temporal.Instant,
  hours: number,
): Promise<string[]> {
  const { db } = world.t.platform;
  const policy = (await policyOfService(db, serviceId))!;
  const targets = [...policy.levels.flatMap((level) => level.targets), ...policy.fallback];
  const lines: string[] = [];
  let state = startRound(policy, { round: 1 });
  for (let now: Temporal.Instant | null = from; now && isBefore(now, later(from, hours * 3_600_000)); ) {
    const moment: Temporal.Instant = now;
    const people = await resolveTargets(db, targets, moment);
    const step = next({
      ...{ policy, state, incident: { status: "triggered", urgency: "high" }, now: moment },
      resolve: (target) => people.get(targetKey(target)) ?? [],
      reached: state.paged.length > 0,
    });
    for (const { person, level, repeat } of step.pages) {
      const rules = (await rulesFor(db, [person], "high")).get(person) ?? [];
      const { name } = await db
        .selectFrom("users")
        .select("name")
        .where("id", "=", person)
        .executeTakeFirstOrThrow();
      for (const { method, afterMs } of planFor(rules, world.methods.get(person) ?? []))
        lines.push(
          line({
            at: later(moment, afterMs).toString(),
            level,
            repeat,
            person: { name },
            method: method.slug,
          }),
        );
    }
    state = step.state;
    now = step.wakeAt;
  }
  return lines.sort();
}

test("a simulation says what the escalation would do, across a hand-off, repeats and the fallback", async () => {
  await using world = await oncallWorld();
  const ada = await withMethods(world, "ada", "phone", "mail");
  await withMethods(world, "bo", "phone");
  await withMethods(world, "cy", "mail");
  const high = [{ via: "mail" }, { via: "phone", after: "2m" }];
  await world.verb((tx, by) => setNotificationRules(tx, by, { userId: ada.id, rules: { high, low: [] } }));
  await world.schedule("web", [weekly("ada", "bo")]);
  const levels = [
    { targets: [{ schedule: "web" }], wait: "10m" },
    { targets: [{ schedule: "web" }, { user: "cy@example.com" }], wait: "15m" },
  ];
  await world.policy("shop", levels, { repeat: 1, fallback: [{ user: "cy@example.com" }] });
  const service = await world.service("checkout", "shop");
  const at = Temporal.Instant.from("2026-11-30T07:40:00Z");
  const answer = await world.ok("POST /simulate", ada, {
    service: "checkout",
    at: at.toString(),
    hours: 1.5,
  });
  assert.deepEqual(answer.policy, { slug: "shop", name: "shop" });
  assert.deepEqual(answer.items.map(line).sort(), await escalated(world, service, at, 1.5));
  assert.deepEqual(answer.items.slice(0, 5).map(line), [
    "07:40:00 level 1 run 0 Ada mail",
    "07:42:00 level 1 run 0 Ada phone",
    "07:50:00 level 2 run 0 Ada mail",
    "07:50:00 level 2 run 0 Cy mail",
    "07:52:00 level 2 run 0 Ada phone",
  ]);
  assert.equal(answer.items[5].after_ms, 25 * 60_000);
  assert.equal(answer.items[5].person.name, "Bo");
  assert.match(answer.notes[0].text, /^Paged level 1: Ada\.$/);
});

test("a simulation says who can't be reached, and pages the administrators of a service without a policy", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  world.methods.set(world.root.id, [method("mail")]);
  await world.policy("shop", [{ targets: [{ user: "ada@example.com" }] }]);
  await world.service("checkout", "shop");
  await world.service("bare", null);
  const simulate = (service: string) =>
    world.ok("POST /simulate", world.root, { service, at: "2026-11-23T09:00:00Z", hours: 0.2 });
  const unreachable = await simulate("checkout");
  assert.equal(unreachable.notes[0].text, "Ada can't be reached. There is no contact method.");
  assert.deepEqual(unreachable.items.map(line), ["09:00:00 level 2 run 0 Root mail"]);
  const bare = await simulate("bare");
  assert.equal(bare.policy, null);
  assert.deepEqual(bare.items.map(line), ["09:00:00 level 1 run 0 Root mail"]);
  assert.match(bare.notes[0].text, /no escalation policy/);
});

test("nobody simulates a service that they may not see", async () => {
  await using world = await oncallWorld();
  const ada = await world.person("ada");
  await world.team("secret");
  await world.service("vault", null, { team: "secret", visibility: "team" });
  const input = { service: "vault", at: "2026-11-23T09:00:00Z" };
  assert.equal((await world.call("POST /simulate", ada, input)).status, 404);
});

test("a simulation takes the path that fits at its moment, and says which and why; the next on call and a lead are found", async () => {
  await using world = await oncallWorld();
  const team = await world.team("web");
  await withMethods(world, "ada", "mail");
  await withMethods(world, "bo", "mail");
  const cy = await world.person("cy", { team });
  world.methods.set(cy.id, [method("mail")]);
  await world.schedule("web", [weekly("ada", "bo")]);
  const night = {
    ...{ name: "night", repeat: 0, fallback: [] },
    when: { severity: ["SEV1"], hours: { from: "20:00", to: "08:00", time_zone: "Europe/Paris" } },
    levels: [
      { targets: [{ next: "web" }], wait: "5m" },
      { targets: [{ lead: "web" }], wait: "5m" },
    ],
  };
  await world.policy("shop", [{ targets: [{ schedule: "web" }] }], { paths: [night] });
  await world.service("checkout", "shop");
  const simulate = (severity: string) =>
    world.ok("POST /simulate", world.root, {
      ...{ service: "checkout", severity, at: "2026-11-25T02:00:00Z", hours: 0.15 },
    });
  const severe = await simulate("SEV1");
  assert.deepEqual(severe.path, {
    name: "night",
    because: "severity SEV1, within 20:00–08:00 Europe/Paris",
  });
  assert.deepEqual(severe.items.map(line), [
    "02:00:00 level 1 run 0 Bo mail",
    "02:05:00 level 2 run 0 Cy mail",
  ]);
  assert.match(severe.notes.at(-1).text, /web has no lead, so the members were paged\.$/);
  const mild = await simulate("SEV4");
  assert.deepEqual([mild.path.name, mild.items.map(line)], [null, ["02:00:00 level 1 run 0 Ada mail"]]);
});
