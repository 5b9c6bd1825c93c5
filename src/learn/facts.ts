import type { IncidentRecord, Named, RecordedIncident, RecordedMonitor, Sample } from "./model.ts";
import type { Facts } from "./schema.ts";

/** A chart shows so much before the start and after the end. */
export const CHART_MARGIN_MS = 15 * 60_000;
export const MOST_POINTS = 240;

/** Entries that say something about the postmortem, not about what happened. */
const NOT_OF_THE_INCIDENT = new Set(["postmortem"]);

export interface Span {
  from: Temporal.Instant;
  /** Null while one of the incidents is open. */
  to: Temporal.Instant | null;
}

const earliest = (instants: readonly Temporal.Instant[]): Temporal.Instant | undefined =>
  instants.toSorted(Temporal.Instant.compare)[0];

const present = <T>(value: T | null): value is T => value !== null;

const msBetween = (from: Temporal.Instant, to: Temporal.Instant | null): number | null =>
  to === null ? null : to.epochMilliseconds - from.epochMilliseconds;

/** From the first start to the last end. */
export function spanOf(incidents: readonly Pick<RecordedIncident, "startedAt" | "resolvedAt">[]): Span {
  const from = earliest(incidents.map(({ startedAt }) => startedAt));
  if (!from) throw new RangeError("a record holds at least one incident");
  const ends = incidents.map(({ resolvedAt }) => resolvedAt).filter(present);
  const to =
    ends.length === incidents.length ? (ends.toSorted(Temporal.Instant.compare).at(-1) ?? null) : null;
  return { from, to };
}

/** What the charts cover: the span with its margins, no later than now. */
export function chartSpan(
  span: Span,
  now: Temporal.Instant,
): { from: Temporal.Instant; to: Temporal.Instant } {
  const end = span.to?.add({ milliseconds: CHART_MARGIN_MS }) ?? now;
  return {
    from: span.from.subtract({ milliseconds: CHART_MARGIN_MS }),
    to: Temporal.Instant.compare(end, now) < 0 ? end : now,
  };
}

/** True when a person noticed and no alert had: then nobody knows when it began. */
export const isByHand = (record: IncidentRecord): boolean => record.alerts.length === 0;

/**
 * The numbers. Durations in ms: detect from the start to the opened incident, acknowledge and resolve from there.
 * What the record doesn't know is null.
 */
export function factsFrom(record: IncidentRecord): Facts {
  const { from, to } = spanOf(record.incidents);
  const detected = earliest(record.incidents.map(({ openedAt }) => openedAt)) ?? from;
  const acknowledged =
    earliest(record.incidents.map(({ acknowledgedAt }) => acknowledgedAt).filter(present)) ?? null;
  const sum = (key: "failed" | "total") =>
    record.monitors.reduce((count, monitor) => count + monitor.checks[key], 0);
  return {
    started_at: from.toString(),
    detected_at: detected.toString(),
    acknowledged_at: acknowledged?.toString() ?? null,
    resolved_at: to?.toString() ?? null,
    duration_ms: msBetween(from, to),
    detect_ms: isByHand(record) ? null : msBetween(from, detected),
    acknowledge_ms: msBetween(detected, acknowledged),
    resolve_ms: msBetween(detected, to),
    failed_checks: sum("failed"),
    total_checks: sum("total"),
    paged: record.pages.map((page) => ({
      name: page.person,
      at: page.at.toString(),
      level: page.level,
      answered: page.answeredAt !== null,
    })),
    services: servicesOf(record.incidents),
    timeline: timelineFrom(record),
    charts: chartsFrom(record, chartSpan({ from, to }, record.at)),
  };
}

function servicesOf(incidents: readonly RecordedIncident[]): Named[] {
  const services = incidents.map(({ service }) => service).filter(present);
  return [...new Map(services.map(({ slug, name }) => [slug, { slug, name }])).values()];
}

function timelineFrom(record: IncidentRecord): Facts["timeline"] {
  const several = record.incidents.length > 1;
  const entries = record.timeline
    .filter(({ kind }) => !NOT_OF_THE_INCIDENT.has(kind))
    .map((entry) => ({
      at: entry.at,
      kind: entry.kind,
      actor: entry.actor.name,
      text: several ? `#${entry.incident} ${entry.text}` : entry.text,
      starred: entry.starred,
    }));
  return [...beginning(record), ...entries]
    .sort((a, b) => Temporal.Instant.compare(a.at, b.at))
    .map((entry) => ({ ...entry, at: entry.at.toString() }));
}

/** The incident's own record begins when it is opened; what failed first is known from the alert. */
function beginning(record: IncidentRecord) {
  const [first] = record.incidents;
  const alert = record.alerts[0];
  if (!alert || Temporal.Instant.compare(first.startedAt, first.openedAt) >= 0) return [];
  const text = alert.source?.type === "monitor" ? "First failing check" : "Began to fail, says the alert";
  return [
    {
      at: first.startedAt,
      kind: "began",
      actor: alert.source?.name ?? "unknown",
      text: `${text}: ${alert.reason || alert.title}`,
      starred: false,
    },
  ];
}

const chartsFrom = (
  { monitors }: IncidentRecord,
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
): Facts["charts"] =>
  monitors.map(({ slug, name, samples }: RecordedMonitor) => ({
    monitor: { slug, name },
    from: from.toString(),
    to: to.toString(),
    points: downsample(samples, MOST_POINTS).map(({ at, ms, status }) => ({
      at: at.toString(),
      ms,
      status,
    })),
  }));

const BADNESS = { up: 0, unknown: 1, degraded: 2, down: 3 } as const;

/**
 * At most `most` samples, spread evenly in time. Of those that fall together the worst stays, then the slowest:
 * thinning out never hides a failure.
 */
export function downsample(samples: readonly Sample[], most: number): Sample[] {
  const first = samples[0];
  const last = samples.at(-1);
  if (samples.length <= most || !first || !last) return [...samples];
  const start = first.at.epochMilliseconds;
  const width = Math.max(1, (last.at.epochMilliseconds - start + 1) / most);
  const kept = new Map<number, Sample>();
  for (const sample of samples) {
    const bin = Math.min(most - 1, Math.floor((sample.at.epochMilliseconds - start) / width));
    const rival = kept.get(bin);
    if (!rival || isWorse(sample, rival)) kept.set(bin, sample);
  }
  return [...kept.values()];
}

const isWorse = (a: Sample, b: Sample): boolean =>
  BADNESS[a.status] === BADNESS[b.status]
    ? (a.ms ?? -1) > (b.ms ?? -1)
    : BADNESS[a.status] > BADNESS[b.status];
