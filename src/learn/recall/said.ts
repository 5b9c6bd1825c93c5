import { sql } from "kysely";
import type { DbOrTx } from "../../platform/database/database.ts";
import type { Failure } from "./alike.ts";
import type { Said } from "./judge.ts";

type Verdict = "same_cause" | "same_symptom" | "unrelated";

/** What people have said of this incident and others, and of failures that looked just like its own. */
export async function readSaid(
  db: DbOrTx,
  { incidentId, now }: { incidentId: string; now: readonly Failure[] },
): Promise<Said> {
  const verdicts = await sql<{ other: string; verdict: Verdict }>`
    select case when incident_id = ${incidentId} then other_id else incident_id end as other, verdict
    from recall_verdicts where incident_id = ${incidentId} or other_id = ${incidentId}
    order by said_at`.execute(db);
  const counts = await sql<{ fingerprint: string; same: number; other: number }>`
    select f.fingerprint, count(*) filter (where v.verdict = 'same_cause')::integer as same,
      count(*) filter (where v.verdict <> 'same_cause')::integer as other
    from recall_verdicts v
    join alerts a on a.incident_id = v.incident_id
    join alert_fingerprints f on f.alert_id = a.id
    where f.fingerprint = any(${now.map(({ fingerprint }) => fingerprint)})
      and exists (select from alerts b join alert_fingerprints g on g.alert_id = b.id
        where b.incident_id = v.other_id and g.fingerprint = f.fingerprint)
    group by f.fingerprint`.execute(db);
  return {
    verdicts: new Map(verdicts.rows.map(({ other, verdict }) => [other, verdict])),
    fingerprints: new Map(counts.rows.map(({ fingerprint, same, other }) => [fingerprint, { same, other }])),
  };
}
