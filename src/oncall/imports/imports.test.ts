import assert from "node:assert/strict";
import { test } from "node:test";
import { by } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { createReadUrl } from "../../platform/net/read-url.ts";
import { oncallWorld, type World, weekly } from "../testing.ts";
import { readImport } from "./engine.ts";
import { addImport, importsFor, removeImport } from "./imports.ts";
import { peopleIn } from "./model.ts";

const calendar = (...events: [title: string, from: string, to: string, attendee?: string][]) =>
  [
    "BEGIN:VCALENDAR",
    "VERSION:2.0",
    ...events.flatMap(([title, from, to, attendee], i) => [
      ...["BEGIN:VEVENT", `UID:${i}-${title}`, `SUMMARY:${title}`, `DTSTART:${from}`, `DTEND:${to}`],
      ...(attendee ? [`ATTENDEE:mailto:${attendee}`] : []),
      "END:VEVENT",
    ]),
    "END:VCALENDAR",
  ].join("\r\n");

const add = (world: World, more: object = {}) =>
  world.verb((tx, hand) =>
    addImport(tx, hand, {
      url: "webcal://cal.example.com/s3cret.ics",
      user: "ada@example.com",
      words: [],
      ...more,
    }),
  );
const read = (world: World, id: string, answer: string | Error) =>
  readImport(world.t.platform, {
    id,
    readUrl: async () => {
      if (answer instanceof Error) throw answer;
      return answer;
    },
  });
const away = async (world: World, who: string): Promise<string[]> =>
  (await world.ok(`GET /users/${who}@example.com/out-of-office`)).items.map(
    (entry: { summary: string; source: string; from: string }) =>
      `${entry.source} ${entry.summary} ${entry.from}`,
  );

test("a calendar's events become time away, follow it, and have cover asked for", async () => {
  await using world = await oncallWorld();
  const ada = await world.person("ada");
  await world.schedule("web", [weekly("ada")]);
  const id = await add(world, { words: ["leave"] });
  const leave: [string, string, string] = ["Annual leave", "20261130T090000Z", "20261201T090000Z"];
  await read(world, id, calendar(leave, ["Team lunch", "20261202T110000Z", "20261202T120000Z"]));
  assert.deepEqual(await away(world, "ada"), ["ical Annual leave 2026-11-30T09:00:00Z"]);
  const jobs = await world.t.platform.db
    .selectFrom("due_jobs")
    .select("key")
    .where("kind", "=", "shift-offers")
    .execute();
  assert.ok(
    jobs.some(({ key }) => key === `user:${ada.id}`),
    "cover is looked for",
  );
  await read(world, id, calendar(["Annual leave", "20261207T090000Z", "20261208T090000Z"]));
  assert.deepEqual(await away(world, "ada"), ["ical Annual leave 2026-12-07T09:00:00Z"]);
  await world.verb((tx, hand) => removeImport(tx, hand, id));
  assert.deepEqual(await away(world, "ada"), []);
});

test("a calendar that can't be read leaves what it said in force, and says why", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  const id = await add(world);
  await read(world, id, calendar(["Leave", "20261130T090000Z", "20261201T090000Z"]));
  for (const [answer, why] of [
    [new Error("It answered 503 Service Unavailable"), /503/],
    ["<html>Sign in</html>", /not an iCalendar file/],
  ] as const) {
    await read(world, id, answer);
    assert.equal((await away(world, "ada")).length, 1);
    const [shown] = await importsFor(world.t.platform.db, world.root);
    assert.match(shown!.failure!, why);
    assert.doesNotMatch(JSON.stringify(shown), /s3cret/);
  }
  await read(world, id, calendar());
  assert.equal((await importsFor(world.t.platform.db, world.root))[0]!.failure, null);
});

test("a calendar of a whole team names people by attendee or title, and whom it can't tell is listed", async () => {
  await using world = await oncallWorld();
  for (const name of ["ada", "bo"]) await world.person(name);
  const id = await add(world, { user: null });
  await read(
    world,
    id,
    calendar(
      ["Holiday", "20261130T090000Z", "20261201T090000Z", "ADA@example.com"],
      ["Bo - vacation", "20261130T090000Z", "20261201T090000Z"],
      ["Zed - vacation", "20261130T090000Z", "20261201T090000Z"],
    ),
  );
  assert.deepEqual([(await away(world, "ada")).length, (await away(world, "bo")).length], [1, 1]);
  const [shown] = await importsFor(world.t.platform.db, world.root);
  assert.deepEqual([shown!.events, shown!.unmatched], [2, ["Zed - vacation"]]);
  const bo = await world.person("bob");
  assert.deepEqual(await importsFor(world.t.platform.db, bo), [], "only who may change it sees it");
  await assert.rejects(
    inTransaction(world.t.platform.db, (tx) =>
      addImport(tx, by(world.t.platform, bo), { url: "https://x.example", user: null, words: [] }),
    ),
    /may not administer/,
  );
});

test("a name that two people share, or that is only a part of a word, names nobody", () => {
  const known = ["Ada", "Ada", "Bo Ek"].map((name, i) => ({ id: `${i}`, name, email: `p${i}@example.com` }));
  const named = (summary: string) => peopleIn({ summary, attendees: [] }, known);
  assert.deepEqual(named("Ada out"), []);
  assert.deepEqual(named("Bo Ekman out"), []);
  assert.deepEqual(named("OOO: bo ek!"), ["2"]);
  assert.deepEqual(named("p1@example.com leave"), ["1"]);
});

test("an address inside the network is not read, nor is a redirect to one followed", async () => {
  const guard = (address: string) => (address === "10.0.0.1" ? "10.0.0.1 is private" : null);
  const readUrl = createReadUrl({ guard, resolve: async () => ["10.0.0.1"] });
  await assert.rejects(readUrl("https://inside.example/cal.ics"), { name: "AddressRefused" });
});
