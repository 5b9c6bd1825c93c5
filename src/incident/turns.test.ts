import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { createPolicy } from "../oncall/policies.ts";
import { createSchedule } from "../oncall/schedules.ts";
import type { TargetInput } from "../oncall/schema.ts";
import { createTeam, updateTeam } from "../org/teams.ts";

/** A policy of one level, in turn unless told. */
async function policy(loop: Loop, targets: TargetInput[], more: object = {}) {
  const levels = [{ targets, wait: "5m", round_robin: true, ...more }];
  await loop.verb((tx, by) =>
    createPolicy(tx, by, { slug: "web", name: "Web", team: null, repeat: 1, levels, fallback: [] }),
  );
}

const user = (name: string): TargetInput => ({ user: `${name}@example.com` });

/** The people of its first pages. */
async function declared(loop: Loop): Promise<string[]> {
  const declare = { title: "Checkout hangs", escalation_policy: "web" };
  const { number } = await loop.ok("POST /incidents", loop.root, declare);
  return paged(loop, number);
}

async function paged(loop: Loop, number: number): Promise<string[]> {
  await loop.settle();
  const { id } = await loop.ok(`GET /incidents/${number}`);
  const { items } = await loop.ok(`GET /pages?incident=${id}`);
  return items.map((page: { person: { name: string } }) => page.person.name).sort();
}

test("in turn: each incident goes to the next one, also when several begin at once; a repeat stays with whom it began", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo", "cy"]) await loop.person(name);
  await policy(loop, [user("ada"), user("bo"), user("cy")]);
  assert.deepEqual(await declared(loop), ["Ada"]);
  assert.deepEqual(await declared(loop), ["Bo"]);
  await loop.pass("5m");
  assert.deepEqual(await paged(loop, 1), ["Ada", "Ada"], "the second run");
  const declare = { title: "Slow", escalation_policy: "web" };
  await Promise.all([0, 1, 2].map(() => loop.ok("POST /incidents", loop.root, declare)));
  const people = [...(await paged(loop, 3)), ...(await paged(loop, 4)), ...(await paged(loop, 5))];
  assert.deepEqual(people.sort(), ["Ada", "Bo", "Cy"], "one each");
  assert.match((await loop.timeline(1))[1]!, /^paged: Paged level 1: Ada\.$/);
});

test("in turn: whom nothing can reach is skipped, and so is whoever left", async () => {
  await using loop = await startLoop();
  await loop.person("ada");
  await loop.person("bo", { methods: 0 });
  const cy = await loop.person("cy");
  await policy(loop, [user("ada"), user("bo"), user("cy")]);
  assert.deepEqual(await declared(loop), ["Ada"]);
  assert.deepEqual(await declared(loop), ["Cy"]);
  const { db } = loop.t.platform;
  await db.updateTable("users").set({ deactivated_at: loop.t.clock.now() }).where("id", "=", cy.id).execute();
  assert.deepEqual(await declared(loop), ["Ada"]);
});

test("whoever is on call next, and who leads a team; a team without a lead is paged whole, and the record says so", async () => {
  await using loop = await startLoop();
  for (const name of ["ada", "bo", "cy", "dee"]) await loop.person(name);
  await loop.verb((tx, by) =>
    createSchedule(tx, by, {
      ...{ slug: "web", name: "Web nights", time_zone: "UTC", team: null },
      layers: [
        {
          rotation: "weekly",
          starts: "2026-11-23T09:00",
          users: ["ada@example.com", "bo@example.com"],
        },
      ],
    }),
  );
  const members = ["cy@example.com", "dee@example.com"];
  await loop.verb((tx, by) => createTeam(tx, by, { slug: "shop", name: "Shop", members, leads: [] }));
  await policy(loop, [{ next: "web" }, { lead: "shop" }], { round_robin: undefined });
  assert.deepEqual(await declared(loop), ["Bo", "Cy", "Dee"]);
  assert.equal(
    (await loop.timeline(1))[1],
    "paged: Paged level 1: Bo, Cy and Dee. Shop has no lead, so the members were paged.",
  );
  await loop.verb((tx, by) => updateTeam(tx, by, { slug: "shop", leads: ["dee@example.com"] }));
  assert.deepEqual(await declared(loop), ["Bo", "Dee"]);
  const { id } = await loop.ok("GET /incidents/2");
  const { items } = await loop.ok(`GET /pages?incident=${id}`);
  assert.deepEqual(items.map((page: { reason: string }) => page.reason).sort(), [
    "level 1, lead of Shop",
    "level 1, next on call in Web nights",
  ]);
});
