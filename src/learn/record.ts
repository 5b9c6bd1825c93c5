import { sql } from "kysely";
import type { Severity } from "../catalog/schema.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import type { StoredCheck } from "../watch/results/chunk.ts";
import { readChecks, type Span } from "../watch/results/store.ts";
import type { MonitorStatus } from "../watch/schema.ts";
import { chartSpan, spanOf } from "./facts.ts";
import type {
  IncidentRecord,
  Named,
  RecordedAlert,
  RecordedEntry,
  RecordedIncident,
  RecordedMonitor,
  RecordedPage,
  Sample,
} from "./model.ts";

type At = Temporal.Instant;
type Ids = readonly string[];

/** When no alert came from a monitor, so many of the service's monitors are shown beside. */
const MOST_BYSTANDERS = 6;
/** Samples read per monitor at most; the chart keeps the worst of those that fall together. */
const MOST_SAMPLES = 2_400;

/** Everything that was recorded of these incidents, as plain data. At least one of them must exist. */
export async function readRecord(db: DbOrTx, incidentIds: Ids, now: At): Promise<IncidentRecord> {
  const incidents = await readIncidents(db, incidentIds);
  const [first, ...others] = incidents;
  if (!first) throw new RangeError(`no incident of ${incidentIds.join(", ")} exists`);
  // One after the other: inside a transaction there is only one connection.
  const alerts = await readAlerts(db, incidentIds);
  const timeline = await readTimeline(db, incidentIds);
  const pages = await readPages(db, incidentIds);
  const monitors = await readMonitors(db, incidentIds, { incidents, now });
  return { at: now, incidents: [first, ...others], alerts, timeline, pages, monitors };
}

async function readIncidents(db: DbOrTx, ids: Ids): Promise<RecordedIncident[]> {
  const { rows } = await sql<{
    number: number;
    title: string;
    severity: Severity;
    service: Named | null;
    started_at: At;
    opened_at: At;
    first_acknowledged_at: At | null;
    resolved_at: At | null;
    resolved_by: string | null;
    resolution: string | null;
    declared_by: string | null;
  }>`
    select i.number, i.title, i.severity, i.started_at, i.opened_at, i.first_acknowledged_at, i.resolved_at,
      i.resolution, resolver.name as resolved_by, declarer.name as declared_by,
      case when s.id is null then null else jsonb_build_object('slug', s.slug, 'name', s.name) end as service
    from incidents i
    left join services s on s.id = i.service_id
    left join users resolver on resolver.id = i.resolved_by
    left join users declarer on declarer.id = i.declared_by
    where i.id = any(${ids}::uuid[]) order by i.started_at, i.number`.execute(db);
  return rows.map((row) => ({
    number: row.number,
    title: row.title,
    severity: row.severity,
    service: row.service,
    startedAt: row.started_at,
    openedAt: row.opened_at,
    acknowledgedAt: row.first_acknowledged_at,
    resolvedAt: row.resolved_at,
    resolvedBy: row.resolved_by,
    resolution: row.resolution,
    declaredBy: row.declared_by,
  }));
}

async function readAlerts(db: DbOrTx, ids: Ids): Promise<RecordedAlert[]> {
  const { rows } = await sql<{
    title: string;
    reason: string;
    source: { type: string; name: string } | null;
    first_at: At;
    resolved_at: At | null;
  }>`
    select title, reason, nullif(source, 'null'::jsonb) as source, first_at, resolved_at
    from incident_alerts where incident_id = any(${ids}::uuid[]) order by first_at, alert_id`.execute(db);
  return rows.map(({ title, reason, source, first_at, resolved_at }) => ({
    title,
    reason,
    source: source && { type: source.type, name: source.name },
    firstAt: first_at,
    resolvedAt: resolved_at,
  }));
}

async function readTimeline(db: DbOrTx, ids: Ids): Promise<RecordedEntry[]> {
  const { rows } = await sql<{
    at: At;
    number: number;
    kind: string;
    actor_type: string;
    actor_name: string;
    text: string;
    starred: boolean;
  }>`
    select e.at, i.number, e.kind, e.actor_type, e.actor_name, e.text, e.starred
    from timeline_entries e join incidents i on i.id = e.incident_id
    where e.incident_id = any(${ids}::uuid[]) order by e.at, e.id`.execute(db);
  return rows.map((row) => ({
    at: row.at,
    incident: row.number,
    kind: row.kind,
    actor: { type: row.actor_type, name: row.actor_name },
    text: row.text,
    starred: row.starred,
  }));
}

async function readPages(db: DbOrTx, ids: Ids): Promise<RecordedPage[]> {
  const { rows } = await sql<{
    person: string;
    level: number;
    at: At;
    answered_at: At | null;
    sent_at: At | null;
    channels: string[] | null;
  }>`
    select u.name as person, p.level, p.created_at as at, d.sent_at, d.channels,
      case when p.answered_by = p.person_id then p.answered_at end as answered_at
    from pages p
    join users u on u.id = p.person_id
    left join lateral (
      select min(sent_at) as sent_at, array_agg(distinct channel) filter (where sent_at is not null) as channels
      from deliveries where page_id = p.id) d on true
    where p.subject_type = 'incident' and p.subject_id = any(${ids}::uuid[])
    order by p.created_at, p.id`.execute(db);
  return rows.map((row) => ({
    person: row.person,
    level: row.level,
    at: row.at,
    answeredAt: row.answered_at,
    sentAt: row.sent_at,
    channels: row.channels ?? [],
  }));
}

async function readMonitors(
  db: DbOrTx,
  ids: Ids,
  { incidents, now }: { incidents: readonly RecordedIncident[]; now: At },
): Promise<RecordedMonitor[]> {
  const span = spanOf(incidents);
  const chart = chartSpan(span, now);
  const recorded: RecordedMonitor[] = [];
  for (const { id, slug, name } of await monitorsOf(db, ids)) {
    const samples = thinned(await readChecks(db, id, untilEnd(chart)), chart);
    const transitions = await readTransitions(db, id, chart);
    const during = await readChecks(db, id, untilEnd({ from: span.from, to: span.to ?? now }));
    const failed = during.filter(({ status }) => status === "degraded" || status === "down").length;
    recorded.push({ slug, name, samples, transitions, checks: { failed, total: during.length } });
  }
  return recorded;
}

interface Monitor extends Named {
  id: string;
}

/** Those that raised the alerts; when none did, the service's own monitors, to show what they saw. */
async function monitorsOf(db: DbOrTx, ids: Ids): Promise<Monitor[]> {
  const { rows: raised } = await sql<Monitor>`
    select m.id, m.slug, m.name from monitors m
    where m.id in (
      select a.source_id from incident_alerts ia join alerts a on a.id = ia.alert_id
      where ia.incident_id = any(${ids}::uuid[]) and a.source_type = 'monitor')
    order by m.name, m.id`.execute(db);
  if (raised.length > 0) return raised;
  const { rows } = await sql<Monitor>`
    select m.id, m.slug, m.name from monitors m
    where m.service_id in (select service_id from incidents where id = any(${ids}::uuid[]))
    order by m.name, m.id limit ${MOST_BYSTANDERS}`.execute(db);
  return rows;
}

/** The last check of a span, at its very end, belongs to it. */
const untilEnd = ({ from, to }: Span): Span => ({ from, to: to.add({ milliseconds: 1 }) });

const WORST_FIRST: readonly MonitorStatus[] = ["down", "degraded", "unknown", "up"];

/** A long span is thinned out: the worst, then slowest, sample of each of its pieces. */
function thinned(checks: readonly StoredCheck[], { from, to }: { from: At; to: At }): Sample[] {
  const spanMs = to.epochMilliseconds - from.epochMilliseconds;
  const pieceMs = Math.max(1, Math.ceil(spanMs / MOST_SAMPLES));
  const pieces = Map.groupBy(checks, ({ at }) => Math.floor((at - from.epochMilliseconds) / pieceMs));
  return [...pieces.values()].flatMap((some) => {
    const [worst] = some.toSorted(
      (a, b) =>
        WORST_FIRST.indexOf(a.status) - WORST_FIRST.indexOf(b.status) || (b.total ?? -1) - (a.total ?? -1),
    );
    if (!worst) return [];
    const { at, total, status } = worst;
    return [{ at: Temporal.Instant.fromEpochMilliseconds(at), ms: total, status }];
  });
}

async function readTransitions(
  db: DbOrTx,
  monitorId: string,
  { from, to }: { from: At; to: At },
): Promise<RecordedMonitor["transitions"]> {
  const { rows } = await sql<{ at: At; to: MonitorStatus; reason: string }>`
    select at, to_status as "to", reason from monitor_transitions
    where monitor_id = ${monitorId} and at >= ${from} and at <= ${to} order by at`.execute(db);
  return rows;
}
