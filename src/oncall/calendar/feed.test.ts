import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import ICAL from "ical.js";
import nodeIcal from "node-ical";
import pino from "pino";
import { type App, createServer } from "../../platform/http/server.ts";
import { silentLog } from "../../platform/log.ts";
import { oncallWorld, type Person, type World, weekly } from "../testing.ts";
import { calendarRoute } from "./feed-routes.ts";

interface Read {
  uid: string;
  from: string;
  to: string;
  summary: string;
  sequence: number;
  stamp: string;
}

const second = (date: Date): string => date.toISOString().replace(".000Z", "Z");

/** What two parsers that know nothing of each other make of a feed; they must agree. */
function readBack(text: string): Read[] {
  const one = Object.values(nodeIcal.sync.parseICS(text)).flatMap((event) =>
    event?.type !== "VEVENT"
      ? []
      : [
          {
            uid: event.uid,
            from: second(event.start),
            to: second(event.end ?? event.start),
            summary: String(event.summary),
            sequence: Number(event.sequence),
            stamp: second(event.dtstamp),
          },
        ],
  );
  const two = new ICAL.Component(ICAL.parse(text)).getAllSubcomponents("vevent").map((component) => {
    const event = new ICAL.Event(component);
    const stamp = component.getFirstPropertyValue("dtstamp");
    assert.ok(stamp instanceof ICAL.Time);
    return {
      uid: event.uid,
      from: second(event.startDate.toJSDate()),
      to: second(event.endDate.toJSDate()),
      summary: event.summary,
      sequence: event.sequence,
      stamp: second(stamp.toJSDate()),
    };
  });
  assert.deepEqual(one, two);
  assert.equal(new Set(two.map((event) => event.uid)).size, two.length, "a UID is there twice");
  return two;
}

let w: World;
let door: App;
let ada: Person;
let bo: Person;

before(async () => {
  w = await oncallWorld();
  door = await createServer({ log: silentLog, version: "0", url: w.t.platform.url });
  calendarRoute(door, w.t.platform);
  await door.ready();
  ada = await w.person("ada");
  bo = await w.person("bo");
});
after(async () => {
  await door.close();
  await w[Symbol.asyncDispose]();
});

const get = (url: string, headers: Record<string, string> = {}) =>
  door.inject({ method: "GET", url: new URL(url).pathname + new URL(url).search, headers });

async function read(url: string): Promise<Read[]> {
  const answer = await get(url);
  assert.equal(answer.statusCode, 200, answer.body);
  return readBack(answer.body);
}

async function feed(schedule: string | null, as: Person = ada): Promise<{ id: string; url: string }> {
  return w.ok("POST /calendar-feeds", as, { schedule });
}

/** What the API says of a schedule, as a feed would show it. */
async function shiftsOf(slug: string, from = "2026-08-31T00:00Z", to = "2027-09-30T00:00Z") {
  const { items } = await w.ok(`GET /schedules/${slug}/shifts?from=${from}&to=${to}`);
  return (items as { user: string; from: string; to: string }[]).map(({ user, from, to }) => {
    const name = user.split("@")[0]!;
    return { from, to, summary: `On call: ${slug} (${name[0]!.toUpperCase()}${name.slice(1)})` };
  });
}

const inside = (events: readonly Read[], from: string, to: string) =>
  events.filter((event) => event.from >= from && event.to <= to);
const shown = ({ from, to, summary }: { from: string; to: string; summary: string }) => ({
  from,
  to,
  summary,
});

test("two parsers read from a feed the shifts that the API says, through both changes of the clocks", async () => {
  await w.schedule("paris", [weekly("ada", "bo")]);
  await w.schedule(
    "nights",
    [
      {
        rotation: "daily",
        starts: "2026-11-23T21:00",
        users: ["ada@example.com", "bo@example.com"],
        only: [{ from: "21:00", to: "06:00" }],
      },
    ],
    { zone: "America/New_York" },
  );
  for (const slug of ["paris", "nights"]) {
    const events = await read((await feed(slug)).url);
    const [from, to] = ["2026-10-01T00:00:00Z", "2027-09-01T00:00:00Z"];
    const wanted = (await shiftsOf(slug)).filter((shift) => shift.from >= from && shift.to <= to);
    assert.ok(wanted.length > 40);
    assert.deepEqual(inside(events, from, to).map(shown), wanted);
  }
  const paris = await read((await feed("paris")).url);
  const spring = paris.find((event) => event.from.startsWith("2027-03-22"))!;
  assert.deepEqual([spring.from, spring.to], ["2027-03-22T08:00:00Z", "2027-03-29T07:00:00Z"]);
});

test("a feed that is read again is the same to the byte, and 304 for who has it already", async () => {
  await w.schedule("steady", [weekly("ada", "bo")]);
  const { url, id } = await feed("steady");
  const first = await get(url);
  w.t.clock.advance(3 * 86_400_000);
  const second = await get(url);
  assert.equal(second.body, first.body);
  assert.equal(second.headers["last-modified"], first.headers["last-modified"]);
  const known = await get(url, { "if-none-match": `W/${first.headers.etag}` });
  assert.deepEqual([known.statusCode, known.body], [304, ""]);
  const listed = (await w.ok("GET /calendar-feeds", ada)).items.find(
    (each: { id: string }) => each.id === id,
  );
  assert.equal(listed.last_read_at, w.t.clock.now().toString());
});

test("a swap keeps both events and renames them; taken back, they are as they were, counted on", async () => {
  await w.schedule("swap", [weekly("ada", "bo")]);
  const { url } = await feed("swap");
  const before = await read(url);
  const weeks = before.filter(({ from }) => from > w.t.clock.now().toString()).slice(0, 2);
  const [mine, theirs] = weeks as [Read, Read];
  const others = (events: Read[]) => events.filter(({ uid }) => uid !== mine.uid && uid !== theirs.uid);
  w.t.clock.advance(60_000);
  const path = "/schedules/swap/overrides";
  const cover = (user: string, replaces: string, { from, to }: Read) =>
    w.ok(`POST ${path}`, undefined, {
      user: `${user}@example.com`,
      replaces: `${replaces}@example.com`,
      from,
      to,
    });
  const [owner, other] = mine.summary.includes("Ada") ? ["ada", "bo"] : ["bo", "ada"];
  const first = await cover(other!, owner!, mine);
  await cover(owner!, other!, theirs);
  const swapped = await read(url);
  assert.deepEqual(others(swapped), others(before), "nothing else changed");
  const find = (events: Read[], { uid }: Read) => events.find((each) => each.uid === uid)!;
  assert.equal(find(swapped, mine).summary, theirs.summary);
  assert.equal(find(swapped, theirs).summary, mine.summary);
  assert.deepEqual([find(swapped, mine).sequence, find(swapped, theirs).sequence], [1, 1]);
  assert.ok(find(swapped, mine).stamp > mine.stamp);
  w.t.clock.advance(60_000);
  await w.ok(`DELETE ${path}/${first.id}`);
  const back = find(await read(url), mine);
  assert.deepEqual(shown(back), shown(mine));
  assert.equal(back.sequence, 2);
});

test("who covers part of a shift has an event of their own; the shift keeps its name and gets shorter", async () => {
  await w.schedule("part", [weekly("ada")]);
  await w.ok("PATCH /schedules/part", undefined, { layers: [weekly("ada", "bo")] });
  const { url } = await feed("part");
  const own = await feed(null, bo);
  const next = (await read(url)).find(({ from, summary }) => from > "2026-12-06" && summary.includes("Ada"))!;
  const day = Temporal.Instant.from(next.from).add({ hours: 48 });
  const [from, to] = [day.toString(), day.add({ hours: 5 }).toString()];
  const made = await w.ok("POST /schedules/part/overrides", undefined, {
    ...{ user: "bo@example.com", replaces: "ada@example.com", from, to },
  });
  const pieces = inside(await read(url), next.from, next.to);
  assert.deepEqual(
    pieces.map((each) => [each.from, each.to, each.summary]),
    [
      [next.from, from, "On call: part (Ada)"],
      [from, to, "On call: part (Bo)"],
      [to, next.to, "On call: part (Ada)"],
    ],
  );
  assert.equal(pieces[0]!.uid, next.uid);
  const mine = (await read(own.url)).filter((each) => each.summary === "On call: part (Bo)");
  assert.deepEqual(
    mine.find((each) => each.from === from)?.uid,
    pieces[1]!.uid,
    "the same event in both feeds",
  );
  await w.ok(`DELETE /schedules/part/overrides/${made.id}`);
  const again = inside(await read(url), next.from, next.to);
  assert.deepEqual(
    again.map((each) => [each.uid, ...Object.values(shown(each))]),
    [[next.uid, next.from, next.to, next.summary]],
  );
});

test("whoever is taken off leaves no event, and a hand-off moved by an hour moves the same events", async () => {
  await w.schedule("moves", [weekly("ada", "bo")]);
  const { url } = await feed("moves");
  const before = await read(url);
  const later = before.filter(({ from }) => from > "2027-01-01");
  const gone = later[0]!;
  const who = gone.summary.includes("Ada") ? "ada" : "bo";
  await w.ok("POST /schedules/moves/overrides", undefined, {
    ...{ removes: `${who}@example.com`, from: gone.from, to: gone.to },
  });
  assert.deepEqual(
    (await read(url)).filter((each) => each.from >= gone.from && each.from < gone.to),
    [],
  );
  const moved = { ...weekly("ada", "bo"), starts: "2026-11-23T10:00" };
  await w.ok("PATCH /schedules/moves", undefined, { layers: [moved] });
  const after = await read(url);
  const last = later.at(-1)!;
  const same = after.find(({ uid }) => uid === later[4]!.uid)!;
  assert.equal(
    Temporal.Instant.from(later[4]!.from).until(Temporal.Instant.from(same.from)).total("hours"),
    1,
  );
  assert.ok(after.some(({ uid }) => uid === last.uid));
});

test("names with commas, semicolons, line ends, quotes and emoji come through both parsers as they are", async () => {
  const name =
    'Œuvre, "Zoé"; \\ 👩‍🚒 and a long name that has to be folded: ありがとうございます、ほんとうに';
  await w.schedule("names", [weekly("ada", "bo")]);
  await w.t.platform.db
    .updateTable("schedules")
    .set({ name: `${name}\nline` })
    .where("slug", "=", "names")
    .execute();
  const { url } = await feed("names");
  const answer = await get(url);
  for (const line of answer.body.split("\r\n")) {
    assert.ok(Buffer.byteLength(line) <= 75, line);
    assert.doesNotMatch(line, /[\r\n\ufffd]/);
  }
  assert.equal(
    readBack(answer.body)[0]!.summary.replace(/ \(.*$/s, ""),
    `On call: ${name}\nline`.replace(/ \(.*$/s, ""),
  );
  assert.equal(answer.headers["content-type"], "text/calendar; charset=utf-8");
});

test("`?remind=1h` adds a reminder to each shift", async () => {
  await w.schedule("remind", [weekly("ada", "bo")]);
  const { url } = await feed("remind");
  const { body } = await get(`${url}?remind=1h`);
  const events = new ICAL.Component(ICAL.parse(body)).getAllSubcomponents("vevent");
  assert.ok(events.length > 40);
  for (const event of events) {
    const trigger = event.getFirstSubcomponent("valarm")?.getFirstPropertyValue("trigger");
    assert.ok(trigger instanceof ICAL.Duration);
    assert.equal(trigger.toSeconds(), -3600);
  }
  const wrong = await get(`${url}?remind=soon`);
  assert.deepEqual([wrong.statusCode, wrong.json().errors[0].pointer], [422, "/remind"]);
});

test("a person's feed has their shifts of every schedule and nobody else's", async () => {
  const cy = await w.person("cy");
  await w.schedule("one", [weekly("cy", "bo")]);
  await w.schedule("two", [weekly("ada", "cy")], { zone: "Asia/Tokyo" });
  const events = inside(await read((await feed(null, cy)).url), "2026-12-01", "2027-08-01");
  const wanted = [...(await shiftsOf("one")), ...(await shiftsOf("two"))]
    .filter(({ from, to, summary }) => summary.endsWith("(Cy)") && from >= "2026-12-01" && to <= "2027-08-01")
    .sort((a, b) => (a.from < b.from ? -1 : 1));
  assert.deepEqual(events.map(shown), wanted);
});

test("an address ends when it is rotated, revoked, or its person leaves; others can't touch it", async () => {
  await w.schedule("secret", [weekly("ada", "bo")]);
  const dee = await w.person("dee");
  const made = await feed("secret", dee);
  assert.match(made.url, /\/calendar\/[\w-]{43}\.ics$/);
  assert.equal((await w.call(`DELETE /calendar-feeds/${made.id}`, bo)).status, 404);
  assert.equal((await w.call("POST /calendar-feeds", bo, { user: "dee@example.com" })).status, 403);
  assert.ok(
    !(await w.ok("GET /calendar-feeds", bo)).items.some((each: { id: string }) => each.id === made.id),
  );
  const rotated = await w.ok(`POST /calendar-feeds/${made.id}/rotate`, dee);
  assert.equal((await get(made.url)).statusCode, 404);
  await read(rotated.url);
  const { db } = w.t.platform;
  await db.updateTable("users").set({ deactivated_at: w.t.clock.now() }).where("id", "=", dee.id).execute();
  assert.equal((await get(rotated.url)).statusCode, 410);
  await db.updateTable("users").set({ deactivated_at: null }).where("id", "=", dee.id).execute();
  await w.ok(`DELETE /calendar-feeds/${made.id}`, dee);
  assert.equal((await get(rotated.url)).statusCode, 410);
  const rows = await db.selectFrom("audit_entries").selectAll().where("object_id", "=", made.id).execute();
  assert.deepEqual(
    rows.map((row) => row.action),
    ["created", "rotated", "revoked"],
  );
  const kept = JSON.stringify([rows, await db.selectFrom("calendar_feeds").selectAll().execute()]);
  for (const { url } of [made, rotated])
    assert.ok(!kept.includes(/calendar\/(.*)\.ics/.exec(url)![1]!), "the secret is kept nowhere");
});

test("an address that is read without end is told to wait", async () => {
  const unknown = `${w.t.platform.url}/calendar/${"x".repeat(43)}.ics`;
  for (let i = 0; i < 30; i++) assert.equal((await get(unknown)).statusCode, 404);
  const answer = await get(unknown);
  assert.equal(answer.statusCode, 429);
  assert.ok(Number(answer.headers["retry-after"]) > 0);
});

test("neither a reading nor a failure puts the address into the log", async () => {
  const lines: string[] = [];
  const log = pino({ level: "trace" }, { write: (line) => lines.push(line) });
  await w.schedule("quiet", [weekly("ada", "bo")]);
  const { url } = await feed("quiet");
  const stopped = {
    ...w.t.platform.clock,
    now() {
      throw new Error("the clock stopped");
    },
  };
  const statuses: number[] = [];
  for (const clock of [w.t.platform.clock, stopped]) {
    await using app = await createServer({ log, version: "0", url: w.t.platform.url });
    calendarRoute(app, { ...w.t.platform, clock, log });
    await app.ready();
    statuses.push((await app.inject({ method: "GET", url: new URL(url).pathname })).statusCode);
  }
  assert.deepEqual(statuses, [200, 500]);
  assert.ok(lines.some((line) => line.includes("a calendar failed")));
  assert.ok(!lines.join("").includes(/calendar\/(.*)\.ics/.exec(url)![1]!));
});
