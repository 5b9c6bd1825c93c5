import assert from "node:assert/strict";
import { test } from "node:test";
import { oncallWorld, type Person, type World, weekly } from "./testing.ts";

interface ShiftItem {
  user: string;
  from: string;
  to: string;
}

const short = (items: ShiftItem[]) =>
  items.map(({ user, from, to }) => `${user.split("@")[0]} ${from} ${to}`);
const shiftsOf = async (world: World, slug: string, range: string): Promise<string[]> =>
  short((await world.ok(`GET /schedules/${slug}/shifts?${range}`)).items);

const names = (people: { name: string }[]) => people.map((person) => person.name);

async function adaAndBo(world: World): Promise<[Person, Person]> {
  return [await world.person("ada"), await world.person("bo")];
}

test("a weekly hand-off stays at nine on the clock on the wall when the clocks change", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  const body = { slug: "web", name: "Web", time_zone: "Europe/Paris", layers: [weekly("ada", "bo")] };
  assert.equal((await world.call("POST /schedules", world.root, body)).status, 201);
  const answer = await world.ok(
    "GET /schedules/web/shifts?from=2027-03-22T08:00:00Z&to=2027-04-05T07:00:00Z",
  );
  assert.deepEqual(answer, {
    items: [
      {
        user: "bo@example.com",
        from: "2027-03-22T08:00:00Z",
        to: "2027-03-29T07:00:00Z",
        source: "layer",
        layer: 0,
      },
      {
        user: "ada@example.com",
        from: "2027-03-29T07:00:00Z",
        to: "2027-04-05T07:00:00Z",
        source: "layer",
        layer: 0,
      },
    ],
    gaps: [],
  });
});

test("on the night the clocks go forward a hand-off at 02:30 is at 03:30, and going back it is the first 02:30", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  await world.schedule("night", [{ ...weekly("ada", "bo"), rotation: "daily", starts: "2026-11-23T02:30" }]);
  assert.deepEqual(await shiftsOf(world, "night", "from=2027-03-27T01:30:00Z&to=2027-03-29T00:30:00Z"), [
    "ada 2027-03-27T01:30:00Z 2027-03-28T01:30:00Z",
    "bo 2027-03-28T01:30:00Z 2027-03-29T00:30:00Z",
  ]);
  assert.deepEqual(await shiftsOf(world, "night", "from=2027-10-30T00:30:00Z&to=2027-11-01T01:30:00Z"), [
    "bo 2027-10-30T00:30:00Z 2027-10-31T00:30:00Z",
    "ada 2027-10-31T00:30:00Z 2027-11-01T01:30:00Z",
  ]);
});

test("hours outside a restriction are gaps, and lanes show each layer on its own", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  const office = { ...weekly("ada"), only: [{ days: ["mon" as const], from: "09:00", to: "18:00" }] };
  await world.schedule("office", [weekly("bo"), office]);
  await world.schedule("gappy", [office]);
  const range = "from=2026-11-23&to=2026-11-24";
  const layered = await world.ok(`GET /schedules/office/shifts?${range}&layers=true`);
  assert.deepEqual(short(layered.items), [
    "bo 2026-11-22T23:00:00Z 2026-11-23T08:00:00Z",
    "ada 2026-11-23T08:00:00Z 2026-11-23T17:00:00Z",
    "bo 2026-11-23T17:00:00Z 2026-11-23T23:00:00Z",
  ]);
  assert.deepEqual(layered.layers.map(short), [
    ["bo 2026-11-22T23:00:00Z 2026-11-23T23:00:00Z"],
    ["ada 2026-11-23T08:00:00Z 2026-11-23T17:00:00Z"],
  ]);
  assert.deepEqual((await world.ok(`GET /schedules/gappy/shifts?${range}`)).gaps, [
    { from: "2026-11-22T23:00:00Z", to: "2026-11-23T08:00:00Z" },
    { from: "2026-11-23T17:00:00Z", to: "2026-11-23T23:00:00Z" },
  ]);
});

test("a range may be written local or with an offset; an empty, an endless or an unreadable one is refused", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  await world.schedule("web", [weekly("ada", "bo")]);
  const expected = ["ada 2026-11-23T08:00:00Z 2026-11-24T08:00:00Z"];
  for (const range of [
    "from=2026-11-23T09:00&to=2026-11-24T09:00",
    "from=2026-11-23T09:00:00+01:00&to=2026-11-24T09:00:00%2B01:00",
  ])
    assert.deepEqual(await shiftsOf(world, "web", range), expected);
  assert.deepEqual(await shiftsOf(world, "web", ""), [
    "ada 2026-11-23T09:00:00Z 2026-11-30T08:00:00Z",
    "bo 2026-11-30T08:00:00Z 2026-12-07T08:00:00Z",
    "ada 2026-12-07T08:00:00Z 2026-12-14T08:00:00Z",
    "bo 2026-12-14T08:00:00Z 2026-12-21T08:00:00Z",
    "ada 2026-12-21T08:00:00Z 2026-12-23T09:00:00Z",
  ]);
  for (const [range, says] of [
    ["from=2026-11-24T00:00:00Z&to=2026-11-23T00:00:00Z", /not after/],
    ["from=2026-01-01&to=2028-01-01", /more than 400 days/],
    ["from=tomorrow", /"tomorrow" is not a time/],
  ] as const) {
    const answer = await world.call(`GET /schedules/web/shifts?${range}`, world.root);
    assert.equal(answer.status, 422);
    assert.match(answer.body.detail, says);
  }
});

test("an edit keeps whoever is on call until the next hand-off; what was, stays", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  await world.person("cy");
  await world.schedule("web", [weekly("ada", "bo")]);
  world.t.clock.advance(3_600_000);
  const edited = await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("cy", "cy", "bo")] });
  assert.deepEqual(names(edited.now.users), ["Ada"]);
  assert.equal(edited.layers_from, "2026-11-30T08:00:00Z");
  assert.deepEqual(edited.layers[0].users, ["cy@example.com", "cy@example.com", "bo@example.com"]);
  const range = "from=2026-11-16T08:00:00Z&to=2026-12-14T08:00:00Z";
  const after = [
    "bo 2026-11-16T08:00:00Z 2026-11-23T08:00:00Z",
    "ada 2026-11-23T08:00:00Z 2026-11-30T08:00:00Z",
    "cy 2026-11-30T08:00:00Z 2026-12-07T08:00:00Z",
    "bo 2026-12-07T08:00:00Z 2026-12-14T08:00:00Z",
  ];
  assert.deepEqual(await shiftsOf(world, "web", range), after);

  world.t.clock.advance(10 * 86_400_000);
  assert.deepEqual(await shiftsOf(world, "web", range), after);
  const shown = await world.ok("GET /schedules/web");
  assert.deepEqual([names(shown.now.users), shown.layers_from], [["Cy"], null]);
});

test("an edit that is taken back before its hand-off leaves no trace", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  await world.schedule("web", [weekly("ada", "bo")]);
  world.t.clock.advance(3_600_000);
  await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("bo", "ada")] });
  await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("bo")] });
  const back = await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("ada", "bo")] });
  assert.equal(back.layers_from, null);
  const versions = await world.t.platform.db.selectFrom("schedule_versions").selectAll().execute();
  assert.equal(versions.length, 1);
  await world.ok("PATCH /schedules/web", world.root, { name: "Web, primary" });
  assert.equal((await world.t.platform.db.selectFrom("schedule_versions").selectAll().execute()).length, 1);
});

test("an unknown person is refused where they stand, with the one who was meant", async () => {
  await using world = await oncallWorld();
  const [, bo] = await adaAndBo(world);
  await world.t.platform.db
    .updateTable("users")
    .set({ deactivated_at: world.t.clock.now() })
    .where("id", "=", bo.id)
    .execute();
  const layer = {
    ...weekly("ada"),
    users: ["adda@example.com", ["ada@example.com", "bo@example.com"], null],
  };
  const body = { slug: "web", name: "Web", time_zone: "Europe/Paris", layers: [layer] };
  const answer = await world.call("POST /schedules", world.root, body);
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.body.errors, [
    {
      pointer: "/layers/0/users/0",
      detail: 'There is no user "adda@example.com". Did you mean "ada@example.com"?',
    },
    {
      pointer: "/layers/0/users/1/1",
      detail: "Bo (bo@example.com) is deactivated; name somebody else.",
    },
  ]);
  assert.equal((await world.ok("GET /schedules")).items.length, 0);
});

test("what can't be computed is refused in words: zone, turn, team", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  const body = { slug: "web", name: "Web", time_zone: "Europe/Paris", layers: [weekly("ada")] };
  for (const [wrong, pointer] of [
    [{ time_zone: "Paris" }, "/time_zone"],
    [{ layers: [{ ...weekly("ada"), every: "3d" }] }, "/layers/0"],
    [{ layers: [{ ...weekly("ada"), ends: "2026-11-01T09:00" }] }, "/layers/0/ends"],
    [{ team: "wbe" }, "/team"],
  ] as const) {
    const answer = await world.call("POST /schedules", world.root, { ...body, ...wrong });
    assert.equal(answer.status, 422, JSON.stringify(wrong));
    assert.equal(answer.body.errors[0].pointer, pointer);
  }
  await world.ok("POST /schedules", world.root, body);
  assert.equal((await world.call("POST /schedules", world.root, body)).status, 409);
  const patched = await world.call("PATCH /schedules/web", world.root, { time_zone: "+02:00" });
  assert.equal(patched.body.errors[0].pointer, "/time_zone");
});

test("a team's schedule is changed by its members; everybody signed in sees it", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  const web = await world.team("web");
  const member = await world.person("mo", { team: web });
  const other = await world.person("ola");
  const viewer = await world.person("vi", { role: "viewer" });
  const body = { slug: "web", name: "Web", time_zone: "UTC", layers: [weekly("ada")], team: "web" };
  assert.equal((await world.call("POST /schedules", other, body)).status, 403);
  assert.equal((await world.call("POST /schedules", member, body)).status, 201);
  assert.equal((await world.call("GET /schedules/web", viewer)).status, 200);
  assert.equal((await world.call("GET /schedules/web")).status, 401);
  for (const request of ["PATCH /schedules/web", "DELETE /schedules/web"]) {
    assert.equal((await world.call(request, other, {})).status, 403);
    assert.equal((await world.call(request, viewer, {})).status, 403);
  }
  assert.equal((await world.call("PATCH /schedules/web", member, { name: "Ours" })).status, 200);
  assert.equal((await world.call("DELETE /schedules/web", member)).status, 204);
  const audit = await world.t.platform.db
    .selectFrom("audit_entries")
    .select(["action", "actor_name", "before", "after"])
    .where("object_type", "=", "schedule")
    .orderBy("at")
    .orderBy("action")
    .execute();
  assert.deepEqual(
    audit.map((entry) => `${entry.actor_name} ${entry.action}`),
    ["Mo created", "Mo deleted", "Mo updated"],
  );
  assert.deepEqual(audit[2]?.after, { name: "Ours" });
});

test("a schedule that a policy names is not deleted, and the refusal says which policy", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  await world.schedule("web", [weekly("ada")]);
  await world.policy("shop", [{ targets: [{ user: "bo@example.com" }] }], {
    fallback: [{ schedule: "web" }],
  });
  const refused = await world.call("DELETE /schedules/web", world.root);
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /named by the escalation policy shop/);
});

test("a preview shows an edit's shifts and whose change, and saves nothing", async () => {
  await using world = await oncallWorld();
  const [ada] = await adaAndBo(world);
  await world.schedule("web", [weekly("ada", "bo")]);
  const fresh = await world.ok("POST /schedules/preview", ada, {
    ...{ time_zone: "Europe/Paris", layers: [weekly("bo"), weekly("ada")], days: 7 },
    from: "2026-11-23T09:00",
  });
  assert.deepEqual(short(fresh.items), ["ada 2026-11-23T08:00:00Z 2026-11-30T08:00:00Z"]);
  assert.deepEqual(fresh.layers.map(short), [
    ["bo 2026-11-23T08:00:00Z 2026-11-30T08:00:00Z"],
    ["ada 2026-11-23T08:00:00Z 2026-11-30T08:00:00Z"],
  ]);
  assert.deepEqual([fresh.changes, fresh.layers_from], [[], null]);
  const edit = await world.ok("POST /schedules/preview", ada, {
    ...{
      schedule: "web",
      time_zone: "Europe/Paris",
      layers: [weekly("bo", "ada")],
      days: 14,
      from: "2026-11-23T09:00",
    },
  });
  assert.equal(edit.layers_from, "2026-11-30T08:00:00Z");
  assert.deepEqual(edit.changes, [
    {
      from: "2026-11-30T08:00:00Z",
      to: "2026-12-07T08:00:00Z",
      before: ["bo@example.com"],
      after: ["ada@example.com"],
    },
  ]);
  const unchanged = await world.ok("GET /schedules/web");
  assert.deepEqual(unchanged.layers[0].users, ["ada@example.com", "bo@example.com"]);
});

test("schedules are listed by name, page by page", async () => {
  await using world = await oncallWorld();
  await adaAndBo(world);
  for (const slug of ["c", "a", "b"]) await world.schedule(slug, [weekly("ada", "bo")]);
  const first = await world.ok("GET /schedules?limit=2");
  const second = await world.ok(`GET /schedules?limit=2&cursor=${first.next}`);
  const slugs = [...first.items, ...second.items].map((item: { slug: string }) => item.slug);
  assert.deepEqual([slugs, second.next], [["a", "b", "c"], null]);
  assert.deepEqual(names(first.items[0].now.next), ["Bo"]);
});

test("a layer may list its shifts: local or as instants, for one or several, over a rotation below", async () => {
  await using world = await oncallWorld();
  const [ada] = await adaAndBo(world);
  const listed = {
    shifts: [
      { user: "bo@example.com", from: "2026-12-24T18:00", to: "2026-12-26T08:00:00Z" },
      { users: ["ada@example.com", "bo@example.com"], from: "2026-12-31T18:00", to: "2027-01-01T09:00" },
    ],
  };
  await world.schedule("web", [weekly("ada"), listed]);
  const { layers } = await world.ok("GET /schedules/web", ada);
  assert.deepEqual(layers[1], listed);
  assert.deepEqual(await shiftsOf(world, "web", "from=2026-12-24&to=2027-01-02"), [
    "ada 2026-12-23T23:00:00Z 2026-12-24T17:00:00Z",
    "bo 2026-12-24T17:00:00Z 2026-12-26T08:00:00Z",
    "ada 2026-12-26T08:00:00Z 2026-12-31T17:00:00Z",
    "ada 2026-12-31T17:00:00Z 2027-01-01T08:00:00Z",
    "bo 2026-12-31T17:00:00Z 2027-01-01T08:00:00Z",
    "ada 2027-01-01T08:00:00Z 2027-01-01T23:00:00Z",
  ]);
});

test("who is listed for a shift and doesn't exist is named where they stand", async () => {
  await using world = await oncallWorld();
  const [ada] = await adaAndBo(world);
  const times = { from: "2026-12-24T18:00", to: "2026-12-25T18:00" };
  const layers = [
    {
      shifts: [
        { user: "bo@example.com", ...times },
        { users: ["zed@example.com"], ...times },
      ],
    },
  ];
  const input = { slug: "web", name: "Web", time_zone: "Europe/Paris", layers };
  const { status, body } = await world.call("POST /schedules", ada, input);
  assert.equal(status, 422);
  assert.deepEqual(
    body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ["/layers/0/shifts/1/users/0"],
  );
});
