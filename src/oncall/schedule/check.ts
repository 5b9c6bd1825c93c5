import { formatDuration, parseDuration } from "../../platform/duration.ts";
import type { Problem } from "../../platform/refusal.ts";
import { MOST_SHIFTS } from "./list.ts";
import { parseMoment } from "./overrides.ts";
import { parseTimeOfDay } from "./restrictions.ts";
import {
  type LayerDefinition,
  type ListedShift,
  type OverrideDefinition,
  type Restriction,
  ROTATIONS,
  type ScheduleDefinition,
  type Seat,
  WEEKDAYS,
} from "./types.ts";
import { parseLocal } from "./wall-clock.ts";

const DAY_MS = 86_400_000;
const SHORTEST_TURN_MS = 1_000;

/** A schedule as it stands in a configuration file, before its overrides are resolved. */
export interface ScheduleInput extends ScheduleDefinition {
  overrides?: readonly OverrideDefinition[];
}

/**
 * Everything wrong with a schedule, in words that say the mend; empty if it is sound. Every definition without a
 * problem can be computed. Whether its users exist is not asked.
 */
export function checkSchedule({ time_zone, layers, overrides = [] }: ScheduleInput): Problem[] {
  const zone = isTimeZone(time_zone);
  return [
    ...(zone ? [] : [unknownZone("/time_zone", time_zone)]),
    ...layers.flatMap((layer, i) => checkLayer(layer, `/layers/${i}`, zone ? time_zone : "UTC")),
    ...overrides.flatMap((override, i) =>
      checkOverride(override, `/overrides/${i}`, zone ? time_zone : "UTC"),
    ),
  ];
}

function checkLayer(layer: LayerDefinition, at: string, timeZone: string): Problem[] {
  const { time_zone, only } = layer;
  const zone = time_zone === undefined || isTimeZone(time_zone);
  const problems = layer.shifts
    ? checkList(layer, at, zone ? (time_zone ?? timeZone) : "UTC")
    : checkRing(layer, at);
  if (!zone) problems.push(unknownZone(`${at}/time_zone`, time_zone));
  if (only?.length === 0)
    problems.push(problem(`${at}/only`, "only is empty; list the hours, or leave it out to cover all hours"));
  return [...problems, ...(only ?? []).flatMap((hours, i) => checkRestriction(hours, `${at}/only/${i}`))];
}

function checkRing(layer: LayerDefinition, at: string): Problem[] {
  const { starts, ends, users } = layer;
  const problems = [
    ...checkTurns(layer, at),
    ...checkDays(layer, at),
    ...checkUsers(users ?? [], `${at}/users`),
  ];
  if (starts === undefined)
    problems.push(
      problem(
        `${at}/starts`,
        "a layer of turns has starts, when the first one begins; write it like 2026-11-23T09:00",
      ),
    );
  for (const [field, text] of Object.entries({ starts, ends }))
    if (text !== undefined && parseLocal(text) === undefined) problems.push(notLocal(`${at}/${field}`, text));
  if (problems.length === 0 && ends !== undefined && parseLocal(ends)! <= parseLocal(starts!)!)
    problems.push(
      problem(`${at}/ends`, `ends ${ends} is not after starts ${starts}; write a later time or leave it out`),
    );
  return problems;
}

/** A layer of listed shifts has nothing that makes turns. They may overlap: all of them are on call. */
function checkList(layer: LayerDefinition, at: string, timeZone: string): Problem[] {
  const shifts = layer.shifts ?? [];
  const problems = (["rotation", "every", "starts", "ends", "users", "days"] as const).flatMap((field) =>
    layer[field] === undefined
      ? []
      : [
          problem(
            `${at}/${field}`,
            `${field} is of layers that take turns; with shifts, leave it out, or put the turns into a layer of their own`,
          ),
        ],
  );
  if (shifts.length > MOST_SHIFTS)
    problems.push(
      problem(
        `${at}/shifts`,
        `${shifts.length} shifts are more than the ${MOST_SHIFTS} a layer can list; spread them over layers`,
      ),
    );
  return [...problems, ...shifts.flatMap((shift, i) => checkListed(shift, `${at}/shifts/${i}`, timeZone))];
}

function checkListed({ user, users, from, to }: ListedShift, at: string, timeZone: string): Problem[] {
  const problems = checkRange({ from, to }, at, timeZone);
  if ((user === undefined) === (users === undefined))
    return [...problems, problem(at, "a listed shift has either user or users; write one of them")];
  if (!users) return problems;
  return [...problems, ...checkShared(users, `${at}/users`, "users is empty; name at least one person")];
}

function checkTurns({ rotation, every }: LayerDefinition, at: string): Problem[] {
  if ((rotation === undefined) === (every === undefined))
    return [
      problem(
        at,
        `a layer has either rotation (${ROTATIONS.join(", ")}) or every (such as "3d"); write one of them`,
      ),
    ];
  if (rotation !== undefined && !ROTATIONS.includes(rotation))
    return [
      problem(
        `${at}/rotation`,
        `"${rotation}" is not a rotation; use ${ROTATIONS.join(", ")}, or every: "3d"`,
      ),
    ];
  const everyMs = parseDuration(every ?? "1d");
  if (everyMs === undefined)
    return [problem(`${at}/every`, `"${every}" is not a duration; write one such as "12h", "3d" or "2w"`)];
  if (everyMs < SHORTEST_TURN_MS)
    return [
      problem(
        `${at}/every`,
        `a turn of ${every} is too short; write ${formatDuration(SHORTEST_TURN_MS)} or more`,
      ),
    ];
  return [];
}

function checkDays({ rotation, every, days }: LayerDefinition, at: string): Problem[] {
  if (days === undefined) return [];
  const problems = checkWeekdays(days, `${at}/days`);
  const everyMs = rotation === "daily" ? DAY_MS : parseDuration(every ?? "");
  const isOfDays = everyMs !== undefined && everyMs % DAY_MS === 0 && everyMs < 7 * DAY_MS;
  if (!isOfDays)
    problems.push(
      problem(
        `${at}/days`,
        "days makes each of those days a turn, so it goes with rotation: daily or every: 1d to 6d; to limit the hours of other turns use only: [{ days: […] }]",
      ),
    );
  if (days.length === 0)
    problems.push(problem(`${at}/days`, "days is empty, so nobody would have a turn; name a day"));
  return problems;
}

function checkWeekdays(days: readonly string[], at: string): Problem[] {
  const known: readonly string[] = WEEKDAYS;
  return days.flatMap((day, i) => {
    if (!known.includes(day))
      return [problem(`${at}/${i}`, `"${day}" is not a day; use ${WEEKDAYS.join(", ")}`)];
    return days.indexOf(day) < i ? [problem(`${at}/${i}`, `${day} is there twice; take one out`)] : [];
  });
}

function checkUsers(users: readonly Seat[], at: string): Problem[] {
  if (users.length === 0)
    return [problem(at, "users is empty; name at least one person, or null for a vacant seat")];
  return users.flatMap((seat, i) =>
    seat === null || typeof seat === "string"
      ? []
      : checkShared(seat, `${at}/${i}`, "an empty list is nobody; write null for a vacant seat"),
  );
}

function checkShared(users: readonly string[], at: string, whenEmpty: string): Problem[] {
  if (users.length === 0) return [problem(at, whenEmpty)];
  const twice = users.find((user, i) => users.indexOf(user) < i);
  return twice === undefined ? [] : [problem(at, `${twice} shares a turn with themselves; take one out`)];
}

function checkRange(times: { from: string; to: string }, at: string, timeZone: string): Problem[] {
  const [from, to] = [times.from, times.to].map((text) => parseMoment(text, timeZone));
  const problems: Problem[] = [];
  if (!from) problems.push(notMoment(`${at}/from`, times.from));
  if (!to) problems.push(notMoment(`${at}/to`, times.to));
  if (from && to && Temporal.Instant.compare(from, to) >= 0)
    problems.push(problem(`${at}/to`, `to ${times.to} is not after from ${times.from}; write a later time`));
  return problems;
}

function checkRestriction({ days, from, to }: Restriction, at: string): Problem[] {
  const problems = days ? checkWeekdays(days, `${at}/days`) : [];
  if ((from === undefined) !== (to === undefined))
    problems.push(problem(at, "from and to go together; write both, or neither for whole days"));
  for (const [field, text] of Object.entries({ from, to }))
    if (text !== undefined && parseTimeOfDay(text) === undefined)
      problems.push(
        problem(
          `${at}/${field}`,
          `"${text}" is not a time of day; write "HH:MM", 00:00 to 23:59 (00:00 is also the midnight that ends a day)`,
        ),
      );
  return problems;
}

function checkOverride(override: OverrideDefinition, at: string, timeZone: string): Problem[] {
  const { user, replaces, adds, removes } = override;
  const problems = checkRange(override, at, timeZone);
  if (removes !== undefined && (user !== undefined || replaces !== undefined || adds))
    problems.push(
      problem(at, "removes stands alone; to put somebody in a person's place write user and replaces"),
    );
  else if (removes === undefined && user === undefined)
    problems.push(
      problem(at, "an override has a user who comes in, or removes, who goes; write one of them"),
    );
  if (adds && replaces !== undefined)
    problems.push(problem(at, "adds and replaces contradict each other; keep one of them"));
  if (user !== undefined && user === replaces)
    problems.push(problem(`${at}/replaces`, `${user} can't replace themselves; name somebody else`));
  return problems;
}

/** Names from the time zone database only: an offset such as +02:00 would not follow the change to winter time. */
export function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    Temporal.Instant.fromEpochMilliseconds(0).toZonedDateTimeISO(name);
    return true;
  } catch {
    return false;
  }
}

const unknownZone = (pointer: string, name: string): Problem =>
  problem(pointer, `"${name}" is not a time zone; use a name such as Europe/Paris or UTC`);

const notLocal = (pointer: string, text: string): Problem =>
  problem(pointer, `"${text}" is not a local time; write it like 2026-11-23T09:00, without a zone`);

const notMoment = (pointer: string, text: string): Problem =>
  problem(
    pointer,
    `"${text}" is not a time; write it local like 2026-12-24T18:00, or with an offset like 2026-12-24T17:00:00Z`,
  );

const problem = (pointer: string, detail: string): Problem => ({ pointer, detail });
