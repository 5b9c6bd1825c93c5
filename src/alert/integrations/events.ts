import { createHash } from "node:crypto";
import type { Severity, Urgency } from "../../catalog/schema.ts";
import type { AlertEvent, Source } from "../model.ts";
import type { SourceChange, SourceEvent } from "../sources/source.ts";
import type { SeverityWords } from "./table.ts";

/** What an event needs to know of the integration it came by. */
export interface EventHome {
  source: Source;
  service: HomeService | null;
  severity: Severity | null;
  urgency: Urgency | null;
  severities: SeverityWords;
  autoResolveMs: number | null;
}

export interface HomeService {
  id: string;
  urgency: Urgency;
}

export interface Keyed {
  dedupKey: string;
  event: AlertEvent;
}

const LONGEST = {
  title: 1_024,
  reason: 2_000,
  key: 255,
  label: 1_000,
  details: 65_536,
  link: 2_048,
} as const;
const MOST_LABELS = 64;
const MOST_LINKS = 20;
/** Without a word of how bad it is: it counts, and it isn't the worst. */
const DEFAULT_SEVERITY: Severity = "SEV3";
/** A clock over there may be ahead of ours by so much. */
const AHEAD_MS = 24 * 3_600_000;
const EARLIEST = Temporal.Instant.from("2000-01-01T00:00:00Z");

type Meaning = { severity: Severity; urgency?: Urgency };
const meaning = (severity: Severity, words: string, urgency?: Urgency): [string, Meaning][] =>
  words.split(" ").map((word) => [word, urgency ? { severity, urgency } : { severity }]);

/** What other programs call it. What only informs wakes nobody. */
const WORDS: ReadonlyMap<string, Meaning> = new Map([
  ...meaning("SEV1", "sev1 critical crit page fatal emergency disaster blocker p1 p0"),
  ...meaning("SEV2", "sev2 error err high major urgent severe alert p2"),
  ...meaning("SEV3", "sev3 warning warn average medium moderate minor p3"),
  ...meaning("SEV4", "sev4 low p4"),
  ...meaning("SEV4", "info information informational notice", "low"),
  ...meaning("SEV5", "sev5 debug none p5", "low"),
]);

/** Severity and urgency of an event: the integration's own words first, then known ones, then its defaults. */
export function severityOf(
  { severity, urgency }: Pick<SourceEvent & { action: "trigger" }, "severity" | "urgency">,
  home: Pick<EventHome, "severity" | "urgency" | "severities" | "service">,
): { severity: Severity; urgency: Urgency } {
  const word = (severity ?? "").trim().toLowerCase();
  const own = Object.entries(home.severities).find(([each]) => each.toLowerCase() === word)?.[1];
  const known = WORDS.get(word);
  return {
    severity: own?.severity ?? known?.severity ?? home.severity ?? DEFAULT_SEVERITY,
    urgency: own?.urgency ?? urgency ?? home.urgency ?? known?.urgency ?? home.service?.urgency ?? "high",
  };
}

/** What a kind has read, as alert/ takes it in: every default filled in, every text cut and fit to be stored. Pure. */
export function alertEventOf(
  event: SourceEvent,
  home: EventHome,
  { now, services }: { now: Temporal.Instant; services: ReadonlyMap<string, HomeService> },
): Keyed {
  const dedupKey = keyOf(event.dedupKey);
  const said = { source: home.source, at: now.toString(), saidAt: saneTime(event.at, now) };
  if (event.action !== "trigger") {
    const reason = cut(event.reason ?? "", LONGEST.reason) || `${event.action}d by ${home.source.name}`;
    return { dedupKey, event: { action: event.action, reason, ...said } };
  }
  const service = (event.service && services.get(event.service)) || home.service;
  const startedAt = saneTime(event.startedAt, now) ?? said.saidAt;
  return {
    dedupKey,
    event: {
      ...said,
      action: "trigger",
      title: cut(event.title, LONGEST.title) || "Alert",
      reason: cut(event.reason ?? "", LONGEST.reason),
      cause: cut(event.cause ?? "", LONGEST.label),
      ...severityOf(event, { ...home, service }),
      labels: labelsOf(event.labels),
      evidence: evidenceOf(event),
      serviceId: service?.id ?? null,
      startedAt: earlier(startedAt, now),
      saidAt: said.saidAt ?? startedAt,
      ordered: said.saidAt !== undefined,
      ...(home.autoResolveMs !== null && { autoResolveMs: home.autoResolveMs }),
    },
  };
}

/** A change as it is stored. */
export function changeOf(change: SourceChange, now: Temporal.Instant) {
  return {
    summary: cut(change.summary, LONGEST.title),
    source: cut(change.source ?? "", LONGEST.label),
    links: linksOf(change.links),
    details: bounded(change.details),
    at: saneTime(change.at, now) ?? now.toString(),
  };
}

/** What is kept of details, links and pictures, beside the alert; nothing when there is nothing. */
function evidenceOf({ details, links, images }: SourceEvent & { action: "trigger" }): unknown {
  const shown = {
    kind: "sent",
    details: bounded(details),
    links: linksOf(links),
    images: (images ?? []).slice(0, MOST_LINKS).map((each) => clean({ ...each })),
  };
  return shown.details === null && shown.links.length + shown.images.length === 0 ? null : shown;
}

const linksOf = (links: SourceChange["links"]) =>
  (links ?? [])
    .filter(({ href }) => /^https?:\/\//i.test(href) && href.length <= LONGEST.link)
    .slice(0, MOST_LINKS)
    .map(({ href, text }) => ({ href: cut(href, LONGEST.link), text: cut(text, LONGEST.label) || "Link" }));

/** Keys are told apart whole; a long one is kept as its beginning and its hash. */
function keyOf(key: string): string {
  const plain = storable(key);
  if (plain.length <= LONGEST.key) return plain;
  const hash = createHash("sha256").update(plain).digest("hex").slice(0, 32);
  return `${plain.slice(0, LONGEST.key - hash.length - 1).toWellFormed()}~${hash}`;
}

function labelsOf(labels: Readonly<Record<string, unknown>> | undefined): Record<string, string> {
  const entries = Object.entries(labels ?? {}).flatMap(([name, value]) => {
    if (value === null || value === undefined || name === "__proto__") return [];
    const text = typeof value === "object" ? JSON.stringify(value) : String(value);
    return [[cut(name, LONGEST.label), cut(text, LONGEST.label)] as const];
  });
  return Object.fromEntries(entries.slice(0, MOST_LABELS));
}

/** PostgreSQL's text and jsonb hold neither NUL nor half a surrogate pair. */
const storable = (text: string): string => text.replaceAll("\0", "").toWellFormed();

const cut = (text: string, longest: number): string => {
  const plain = storable(text).trim();
  return plain.length <= longest ? plain : `${plain.slice(0, longest - 1).toWellFormed()}…`;
};

/** The same value with every text, names too, fit to be stored. */
export function clean(value: unknown): unknown {
  if (typeof value === "string") return storable(value);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [storable(name), clean(each)]));
}

function bounded(details: unknown): unknown {
  if (details === undefined || details === null || details === "") return null;
  const kept = clean(details);
  const text = JSON.stringify(kept);
  return text.length <= LONGEST.details ? kept : { cut: text.slice(0, LONGEST.details).toWellFormed() };
}

/** A time that can be true; undefined for what can't, as if it hadn't been said. */
function saneTime(time: string | undefined, now: Temporal.Instant): string | undefined {
  if (time === undefined) return undefined;
  try {
    const at = Temporal.Instant.from(time);
    const sane =
      Temporal.Instant.compare(at, EARLIEST) > 0 && at.epochMilliseconds < now.epochMilliseconds + AHEAD_MS;
    return sane ? at.toString() : undefined;
  } catch {
    return undefined;
  }
}

/** Nothing began after we heard of it. */
const earlier = (time: string | undefined, now: Temporal.Instant): string =>
  time !== undefined && Temporal.Instant.compare(Temporal.Instant.from(time), now) < 0
    ? time
    : now.toString();
