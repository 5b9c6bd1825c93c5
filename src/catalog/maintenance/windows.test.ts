import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../../test/support/loop.ts";
import { readDays } from "../../watch/days.ts";
import { readFigures } from "../../watch/history.ts";
import { createMonitor, kindFields } from "../../watch/monitors.ts";
import { monitorCommon } from "../../watch/schema.ts";

const weekly = {
  name: "Sunday backup – Zürich",
  ...{ time_zone: "Europe/Paris", starts: "2026-11-22T02:30", rrule: "FREQ=WEEKLY;BYDAY=SU", duration: "2h" },
};

async function monitor(loop: Loop, slug = "home") {
  const written = { slug, name: slug, kind: "http", service: "shop", url: "http://127.0.0.1/" };
  return loop.verb((tx, by) =>
    createMonitor(tx, by, { ...monitorCommon.parse(written), fields: kindFields(written) }),
  );
}

test("a window is shown with what it covers, when it comes, and in words", async () => {
  await using loop = await startLoop();
  await loop.service("shop", null, { name: "Shop" });
  const made = await loop.ok("POST /maintenance-windows", loop.root, { ...weekly, services: ["shop"] });
  assert.equal(made.slug, "sunday-backup-zurich");
  assert.equal(made.sentence, "Every week on Sunday at 02:30 (Europe/Paris), 2 h each");
  assert.deepEqual(made.services, [{ slug: "shop", name: "Shop" }]);
  assert.deepEqual(
    [made.state, made.next, made.until],
    ["planned", { from: "2026-11-29T01:30:00Z", to: "2026-11-29T03:30:00Z" }, null],
  );
  const again = await loop.ok("POST /maintenance-windows", loop.root, { ...weekly, everything: true });
  assert.equal(again.slug, "sunday-backup-zurich-2");
  await loop.ok("POST /maintenance-windows", loop.root, {
    ...{ name: "Now", everything: true, starts: "2026-11-23T08:00", ends: "2026-11-23T10:00" },
  });
  const slugs = async (query: string) =>
    (await loop.ok(`GET /maintenance-windows${query}`)).items.map(({ slug }: { slug: string }) => slug);
  assert.deepEqual(await slugs(""), ["now", "sunday-backup-zurich", "sunday-backup-zurich-2"]);
  assert.deepEqual(await slugs("?state=on"), ["now"]);
  await loop.pass("2h");
  assert.deepEqual(await slugs("?state=over"), ["now"]);
});

test("what can't be a window is refused at its field, and a preview says when it would be", async () => {
  await using loop = await startLoop();
  const refused = async (body: object) => {
    const { status, body: said } = await loop.call("POST /maintenance-windows", loop.root, body);
    assert.equal(status, 422, JSON.stringify(said));
    return said.errors[0].pointer;
  };
  const once = { name: "x", everything: true, starts: "2026-12-01T10:00", ends: "2026-12-01T11:00" };
  assert.equal(await refused({ ...once, everything: false }), "/services");
  assert.equal(await refused({ ...once, everything: false, services: ["nope"] }), "/services/0");
  assert.equal(await refused({ ...once, ends: "2026-12-01T10:00" }), "/ends");
  assert.equal(await refused({ ...once, starts: "2026-13-01T10:00" }), "/starts");
  assert.equal(await refused({ ...once, time_zone: "Mars/Olympus" }), "/time_zone");
  assert.equal(await refused({ ...weekly, everything: true, rrule: "FREQ=HOURLY" }), "/rrule");
  assert.equal(await refused({ ...weekly, everything: true, duration: null }), "/duration");
  const never = { ...weekly, everything: true, rrule: "FREQ=YEARLY;BYMONTH=2;BYMONTHDAY=30" };
  assert.equal(await refused(never), "/rrule");
  const { name: _name, ...timing } = weekly;
  const { items } = await loop.ok("POST /maintenance-windows/preview", loop.root, timing);
  assert.deepEqual([items.length, items[4].from], [5, "2026-12-27T01:30:00Z"]);
});

test("who may not change a service may not plan work on it, and sees no windows of what they may not see", async () => {
  await using loop = await startLoop();
  const team = await loop.team("web");
  await loop.service("shop", null, { team: "web", visibility: "team" });
  const ada = await loop.person("ada", { team });
  const bo = await loop.person("bo");
  const window = { ...weekly, services: ["shop"] };
  assert.equal((await loop.call("POST /maintenance-windows", bo, window)).status, 404);
  const { slug } = await loop.ok("POST /maintenance-windows", ada, window);
  assert.equal((await loop.call(`GET /maintenance-windows/${slug}`, bo)).status, 404);
  assert.deepEqual((await loop.ok("GET /maintenance-windows", bo)).items, []);
  assert.equal((await loop.call(`DELETE /maintenance-windows/${slug}`, bo)).status, 404);
  assert.equal((await loop.call("POST /services/shop/mute", bo, { for: "30m" })).status, 404);
  const viewer = await loop.person("vi", { role: "viewer", team });
  assert.equal((await loop.call(`POST /maintenance-windows/${slug}/end`, viewer)).status, 403);
  assert.equal((await loop.call("POST /services/shop/mute", viewer, { for: "30m" })).status, 403);
});

test("planned work stays out of uptime as it was, also after the window is ended, edited or deleted", async () => {
  await using loop = await startLoop({ at: "2026-11-23T12:00:00Z" });
  const { db, clock } = loop.t.platform;
  await loop.service("shop", null);
  const { id } = await monitor(loop);
  const turned = async (from: "up" | "down" | "unknown", to: "up" | "down", at: string) =>
    db
      .insertInto("monitor_transitions")
      .values({
        ...{ id: crypto.randomUUID(), monitor_id: id, from_status: from, to_status: to, reason: to },
        at: Temporal.Instant.from(at),
      })
      .execute();
  await turned("unknown", "up", "2026-11-23T00:00:00Z");
  await turned("up", "down", "2026-11-23T12:30:00Z");
  await turned("down", "up", "2026-11-23T13:30:00Z");
  await loop.ok("POST /maintenance-windows", loop.root, {
    ...{ slug: "work", name: "Work", monitors: ["home"] },
    ...{ starts: "2026-11-23T12:00", rrule: "FREQ=DAILY", duration: "2h" },
  });
  const today = async () => {
    const [day] = await readDays(db, id, { now: clock.now(), count: 1, zone: "UTC" });
    return [day?.up, day?.down, day?.unknown, day?.maintenance];
  };
  await loop.pass("1h");
  await loop.ok("POST /maintenance-windows/work/end");
  await loop.pass("2h");
  const expected = [13.5 * 3600, 1800, 0, 3600];
  assert.deepEqual(await today(), expected, "an hour of work, and half an hour down after it was ended");
  await loop.ok("PATCH /maintenance-windows/work", loop.root, {
    starts: "2026-11-24T12:00",
    services: ["shop"],
  });
  assert.deepEqual(await today(), expected);
  assert.equal((await loop.call("DELETE /maintenance-windows/work", loop.root)).status, 204);
  assert.deepEqual(await today(), expected);
  const figures = await readFigures(db, [id], clock.now());
  assert.equal(figures.get(id)?.uptime.day, 13.5 / 14);
});

test("a window that is not to be left out of uptime isn't", async () => {
  await using loop = await startLoop();
  const { db, clock } = loop.t.platform;
  await loop.service("shop", null);
  const { id } = await monitor(loop);
  await loop.ok("POST /maintenance-windows", loop.root, {
    ...{ name: "Work", services: ["shop"], exclude_from_uptime: false },
    ...{ starts: "2026-11-23T09:00", ends: "2026-11-23T10:00" },
  });
  await loop.pass("2h");
  const [day] = await readDays(db, id, { now: clock.now(), count: 1, zone: "UTC" });
  assert.deepEqual([day?.unknown, day?.maintenance], [11 * 3600, undefined]);
});
