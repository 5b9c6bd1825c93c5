import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { createSchedule } from "../oncall/schedules.ts";

async function declared(loop: Loop, more: object = {}) {
  await loop.ok("POST /incidents", loop.root, {
    ...{ title: "Checkout hangs", escalation_policy: "web" },
    ...more,
  });
  await loop.settle();
}

/** On call only in the small hours of Sundays, so at the tests' hour nobody is. */
const gap = (loop: Loop) =>
  loop.verb((tx, by) =>
    createSchedule(tx, by, {
      ...{ slug: "nights", name: "Nights", time_zone: "UTC", team: null },
      layers: [
        {
          ...{ rotation: "weekly", starts: "2026-11-23T00:00", users: ["ada@example.com"] },
          only: [{ days: ["sun"], from: "02:00", to: "03:00" }],
        },
      ],
    }),
  );

test("nobody on call and nobody in the fallback: the administrators are paged, and the record says why", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.person("zoe", { role: "admin" });
  await gap(loop);
  await loop.team("empty");
  await loop.policy("web", [["ada", "5m"]], {
    levels: [{ targets: [{ schedule: "nights" }], wait: "5m" }],
    fallback: [{ team: "empty" }],
  });
  await declared(loop);
  assert.deepEqual(loop.hooks.paged(), ["zoe"]);
  assert.deepEqual((await loop.timeline(1)).slice(1), [
    "paged: There is nobody to page at any level, so the administrators were paged: Zoe. Root has no contact method that works.",
  ]);
  await loop.pass("30m");
  assert.deepEqual(loop.hooks.paged(), ["zoe"], "and again half an hour later");
});

test("everybody's methods are refused: each level, the fallback, then the administrators; it goes on trying", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo", "cy"]) {
    await loop.person(name);
    loop.hooks.refusing.add(name);
  }
  await loop.person("zoe", { role: "admin" });
  loop.hooks.refusing.add("zoe");
  const levels: [string, string][] = [
    ["ada", "5m"],
    ["bo", "5m"],
  ];
  await loop.policy("web", levels, { fallback: [{ user: "cy@example.com" }] });
  await declared(loop);
  await loop.pass("2m");
  const said = await loop.timeline(1);
  for (const name of ["Ada", "Bo", "Cy", "Zoe"])
    assert.ok(
      said.includes(`delivery_failed: ${name} could not be reached: every contact method was refused.`),
      `${name}: ${said.join("\n")}`,
    );
  assert.ok(said.some((line) => /so the fallback was paged: Cy\./.test(line)));
  assert.ok(said.includes("paged: Paged as well, not tried until now: Zoe."), said.join("\n"));
  const shown = await loop.ok("GET /incidents/1");
  assert.deepEqual([shown.status, shown.reached], ["triggered", false]);
  loop.hooks.refusing.clear();
  await loop.pass("30m");
  assert.ok(loop.hooks.paged().includes("ada"), "all over again within half an hour");
  assert.equal((await loop.ok("GET /incidents/1")).reached, true);
});

test("exhausted: the fallback, and when that doesn't help either the administrators; ahead of time it says who", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "cy"]) await loop.person(name);
  await loop.person("zoe", { role: "admin" });
  await loop.policy("web", [["ada", "5m"]], { fallback: [{ user: "cy@example.com" }] });
  await loop.policy("bare", [["ada", "5m"]]);
  await declared(loop);
  await loop.pass("5m");
  assert.deepEqual(loop.hooks.paged(), ["ada", "cy"]);
  await loop.pass("30m");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  const { next_escalation: next } = await loop.ok("GET /incidents/1");
  assert.deepEqual(next.people.map((each: { name: string }) => each.name).sort(), ["Cy", "Zoe"]);
  await loop.pass("5m");
  assert.deepEqual(loop.hooks.paged().sort(), ["cy", "zoe"]);
  assert.match((await loop.timeline(1)).at(-1)!, /Paged the fallback: Cy\. Paged the administrators: Zoe\./);
  await declared(loop, { escalation_policy: "bare" });
  const { next_escalation: bare } = await loop.ok("GET /incidents/2");
  assert.deepEqual(
    bare.people.map((each: { name: string }) => each.name),
    ["Zoe"],
    "without a fallback, too",
  );
});

test("while there is truly nobody it stays triggered and says so once, and pages as soon as there is somebody", async () => {
  await using loop = await startLoop();
  await loop.person("ada", { methods: 0 });
  await loop.policy("web", [["ada", "5m"]]);
  await declared(loop);
  await loop.pass("10m");
  const shown = await loop.ok("GET /incidents/1");
  assert.deepEqual([shown.status, shown.reached, shown.paged], ["triggered", false, []]);
  assert.equal(
    (await loop.timeline(1)).filter((line) => line.startsWith("nobody: There is nobody")).length,
    1,
  );
  await loop.person("zoe", { role: "admin" });
  await loop.pass("1m");
  assert.deepEqual(loop.hooks.paged(), ["zoe"], "an administrator since");
  assert.equal((await loop.ok("GET /incidents/1")).reached, true);
});
