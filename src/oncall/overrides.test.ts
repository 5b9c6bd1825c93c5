import assert from "node:assert/strict";
import { test } from "node:test";
import { setConfiguredOverrides } from "./overrides.ts";
import type { OverrideInput } from "./schema.ts";
import { oncallWorld, type World, weekly } from "./testing.ts";

const DAY = "from=2026-11-23T12:00&to=2026-11-23T18:00";

/** "ada 12-18 layer 0": people, local hours and where it comes from, in Paris. */
async function drawn(world: World, slug: string, range = DAY): Promise<string[]> {
  const { items, gaps } = await world.ok(`GET /schedules/${slug}/shifts?${range}`);
  const hour = (at: string) => Temporal.Instant.from(at).toZonedDateTimeISO("Europe/Paris").hour;
  const line = (who: string, each: { from: string; to: string }) =>
    `${who} ${hour(each.from)}-${hour(each.to)}`;
  return [
    ...items.map((item: { user: string; source: string; from: string; to: string }) =>
      line(`${item.user.split("@")[0]} (${item.source})`, item),
    ),
    ...gaps.map((gap: { from: string; to: string }) => line("nobody", gap)),
  ];
}

/** Ada and Bo share the turn; Cy and Dee are on no layer. */
async function shared(): Promise<World> {
  const world = await oncallWorld();
  for (const name of ["ada", "bo", "cy", "dee"]) await world.person(name);
  await world.schedule("web", [{ ...weekly("ada"), users: [["ada@example.com", "bo@example.com"]] }]);
  return world;
}

const KINDS: { claim: string; override: Partial<OverrideInput>; shifts: string[] }[] = [
  {
    claim: "a plain override puts one person in everybody's place",
    override: { user: "cy@example.com" },
    shifts: [
      "ada (layer) 12-14",
      "bo (layer) 12-14",
      "cy (override) 14-16",
      "ada (layer) 16-18",
      "bo (layer) 16-18",
    ],
  },
  {
    claim: "an override that replaces somebody takes only that person's part",
    override: { user: "cy@example.com", replaces: "ada@example.com" },
    shifts: ["ada (layer) 12-14", "bo (layer) 12-18", "cy (override) 14-16", "ada (layer) 16-18"],
  },
  {
    claim: "an override that adds joins those on call",
    override: { user: "cy@example.com", adds: true },
    shifts: ["ada (layer) 12-18", "bo (layer) 12-18", "cy (override) 14-16"],
  },
  {
    claim: "an override that removes takes somebody off",
    override: { removes: "ada@example.com" },
    shifts: ["ada (layer) 12-14", "bo (layer) 12-18", "ada (layer) 16-18"],
  },
];

for (const { claim, override, shifts } of KINDS)
  test(claim, async () => {
    await using world = await shared();
    const body = { ...override, from: "2026-11-23T14:00", to: "2026-11-23T15:00:00Z" };
    const made = await world.call("POST /schedules/web/overrides", world.root, body);
    assert.equal(made.status, 201);
    assert.deepEqual(
      [made.body.from, made.body.to, made.body.created_by],
      ["2026-11-23T13:00:00Z", "2026-11-23T15:00:00Z", "Root"],
    );
    assert.deepEqual(await drawn(world, "web"), shifts);
    assert.equal((await world.ok("GET /schedules/web")).overrides.length, 1);
    await world.ok(`DELETE /schedules/web/overrides/${made.body.id}`);
    assert.deepEqual(await drawn(world, "web"), ["ada (layer) 12-18", "bo (layer) 12-18"]);
  });

test("an override that makes no sense is refused where it is wrong", async () => {
  await using world = await shared();
  const times = { from: "2026-11-23T14:00", to: "2026-11-23T16:00" };
  for (const [wrong, pointer] of [
    [{ user: "cy@example.com", from: "2026-11-23T16:00" }, "/to"],
    [{ user: "cy@example.com", from: "soon" }, "/from"],
    [{ user: "cyy@example.com" }, "/user"],
    [{ removes: "adaa@example.com" }, "/removes"],
    [{}, ""],
  ] as const) {
    const answer = await world.call("POST /schedules/web/overrides", world.root, { ...times, ...wrong });
    assert.equal(answer.status, 422, JSON.stringify(wrong));
    assert.equal(answer.body.errors[0].pointer, pointer);
  }
  const body = { user: "cy@example.com", ...times };
  await world.ok("POST /schedules/web/overrides", world.root, body);
  const again = await world.call("POST /schedules/web/overrides", world.root, body);
  assert.equal(again.status, 409);
  assert.match(again.body.detail, /already there from 2026-11-23T13:00:00Z/);
});

test("whoever is on a team's schedule may come in for somebody else, even a viewer; an outsider may not", async () => {
  await using world = await oncallWorld();
  const web = await world.team("web");
  await world.person("ada");
  const bo = await world.person("bo", { role: "viewer" });
  const out = await world.person("out");
  const member = await world.person("mo", { team: web });
  await world.schedule("web", [weekly("ada", "bo")], { team: "web" });
  const times = { from: "2026-11-23T14:00", to: "2026-11-23T16:00" };
  const post = async (as: typeof bo, body: object) =>
    (await world.call("POST /schedules/web/overrides", as, { ...times, ...body })).status;
  assert.equal(await post(bo, { user: "ada@example.com", replaces: "bo@example.com" }), 403);
  assert.equal(await post(bo, { removes: "ada@example.com" }), 403);
  assert.equal(await post(out, { user: "out@example.com" }), 403);
  assert.equal(await post(bo, { user: "bo@example.com", replaces: "ada@example.com" }), 201);
  assert.equal(await post(member, { user: "out@example.com", adds: true }), 201);
  const { overrides } = await world.ok("GET /schedules/web");
  const of = (name: string) => overrides.find((each: { user: { name: string } }) => each.user.name === name);
  const [mine, theirs] = [of("Bo"), of("Out")];
  assert.equal(mine.created_by, "Bo");
  assert.equal((await world.call(`DELETE /schedules/web/overrides/${theirs.id}`, bo)).status, 403);
  assert.equal((await world.call(`DELETE /schedules/web/overrides/${mine.id}`, bo)).status, 204);
});

test("taking back an override that runs ends it now: what was, stays", async () => {
  await using world = await shared();
  const body = { user: "cy@example.com", from: "2026-11-23T13:00", to: "2026-11-23T17:00" };
  const { id } = await world.ok("POST /schedules/web/overrides", world.root, body);
  world.t.clock.advance(5 * 3_600_000);
  await world.ok(`DELETE /schedules/web/overrides/${id}`);
  assert.deepEqual(await drawn(world, "web"), [
    "ada (layer) 12-13",
    "bo (layer) 12-13",
    "cy (override) 13-15",
    "ada (layer) 15-18",
    "bo (layer) 15-18",
  ]);
  assert.equal((await world.call(`DELETE /schedules/web/overrides/${id}`, world.root)).status, 409);
  const actions = await world.t.platform.db
    .selectFrom("audit_entries")
    .select(["action", "before", "after"])
    .where("object_type", "=", "override")
    .orderBy("at")
    .execute();
  assert.deepEqual(
    actions.map((entry) => entry.action),
    ["created", "ended"],
  );
  assert.deepEqual(actions[1]?.after, { to: "2026-11-23T14:00:00Z" });
});

test("configuration sets its own overrides and leaves those made by hand alone", async () => {
  await using world = await shared();
  const at = (hour: number) => `2026-11-23T${hour}:00`;
  const cy = { user: "cy@example.com", from: at(12), to: at(14) };
  const dee = { user: "dee@example.com", from: at(15), to: at(16) };
  const apply = (overrides: OverrideInput[]) =>
    world.verb((tx, by) => setConfiguredOverrides(tx, by, { slug: "web", overrides }));
  const rows = async () =>
    (await world.t.platform.db.selectFrom("schedule_overrides").select("id").orderBy("id").execute()).map(
      ({ id }) => id,
    );
  await world.ok("POST /schedules/web/overrides", world.root, {
    ...{ user: "bo@example.com", from: at(17), to: at(18) },
  });
  await apply([cy, dee]);
  const before = await rows();
  await apply([cy, dee]);
  assert.deepEqual(await rows(), before);
  await apply([dee]);
  assert.deepEqual(await drawn(world, "web"), [
    "ada (layer) 12-15",
    "bo (layer) 12-15",
    "dee (override) 15-16",
    "ada (layer) 16-17",
    "bo (layer) 16-17",
    "bo (override) 17-18",
  ]);
  await assert.rejects(apply([{ ...cy, user: "nobody@example.com" }]), {
    problems: [
      {
        pointer: "/overrides/0/user",
        detail: 'There is no user "nobody@example.com". Invite them first, or name somebody else.',
      },
    ],
  });
});
