import type { Selectable } from "kysely";
import type { Muted } from "../../catalog/maintenance/schema.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { mutes, type Silenceable } from "./model.ts";
import type { SilenceTable } from "./table.ts";
import "./table.ts";

export type SilenceRow = Selectable<SilenceTable>;

/** Every silence that is on at `now`, the one that lasts longest first. */
export const silencesOn = (db: DbOrTx, now: Temporal.Instant): Promise<SilenceRow[]> =>
  db
    .selectFrom("silences")
    .selectAll()
    .where("ended_at", "is", null)
    .where("until", ">", now)
    .orderBy("until", "desc")
    .orderBy("id")
    .execute();

/** What mutes all of the subject, of the silences that are on. */
export function mutedBy(
  on: readonly SilenceRow[],
  subject: Pick<Silenceable, "service" | "monitor" | "labels">,
): Muted | null {
  const found = on.find(({ matchers }) => mutes(matchers, subject));
  if (!found) return null;
  return { id: found.id, until: found.until.toString(), reason: found.reason, by: found.created_by };
}

/** By slug, the services that are muted as a whole. */
export async function mutedServices(
  db: DbOrTx,
  slugs: readonly string[],
  now: Temporal.Instant,
): Promise<Map<string, Muted>> {
  const on = await silencesOn(db, now);
  return new Map(
    slugs.flatMap((slug) => {
      const found = mutedBy(on, { service: slug, monitor: null, labels: {} });
      return found ? [[slug, found] as const] : [];
    }),
  );
}
