import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { checkSchedule } from "../../../oncall/schedule/check.ts";
import { document } from "../../document.ts";
import { compareShifts } from "../compare.ts";
import { importOpsgenie } from "./import.ts";
import { opsgenieExport } from "./shape.ts";

const USERS = ["ada", "bo", "cy"].map((name) => ({
  id: `u-${name}`,
  username: `${name}@Example.com`,
  fullName: name,
  timeZone: "Europe/Paris",
  contacts: [
    { contactMethod: "email", to: `${name}@example.com` },
    { contactMethod: "sms", to: "33-600000001" },
  ],
}));
const ada = { type: "user", id: "u-ada", username: "ada@example.com" };
const bo = { type: "user", id: "u-bo" };
const web = { type: "team", id: "t-web", name: "Web" };
const turns = { startDate: "2026-03-02T08:00:00Z", type: "weekly", length: 1 };
const night = { startHour: 22, startMin: 30, endHour: 6, endMin: 0 };
const week = { startDay: "friday", startHour: 18, startMin: 0, endDay: "monday", endHour: 8, endMin: 0 };

const SOURCE = {
  users: USERS,
  teams: [
    {
      id: "t-web",
      name: "Web",
      members: [
        { user: { id: "u-ada" }, role: "admin" },
        { user: { id: "u-bo" }, role: "user" },
      ],
      routingRules: [{ name: "Default", isDefault: true, notify: { type: "escalation", id: "e-1" } }],
    },
  ],
  schedules: [
    {
      id: "s-1",
      name: "Plattform Süd (24/7)",
      timezone: "Europe/Paris",
      ownerTeam: { id: "t-web" },
      rotations: [
        { ...turns, id: "r-1", name: "Tag", participants: [ada, { type: "none" }, bo, web] },
        {
          ...turns,
          id: "r-2",
          name: "Nacht",
          participants: [bo, { type: "escalation", name: "E" }],
          timeRestriction: { type: "time-of-day", restriction: night },
        },
        {
          ...turns,
          id: "r-3",
          name: "?",
          participants: [bo],
          timeRestriction: { type: "weekday-and-time-of-day", restrictions: [week] },
        },
      ],
      overrides: [
        {
          alias: "o",
          user: ada,
          startDate: "2026-03-20T10:00:00Z",
          endDate: "2026-03-21T10:00:00Z",
          rotations: [{ id: "r-2" }],
        },
      ],
    },
  ],
  escalations: [
    {
      id: "e-1",
      name: "Web",
      rules: [
        { delay: { timeAmount: 0 }, recipient: { type: "schedule", id: "s-1" } },
        { delay: { timeAmount: 10 }, recipient: web, notifyType: "admins" },
      ],
      repeat: { waitInterval: 15, count: 2 },
    },
  ],
  services: [{ id: "x-1", name: "Shop", teamId: "t-web" }],
};

const span = (from: string, days: number) => ({
  from: Temporal.Instant.from(from),
  to: Temporal.Instant.from(from).add({ hours: 24 * days }),
});

test("rotations that are on call at once become schedules that the policy pages together", () => {
  const { document: written } = importOpsgenie(opsgenieExport.parse(SOURCE));
  const parsed = document.parse(written);
  const slugs = ["plattform-sud-24-7-tag", "plattform-sud-24-7-nacht", "plattform-sud-24-7"];
  assert.deepEqual(
    parsed.schedules.map(({ slug }) => slug),
    slugs,
  );
  assert.deepEqual(parsed.schedules.flatMap(checkSchedule), []);
  assert.deepEqual(parsed.schedules[0]?.layers[0]?.users, [
    "ada@example.com",
    null,
    "bo@example.com",
    ["ada@example.com", "bo@example.com"],
  ]);
  const [policy] = parsed.escalation_policies;
  assert.deepEqual(policy?.levels, [
    { targets: slugs.map((schedule) => ({ schedule })), wait: "10m" },
    { targets: [{ lead: "web" }], wait: "15m" },
  ]);
  assert.equal(policy?.repeat, 2);
  assert.equal(parsed.services[0]?.escalation_policy, "web");
  assert.deepEqual(parsed.teams[0]?.leads, ["ada@example.com"]);
});

test("what has no place is listed with where it stands, telephone numbers too", () => {
  const { notMapped } = importOpsgenie(opsgenieExport.parse(SOURCE));
  const paths = notMapped.map(({ path }) => path);
  assert.ok(paths.includes("/users/0/contacts/1"));
  assert.ok(paths.includes("/schedules/0/rotations/1/participants/1"));
});

test("vacant turns, nights, week ends and overrides are on call as in Opsgenie through a change of the clocks", () => {
  const rows = compareShifts(importOpsgenie(opsgenieExport.parse(SOURCE)), span("2026-03-05T00:00:00Z", 60));
  assert.ok(rows.length > 60);
  assert.deepEqual(
    rows.filter(({ same }) => !same),
    [],
  );
  const nobody = rows.filter(({ schedule, source }) => schedule.endsWith("-tag") && source.length === 0);
  assert.equal(nobody[0]?.from, "2026-03-09T08:00:00Z");
});

test("random rotations have the shifts that Opsgenie's rules give for 90 days", () => {
  const hour = fc.integer({ min: 0, max: 23 });
  const minute = fc.constantFrom(0, 30);
  const hours = { startHour: hour, startMin: minute, endHour: hour, endMin: minute };
  const day = fc.constantFrom("monday", "wednesday", "saturday", "sunday");
  const rotation = fc.record({
    startDate: fc
      .integer({ min: 0, max: 1100 })
      .map((n) => span("2026-01-01T00:30:00Z", n / 24).to.toString()),
    type: fc.constantFrom("hourly", "daily", "weekly"),
    length: fc.integer({ min: 1, max: 9 }),
    participants: fc.array(fc.constantFrom(ada, bo, web, { type: "none" }), { minLength: 1, maxLength: 4 }),
    timeRestriction: fc.oneof(
      fc.constant(null),
      fc.record({ type: fc.constant("time-of-day"), restriction: fc.record(hours) }),
      fc.record({
        type: fc.constant("weekday-and-time-of-day"),
        restrictions: fc.array(fc.record({ ...hours, startDay: day, endDay: day }), {
          minLength: 1,
          maxLength: 2,
        }),
      }),
    ),
  });
  const zone = fc.constantFrom("Europe/Paris", "America/New_York", "Asia/Kolkata", "Australia/Lord_Howe");
  fc.assert(
    fc.property(rotation, zone, (one, timezone) => {
      const schedules = [{ id: "s", name: "S", timezone, rotations: [one] }];
      const imported = importOpsgenie(opsgenieExport.parse({ ...SOURCE, schedules, escalations: [] }));
      const rows = compareShifts(imported, span("2026-02-20T00:00:00Z", 90));
      assert.deepEqual(
        rows.filter(({ same }) => !same),
        [],
      );
    }),
    { seed: 7, numRuns: 12 },
  );
});
