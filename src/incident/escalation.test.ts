import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { createSchedule } from "../oncall/schedules.ts";
import { pausePaging, resumePaging } from "../org/installation.ts";
import { json } from "../platform/database/tables.ts";
import { pagingResumed } from "./pause.ts";

/** Somebody declares an incident for this policy; what it takes at once is done. */
async function declared(loop: Loop, policy: string | undefined, more: object = {}) {
  await loop.ok("POST /incidents", loop.root, {
    title: "Checkout hangs",
    ...(policy ? { escalation_policy: policy } : {}),
    ...more,
  });
  await loop.settle();
}

test("nobody answers: level 2 is paged at the policy's wait, not before, then all levels again as often as it says", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo", "cy"]) await loop.person(name);
  await loop.policy(
    "web",
    [
      ["ada", "5m"],
      ["bo", "10m"],
    ],
    { repeat: 1, fallback: [{ user: "cy@example.com" }] },
  );
  await declared(loop, "web");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  await loop.pass("4m59s");
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.pass("1s");
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  await loop.pass("10m");
  assert.deepEqual(loop.hooks.paged(), ["ada"], "the repeat begins");
  await loop.pass("15m");
  assert.deepEqual(loop.hooks.paged(), ["bo", "cy"], "then level 2, and the fallback at the end");
  assert.deepEqual(await loop.timeline(1), [
    "declared: Declared: Checkout hangs",
    "paged: Paged level 1: Ada.",
    "paged: Paged level 2: Bo.",
    "paged: Paged level 1, run 2 of 2: Ada.",
    "paged: Paged level 2, run 2 of 2: Bo.",
    "nobody: Nobody answered; the policy was run 2 times. Paged the fallback: Cy. Beginning again in 30 min.",
  ]);
});

test("an exhausted policy of high urgency begins again every 30 minutes; one of low urgency does not", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  await declared(loop, "web", { urgency: "high" });
  await loop.pass("34m59s");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  await loop.pass("1s");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  await loop.pass("35m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const [ada] = (await loop.ok("GET /incidents/1")).paged;
  await loop.ok("POST /incidents/1/acknowledge", { ...loop.root, id: ada.id, name: "Ada" });
  await declared(loop, "web", { urgency: "low" });
  await loop.pass("3h");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.equal((await loop.ok("GET /incidents/2")).status, "triggered", "it stays open on every screen");
});

test("a level with nobody on call is skipped at once, and said", async () => {
  await using loop = await startLoop();
  await loop.person("bo");
  await loop.verb((tx, hand) =>
    createSchedule(tx, hand, { slug: "nights", name: "nights", time_zone: "UTC", team: null, layers: [] }),
  );
  await loop.policy("web", [["bo", "5m"]], {
    levels: [
      { targets: [{ schedule: "nights" }], wait: "5m" },
      { targets: [{ user: "bo@example.com" }], wait: "5m" },
    ],
  });
  await declared(loop, "web");
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  assert.equal(
    (await loop.timeline(1)).at(-1),
    "paged: Paged level 2: Bo. Skipped level 1, where there is nobody to page.",
  );
});

test("a person without a contact method that works is passed over, and the record says so", async () => {
  await using loop = await startLoop();
  await loop.person("ada", { methods: 0 });
  await loop.person("bo");
  await loop.policy("alone", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  await declared(loop, "alone");
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  const lacking = "Ada has no contact method that works.";
  assert.equal(
    (await loop.timeline(1)).at(-1),
    `paged: Paged level 2: Bo. Skipped level 1, where there is nobody to page. ${lacking}`,
  );
  await loop.policy("both", [["ada bo", "5m"]]);
  await declared(loop, "both");
  assert.equal((await loop.timeline(2)).at(-1), `paged: Paged level 1: Bo. ${lacking}`);
});

test("when every method of a level's people is refused, the next level is paged at once", async () => {
  await using loop = await startLoop();
  await loop.person("ada", { methods: 2 });
  await loop.person("bo");
  await loop.policy("web", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  loop.hooks.refusing.add("ada");
  await declared(loop, "web");
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  assert.deepEqual((await loop.timeline(1)).slice(-2), [
    "delivery_failed: Ada could not be reached: every contact method was refused.",
    "paged: Paged level 2: Bo.",
  ]);
});

test("while somebody else of the level can be reached, a refusal wakes nobody further up", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo", "cy"]) await loop.person(name);
  await loop.policy("web", [
    ["ada bo", "5m"],
    ["cy", "5m"],
  ]);
  loop.hooks.refusing.add("ada");
  await declared(loop, "web");
  await loop.pass("4m");
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["cy"]);
});

test("editing a policy never derails an incident; its next round takes the policy as it is then", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo", "cy"]) await loop.person(name);
  await loop.policy("web", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  await declared(loop, "web");
  const { db } = loop.t.platform;
  const other = await loop.policy("other", [["cy", "5m"]]);
  const { definition } = await db
    .selectFrom("escalation_policies")
    .select("definition")
    .where("id", "=", other)
    .executeTakeFirstOrThrow();
  await db
    .updateTable("escalation_policies")
    .set({ definition: json(definition) })
    .where("slug", "=", "web")
    .execute();
  await loop.pass("5m");
  assert.deepEqual(loop.hooks.paged(), ["ada", "bo"]);
  await loop.ok("POST /incidents/1/snooze", loop.root, { minutes: 1 });
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["cy"]);
});

test("without a policy the administrators are paged; a policy without a fallback ends with them", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.person("ruth", { role: "admin" });
  await loop.service("shop", null);
  await declared(loop, undefined, { service: "shop" });
  assert.deepEqual(loop.hooks.paged(), ["ruth"]);
  assert.match((await loop.timeline(1)).at(-1)!, /^paged: Paged level 1: Ruth\./);
  await loop.pass("1m");
  await loop.policy("web", [["ada", "5m"]]);
  await declared(loop, "web");
  await loop.pass("5m");
  assert.deepEqual(loop.hooks.paged(), ["ada", "ruth"].sort());
});

test("while paging is paused nobody is paged; when the pause is over, they are", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  await loop.verb((tx, hand) => pausePaging(tx, hand, { minutes: 30, reason: "moving house" }));
  await declared(loop, "web");
  await loop.pass("29m");
  assert.deepEqual(loop.hooks.paged(), []);
  assert.equal((await loop.ok("GET /incidents/1")).status, "triggered");
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.deepEqual(await loop.timeline(1), [
    "declared: Declared: Checkout hangs",
    "paging_paused: Paging is paused by Root until 2026-11-23T09:30:00Z: nobody is paged before then.",
    "paged: Paged level 1: Ada.",
  ]);
});

test("a pause that is ended early ends then, also for the incidents that wait for it", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo"]) await loop.person(name);
  await loop.policy("web", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  await declared(loop, "web");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  await loop.verb((tx, hand) => pausePaging(tx, hand, { minutes: 60, reason: "moving house" }));
  await loop.pass("10m");
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.verb(async (tx, hand) => {
    await resumePaging(tx, hand);
    await pagingResumed(tx, hand);
  });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
});

test("an incident says ahead of time whom the next level would page, and when", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo"]) await loop.person(name);
  await loop.policy("web", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  await declared(loop, "web");
  const { next_escalation: next } = await loop.ok("GET /incidents/1");
  assert.deepEqual([next.at, next.level, next.people[0].name], ["2026-11-23T09:05:00Z", 2, "Bo"]);
  await loop.ok("POST /incidents/1/acknowledge");
  assert.equal((await loop.ok("GET /incidents/1")).next_escalation, null);
});
