import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { NOTICE, type NoticeJob } from "../../org/notices.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { oncallWorld, type World, weekly } from "../testing.ts";
import { remind } from "./reminders.ts";

/** Says what is due now; answers "Ada: title" each, and when the next is. */
async function due(world: World, schedule: string): Promise<{ said: string[]; next: string | undefined }> {
  const { platform } = world.t;
  const next = await inTransaction(platform.db, (tx) => remind(tx, by(platform, SYSTEM), schedule));
  const jobs = await platform.db
    .deleteFrom("due_jobs")
    .where("kind", "=", NOTICE)
    .returning("payload")
    .execute();
  const people = await platform.db.selectFrom("users").select(["id", "name"]).execute();
  const notices = jobs.map((job) => job.payload as NoticeJob);
  const said = notices.map(
    ({ personId, title }) => `${people.find(({ id }) => id === personId)!.name}: ${title}`,
  );
  return { said: said.sort(), next: next?.toString() };
}

const HOUR = 3_600_000;

test("people hear of a shift a day before, at its start and at its end, each once", async () => {
  await using world = await oncallWorld("2026-11-29T07:59:00Z");
  for (const name of ["ada", "bo"]) await world.person(name);
  const web = await world.schedule("web", [weekly("ada", "bo")]);
  assert.deepEqual(await due(world, web), { said: [], next: "2026-11-29T08:00:00Z" });
  world.t.clock.advance(60_000);
  assert.deepEqual(await due(world, web), {
    said: ["Bo: You are on call in 24 h: web"],
    next: "2026-11-30T08:00:00Z",
  });
  assert.deepEqual((await due(world, web)).said, [], "once");
  world.t.clock.advance(24 * HOUR);
  assert.deepEqual((await due(world, web)).said, [
    "Ada: Your shift of web is over",
    "Bo: You are on call now: web",
  ]);
  assert.deepEqual((await due(world, web)).said, []);
});

test("a person chooses when they are reminded, or not at all", async () => {
  await using world = await oncallWorld("2026-11-30T08:00:00Z");
  const [ada, bo] = [await world.person("ada"), await world.person("bo")];
  const web = await world.schedule("web", [weekly("ada", "bo")]);
  const none = { before_hours: [], at_start: false, at_end: false };
  assert.deepEqual(await world.ok(`PUT /users/${bo.id}/shift-reminders`, bo, none), none);
  assert.equal((await world.call(`PUT /users/${ada.id}/shift-reminders`, bo, none)).status, 403);
  assert.deepEqual((await world.ok(`GET /users/${ada.id}/shift-reminders`, ada)).before_hours, [24]);
  assert.deepEqual((await due(world, web)).said, ["Ada: Your shift of web is over"]);
});

test("what was due long ago, while nobody was there to say it, isn't said", async () => {
  await using world = await oncallWorld("2026-11-30T12:00:00Z");
  for (const name of ["ada", "bo"]) await world.person(name);
  assert.deepEqual((await due(world, await world.schedule("web", [weekly("ada", "bo")]))).said, []);
});
