import { sql } from "kysely";
import type { Actor } from "../org/actor.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { seenIncidents } from "./numbers.ts";

/** A page that a person got, in epoch milliseconds; `answeredAt` only if that person answered it. */
export interface PageReceived {
  user: string;
  at: number;
  answeredAt: number | null;
}

/** Pages of [from, to) about incidents that the viewer may see, oldest first. Drills and tests are none. */
export async function pagesReceived(
  db: DbOrTx,
  viewer: Actor,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Promise<PageReceived[]> {
  const { rows } = await sql<{ user: string; at: Temporal.Instant; answered_at: Temporal.Instant | null }>`
    select p.person_id as user, p.created_at as at,
      case when p.answered_by = p.person_id then p.answered_at end as answered_at
    from pages p join incidents i on i.id = p.subject_id left join services s on s.id = i.service_id
    where p.subject_type = 'incident' and p.created_at >= ${from} and p.created_at < ${to}
      and ${seenIncidents(viewer)}
    order by p.created_at`.execute(db);
  return rows.map(({ user, at, answered_at }) => ({
    ...{ user, at: at.epochMilliseconds, answeredAt: answered_at?.epochMilliseconds ?? null },
  }));
}
