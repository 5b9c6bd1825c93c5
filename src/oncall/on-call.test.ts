import assert from "node:assert/strict";
import { test } from "node:test";
import { gapsAhead, onCallFor } from "./on-call.ts";
import { scheduleBySlug } from "./stored.ts";
import { oncallWorld, weekly } from "./testing.ts";

test("who is on call is answered for any instant, with who is next and for which services", async () => {
  await using world = await oncallWorld();
  const [ada, bo] = [await world.person("ada"), await world.person("bo")];
  await world.team("secret");
  await world.schedule("web", [weekly("ada", "bo")]);
  await world.schedule("alone", [weekly("bo")], { zone: "UTC" });
  await world.policy("shop", [{ targets: [{ schedule: "web" }] }]);
  await world.service("checkout", "shop");
  await world.service("vault", "shop", { team: "secret", visibility: "team" });
  const answer = await world.ok("GET /oncall?at=2026-11-24T00:00:00Z", ada);
  const person = ({ id, name, email }: typeof ada) => ({ id, name, email });
  assert.deepEqual(answer, {
    at: "2026-11-24T00:00:00Z",
    items: [
      {
        ...{ schedule: "alone", name: "alone", time_zone: "UTC", users: [bo.email], people: [person(bo)] },
        ...{ until: null, next: [], next_people: [], services: [] },
      },
      {
        ...{ schedule: "web", name: "web", time_zone: "Europe/Paris" },
        ...{ users: [ada.email], people: [person(ada)], until: "2026-11-30T08:00:00Z" },
        ...{
          next: [bo.email],
          next_people: [person(bo)],
          services: [{ slug: "checkout", name: "checkout" }],
        },
      },
    ],
  });
  const now = await world.ok("GET /oncall");
  assert.equal(now.at, "2026-11-23T09:00:00Z");
  assert.equal(now.items[1].services.length, 2);
  assert.equal((await world.call("GET /oncall")).status, 401);
  assert.match((await world.call("GET /oncall?at=soon", ada)).body.detail, /"soon" is not a time/);
});

test("a person is told where they are on call and until when, whoever joins or leaves meanwhile", async () => {
  await using world = await oncallWorld();
  const [ada, bo] = [await world.person("ada"), await world.person("bo")];
  await world.schedule("web", [weekly("ada", "bo")]);
  await world.schedule("always", [weekly("bo")]);
  for (const body of [
    { user: bo.email, adds: true, from: "2026-11-23T12:00", to: "2026-11-23T14:00" },
    { user: bo.email, replaces: ada.email, from: "2026-11-25T12:00", to: "2026-11-25T14:00" },
  ])
    await world.ok("POST /schedules/web/overrides", world.root, body);
  const duties = async (userId: string, at: string) => {
    const found = await onCallFor(world.t.platform.db, userId, Temporal.Instant.from(at));
    return found.map(({ schedule, until }) => `${schedule.slug} until ${until}`);
  };
  assert.deepEqual(await duties(ada.id, "2026-11-23T09:00:00Z"), ["web until 2026-11-25T11:00:00Z"]);
  assert.deepEqual(await duties(bo.id, "2026-11-23T12:00:00Z"), [
    "always until null",
    "web until 2026-11-23T13:00:00Z",
  ]);
  assert.deepEqual(await duties(ada.id, "2026-11-25T11:00:00Z"), []);
});

test("gaps ahead are told for schedules that policies name, and only for those", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  await world.schedule("unused", [weekly(null)]);
  await world.schedule("whole", [weekly("ada")]);
  await world.schedule("torn", [weekly("ada", null)]);
  await world.policy("shop", [{ targets: [{ schedule: "torn" }] }], { fallback: [{ schedule: "whole" }] });
  const found = await gapsAhead(world.t.platform.db, world.t.clock.now(), 14);
  assert.deepEqual(
    found.map(({ schedule, policies, gaps }) => ({
      ...{ schedule: schedule.slug, policies },
      gaps: gaps.map(({ from, to }) => `${from} ${to}`),
    })),
    [{ schedule: "torn", policies: ["shop"], gaps: ["2026-11-30T08:00:00Z 2026-12-07T08:00:00Z"] }],
  );
});

test("a schedule that hasn't changed is not worked out again, and one that has is", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  await world.person("bo");
  await world.schedule("web", [weekly("ada")]);
  const { db, clock } = world.t.platform;
  const rules = async () => (await scheduleBySlug(db, "web", { at: clock.now() })).rules;
  const before = await rules();
  assert.equal(await rules(), before);
  const times = { from: "2026-12-24T18:00", to: "2026-12-26T09:00" };
  const body = { user: "bo@example.com", ...times };
  const { id } = await world.ok("POST /schedules/web/overrides", world.root, body);
  assert.equal((await rules()).overrides.length, 1);
  await world.ok(`DELETE /schedules/web/overrides/${id}`, world.root);
  assert.equal((await rules()).overrides.length, 0);
  await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("bo")] });
  assert.equal((await rules()).versions.length, 2);
  assert.equal(before.versions.length, 1);
});
