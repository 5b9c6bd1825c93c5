import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { NOTICE, type NoticeJob } from "../../org/notices.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { addOutOfOffice, endOutOfOffice } from "../calendar/out-of-office.ts";
import { updateSchedule } from "../schedules.ts";
import { oncallWorld, type Person, type World, weekly } from "../testing.ts";
import { reviewSchedule } from "./review.ts";

interface Team {
  ada: Person;
  bo: Person;
  cy: Person;
  lead: Person;
}

/** Ada, Bo and Cy take turns by the week from Monday 2026-11-23 09:00 in Paris; it is Monday, ten o'clock there. */
async function rota(at?: string): Promise<World & Team> {
  const world = await oncallWorld(at);
  const team = await world.team("web");
  const people = {
    ada: await world.person("ada", { team }),
    bo: await world.person("bo", { team }),
    cy: await world.person("cy", { team }),
    lead: await world.person("lea", { team }),
  };
  await world.t.platform.db
    .updateTable("team_members")
    .set({ lead: true })
    .where("user_id", "=", people.lead.id)
    .execute();
  await world.schedule("web", [weekly("ada", "bo", "cy")], { team: "web" });
  return Object.assign(world, people);
}

const DAY = { from: "2026-11-25T09:00", to: "2026-11-26T09:00" };
const offer = (world: World & Team, more: object = {}) =>
  world.ok("POST /shift-offers", world.ada, { schedule: "web", ...DAY, ...more });

async function onCall(world: World, at: string): Promise<string[]> {
  const { items } = await world.ok(`GET /oncall?at=${at}`);
  return items[0].users.map((email: string) => email.split("@")[0]);
}

async function told(world: World): Promise<Record<string, string[]>> {
  const db = world.t.platform.db;
  const jobs = await db.selectFrom("due_jobs").select("payload").where("kind", "=", NOTICE).execute();
  const people = await db.selectFrom("users").select(["id", "name"]).execute();
  const notices = jobs.map((job) => job.payload as NoticeJob);
  await db.deleteFrom("due_jobs").where("kind", "=", NOTICE).execute();
  return Object.fromEntries(
    [...Map.groupBy(notices, (notice) => people.find(({ id }) => id === notice.personId)!.name)]
      .map(([name, theirs]) => [name, theirs.map((notice) => notice.title)] as const)
      .sort(([a], [b]) => a.localeCompare(b)),
  );
}

const review = (world: World) =>
  inTransaction(world.t.platform.db, (tx) => reviewSchedule(tx, by(world.t.platform, SYSTEM), "web"));

test("a part of a shift that is offered and taken changes hands for just that part, and both and the lead are told", async () => {
  await using world = await rota();
  const { id } = await offer(world);
  assert.deepEqual(await onCall(world, "2026-11-25T12:00:00Z"), ["ada"], "until somebody takes it");
  assert.deepEqual(Object.keys(await told(world)), ["Bo", "Cy", "Lea"]);
  const taken = await world.ok(`POST /shift-offers/${id}/take`, world.bo);
  assert.deepEqual([taken.state, taken.taken_by.name], ["taken", "Bo"]);
  assert.deepEqual(await onCall(world, "2026-11-25T07:59:59Z"), ["ada"]);
  assert.deepEqual(await onCall(world, "2026-11-25T08:00:00Z"), ["bo"]);
  assert.deepEqual(await onCall(world, "2026-11-26T08:00:00Z"), ["ada"]);
  assert.deepEqual(Object.keys(await told(world)), ["Ada", "Bo", "Lea"]);
  const actions = await world.t.platform.db
    .selectFrom("audit_entries")
    .select(["action", "object_type"])
    .orderBy("id")
    .execute();
  assert.deepEqual(
    actions
      .slice(-3)
      .map((entry) => `${entry.object_type} ${entry.action}`)
      .sort(),
    ["override created", "shift_offer offered", "shift_offer taken"],
  );
});

test("of several who take a shift at once one has it, and taking it again changes nothing", async () => {
  await using world = await rota();
  const { id } = await offer(world);
  const answers = await Promise.all(
    [world.bo, world.cy, world.lead].map((who) => world.call(`POST /shift-offers/${id}/take`, who)),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409, 409]);
  const { taken_by } = answers.find(({ status }) => status === 200)!.body;
  for (const { status, body } of answers)
    if (status === 409) assert.equal(body.detail, `${taken_by.name} has taken it already.`);
  const winner = [world.bo, world.cy, world.lead].find((who) => who.id === taken_by.id)!;
  await world.ok(`POST /shift-offers/${id}/take`, winner);
  const overrides = await world.t.platform.db.selectFrom("schedule_overrides").select("id").execute();
  assert.equal(overrides.length, 1);
});

test("only those who were asked may take it; when all of them decline the owner is told", async () => {
  await using world = await rota();
  const { id } = await offer(world, { asked: ["bo@example.com"] });
  assert.deepEqual(Object.keys(await told(world)), ["Bo"]);
  assert.equal((await world.call(`POST /shift-offers/${id}/take`, world.cy)).status, 409);
  const declined = await world.ok(`POST /shift-offers/${id}/decline`, world.bo);
  assert.equal(declined.state, "declined");
  assert.deepEqual(await told(world), { Ada: ["Nobody takes your shift of web"] });
  assert.deepEqual(await onCall(world, "2026-11-25T12:00:00Z"), ["ada"]);
});

test("a trade changes both shifts once its owner agrees", async () => {
  await using world = await rota();
  const { id } = await offer(world);
  const mine = { from: "2026-12-01T09:00", to: "2026-12-02T09:00" };
  const asked = await world.ok(`POST /shift-offers/${id}/trade`, world.bo, mine);
  assert.equal(asked.trades[0].user.name, "Bo");
  assert.deepEqual(await onCall(world, "2026-12-01T12:00:00Z"), ["bo"]);
  await world.ok(`POST /shift-offers/${id}/trades/${world.bo.id}/accept`, world.ada);
  assert.deepEqual(await onCall(world, "2026-11-25T12:00:00Z"), ["bo"]);
  assert.deepEqual(await onCall(world, "2026-12-01T12:00:00Z"), ["ada"]);
});

test("a withdrawn offer can't be taken, and what isn't one's shift can't be offered", async () => {
  await using world = await rota();
  const { id } = await offer(world);
  assert.equal(
    (await world.call(`POST /shift-offers/${id}/withdraw`, world.bo)).status,
    200,
    "Bo may edit the schedule",
  );
  assert.equal((await world.call(`POST /shift-offers/${id}/take`, world.cy)).status, 409);
  const other = await world.call("POST /shift-offers", world.bo, { schedule: "web", ...DAY });
  assert.equal(other.status, 422);
  assert.match(other.body.detail, /Bo is not on call for all of/);
});

test("a shift that moved under its offer is not taken: the taker and the owner are told so", async () => {
  await using world = await rota();
  const { id } = await offer(world);
  await told(world);
  await world.ok("POST /schedules/web/overrides", world.root, {
    user: "cy@example.com",
    from: "2026-11-25T10:00",
    to: "2026-11-25T12:00",
  });
  const refused = await world.call(`POST /shift-offers/${id}/take`, world.bo);
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /has moved/);
  assert.deepEqual(Object.keys(await told(world)), ["Ada", "Lea"]);
  assert.deepEqual(
    (await world.ok("GET /shift-offers")).items.map((item: { state: string }) => item.state),
    ["moved"],
  );
});

test("when a shift moves after it was taken both are told once, and the taker keeps to what was agreed", async () => {
  await using world = await rota();
  const { id } = await offer(world);
  await world.ok(`POST /shift-offers/${id}/take`, world.bo);
  await told(world);
  await review(world);
  assert.deepEqual(await told(world), {}, "nothing has moved yet");
  await world.verb((tx, hand) =>
    updateSchedule(tx, hand, { slug: "web", layers: [{ ...weekly("cy"), starts: "2026-11-23T09:00" }] }),
  );
  world.t.clock.advance(60_000);
  await world.t.platform.db
    .updateTable("schedule_versions")
    .set({ valid_from: Temporal.Instant.from("2026-11-23T09:00:30Z") })
    .where("valid_from", "is not", null)
    .execute();
  await review(world);
  assert.deepEqual(Object.keys(await told(world)), ["Ada", "Bo", "Lea"]);
  await review(world);
  assert.deepEqual(await told(world), {});
});

test("cover now lasts from when somebody accepts; until then whoever asked stays on call", async () => {
  await using world = await rota("2026-11-23T09:00:00.000123Z");
  const ask = { schedule: "web", kind: "cover", to: "2026-11-23T18:00" };
  const { id } = await world.ok("POST /shift-offers", world.ada, ask);
  world.t.clock.advance(20 * 60_000);
  assert.equal((await world.ok("POST /shift-offers", world.ada, ask)).id, id, "asking twice asks once");
  assert.deepEqual(await onCall(world, "2026-11-23T09:19:00Z"), ["ada"]);
  await world.ok(`POST /shift-offers/${id}/take`, world.cy);
  assert.deepEqual(await onCall(world, "2026-11-23T09:19:00Z"), ["ada"]);
  assert.deepEqual(await onCall(world, "2026-11-23T09:20:00Z"), ["cy"]);
  assert.deepEqual(await onCall(world, "2026-11-23T17:00:00Z"), ["ada"]);
});

test("somebody who is away on a shift has cover asked for, and stays on call until it is found", async () => {
  await using world = await rota();
  const away = (to: string) =>
    world.verb((tx, hand) =>
      addOutOfOffice(tx, hand, { user: "bo@example.com", from: "2026-12-01", to, summary: "" }),
    );
  const entry = await away("2026-12-02");
  await review(world);
  await review(world);
  const { items } = await world.ok("GET /shift-offers", world.cy);
  assert.deepEqual(
    items.map((item: { kind: string; from: string; to: string; may_take: boolean }) => [
      item.kind,
      item.from,
      item.to,
      item.may_take,
    ]),
    [["away", "2026-12-01T00:00:00Z", "2026-12-03T00:00:00Z", true]],
  );
  assert.deepEqual(Object.keys(await told(world)), ["Ada", "Bo", "Cy", "Lea"]);
  assert.deepEqual(await onCall(world, "2026-12-01T12:00:00Z"), ["bo"]);
  await world.verb((tx, hand) => endOutOfOffice(tx, hand, { user: "bo@example.com", id: entry }));
  await review(world);
  assert.deepEqual((await world.ok("GET /shift-offers")).items, [], "nobody is asked any more");
});
