import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";
import { updateService } from "../catalog/services.ts";
import { judgeHolds } from "./holds.ts";

const OFFICE = {
  time_zone: "Europe/Paris",
  hours: [{ days: ["mon", "tue", "wed", "thu", "fri"] as const, from: "09:00", to: "18:00" }],
};

/** Ada on call for the wiki, which has support on working days. It is Friday, 20:00 in Paris. */
async function wiki() {
  const loop = await startLoop({ at: "2026-11-20T19:00:00Z" });
  await loop.person("ada");
  await loop.policy("web", [["ada", "5m"]]);
  const hours = { ...OFFICE, hours: OFFICE.hours.map((each) => ({ ...each, days: [...each.days] })) };
  const service = await loop.service("wiki", "web", { support_hours: hours });
  return Object.assign(loop, { wiki: service });
}

const heldOf = async (loop: Awaited<ReturnType<typeof wiki>>) =>
  (await loop.ok("GET /alerts")).items.map((alert: { held: unknown }) => alert.held);

test("low urgency outside of support hours is held until they begin, and pages then if it still fails", async () => {
  await using loop = await wiki();
  await loop.trigger("disk", { serviceId: loop.wiki.id, urgency: "low" });
  await loop.settle();
  assert.deepEqual(await heldOf(loop), [
    { by: "support_hours", until: "2026-11-23T08:00:00Z", name: "wiki", ref: "wiki" },
  ]);
  await loop.pass("60h");
  assert.deepEqual([(await loop.ok("GET /incidents")).items, loop.hooks.paged()], [[], []]);
  await loop.pass("1h");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.match((await loop.timeline(1))[0] ?? "", /Still failing when the support hours of wiki/);
});

test("what recovers before support hours begin pages nobody", async () => {
  await using loop = await wiki();
  await loop.trigger("disk", { serviceId: loop.wiki.id, urgency: "low" });
  await loop.settle();
  await loop.pass("8h");
  await loop.resolve("disk");
  await loop.settle();
  await loop.pass("60h");
  assert.deepEqual([(await loop.ok("GET /incidents")).items, loop.hooks.paged()], [[], []]);
});

test("high urgency pages at any hour, also what was held until it became urgent", async () => {
  await using loop = await wiki();
  await loop.trigger("disk", { serviceId: loop.wiki.id, urgency: "low" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.trigger("disk", { serviceId: loop.wiki.id, urgency: "high" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.deepEqual(await heldOf(loop), [null]);
});

test("an incident under way is not put off when the support hours end", async () => {
  await using loop = await wiki();
  await loop.trigger("site", { serviceId: loop.wiki.id, urgency: "high" });
  await loop.settle();
  await loop.trigger("site", { serviceId: loop.wiki.id, urgency: "low" });
  await loop.settle();
  assert.deepEqual(await heldOf(loop), [null]);
});

test("a change of the hours judges what fires again", async () => {
  await using loop = await wiki();
  await loop.trigger("disk", { serviceId: loop.wiki.id, urgency: "low" });
  await loop.settle();
  const set = (support_hours: object | null) =>
    loop.verb(async (tx, by) => {
      await updateService(tx, by, { slug: "wiki", support_hours } as never);
      await judgeHolds(tx, by);
    });
  await set({ time_zone: "Europe/Paris", hours: [{ from: "21:30", to: "22:00" }] });
  assert.deepEqual(
    (await heldOf(loop)).map((held: { until: string }) => held.until),
    ["2026-11-20T20:30:00Z"],
  );
  assert.deepEqual(loop.hooks.paged(), []);
  await set(null);
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
});

test("hours in no time zone, or half a stretch of hours, are refused with the place", async () => {
  await using loop = await wiki();
  const set = (support_hours: object) =>
    loop.verb((tx, by) => updateService(tx, by, { slug: "wiki", support_hours } as never));
  await assert.rejects(set({ time_zone: "Mars/Base", hours: [{}] }), /not a time zone/);
  await assert.rejects(set({ time_zone: "UTC", hours: [{ from: "09:00" }] }), /go together/);
});
