import { sql } from "kysely";
import { type FailureIdentity, fingerprintOf } from "../../alert/fingerprint.ts";
import { identityOfAlert } from "../../alert/fingerprints.ts";
import type { AlertRow } from "../../alert/into-incident.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import type { Failure } from "./alike.ts";
import { searchByWords } from "./search.ts";

/** How many incidents each way of looking brings, the newest or likest first. */
const MOST = { byFingerprint: 200, bySource: 200, byWords: 20 } as const;

export interface Current {
  id: string;
  title: string;
  summary: string;
  service_id: string | null;
  service_name: string | null;
  opened_at: Temporal.Instant;
}

export interface Candidate {
  incidentId: string;
  failures: Failure[];
  openedAt: Temporal.Instant;
  serviceId: string | null;
  /** The problem it has been confirmed to be of. */
  problemId: string | null;
  /** A person wrote of it: a summary or a postmortem. What monitors say is compared as what failed, not as words. */
  written: boolean;
  /** How alike in words, as a share of the current one's own score. */
  share: number;
}

export async function readCurrent(db: DbOrTx, incidentId: string): Promise<Current | undefined> {
  const { rows } = await sql<Current>`
    select i.id, i.title, i.summary, i.service_id, s.name as service_name, i.opened_at
    from incidents i left join services s on s.id = i.service_id where i.id = ${incidentId}`.execute(db);
  return rows[0];
}

type FailureRow = Pick<
  AlertRow,
  "source_type" | "source_id" | "dedup_key" | "cause" | "reason" | "title" | "evidence"
> & {
  incident_id: string;
  fingerprint: string | null;
  identity: FailureIdentity | null;
  name: string | null;
};

/** The ways in which each of these incidents was seen failing. */
export async function failuresOf(
  db: DbOrTx,
  incidentIds: readonly string[],
): Promise<Map<string, Failure[]>> {
  if (incidentIds.length === 0) return new Map();
  // Evidence is read only of alerts that were taken in before fingerprints were kept.
  const { rows } = await sql<FailureRow>`
    select ia.incident_id, f.fingerprint, f.identity, ia.source->>'name' as name, a.source_type, a.source_id,
      a.dedup_key, a.cause, a.reason, a.title, case when f.alert_id is null then a.evidence end as evidence
    from incident_alerts ia
    join alerts a on a.id = ia.alert_id
    left join alert_fingerprints f on f.alert_id = a.id
    where ia.incident_id = any(${incidentIds}::uuid[])
    order by a.first_at, a.id, f.at, f.fingerprint`.execute(db);
  const failures = new Map<string, Failure[]>(incidentIds.map((id) => [id, []]));
  for (const row of rows) {
    const identity = row.identity ?? identityOfAlert(row);
    failures.get(row.incident_id)?.push({
      fingerprint: row.fingerprint ?? fingerprintOf(identity),
      identity,
      sourceName: row.name ?? "a source that is gone",
    });
  }
  return failures;
}

/** Earlier incidents worth a closer look: those that failed the same, of the same sources, or with like words. */
export async function readCandidates(
  db: DbOrTx,
  current: Current,
  now: readonly Failure[],
): Promise<Candidate[]> {
  const words = await searchByWords(db, {
    text: textOf(current, now),
    without: [current.id],
    limit: MOST.byWords,
  });
  const shares = new Map(words.map(({ incidentId, share }) => [incidentId, share]));
  const { rows } = await sql<Row>`
    with near as (
      (select a.incident_id as id from alert_fingerprints f join alerts a on a.id = f.alert_id
        where f.fingerprint = any(${now.map(({ fingerprint }) => fingerprint)}) and f.at < ${current.opened_at}
          and a.incident_id is not null
        order by f.at desc limit ${MOST.byFingerprint})
      union
      (select a.incident_id from alerts a
        where a.source_id = any(${[...sourcesOf(now)]}::uuid[]) and a.first_at < ${current.opened_at}
          and a.incident_id is not null
        order by a.first_at desc limit ${MOST.bySource})
      union
      select unnest(${[...shares.keys()]}::uuid[]))
    select i.id, i.opened_at, i.service_id, p.problem_id,
      (i.summary <> '' or i.declared_by is not null
        or exists (select from postmortem_incidents w where w.incident_id = i.id)) as written
    from near join incidents i on i.id = near.id left join problem_incidents p on p.incident_id = i.id
    where i.id <> ${current.id} and i.status = 'resolved' and i.opened_at < ${current.opened_at}`.execute(db);
  const failures = await failuresOf(
    db,
    rows.map(({ id }) => id),
  );
  return rows.map((row) => ({
    incidentId: row.id,
    failures: failures.get(row.id) ?? [],
    openedAt: row.opened_at,
    serviceId: row.service_id,
    problemId: row.problem_id,
    written: row.written,
    share: shares.get(row.id) ?? 0,
  }));
}

interface Row {
  id: string;
  opened_at: Temporal.Instant;
  service_id: string | null;
  problem_id: string | null;
  written: boolean;
}

const textOf = ({ title, summary, service_name }: Current, now: readonly Failure[]): string =>
  [title, summary, service_name ?? "", ...now.map(({ identity }) => identity.line)].join("\n");

const sourcesOf = (failures: readonly Failure[]): Set<string> =>
  new Set(failures.flatMap(({ identity }) => identity.source.split(":")[1] ?? []));
