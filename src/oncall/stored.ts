import { sql } from "kysely";
import type { ManagedBy } from "../org/table.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { decodeCursor, toPage } from "../platform/http/cursor.ts";
import { missing } from "../platform/refusal.ts";
import { rulesOf } from "./rules-of.ts";
import type {
  Override,
  OverrideEffect,
  Schedule,
  ScheduleDefinition,
  ScheduleVersion,
} from "./schedule/types.ts";
import { versionAt } from "./schedule/versions.ts";
import { mentions } from "./seats.ts";
import "./table.ts";

export interface OverrideRow {
  id: string;
  schedule_id: string;
  user_id: string | null;
  replaces_id: string | null;
  removes_id: string | null;
  adds: boolean;
  from_at: Temporal.Instant;
  to_at: Temporal.Instant;
  managed_by: ManagedBy;
  created_by: string;
  created_at: Temporal.Instant;
}

/** A schedule with all its versions, ready for the pure rules. Users are ids. */
export interface StoredSchedule {
  id: string;
  slug: string;
  name: string;
  timeZone: string;
  team: { id: string; slug: string; name: string } | null;
  managedBy: ManagedBy;
  rules: Schedule;
  /** In the order they were made; `rules.overrides` are the same ones. */
  overrides: OverrideRow[];
  /** What the newest version says: what is shown, and what an edit begins from. */
  latest: ScheduleDefinition;
  /** When the newest version takes over; null when it is in force. */
  pendingFrom: Temporal.Instant | null;
}

/** The rows to load; callers add their own conditions. */
export const scheduleRows = (db: DbOrTx) =>
  db
    .selectFrom("schedules")
    .leftJoin("teams", "teams.id", "schedules.team_id")
    .select([
      "schedules.id",
      "schedules.slug",
      "schedules.name",
      "schedules.time_zone",
      "schedules.managed_by",
      "teams.id as team_id",
      "teams.slug as team_slug",
      "teams.name as team_name",
    ]);

type ScheduleRow = Awaited<ReturnType<ReturnType<typeof scheduleRows>["execute"]>>[number];

/**
 * Versions and overrides of the given schedules, a few queries for any number of them.
 * @param at tells the version in force from those that wait.
 * @param since overrides that ended by then are left out: `at`, or earlier to look into the past.
 */
export async function withRules(
  db: DbOrTx,
  rows: readonly ScheduleRow[],
  { at, since = at }: { at: Temporal.Instant; since?: Temporal.Instant },
): Promise<StoredSchedule[]> {
  if (rows.length === 0) return [];
  const ids = rows.map((row) => row.id);
  const overrides = await overridesOf(db, ids, since);
  const rulesById = await rulesOf(
    db,
    ids,
    new Map(
      [...overrides].map(([id, mine]) => [id, mine.map((row) => ({ id: row.id, ...toOverride(row) }))]),
    ),
  );
  return rows.map((row) => {
    const mine = overrides.get(row.id) ?? [];
    const rules = rulesById.get(row.id) ?? { versions: [], overrides: [] };
    const newest = rules.versions.at(-1);
    const inForce = versionAt(rules, at);
    return {
      id: row.id,
      slug: row.slug,
      name: row.name,
      timeZone: row.time_zone,
      team: row.team_id === null ? null : { id: row.team_id, slug: row.team_slug!, name: row.team_name! },
      managedBy: row.managed_by,
      rules,
      overrides: mine,
      latest: newest?.definition ?? { time_zone: row.time_zone, layers: [] },
      pendingFrom: newest === inForce ? null : (newest?.from ?? null),
    };
  });
}

async function overridesOf(
  db: DbOrTx,
  ids: readonly string[],
  since: Temporal.Instant,
): Promise<Map<string, OverrideRow[]>> {
  const rows = await db
    .selectFrom("schedule_overrides")
    .selectAll()
    .where("schedule_id", "in", ids)
    .where("to_at", ">", since)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return Map.groupBy(rows, (row) => row.schedule_id);
}

export const toOverride = (row: OverrideRow): Override => ({
  ...effectOfRow(row),
  from: row.from_at,
  to: row.to_at,
});

function effectOfRow(
  row: Pick<OverrideRow, "user_id" | "replaces_id" | "removes_id" | "adds">,
): OverrideEffect {
  const { user_id: user, replaces_id: replaces, removes_id: removes } = row;
  if (user === null) return { kind: "remove", removes: removes ?? "" };
  if (replaces !== null) return { kind: "replace", user, replaces };
  return { kind: row.adds ? "add" : "replace-all", user };
}

/** A page of schedules by name. */
export async function listSchedules(
  db: DbOrTx,
  query: { limit: number; cursor?: string },
  at: Temporal.Instant,
): Promise<{ items: StoredSchedule[]; next: string | null }> {
  const after = decodeCursor(query.cursor, ["text", "text"]);
  const sort = sql<string>`lower(schedules.name)`;
  let select = scheduleRows(db).select(sort.as("sort"));
  if (after)
    select = select.where(sql<boolean>`(lower(schedules.name), schedules.slug) > (${after[0]}, ${after[1]})`);
  const rows = await select
    .orderBy(sort)
    .orderBy("schedules.slug")
    .limit(query.limit + 1)
    .execute();
  const page = toPage(rows, { limit: query.limit, key: (row) => [row.sort, row.slug], item: (row) => row });
  return { items: await withRules(db, page.items, { at }), next: page.next };
}

/** The version in force and those that wait for their hand-off. */
export function currentVersions(rules: Schedule, at: Temporal.Instant): readonly ScheduleVersion[] {
  const inForce = versionAt(rules, at);
  return inForce ? rules.versions.slice(rules.versions.indexOf(inForce)) : [];
}

/** Whom its layers name, now and in versions to come; as often as they do. */
export const namedFrom = (rules: Schedule, at: Temporal.Instant): string[] =>
  currentVersions(rules, at).flatMap(({ definition }) => mentions(definition.layers).map(({ user }) => user));

/** One schedule by its slug; `missing` when there is none. */
export async function scheduleBySlug(
  db: DbOrTx,
  slug: string,
  times: { at: Temporal.Instant; since?: Temporal.Instant },
): Promise<StoredSchedule> {
  const rows = await scheduleRows(db).where("schedules.slug", "=", slug).execute();
  const [stored] = await withRules(db, rows, times);
  if (!stored) throw missing(`schedule "${slug}"`);
  return stored;
}

/** The same, held until the transaction ends: two edits at once would each start from the other's past. */
export async function lockSchedule(tx: Tx, slug: string, at: Temporal.Instant): Promise<StoredSchedule> {
  const rows = await scheduleRows(tx).where("schedules.slug", "=", slug).forUpdate("schedules").execute();
  const [stored] = await withRules(tx, rows, { at });
  if (!stored) throw missing(`schedule "${slug}"`);
  return stored;
}
