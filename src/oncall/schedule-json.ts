import type { z } from "zod";
import type { DbOrTx } from "../platform/database/database.ts";
import type { PersonRef } from "../platform/http/schema.ts";
import { isId } from "../platform/ids.ts";
import { invalid } from "../platform/refusal.ts";
import { writtenLayers } from "./definition.ts";
import { inOrder } from "./on-call.ts";
import { peopleById } from "./people.ts";
import { onCallAt } from "./schedule/on-call.ts";
import { parseMoment } from "./schedule/overrides.ts";
import { lanes, shifts } from "./schedule/shifts.ts";
import type { Schedule, Shift, Span } from "./schedule/types.ts";
import type { override, schedule, shift, shifts as shiftsSchema } from "./schema.ts";
import { mentions } from "./seats.ts";
import type { OverrideRow, StoredSchedule } from "./stored.ts";

export type ScheduleJson = z.output<typeof schedule>;
export type ShiftsJson = z.output<typeof shiftsSchema>;
type ShiftJson = z.output<typeof shift>;

/** Schedules as the API shows them, one query for the people of any number of them. */
export async function schedulesJson(
  db: DbOrTx,
  all: readonly StoredSchedule[],
  at: Temporal.Instant,
): Promise<ScheduleJson[]> {
  const answers = all.map((stored) => ({ stored, now: onCallAt(stored.rules, at) }));
  const people = await peopleById(
    db,
    answers.flatMap(({ stored, now }) => [
      ...mentions(stored.latest.layers).map((mention) => mention.user),
      ...stored.overrides.flatMap((row) => [row.user_id, row.replaces_id, row.removes_id, madeBy(row)]),
      ...now.users,
      ...now.next,
    ]),
  );
  return answers.map(({ stored, now }) => ({
    id: stored.id,
    slug: stored.slug,
    name: stored.name,
    time_zone: stored.timeZone,
    team: stored.team && { slug: stored.team.slug, name: stored.team.name },
    layers: writtenLayers(stored.latest.layers, people),
    layers_from: stored.pendingFrom?.toString() ?? null,
    overrides: stored.overrides
      .map((row) => overrideJson(row, people))
      .sort((a, b) => (a.from < b.from ? -1 : 1)),
    now: {
      users: inOrder(now.users, people),
      until: now.until?.toString() ?? null,
      next: inOrder(now.next, people),
    },
    managed_by: stored.managedBy,
  }));
}

const madeBy = (row: OverrideRow): string | null => (isId(row.created_by) ? row.created_by : null);

function overrideJson(row: OverrideRow, people: ReadonlyMap<string, PersonRef>): z.output<typeof override> {
  const person = (id: string | null) => (id === null ? null : (people.get(id) ?? null));
  return {
    id: row.id,
    user: person(row.user_id),
    replaces: person(row.replaces_id),
    removes: person(row.removes_id),
    adds: row.adds,
    from: row.from_at.toString(),
    to: row.to_at.toString(),
    created_by: people.get(row.created_by)?.name ?? row.created_by,
    managed_by: row.managed_by,
  };
}

/** A year and a bit: what anybody looks at, and what is computed in well under a second. */
const LONGEST_RANGE_DAYS = 400;
const DEFAULT_RANGE_DAYS = 30;
const DAY_MS = 86_400_000;

/** A range as it stands in a query: instants or local times of the zone. Refuses an empty or an endless one. */
export function readRange(
  written: { from?: string; to?: string; days?: number },
  { timeZone, now }: { timeZone: string; now: Temporal.Instant },
): Span {
  const read = (field: "from" | "to", otherwise: Temporal.Instant) =>
    written[field] === undefined ? otherwise : readMoment(written[field], { pointer: `/${field}`, timeZone });
  const from = read("from", now);
  const to = read("to", from.add({ hours: 24 * (written.days ?? DEFAULT_RANGE_DAYS) }));
  const lengthMs = to.epochMilliseconds - from.epochMilliseconds;
  if (lengthMs <= 0) throw invalid("/to", `\`to\` is not after \`from\`: ${from} to ${to} holds nothing.`);
  if (lengthMs > LONGEST_RANGE_DAYS * DAY_MS)
    throw invalid("/to", `That is more than ${LONGEST_RANGE_DAYS} days; ask for a shorter range.`);
  return { from, to };
}

/** A moment in a query. A day alone means its beginning; the `+` of an offset arrives as a blank when it wasn't escaped. */
export function readMoment(
  text: string,
  { pointer, timeZone }: { pointer: string; timeZone: string },
): Temporal.Instant {
  const zoned = readZoned(text);
  if (zoned) return zoned;
  const day = /^\d{4}-\d{2}-\d{2}$/.test(text) ? `${text}T00:00` : text;
  const found = parseMoment(day.replace(" ", "+"), timeZone);
  if (found) return found;
  const detail = `"${text}" is not a time; write an instant like 2026-12-24T17:00:00Z or a time in ${timeZone} like 2026-12-24T18:00.`;
  throw invalid(pointer, detail);
}

/** A time with its zone written behind it, as in `2026-11-28T03:00[Europe/Paris]`. */
function readZoned(text: string): Temporal.Instant | undefined {
  if (!text.endsWith("]")) return undefined;
  try {
    return Temporal.ZonedDateTime.from(text).toInstant();
  } catch {
    return undefined;
  }
}

/** Who is on call in a range, and when nobody is; with `layers` also each layer on its own. */
export async function shiftsJson(
  db: DbOrTx,
  rules: Schedule,
  { from, to, layers }: Span & { layers: boolean },
): Promise<ShiftsJson> {
  const { items, gaps } = shifts(rules, from, to);
  const alone = layers ? lanesWithin(rules, { from, to }) : [];
  const people = await peopleById(
    db,
    [items, ...alone].flat().map((each) => each.user),
  );
  return {
    items: written(items, people),
    gaps: gaps.map((gap) => ({ from: gap.from.toString(), to: gap.to.toString() })),
    ...(layers ? { layers: alone.map((lane) => written(lane, people)) } : {}),
  };
}

/** The layers of each version for as long as it is in force. */
function lanesWithin({ versions }: Schedule, { from, to }: Span): Shift[][] {
  const all: Shift[][] = [];
  for (const [i, version] of versions.entries()) {
    const since = i === 0 || !version.from ? from : later(version.from, from);
    const until = versions[i + 1]?.from;
    const end = until ? earlier(until, to) : to;
    if (Temporal.Instant.compare(since, end) >= 0) continue;
    for (const [layer, lane] of lanes(version.definition, since, end).entries())
      all[layer] = [...(all[layer] ?? []), ...lane];
  }
  return all;
}

const later = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) > 0 ? a : b);
const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (Temporal.Instant.compare(a, b) < 0 ? a : b);

/** By e-mail, in order of `from`, then of the address. */
const written = (items: readonly Shift[], people: ReadonlyMap<string, PersonRef>): ShiftJson[] =>
  items
    .flatMap(({ user, from, to, source, layer }) => {
      const email = people.get(user)?.email;
      return email === undefined ? [] : [{ user: email, from, to, source, layer }];
    })
    .sort((a, b) => Temporal.Instant.compare(a.from, b.from) || (a.user < b.user ? -1 : 1))
    .map((item) => ({ ...item, from: item.from.toString(), to: item.to.toString() }));
