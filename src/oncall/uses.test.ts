import assert from "node:assert/strict";
import { test } from "node:test";
import { oncallWorld, type Person, type World, weekly } from "./testing.ts";
import { replaceInSchedules, usesInSchedules, usesOfTeam } from "./uses.ts";

const replace = (world: World, from: Person, to: Person | null) => {
  world.t.clock.advance(3_600_000);
  return world.verb((tx, by) => replaceInSchedules(tx, by, from.id, to?.id ?? null));
};

/** Who has which week, from Monday 2026-11-16 on: "-" is nobody. The first is history when a test replaces people. */
async function weeks(world: World, slug: string, count: number): Promise<string> {
  const begin = Temporal.Instant.from("2026-11-16T08:00:00Z");
  const to = begin.add({ hours: 168 * count });
  const { items } = await world.ok(`GET /schedules/${slug}/shifts?from=${begin}&to=${to}`);
  const on = (at: Temporal.Instant) =>
    items
      .filter((item: { from: string; to: string }) => {
        const [from, to] = [Temporal.Instant.from(item.from), Temporal.Instant.from(item.to)];
        return Temporal.Instant.compare(from, at) <= 0 && Temporal.Instant.compare(at, to) < 0;
      })
      .map((item: { user: string }) => item.user.split("@")[0])
      .sort();
  const middles = Array.from({ length: count }, (_, i) => begin.add({ hours: 168 * i + 84 }));
  return middles.map((at) => on(at).join("+") || "-").join(" ");
}

async function people(world: World): Promise<[Person, Person, Person, Person]> {
  return [
    await world.person("ada"),
    await world.person("bo"),
    await world.person("cy"),
    await world.person("dee"),
  ];
}

test("taking somebody out leaves their seat vacant and everybody else's weeks where they were", async () => {
  await using world = await oncallWorld();
  const [, bo] = await people(world);
  await world.schedule("web", [weekly("ada", "bo", "cy")]);
  assert.equal(await weeks(world, "web", 7), "cy ada bo cy ada bo cy");
  await replace(world, bo, null);
  assert.equal(await weeks(world, "web", 7), "cy ada - cy ada - cy");
  const shown = await world.ok("GET /schedules/web");
  assert.deepEqual(shown.layers[0].users, ["ada@example.com", null, "cy@example.com"]);
});

test("whoever takes somebody's place has their seat, at once when they are on call; the past stays theirs", async () => {
  await using world = await oncallWorld();
  const [ada, , cy, dee] = await people(world);
  await world.schedule("web", [weekly("ada", "bo", "cy")]);
  await replace(world, ada, dee);
  await replace(world, cy, dee);
  assert.equal(await weeks(world, "web", 7), "cy dee bo dee dee bo dee");
  const { items } = await world.ok(
    "GET /schedules/web/shifts?from=2026-11-23T08:00:00Z&to=2026-11-24T08:00:00Z",
  );
  assert.deepEqual(
    items.map((item: { user: string; to: string }) => `${item.user} ${item.to}`),
    ["ada@example.com 2026-11-23T10:00:00Z", "dee@example.com 2026-11-24T08:00:00Z"],
  );
});

test("somebody who shares a turn leaves it to the others", async () => {
  await using world = await oncallWorld();
  const [ada] = await people(world);
  const layer = { ...weekly("ada"), users: [["ada@example.com", "bo@example.com"], "cy@example.com"] };
  await world.schedule("web", [layer]);
  await replace(world, ada, null);
  assert.equal(await weeks(world, "web", 4), "cy bo cy bo");
});

test("an edit that waits for its hand-off loses the person too, and still waits", async () => {
  await using world = await oncallWorld();
  const [ada, , , dee] = await people(world);
  await world.schedule("web", [weekly("ada", "bo")]);
  world.t.clock.advance(60_000);
  await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("cy", "ada", "bo")] });
  await replace(world, ada, dee);
  assert.equal(await weeks(world, "web", 5), "bo dee dee bo cy");
  assert.equal((await world.ok("GET /schedules/web")).layers_from, "2026-11-30T08:00:00Z");
});

test("overrides that somebody was to take are their substitute's, or nobody's", async () => {
  await using world = await oncallWorld();
  const [ada, , cy, dee] = await people(world);
  await world.schedule("web", [weekly("ada", "bo")]);
  const cover = { user: "cy@example.com", from: "2026-11-30T09:00", to: "2026-12-07T09:00" };
  await world.ok("POST /schedules/web/overrides", world.root, cover);
  await replace(world, cy, dee);
  assert.equal(await weeks(world, "web", 4), "bo ada dee ada");
  await replace(world, dee, null);
  assert.equal(await weeks(world, "web", 4), "bo ada bo ada");
  assert.equal((await world.ok("GET /schedules/web")).overrides.length, 0);
  assert.deepEqual(await usesInSchedules(world.t.clock)(world.t.platform.db, dee.id), []);
  assert.equal((await usesInSchedules(world.t.clock)(world.t.platform.db, ada.id)).length, 1);
});

for (const { layer, to, before, after } of [
  { layer: weekly("ada", "bo"), to: null, before: "bo cy bo cy bo ada", after: "bo cy bo cy bo -" },
  {
    layer: weekly("ada", "bo", "dee"),
    to: "dee",
    before: "dee cy bo dee ada bo",
    after: "dee cy bo dee dee bo",
  },
])
  test(`whoever covers a person who leaves to ${to ?? "nobody"} still covers just the turns that were theirs`, async () => {
    await using world = await oncallWorld();
    const [ada, , , dee] = await people(world);
    await world.schedule("web", [layer]);
    await world.ok("POST /schedules/web/overrides", world.root, {
      ...{ user: "cy@example.com", replaces: "ada@example.com" },
      ...{ from: "2026-11-23T09:00", to: "2026-12-14T09:00" },
    });
    assert.equal(await weeks(world, "web", 6), before);
    await replace(world, ada, to === null ? null : dee);
    assert.equal(await weeks(world, "web", 6), after);
  });

test("policies page the substitute; a level that nobody is left in goes, but a policy never pages nobody", async () => {
  await using world = await oncallWorld();
  const [ada, bo, cy] = await people(world);
  const user = ({ email }: Person) => ({ user: email });
  await world.policy("shop", [{ targets: [user(ada), user(bo)] }, { targets: [user(ada)] }], {
    fallback: [user(ada)],
  });
  await replace(world, ada, bo);
  const shown = async () => {
    const { levels, fallback } = await world.ok("GET /escalation-policies/shop");
    return [...levels.map((level: { targets: object[] }) => level.targets), fallback];
  };
  assert.deepEqual(await shown(), [[user(bo)], [user(bo)], [user(bo)]]);
  await world.ok("PATCH /escalation-policies/shop", world.root, {
    levels: [{ targets: [user(bo)] }, { targets: [user(cy)] }],
  });
  await replace(world, bo, null);
  assert.deepEqual(await shown(), [[user(cy)], []]);
  await assert.rejects(replace(world, cy, null), { code: "conflict", message: /"shop" pages nobody else/ });
});

test("where a person is needed is said in words", async () => {
  await using world = await oncallWorld();
  const [ada] = await people(world);
  const web = await world.team("web");
  await world.schedule("web", [weekly("bo", "ada", "cy"), weekly("ada")], { team: "web" });
  await world.ok("POST /schedules/web/overrides", world.root, {
    ...{ user: "bo@example.com", replaces: "ada@example.com" },
    ...{ from: "2026-12-24T18:00", to: "2026-12-26T09:00" },
  });
  const levels = [{ targets: [{ team: "web" }] }, { targets: [{ user: "ada@example.com" }] }];
  await world.policy("shop", levels, { fallback: [{ user: "ada@example.com" }] });
  const { db } = world.t.platform;
  assert.deepEqual(await usesInSchedules(world.t.clock)(db, ada.id), [
    { type: "schedule", slug: "web", name: "web", detail: "layer 1, seat 2 of 3, layer 2, seat 1 of 1" },
    {
      ...{ type: "override", slug: "web", name: "web" },
      detail: "is covered from 2026-12-24 18:00 to 2026-12-26 09:00 (Europe/Paris)",
    },
    { type: "escalation_policy", slug: "shop", name: "shop", detail: "level 2, fallback" },
  ]);
  assert.deepEqual(await usesOfTeam(db, web), [
    { type: "escalation_policy", slug: "shop", name: "shop", detail: "level 1" },
    { type: "schedule", slug: "web", name: "web", detail: "owner" },
  ]);
});
