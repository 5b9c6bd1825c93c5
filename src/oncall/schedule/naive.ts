/**
 * Who is on call, worked out the slow and obvious way, for tests to compare with: turns are tried one by one with
 * Temporal, hours are looked up for one instant, and nothing is joined, cached or computed ahead.
 */
import { parseDuration } from "../../platform/duration.ts";
import { type LayerDefinition, type Restriction, type Schedule, type UserId, WEEKDAYS } from "./types.ts";

type Instant = Temporal.Instant;

export function naiveOnCall({ versions, overrides }: Schedule, at: Instant): UserId[] {
  const { definition } = versions.findLast((version, i) => i === 0 || notAfter(version.from!, at))!;
  const starts = definition.layers.map((layer) =>
    layer.starts === undefined ? null : local(layer.starts, layer.time_zone ?? definition.time_zone),
  );
  const first = starts.filter((each) => each !== null).sort(Temporal.Instant.compare)[0];
  let users: UserId[] = [];
  for (const [i, layer] of definition.layers.entries()) {
    const start = starts[i] ?? null;
    const begun = start === null || start.equals(first!) || notAfter(start, at);
    const here = begun ? naiveLayer(layer, layer.time_zone ?? definition.time_zone, at) : [];
    if (here.length > 0) users = here;
  }
  for (const override of overrides) {
    if (!notAfter(override.from, at) || notAfter(override.to, at)) continue;
    if (override.kind === "replace-all") users = [override.user];
    if (override.kind === "add") users = [...users, override.user];
    if (override.kind === "remove") users = users.filter((user) => user !== override.removes);
    if (override.kind === "replace")
      users = users.map((user) => (user === override.replaces ? override.user : user));
  }
  return [...new Set(users)].sort((a, b) => (a < b ? -1 : 1));
}

function naiveLayer(layer: LayerDefinition, zone: string, at: Instant): UserId[] {
  if (layer.ends && notAfter(local(layer.ends, zone), at)) return [];
  if (layer.only && !layer.only.some((restriction) => naiveAllows(restriction, zone, at))) return [];
  if (layer.shifts) {
    const moment = (text: string) =>
      /(Z|[+-]\d\d:\d\d)$/.test(text) ? Temporal.Instant.from(text) : local(text, zone);
    const running = layer.shifts.filter(
      ({ from, to }) => notAfter(moment(from), at) && !notAfter(moment(to), at),
    );
    return [...new Set(running.flatMap(({ user, users = [] }) => user ?? users))];
  }
  const begins = Temporal.PlainDateTime.from(layer.starts!);
  const wallAt = (turn: number) => begins.add(layer.days ? { days: turn } : stepOf(layer, turn));
  const hasCome = (turn: number) => notAfter(local(wallAt(turn), zone), at);
  // Far enough on that no turn beyond it can have come, then back to the last that has.
  const beyond = at.add({ hours: 72 }).toZonedDateTimeISO(zone).toPlainDateTime();
  let turn = 0;
  while (Temporal.PlainDateTime.compare(wallAt(turn), beyond) <= 0) turn++;
  while (!hasCome(turn)) turn--;
  const place = layer.days ? naivePlace(layer, begins, turn) : turn;
  if (place === null) return [];
  const ring = layer.users!;
  const length = ring.length;
  return [ring[((place % length) + length) % length] ?? []].flat();
}

/** Counts the eligible days between turn 0 and this one. */
function naivePlace(layer: LayerDefinition, begins: Temporal.PlainDateTime, turn: number): number | null {
  const isEligible = (day: number) =>
    layer.days!.includes(WEEKDAYS[begins.add({ days: day }).dayOfWeek - 1]!);
  if (!isEligible(turn)) return null;
  let count = 0;
  for (let day = 0; day < turn; day++) if (isEligible(day)) count++;
  for (let day = turn; day < 0; day++) if (isEligible(day)) count--;
  return Math.floor(count / (layer.every ? parseDuration(layer.every)! / 86_400_000 : 1));
}

function naiveAllows(
  { days = WEEKDAYS, from = "00:00", to = from }: Restriction,
  zone: string,
  at: Instant,
): boolean {
  const today = at.toZonedDateTimeISO(zone).toPlainDate();
  return [-2, -1, 0, 1].some((offset) => {
    const day = today.add({ days: offset });
    if (!days.includes(WEEKDAYS[day.dayOfWeek - 1]!)) return false;
    const begins = local(day.toPlainDateTime(from), zone);
    const ends = local((from < to ? day : day.add({ days: 1 })).toPlainDateTime(to), zone);
    return notAfter(begins, at) && !notAfter(ends, at);
  });
}

function stepOf({ rotation, every }: LayerDefinition, turn: number): Temporal.DurationLike {
  if (every) return { milliseconds: turn * parseDuration(every)! };
  const units = { hourly: "hours", daily: "days", weekly: "weeks", monthly: "months" } as const;
  return { [units[rotation!]]: turn };
}

const local = (text: string | Temporal.PlainDateTime, zone: string): Instant =>
  Temporal.PlainDateTime.from(text).toZonedDateTime(zone).toInstant();

const notAfter = (a: Instant, b: Instant): boolean => Temporal.Instant.compare(a, b) <= 0;
