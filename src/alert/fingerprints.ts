import { sql } from "kysely";
import type { Tx } from "../platform/database/database.ts";
import { type FailureIdentity, fingerprintOf, identityOf } from "./fingerprint.ts";
import type { AlertRow } from "./into-incident.ts";

/** An alert that says something else each minute is not known by the hundredth thing it said. */
const MOST_PER_ALERT = 8;

/** Remembers how the alert is seen failing now, in the transaction that takes it in. */
export async function keepFingerprint(tx: Tx, alert: AlertRow): Promise<void> {
  const identity = identityOfAlert(alert);
  await sql`
    insert into alert_fingerprints (alert_id, fingerprint, identity, at)
    select ${alert.id}, ${fingerprintOf(identity)}, ${JSON.stringify(identity)}::jsonb, ${alert.last_at}
    where (select count(*) from alert_fingerprints where alert_id = ${alert.id}) < ${MOST_PER_ALERT}
    on conflict do nothing`.execute(tx);
}

type Row = Pick<
  AlertRow,
  "source_type" | "source_id" | "dedup_key" | "cause" | "reason" | "title" | "evidence"
>;

export const identityOfAlert = (row: Row): FailureIdentity =>
  identityOf({
    source: { type: row.source_type, id: row.source_id },
    dedupKey: row.dedup_key,
    cause: row.cause,
    reason: row.reason,
    title: row.title,
    evidence: row.evidence,
  });
