import { humanDuration } from "../platform/duration.ts";
import { isByHand } from "./facts.ts";
import type { IncidentRecord, RecordedAlert, RecordedEntry, RecordedPage } from "./model.ts";
import type { Facts, SectionName } from "./schema.ts";
import { code, counted, fullTime, listed, longDate, percent, plain, shortened, timeOn } from "./words.ts";

/** The headline may be 300 characters long. */
const LONGEST_HEADLINE = 280;

interface Story {
  record: IncidentRecord;
  facts: Facts;
  start: Temporal.Instant;
  detected: Temporal.Instant;
  end: Temporal.Instant | null;
  /** The first alert; absent when a person declared the incident. */
  alert: RecordedAlert | undefined;
  pages: readonly RecordedPage[];
  acknowledgement: RecordedEntry | undefined;
}

function storyOf(record: IncidentRecord, facts: Facts): Story {
  return {
    record,
    facts,
    start: Temporal.Instant.from(facts.started_at),
    detected: Temporal.Instant.from(facts.detected_at),
    end: facts.resolved_at === null ? null : Temporal.Instant.from(facts.resolved_at),
    alert: record.alerts[0],
    pages: record.pages.toSorted((a, b) => Temporal.Instant.compare(a.at, b.at)),
    acknowledgement: record.timeline.find(({ kind }) => kind === "acknowledged" || kind === "snoozed"),
  };
}

const subjectOf = ({ facts }: Story): string => listed(facts.services.map(({ name }) => name));

const spoken = (ms: number | null): string => (ms === null ? "unknown" : humanDuration(ms));

/** One line of plain text for the library's index: what failed, how long, when. */
export function headlineOf(record: IncidentRecord, facts: Facts): string {
  const story = storyOf(record, facts);
  const subject = subjectOf(story) || record.incidents[0].title;
  const said = story.alert ? `: ${story.alert.reason || story.alert.title}` : "";
  const verb = story.alert || story.facts.services.length > 0 ? "had a failure" : "lasted";
  if (facts.duration_ms === null) return shortened(`${subject}: not resolved yet${said}`, LONGEST_HEADLINE);
  const span = verb === "lasted" ? "lasted" : `${verb} that lasted`;
  return shortened(
    `${subject} ${span} ${humanDuration(facts.duration_ms)} on ${longDate(story.start)}${said}`,
    LONGEST_HEADLINE,
  );
}

/** The sections that the record can write, in Markdown; times in UTC, and named so. */
export function proseFrom(record: IncidentRecord, facts: Facts): Partial<Record<SectionName, string>> {
  const story = storyOf(record, facts);
  return {
    summary: summaryOf(story),
    impact: impactOf(story),
    detection: detectionOf(story),
    response: responseOf(story),
  };
}

function summaryOf(story: Story): string {
  return [
    whenSentence(story),
    whatSentence(story),
    checksSentence(story),
    whoSentence(story),
    endSentence(story),
  ]
    .filter(Boolean)
    .join(" ");
}

function whenSentence(story: Story): string {
  const { start, end, facts } = story;
  const subject = subjectOf(story);
  const what = subject ? `${plain(subject)} had a failure` : "something failed";
  const day = `On ${longDate(start)}`;
  if (end === null || facts.duration_ms === null)
    return `${day} at ${timeOn(start, start)} ${what}; when this was written it was not resolved.`;
  const duration = humanDuration(facts.duration_ms);
  return `${day} ${what} that lasted ${duration}, from ${timeOn(start, start)} to ${timeOn(end, start)}.`;
}

function whatSentence({ record, alert }: Story): string {
  const [first] = record.incidents;
  if (!alert) {
    const who = first.declaredBy
      ? `${plain(first.declaredBy)} declared it by hand`
      : "It was declared by hand";
    return `${who}: ${plain(first.title)}.`;
  }
  const reason = code(shortened(alert.reason || alert.title, 300));
  const others = record.alerts.length - 1;
  const more = others > 0 ? `, and ${counted(others, "more alert")} belonged to it` : "";
  return `${sourceOf(alert)} reported ${reason}${more}.`;
}

function sourceOf({ source }: RecordedAlert): string {
  if (!source) return "An alert whose source is unknown";
  return source.type === "monitor" ? `The monitor ${plain(source.name)}` : plain(source.name);
}

const checksSentence = ({ facts: { failed_checks: failed, total_checks: total } }: Story): string =>
  total === 0
    ? ""
    : `${failed} of ${counted(total, "check")} in that time failed (${percent(failed, total)}).`;

function whoSentence(story: Story): string {
  const { record, facts, acknowledgement } = story;
  const numbers = record.incidents.map(({ number, severity }) => `#${number} (${severity})`);
  const after = facts.detect_ms === null ? "" : ` ${humanDuration(facts.detect_ms)} after the start`;
  const opened = `Keepwatch opened ${numbers.length === 1 ? "incident" : "the incidents"} ${listed(numbers)}${after}`;
  const people = [...new Set(story.pages.map(({ person }) => plain(person)))];
  const paged = people.length === 0 ? " and paged nobody" : ` and paged ${listed(people)}`;
  if (facts.acknowledge_ms === null) return `${opened}${paged}; nobody acknowledged it.`;
  const who = acknowledgement ? plain(acknowledgement.actor.name) : "somebody";
  return `${opened}${paged}; ${who} acknowledged it after ${humanDuration(facts.acknowledge_ms)}.`;
}

function endSentence({ record, end }: Story): string {
  if (end === null) return "";
  const last = record.incidents
    .toSorted((a, b) => Temporal.Instant.compare(a.resolvedAt ?? a.openedAt, b.resolvedAt ?? b.openedAt))
    .at(-1);
  const entry = record.timeline.findLast(
    ({ kind, incident }) => kind === "resolved" && incident === last?.number,
  );
  const person = last?.resolvedBy ?? (entry && isPerson(entry) ? entry.actor.name : null);
  if (person) return `${plain(person)} resolved it.`;
  return `It ended by itself: ${last?.resolution ? plain(last.resolution) : "how is unknown"}.`;
}

/** A token acts for whoever made it, and a link for whom it was sent to. */
const isPerson = ({ actor }: RecordedEntry): boolean => ["user", "link", "token"].includes(actor.type);

function impactOf(story: Story): string {
  const { facts, start, end, record } = story;
  const affected = subjectOf(story);
  const lines = [
    end
      ? `Duration: ${spoken(facts.duration_ms)} (${fullTime(start)} to ${fullTime(end)})`
      : `Duration: unknown, not resolved (since ${fullTime(start)})`,
    `Service: ${affected ? plain(affected) : "unknown"}`,
    facts.total_checks === 0
      ? "Failed checks: unknown, nothing was checked in that time"
      : `Failed checks: ${facts.failed_checks} of ${facts.total_checks} (${percent(facts.failed_checks, facts.total_checks)})`,
    ...(record.monitors.length > 1
      ? record.monitors.map(({ name, checks }) => `  - ${plain(name)}: ${checks.failed} of ${checks.total}`)
      : []),
    `Paged: ${pagedPeople(story)}`,
    `Time to detect: ${spoken(facts.detect_ms)}`,
    `Time to acknowledge: ${facts.acknowledge_ms === null ? "nobody acknowledged" : spoken(facts.acknowledge_ms)}`,
    `Time to resolve: ${spoken(facts.resolve_ms)}`,
    "Users affected: unknown",
  ];
  return lines.map((line) => (line.startsWith("  ") ? line : `- ${line}`)).join("\n");
}

function pagedPeople({ pages }: Story): string {
  const levels = Map.groupBy(pages, ({ person }) => person);
  if (levels.size === 0) return "nobody";
  return [...levels]
    .map(
      ([person, own]) =>
        `${plain(person)} (level ${listed([...new Set(own.map((page) => `${page.level}`))])})`,
    )
    .join(", ");
}

function detectionOf(story: Story): string {
  const { record, alert, detected, start } = story;
  if (!alert || isByHand(record)) {
    const who = record.incidents[0].declaredBy;
    return [
      `${who ? plain(who) : "Somebody"} declared it by hand at ${fullTime(detected)}; no alert had said so.`,
      "When it began is unknown.",
      pagedAfter(story),
    ].join(" ");
  }
  const reason = code(shortened(alert.reason || alert.title, 300));
  const noticed =
    alert.source?.type === "monitor"
      ? `The monitor ${plain(alert.source.name)} failed its first check at ${fullTime(start)}: ${reason}.`
      : `${sourceOf(alert)} sent an alert that says it began at ${fullTime(start)}: ${reason}.`;
  return [noticed, confirmation(story), pagedAfter(story)].filter(Boolean).join(" ");
}

/** A monitor's failure is confirmed, by checks in a row, in the moment that opens the incident. */
function confirmation({ start, detected, alert }: Story): string {
  const what = alert?.source?.type === "monitor" ? "The failure was confirmed" : "The incident was opened";
  return `${what} at ${timeOn(detected, start)}, ${since(start, detected)} later.`;
}

const since = (from: Temporal.Instant, to: Temporal.Instant): string =>
  humanDuration(Math.max(0, to.epochMilliseconds - from.epochMilliseconds));

function pagedAfter({ pages, start, alert }: Story): string {
  const sent = pages
    .map(({ sentAt }) => sentAt)
    .filter((at) => at !== null)
    .sort(Temporal.Instant.compare)[0];
  const first = pages[0];
  if (!first) return "Nobody was paged.";
  if (!sent)
    return `${plain(first.person)} was paged at ${timeOn(first.at, start)}; no message is known to have gone out.`;
  const after = alert ? `, ${since(start, sent)} after the first sign of it` : "";
  return `The first page went out at ${timeOn(sent, start)}${after}.`;
}

/** Kinds that tell how people were reached and what they did; pages come from their own record. */
const RESPONSES = new Set([
  "nobody",
  "paging_paused",
  "acknowledged",
  "acknowledgement_expired",
  "snoozed",
  "escalated",
  "reassigned",
  "delivery_failed",
  "resolved",
]);

function responseOf(story: Story): string {
  const { record, pages, start } = story;
  const lines = [
    ...pages.map((page) => ({ at: page.at, text: pageLine(page) })),
    ...record.timeline
      .filter(({ kind }) => RESPONSES.has(kind))
      .map((entry) => ({ at: entry.at, text: entryLine(entry, story) })),
  ].sort((a, b) => Temporal.Instant.compare(a.at, b.at));
  if (lines.length === 0) return "Nobody was paged and nobody acknowledged it.";
  return lines.map(({ at, text }) => `- ${timeOn(at, start)}: ${text}`).join("\n");
}

function pageLine({ person, level, channels }: RecordedPage): string {
  const ways = channels.length > 0 ? ` by ${listed(channels.map(plain))}` : "";
  return `${plain(person)} was paged (level ${level})${ways}`;
}

function entryLine(entry: RecordedEntry, { pages, acknowledgement }: Story): string {
  const first = pages[0];
  if (entry === acknowledgement && first) {
    const verb = entry.kind === "snoozed" ? "acknowledged it for a while" : "acknowledged";
    return `${plain(entry.actor.name)} ${verb}, ${since(first.at, entry.at)} after the first page`;
  }
  return isPerson(entry) ? `${plain(entry.actor.name)}: ${plain(entry.text)}` : plain(entry.text);
}
