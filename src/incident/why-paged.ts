import type { PageJson } from "../page/schema.ts";

/** What is on record of one person and one incident. */
export interface PersonRecord {
  name: string;
  /** The clock that the sentence is told by. */
  timeZone: string;
  openedAt: Temporal.Instant;
  /** Their pages, oldest first. */
  pages: readonly Pick<PageJson, "created_at" | "answered" | "deliveries">[];
  /** When they themselves answered one of them. */
  answeredAt: string | null;
  /** The first answer to any page of the incident. */
  firstAnswer: { at: string; by: string } | null;
  policy: string | null;
  /** The first level of the policy whose people they were among when the incident opened. */
  level: number | null;
  /** Schedules of the policy that name them and had somebody else on call then. */
  offDuty: readonly string[];
  /** Whether they had a verified contact method by then. */
  verified: boolean;
  over: boolean;
}

export interface WhyPaged {
  /** Whether any message about it left for them. */
  paged: boolean;
  sentence: string;
}

const GONE_OUT = ["sent", "delivered", "seen"];

/** Why the person was paged about the incident, or was not, in one sentence. */
export function whyPaged(record: PersonRecord): WhyPaged {
  const { pages } = record;
  const deliveries = pages.flatMap((page) => page.deliveries).filter(({ purpose }) => purpose === "page");
  const sent = deliveries.filter(({ status }) => GONE_OUT.includes(status));
  if (sent.length > 0) return { paged: true, sentence: `${reached(record, sent)}.` };
  const sentence = pages.length > 0 ? notReached(record, deliveries) : notAsked(record);
  return { paged: false, sentence: `${sentence}.` };
}

type Deliveries = PersonRecord["pages"][number]["deliveries"];

const channelsOf = (deliveries: Deliveries): string =>
  [...new Set(deliveries.map(({ channel }) => channel))].join(", ");

function reached(record: PersonRecord, sent: Deliveries): string {
  const { name, answeredAt } = record;
  const times = sent.flatMap(({ sent_at }) => sent_at ?? []).sort();
  const first = times[0] ?? record.pages[0]!.created_at;
  const paged = `${name} was paged at ${clock(record, first)} by ${channelsOf(sent)}`;
  if (answeredAt) return `${paged} and answered at ${clock(record, answeredAt)}`;
  const answer = record.pages.findLast((page) => page.answered)?.answered;
  if (answer) return `${paged}; ${ended(record, answer)}`;
  return `${paged} and has not answered yet`;
}

function notReached(record: PersonRecord, deliveries: Deliveries): string {
  const { name } = record;
  if (deliveries.length === 0) return `${name} was to be paged but had no contact method that works`;
  const waiting = deliveries.find(({ status }) => status === "queued" || status === "sending");
  if (waiting) {
    const why = waiting.reason ? `: ${waiting.reason.replace(/\.$/, "")}` : "";
    return `${name} is to be paged by ${waiting.channel} at ${clock(record, waiting.due_at)}${why}`;
  }
  const cancelled = deliveries.find(({ status }) => status === "cancelled");
  if (cancelled) {
    const answer = record.pages.findLast((page) => page.answered)?.answered;
    const why = answer ? ended(record, answer) : (cancelled.reason ?? "nobody needed it any more");
    return `${name}'s page by ${cancelled.channel} was cancelled before it went out: ${why.replace(/\.$/, "")}`;
  }
  const failures = deliveries.map(({ channel, reason }) => (reason ? `${channel} (${reason})` : channel));
  return `${name} was to be paged, but every contact method failed: ${failures.join(", ")}`;
}

function notAsked(record: PersonRecord): string {
  const { name, policy, level, offDuty, firstAnswer } = record;
  if (policy === null) return `${name} was not paged: no escalation policy was used`;
  if (level !== null) {
    const place = `${name} is on level ${level} of ${policy}`;
    if (!record.verified) return `${place} but had no verified contact method, so they were passed over`;
    if (firstAnswer) return `${place}, which was not reached: ${ended(record, firstAnswer)}`;
    return record.over
      ? `${place}, which was not reached before it was over`
      : `${place}, which has not been reached`;
  }
  if (offDuty.length > 0)
    return `${name} was not on call in ${offDuty.join(", ")} when it opened at ${clock(record, record.openedAt.toString())}`;
  return `${name} is on no level of ${policy}, the escalation policy that was used`;
}

const ended = (record: PersonRecord, { at, by }: { at: string; by: string }): string =>
  by === "Keepwatch" ? `it ended at ${clock(record, at)}` : `${by} answered at ${clock(record, at)}`;

/** e.g. `2026-11-23 10:02 (Europe/Paris)` */
function clock({ timeZone }: PersonRecord, at: string): string {
  const local = Temporal.Instant.from(at).toZonedDateTimeISO(timeZone);
  return `${local.toPlainDate()} ${local.toPlainTime().toString({ smallestUnit: "minute" })} (${timeZone})`;
}
