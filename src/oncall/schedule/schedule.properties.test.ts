import { deepEqual, equal, ok } from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { changedShifts } from "./changes.ts";
import { checkSchedule } from "./check.ts";
import { naiveOnCall } from "./naive.ts";
import { onCallAt, usersOnCall } from "./on-call.ts";
import { type Shifts, shifts } from "./shifts.ts";
import type {
  LayerDefinition,
  ListedShift,
  Override,
  OverrideEffect,
  Schedule,
  ScheduleDefinition,
  Shift,
} from "./types.ts";
import { WEEKDAYS } from "./types.ts";
import { versionCutover, withVersion } from "./versions.ts";
import { WallClock, wallMs } from "./wall-clock.ts";

/** A slice of the world's zones, the odd ones; KEEPWATCH_SWEEP=all takes every zone there is, one after the other. */
const SWEEP_ALL = process.env.KEEPWATCH_SWEEP === "all";
const ODD_ZONES = [
  "UTC",
  "Africa/Casablanca",
  "America/Chicago",
  "America/Sao_Paulo",
  "America/St_Johns",
  "Antarctica/Troll",
  "Asia/Beirut",
  "Asia/Kathmandu",
  "Australia/Lord_Howe",
  "Europe/Dublin",
  "Europe/Paris",
  "Pacific/Apia",
  "Pacific/Kwajalein",
];
const seed = 20_261_123;

const HOUR_MS = 3_600_000;
const people = fc.constantFrom("ada", "bo", "cy", "dee");
const days = fc.subarray([...WEEKDAYS], { minLength: 1 });
const timeOfDay = fc
  .tuple(fc.integer({ min: 0, max: 23 }), fc.constantFrom("00", "15", "30", "45"))
  .map(([hour, minute]) => `${String(hour).padStart(2, "0")}:${minute}`);

/** A change of the zone's clocks, if it has any, within these sixty years. */
const changeOf = (zone: string) =>
  fc.integer({ min: 0, max: 60 * 365 }).map((day) => {
    const somewhen = Temporal.Instant.fromEpochMilliseconds(day * 24 * HOUR_MS);
    return somewhen.toZonedDateTimeISO(zone).getTimeZoneTransition("next")?.toInstant() ?? somewhen;
  });

const TURNS: Partial<LayerDefinition>[] = [
  { rotation: "hourly" },
  { rotation: "daily" },
  { rotation: "weekly" },
  { rotation: "monthly" },
  { every: "30m" },
  { every: "25m" },
  { every: "7h" },
  { every: "3d" },
  { rotation: "daily", days: ["mon", "wed", "fri"] },
  { every: "2d", days: ["mon", "tue", "wed", "thu", "fri"] },
];

const layerNear = (zone: string, at: Temporal.Instant): fc.Arbitrary<LayerDefinition> =>
  fc
    .record({
      turn: fc.constantFrom<Partial<LayerDefinition>>(...TURNS),
      startsBefore: fc.integer({ min: -100, max: 200 }),
      minute: fc.constantFrom(0, 15, 30),
      lasts: fc.option(fc.integer({ min: 1, max: 60 * 24 })),
      users: fc.array(
        fc.oneof(people, fc.uniqueArray(people, { minLength: 2, maxLength: 3 }), fc.constant(null)),
        {
          minLength: 1,
          maxLength: 5,
        },
      ),
      only: fc.option(
        fc.array(fc.record({ days, from: timeOfDay, to: timeOfDay }), { minLength: 1, maxLength: 2 }),
      ),
    })
    .map(({ turn, startsBefore, minute, lasts, users, only }) => {
      // Short turns start near, so that the naive count stays quick.
      const unit = turn.rotation === "monthly" || turn.rotation === "weekly" ? 24 : 1;
      const starts = at
        .subtract({ hours: startsBefore * unit })
        .toZonedDateTimeISO(zone)
        .toPlainDateTime();
      return {
        ...turn,
        starts: written(starts.with({ minute })),
        ...(lasts === null ? {} : { ends: written(starts.with({ minute }).add({ hours: lasts })) }),
        users,
        ...(only ? { only } : {}),
      };
    });

/** Shifts one by one, local or as instants, overlapping as they come. */
const listNear = (zone: string, at: Temporal.Instant): fc.Arbitrary<LayerDefinition> =>
  fc
    .array(
      fc.record({
        users: fc.uniqueArray(people, { minLength: 1, maxLength: 2 }),
        after: fc.integer({ min: -72, max: 72 }),
        hours: fc.integer({ min: 25, max: 60 }),
        isLocal: fc.boolean(),
      }),
      { maxLength: 5 },
    )
    .map((listed) => ({
      shifts: listed.map(({ users, after, hours, isLocal }): ListedShift => {
        const [from, to] = [at.add({ hours: after }), at.add({ hours: after + hours })];
        const text = (moment: Temporal.Instant) =>
          isLocal ? written(moment.toZonedDateTimeISO(zone).toPlainDateTime()) : moment.toString();
        const who = users.length === 1 ? { user: users[0] } : { users };
        return { ...who, from: text(from), to: text(to) };
      }),
    }));

const written = (local: Temporal.PlainDateTime) => local.toString({ smallestUnit: "minute" });

const overrideNear = (at: Temporal.Instant): fc.Arbitrary<Override> =>
  fc
    .record({
      effect: fc.oneof(
        fc.record({ kind: fc.constant("replace-all" as const), user: people }),
        fc.record({ kind: fc.constant("add" as const), user: people }),
        fc.record({ kind: fc.constant("remove" as const), removes: people }),
        fc.record({ kind: fc.constant("replace" as const), user: people, replaces: people }),
      ) as fc.Arbitrary<OverrideEffect>,
      after: fc.integer({ min: -48, max: 48 }),
      hours: fc.integer({ min: 1, max: 40 }),
    })
    .map(({ effect, after, hours }) => ({
      ...effect,
      from: at.add({ hours: after }),
      to: at.add({ hours: after + hours }),
    }));

interface Case {
  /** When the zone's clocks change. */
  change: Temporal.Instant;
  /** The middle of what is looked at, not far from it. */
  at: Temporal.Instant;
  schedule: Schedule;
  edit: ScheduleDefinition;
}

const definitionNear = (zone: string, at: Temporal.Instant): fc.Arbitrary<ScheduleDefinition> =>
  fc
    .array(fc.oneof({ weight: 3, arbitrary: layerNear(zone, at) }, listNear(zone, at)), {
      minLength: 1,
      maxLength: 3,
    })
    .map((layers) => ({ time_zone: zone, layers }));

const caseIn = (zone: string, change: Temporal.Instant, at: Temporal.Instant): fc.Arbitrary<Case> =>
  fc.record({
    change: fc.constant(change),
    at: fc.constant(at),
    edit: definitionNear(zone, at),
    schedule: fc.record({
      versions: fc
        .array(definitionNear(zone, at), { minLength: 1, maxLength: 2 })
        .map((definitions) =>
          definitions.map((definition, i) => ({ from: i === 0 ? null : at, definition })),
        ),
      overrides: fc.array(overrideNear(at), { maxLength: 3 }),
    }),
  });

const casesIn = (zones: readonly string[]) =>
  fc
    .tuple(fc.constantFrom(...zones), fc.integer({ min: -72, max: 72 }))
    .chain(([zone, hours]) => changeOf(zone).chain((change) => caseIn(zone, change, change.add({ hours }))));

const holds = (claim: string, check: (each: Case) => void) =>
  test(claim, () => {
    if (!SWEEP_ALL) return fc.assert(fc.property(casesIn(ODD_ZONES), check), { seed, numRuns: 80 });
    for (const zone of Intl.supportedValuesOf("timeZone"))
      fc.assert(fc.property(casesIn([zone]), check), { seed, numRuns: 5 });
  });

const DAYS_ROUND = 4;
const rangeOf = (at: Temporal.Instant) => ({
  from: at.subtract({ hours: 24 * DAYS_ROUND }),
  to: at.add({ hours: 24 * DAYS_ROUND }),
});

holds("what is made up here is sound", ({ schedule }) => {
  for (const { definition } of schedule.versions) deepEqual(checkSchedule(definition), []);
});

holds("shifts and gaps together tile the range, and no one's shifts overlap", ({ schedule, at }) => {
  const { from, to } = rangeOf(at);
  const { items, gaps } = shifts(schedule, from, to);
  const edges = new Map<number, number>();
  const count = (edge: Temporal.Instant, by: number) =>
    edges.set(edge.epochMilliseconds, (edges.get(edge.epochMilliseconds) ?? 0) + by);
  for (const [i, gap] of gaps.entries()) {
    ok(items.every((item) => !overlap(item, gap)));
    ok(i === 0 || Temporal.Instant.compare(gaps[i - 1]!.to, gap.from) < 0, "gaps are joined");
  }
  for (const each of [...items, ...gaps]) {
    ok(Temporal.Instant.compare(each.from, each.to) < 0);
    count(each.from, 1);
    count(each.to, -1);
  }
  let open = 0;
  const sorted = [...edges].sort(([a], [b]) => a - b);
  for (const [i, [, by]] of sorted.entries()) {
    open += by;
    equal(open > 0, i < sorted.length - 1, "somebody or a gap at every instant but the end");
  }
  equal(sorted[0]?.[0], from.epochMilliseconds);
  equal(sorted.at(-1)?.[0], to.epochMilliseconds);
  for (const [i, a] of items.entries())
    for (const b of items.slice(i + 1)) ok(a.user !== b.user || !overlap(a, b));
});

holds("shifts of two adjoining ranges are the shifts of both together", ({ schedule, at }) => {
  const { from, to } = rangeOf(at);
  const whole = shifts(schedule, from, to);
  deepEqual(asText(rejoined(shifts(schedule, from, at), shifts(schedule, at, to))), asText(whole));
});

holds("whoever is on call at an instant has the shift there, as counted out one turn at a time", (each) => {
  const { schedule, change, at } = each;
  const { from, to } = rangeOf(at);
  const { items, gaps } = shifts(schedule, from, to);
  const nearChange = [-75, -30, 0, 10, 40, 75, 100].map(
    (minutes) => change.add({ minutes }).epochMilliseconds,
  );
  const edges = [...items, ...gaps].map((span) => span.from.epochMilliseconds);
  const sample = edges.filter((_, i) => i % Math.ceil(edges.length / 10) === 0);
  for (const ms of [...nearChange, ...sample].flatMap((edge) => [edge - 1, edge, edge + 1])) {
    const moment = Temporal.Instant.fromEpochMilliseconds(ms);
    const here = { from: moment, to: moment.add({ milliseconds: 1 }) };
    const expected = naiveOnCall(schedule, moment);
    deepEqual(usersOnCall(schedule, moment), expected, `at ${moment}`);
    if (ms < from.epochMilliseconds) continue;
    deepEqual(
      [...new Set(items.filter((item) => overlap(item, here)).map((item) => item.user))].sort(byName),
      expected,
    );
    equal(
      gaps.some((gap) => overlap(gap, here)),
      expected.length === 0,
    );
  }
});

holds("until is when the people on call change, and next is who they are then", ({ schedule, at }) => {
  const { users, until, next } = onCallAt(schedule, at);
  deepEqual(users, usersOnCall(schedule, at));
  const { items } = shifts(schedule, at, until ?? at.add({ hours: 24 * DAYS_ROUND }));
  for (const { from } of items) deepEqual(usersOnCall(schedule, from), users, "no change in between");
  if (until === null) return;
  ok(Temporal.Instant.compare(until, at) > 0);
  deepEqual(next, usersOnCall(schedule, until));
  ok(next.join() !== users.join());
  deepEqual(usersOnCall(schedule, until.subtract({ milliseconds: 1 })), users);
});

holds("an edit changes nothing before its cutover, and everything after is the new definition's", (each) => {
  const { schedule, at, edit } = each;
  const cutover = versionCutover(schedule, at);
  const after = withVersion(schedule, edit, at);
  const { from, to } = rangeOf(at);
  ok(Temporal.Instant.compare(cutover, at) >= 0);
  if (Temporal.Instant.compare(cutover, to) < 0)
    deepEqual(changedShifts(schedule, after, { from, to: cutover }), []);
  const fresh = { ...schedule, versions: [{ from: null, definition: edit }] };
  deepEqual(
    asText(shifts(after, cutover, cutover.add({ hours: 50 }))),
    asText(shifts(fresh, cutover, cutover.add({ hours: 50 }))),
  );
});

holds("the wall clock is Temporal's, whatever the zone", ({ schedule, at }) => {
  const zone = schedule.versions[0]!.definition.time_zone;
  const clock = new WallClock(zone);
  for (let minutes = -3_000; minutes <= 3_000; minutes += 97) {
    const moment = at.add({ minutes });
    const wall = moment.toZonedDateTimeISO(zone).toPlainDateTime();
    equal(clock.toWall(moment.epochMilliseconds), wallMs(wall));
    // The same minutes on the wall, where some don't exist.
    const there = at.toZonedDateTimeISO(zone).toPlainDateTime().add({ minutes });
    equal(clock.toEpoch(wallMs(there)), there.toZonedDateTime(zone).epochMilliseconds, `${there} ${zone}`);
    ok(clock.latestWallBy(moment.epochMilliseconds) >= wallMs(wall));
  }
});

const byName = (a: string, b: string) => (a < b ? -1 : 1);

const overlap = (a: { from: Temporal.Instant; to: Temporal.Instant }, b: typeof a) =>
  Temporal.Instant.compare(a.from, b.to) < 0 && Temporal.Instant.compare(b.from, a.to) < 0;

function rejoined(a: Shifts, b: Shifts): Shifts {
  const seam = (first: Shift, second: Shift) =>
    first.to.equals(second.from) &&
    first.user === second.user &&
    first.source === second.source &&
    first.layer === second.layer;
  const items = a.items.map((item) => ({
    ...item,
    to: b.items.find((next) => seam(item, next))?.to ?? item.to,
  }));
  const rest = b.items.filter((item) => !a.items.some((before) => seam(before, item)));
  const gaps = a.gaps.map((gap) => ({
    ...gap,
    to: b.gaps.find((next) => next.from.equals(gap.to))?.to ?? gap.to,
  }));
  const restGaps = b.gaps.filter((gap) => !a.gaps.some((before) => before.to.equals(gap.from)));
  return { items: [...items, ...rest], gaps: [...gaps, ...restGaps] };
}

const asText = ({ items, gaps }: Shifts): string[] => [
  ...items
    .map(({ user, source, layer, from, to }) => `${from} ${to} ${user} ${source} ${layer}`)
    .sort(byName),
  ...gaps.map(({ from, to }) => `${from} ${to} -`),
];
