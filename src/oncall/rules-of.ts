import type { DbOrTx } from "../platform/database/database.ts";
import type { Override, Schedule, ScheduleVersion } from "./schedule/types.ts";
import "./table.ts";

/** A schedule as it was last read: what is worked out from an object of rules is remembered with that object. */
interface Known {
  versions: ReadonlyMap<string, ScheduleVersion>;
  key: string;
  rules: Schedule;
}

interface VersionRow {
  id: string;
  schedule_id: string;
  from: Temporal.Instant | null;
}

export type KeyedOverride = Override & { id: string };

/** More schedules than one installation has; beyond, the one not asked about for longest is read anew. */
const MOST_KNOWN = 20_000;
const known = new Map<string, Known>();

/**
 * The rules of schedules by their ids: the same object as before for a schedule that hasn't changed, and then without
 * reading its layers. Versions are never changed once they are written, only added and deleted.
 */
export async function rulesOf(
  db: DbOrTx,
  ids: readonly string[],
  overrides: ReadonlyMap<string, readonly KeyedOverride[]>,
): Promise<Map<string, Schedule>> {
  const rows = Map.groupBy(await versionRows(db, ids), (row) => row.schedule_id);
  const unread = [...rows].flatMap(([id, versions]) =>
    versions.filter((version) => !known.get(id)?.versions.has(version.id)),
  );
  const definitions = await definitionsOf(
    db,
    unread.map(({ id }) => id),
  );
  // A version was replaced between the two questions: ask again.
  if (definitions.size < unread.length) return rulesOf(db, ids, overrides);
  return new Map(
    ids.map((id) => {
      const before = known.get(id)?.versions;
      const versions = (rows.get(id) ?? []).flatMap((row): [string, ScheduleVersion][] => {
        const definition = definitions.get(row.id);
        const version = before?.get(row.id) ?? (definition && { from: row.from, definition });
        return version ? [[row.id, version]] : [];
      });
      return [id, remembered(id, new Map(versions), overrides.get(id) ?? [])];
    }),
  );
}

function remembered(id: string, versions: Known["versions"], overrides: readonly KeyedOverride[]): Schedule {
  const parts = overrides.map(
    ({ id: of, from, to }) => `${of} ${from.epochMilliseconds} ${to.epochMilliseconds}`,
  );
  const key = [...versions.keys(), "", ...parts].join("\n");
  const before = known.get(id);
  const now =
    before?.key === key ? before : { key, versions, rules: { versions: [...versions.values()], overrides } };
  known.delete(id);
  known.set(id, now);
  if (known.size > MOST_KNOWN) known.delete(known.keys().next().value ?? id);
  return now.rules;
}

const versionRows = (db: DbOrTx, ids: readonly string[]): Promise<VersionRow[]> =>
  db
    .selectFrom("schedule_versions")
    .select(["id", "schedule_id", "valid_from as from"])
    .where("schedule_id", "in", ids)
    .orderBy("valid_from", (order) => order.asc().nullsFirst())
    .execute();

async function definitionsOf(db: DbOrTx, ids: readonly string[]) {
  const rows =
    ids.length === 0
      ? []
      : await db
          .selectFrom("schedule_versions")
          .select(["id", "definition"])
          .where("id", "in", ids)
          .execute();
  return new Map(rows.map(({ id, definition }) => [id, definition]));
}
