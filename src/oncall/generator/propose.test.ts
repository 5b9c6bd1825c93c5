import assert from "node:assert/strict";
import { test } from "node:test";
import { type Answer, oncallWorld, type Person, type World, weekly } from "../testing.ts";

type Body = Answer["body"];

async function team(): Promise<{ w: World; ada: Person }> {
  const w = await oncallWorld();
  const ada = await w.person("ada");
  for (const name of ["bo", "cy", "di"]) await w.person(name);
  return { w, ada };
}

const of = (proposal: Body, name: string) =>
  proposal.people.find((each: Body) => each.person.email === `${name}@example.com`);

test("a proposal begins at the next hand-off, evens out the past, and applied as it is says what it promised", async () => {
  const { w, ada } = await team();
  await using _ = w;
  // By history Ada and Bo had every other week; Cy and Di are new.
  await w.schedule("primary", [weekly("ada", "bo")]);
  const people = ["ada", "bo", "cy", "di"].map((name) => `${name}@example.com`);
  const input = { people, weeks: 8, history_days: 56 };
  const proposal = await w.ok("POST /schedules/primary/propose", ada, input);
  assert.deepEqual(
    [proposal.from, proposal.to, proposal.turn, proposal.unmet],
    ["2026-11-30T08:00:00Z", "2027-01-25T08:00:00Z", "1w", []],
  );
  const turns = (name: string) =>
    proposal.shifts.filter(({ users }: Body) => users.includes(`${name}@example.com`)).length;
  assert.ok(turns("cy") > turns("ada") && turns("di") > turns("bo"), "who had more gets less");
  assert.ok(proposal.spread.after < proposal.spread.before);
  assert.ok(proposal.balance.after > proposal.balance.before);
  await w.ok("PATCH /schedules/primary", ada, { layers: proposal.layers });
  const { items, gaps } = await w.ok(
    `GET /schedules/primary/shifts?from=${proposal.from}&to=${proposal.to}`,
    ada,
  );
  assert.deepEqual(gaps, []);
  assert.deepEqual(
    items.map(({ user, from, to }: Body) => [user, from, to]),
    joined(proposal.shifts).map(({ users, from, to }) => [users[0], from, to]),
  );
  const again = await w.ok("POST /schedules/primary/propose", ada, input);
  assert.equal(
    of(again, "cy").before.hours,
    of(proposal, "cy").after.hours,
    "what was promised is now the plan",
  );
});

const joined = (shifts: Body[]): Body[] =>
  shifts.reduce((all: Body[], shift) => {
    const last = all.at(-1);
    if (last?.to === shift.from && last.users[0] === shift.users[0]) last.to = shift.to;
    else all.push({ ...shift });
    return all;
  }, []);

test("nobody is proposed while out of office; a week in which all are away is named and left to the layers below", async () => {
  const { w, ada } = await team();
  await using _ = w;
  await w.schedule("primary", [weekly("ada", "bo")]);
  for (const name of ["ada", "bo"])
    await w.ok(`POST /users/${name}@example.com/out-of-office`, w.root, {
      ...{ from: "2026-12-22", to: "2026-12-26" },
    });
  await w.ok("POST /users/ada@example.com/out-of-office", w.root, { from: "2026-12-01", to: "2026-12-02" });
  const proposal = await w.ok("POST /schedules/primary/propose", ada, { weeks: 6 });
  assert.deepEqual(proposal.shifts[0].users, ["bo@example.com"]);
  assert.deepEqual(proposal.unmet, [
    {
      ...{ from: "2026-12-21T08:00:00Z", to: "2026-12-28T08:00:00Z", kind: "open-seat" },
      text: "One place stays open: Ada and Bo are away.",
    },
  ]);
  const free = await w.ok("POST /schedules/primary/propose", ada, {
    weeks: 6,
    constraints: { time_off: false },
  });
  assert.deepEqual(free.unmet, []);
});

test("a schedule of working hours stays one, by turns of days, and hand-offs keep to the wall clock", async () => {
  const { w, ada } = await team();
  await using _ = w;
  const only = [{ days: ["mon", "tue", "wed", "thu", "fri"] as const, from: "09:00", to: "17:00" }];
  await w.schedule("office", [
    { ...weekly("ada", "bo", "cy"), only: only.map((o) => ({ ...o, days: [...o.days] })) },
  ]);
  const proposal = await w.ok("POST /schedules/office/propose", ada, {
    ...{ turn: "1d", weeks: 2, from: "2027-03-22T09:00", constraints: { max_nights: { count: 1, days: 7 } } },
  });
  assert.deepEqual(proposal.unmet, [], "no nights in working hours");
  assert.deepEqual(proposal.layers[1].only, only);
  assert.deepEqual(
    [proposal.from, proposal.to],
    ["2027-03-22T08:00:00Z", "2027-04-05T07:00:00Z"],
    "nine o'clock before and after the clocks change",
  );
  const hours = proposal.people.map(({ after }: Body) => after.hours);
  assert.equal(
    hours.reduce((sum: number, each: number) => sum + each, 0),
    80,
  );
});

test("where layers have different hours one is chosen; it is proposed for in its hours, right above it", async () => {
  const { w, ada } = await team();
  await using _ = w;
  const day = [{ from: "08:00", to: "20:00" }];
  const night = [{ from: "20:00", to: "08:00" }];
  await w.schedule("sun", [
    { ...weekly("ada", "bo"), only: night },
    { ...weekly("cy", "di"), only: day },
  ]);
  const unsaid = await w.call("POST /schedules/sun/propose", ada, {});
  assert.deepEqual([unsaid.status, unsaid.body.errors[0].pointer], [422, "/layer"]);
  assert.equal((await w.call("POST /schedules/sun/propose", ada, { layer: 2 })).status, 422);
  const { layers, people, from } = await w.ok("POST /schedules/sun/propose", ada, { layer: 0, weeks: 4 });
  assert.equal(from, "2026-11-30T08:00:00Z", "not at eight this evening, when the day's layer ends");
  assert.deepEqual(
    people.map(({ person }: Body) => person.name),
    ["Ada", "Bo"],
  );
  assert.deepEqual(
    layers.map(({ only, shifts }: Body) => [only, shifts !== undefined]),
    [
      [night, false],
      [night, true],
      [day, false],
    ],
  );
  await w.ok("PATCH /schedules/sun", ada, { layers });
  const again = await w.ok("POST /schedules/sun/propose", ada, { layer: 0, weeks: 4, history_days: 0 });
  assert.deepEqual(
    again.layers.map(({ only }: Body) => only),
    [night, night, night, day],
    "above the list from before, below the layers of the day",
  );
});

test("as a rotation it is the order of the ring, which takes over from the one before", async () => {
  const { w, ada } = await team();
  await using _ = w;
  await w.schedule("primary", [weekly("ada", "bo", "cy")]);
  await w.ok("POST /users/bo@example.com/out-of-office", w.root, { from: "2026-12-01", to: "2026-12-02" });
  const input = { as: "rotation", weeks: 6 };
  const proposal = await w.ok("POST /schedules/primary/propose", ada, input);
  assert.equal(proposal.order.length, 3);
  assert.notEqual(proposal.order[0], "bo@example.com");
  assert.notEqual(proposal.order[0], "ada@example.com", "Ada has the week before");
  const [old, ring] = proposal.layers;
  assert.deepEqual(
    [old.ends, ring.starts, ring.rotation],
    ["2026-11-30T09:00", "2026-11-30T09:00", "weekly"],
  );
  await w.ok("PATCH /schedules/primary", ada, { layers: proposal.layers });
  const { items } = await w.ok(
    "GET /schedules/primary/shifts?from=2026-11-30T09:00&to=2026-12-21T09:00",
    ada,
  );
  assert.deepEqual(
    items.map(({ user }: Body) => user),
    proposal.order,
  );
});

test("several at once with a skill in every turn; what can't be asked is refused with where and why", async () => {
  const { w, ada } = await team();
  await using _ = w;
  await w.schedule("primary", [weekly("ada", "bo", "cy", "di")]);
  const skills = [{ name: "databases", people: ["ada@example.com", "bo@example.com"] }];
  const ask = (body: object) => w.call("POST /schedules/primary/propose", ada, body);
  const { body } = await ask({ seats: 2, weeks: 4, constraints: { skills } });
  assert.deepEqual(body.unmet, []);
  for (const { users } of body.shifts)
    assert.ok(users.some((user: string) => skills[0]!.people.includes(user)) && users.length === 2);
  for (const [input, pointer] of [
    [{ seats: 5 }, "/seats"],
    [{ seats: 2, as: "rotation" }, "/seats"],
    [{ from: "2026-11-01T09:00" }, "/from"],
    [{ people: ["nobody@example.com"] }, "/people/0"],
    [{ weeks: 100 }, "/weeks"],
    [{ turn: "90m" }, "/turn"],
  ] as const) {
    const refused = await ask(input);
    assert.deepEqual(
      [refused.status, refused.body.errors?.[0]?.pointer],
      [422, pointer],
      JSON.stringify(input),
    );
  }
});
