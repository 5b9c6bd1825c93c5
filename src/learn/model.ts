import type { Severity } from "../catalog/schema.ts";
import type { MonitorStatus } from "../watch/schema.ts";
import { factsFrom } from "./facts.ts";
import { headlineOf, proseFrom } from "./prose.ts";
import type { Facts, Sections } from "./schema.ts";
import { sectionNames } from "./schema.ts";

export interface Named {
  slug: string;
  name: string;
}

export interface RecordedIncident {
  number: number;
  title: string;
  severity: Severity;
  service: Named | null;
  /** When it began to fail, as far as is known; when somebody declared it by hand, that moment. */
  startedAt: Temporal.Instant;
  openedAt: Temporal.Instant;
  acknowledgedAt: Temporal.Instant | null;
  resolvedAt: Temporal.Instant | null;
  /** Null when it ended by itself, or nobody's name is known. */
  resolvedBy: string | null;
  resolution: string | null;
  declaredBy: string | null;
}

export interface RecordedAlert {
  title: string;
  reason: string;
  source: { type: string; name: string } | null;
  firstAt: Temporal.Instant;
  resolvedAt: Temporal.Instant | null;
}

export interface RecordedEntry {
  at: Temporal.Instant;
  incident: number;
  kind: string;
  actor: { type: string; name: string };
  text: string;
  starred: boolean;
}

export interface RecordedPage {
  person: string;
  level: number;
  at: Temporal.Instant;
  /** When this person took it on; null when they didn't, or somebody else did. */
  answeredAt: Temporal.Instant | null;
  /** When the first message of it was accepted by a provider; null when none was. */
  sentAt: Temporal.Instant | null;
  channels: readonly string[];
}

export interface Sample {
  at: Temporal.Instant;
  /** How long the check took; null when it never got an answer. */
  ms: number | null;
  status: MonitorStatus;
}

export interface RecordedMonitor extends Named {
  /** In order of time, from 15 minutes before the start to 15 minutes after the end. */
  samples: readonly Sample[];
  transitions: readonly { at: Temporal.Instant; to: MonitorStatus; reason: string }[];
  /** Checks between start and end. A failed one was degraded or down; one that is unknown is neither. */
  checks: { failed: number; total: number };
}

/** What was recorded while it happened: all that a draft may know. */
export interface IncidentRecord {
  /** When this was read. */
  at: Temporal.Instant;
  /** In order of their start; at least one. */
  incidents: readonly [RecordedIncident, ...RecordedIncident[]];
  alerts: readonly RecordedAlert[];
  timeline: readonly RecordedEntry[];
  pages: readonly RecordedPage[];
  monitors: readonly RecordedMonitor[];
}

export interface Draft {
  title: string;
  headline: string;
  severity: Severity;
  sections: Sections;
  facts: Facts;
}

/** The postmortem as far as the record can write it: causes, resolution and lessons are the author's and stay empty. */
export function draftFrom(record: IncidentRecord): Draft {
  const facts = factsFrom(record);
  const written = proseFrom(record, facts);
  const empty = Object.fromEntries(sectionNames.map((name) => [name, ""])) as Sections;
  return {
    title: titleOf(record),
    headline: headlineOf(record, facts),
    severity: worstSeverity(record),
    sections: { ...empty, ...written },
    facts,
  };
}

function titleOf({ incidents }: IncidentRecord): string {
  const [first, ...others] = incidents;
  const title = first.title.slice(0, 160);
  if (others.length === 0) return title;
  return `${title}, and ${others.length} other incident${others.length === 1 ? "" : "s"}`;
}

/** SEV1 is the worst; the names sort that way. */
const worstSeverity = ({ incidents }: IncidentRecord): Severity =>
  incidents.map(({ severity }) => severity).sort()[0] ?? "SEV5";

/** What the draft wrote by itself, kept beside the facts, so that new facts never overwrite an author's words. */
export interface Drafted {
  title: string;
  headline: string;
  sections: Sections;
}

/**
 * New facts for a postmortem under way. Text that is still word for word what the draft wrote is written anew; what
 * a person has touched stays. Samples that have been let go since stay as they were.
 */
export function refreshed(
  current: Drafted & { facts: Facts; drafted: Drafted },
  fresh: Draft,
): Drafted & { facts: Facts; drafted: Drafted } {
  const untouched = (now: string | undefined, then: string | undefined): boolean =>
    (now ?? "") === (then ?? "");
  const sections = { ...current.sections };
  for (const name of sectionNames) {
    if (untouched(current.sections[name], current.drafted.sections[name]))
      sections[name] = fresh.sections[name] ?? "";
  }
  return {
    title: untouched(current.title, current.drafted.title) ? fresh.title : current.title,
    headline: untouched(current.headline, current.drafted.headline) ? fresh.headline : current.headline,
    sections,
    facts: withWhatIsGone(current.facts, fresh.facts),
    drafted: { title: fresh.title, headline: fresh.headline, sections: fresh.sections },
  };
}

function withWhatIsGone(old: Facts, fresh: Facts): Facts {
  const before = new Map(old.charts.map((chart) => [chart.monitor.slug, chart]));
  const counts = fresh.total_checks < old.total_checks ? old : fresh;
  const charts = fresh.charts.map((chart) => {
    const kept = before.get(chart.monitor.slug);
    return chart.points.length === 0 && kept && kept.points.length > 0 ? kept : chart;
  });
  const there = new Set(charts.map((chart) => chart.monitor.slug));
  return {
    ...fresh,
    failed_checks: counts.failed_checks,
    total_checks: counts.total_checks,
    charts: [...charts, ...old.charts.filter((chart) => !there.has(chart.monitor.slug))],
  };
}
