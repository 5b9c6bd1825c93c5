import type { DeliveryStatus } from "./schema.ts";

/** What the page is about: everything a message needs, as one person may see it. `page` knows nothing else of it. */
export interface Subject {
  kind: "incident";
  id: string;
  number: number;
  title: string;
  /** SEV1–SEV5; empty when it could not be read in time. */
  severity: string;
  urgency: Urgency;
  status: "triggered" | "acknowledged" | "resolved";
  url: string;
  service: { slug: string; name: string } | null;
  alerts: readonly SubjectAlert[];
  /** When it began to fail. */
  since: Temporal.Instant;
  runbook: { url: string } | { markdown: string } | null;
  whoElse: readonly { name: string; level: number }[];
  similar: readonly Similar[];
  acknowledged: { by: string; at: Temporal.Instant } | null;
  resolved: { at: Temporal.Instant; how: string } | null;
}

export type Urgency = "high" | "low";

export interface SubjectAlert {
  id: string;
  title: string;
  /** The one line to read first: "status 502, wanted 200–299". */
  reason: string;
  since: Temporal.Instant;
  status: "firing" | "resolved";
  /** The failing check's detail, line by line. */
  evidence: readonly string[];
}

/** "Seen before", in the webhook's own shape; instants are RFC 3339. */
export interface Similar {
  likeness: "same" | "alike";
  why: readonly string[];
  /** How many earlier incidents it stands for. */
  times?: number;
  incident: { number: number; title: string; url: string; resolved_at: string | null };
  postmortem: { title: string; url: string } | null;
  fix: string | null;
  open_actions: readonly { title: string; due: string | null; url: string }[];
}

export const PURPOSES = ["page", "resolved", "joined", "answered", "expiring", "test"] as const;
export type Purpose = (typeof PURPOSES)[number];

/** How a channel finds its message about a subject again, to answer or to edit it. */
export interface MessageThread {
  subjectId: string;
  ref: Record<string, unknown>;
}

/** What a channel says of one try. */
export type SendResult =
  | {
      kind: "accepted";
      providerId?: string;
      detail: string;
      threads?: readonly MessageThread[];
      /** No receipt can come for this very message, whatever the channel promises: nobody can call us back. */
      unconfirmed?: boolean;
    }
  /** It may work later. `afterMs` is what the provider asked for. */
  | { kind: "retry"; afterMs?: number; why: string }
  /** It will never work this way: the person's next contact method, at once. */
  | {
      kind: "refused";
      why: string;
      /** It is our account at this provider that is refused, not the address: another provider may take it. */
      account?: boolean;
      /** The address is no more: the contact method is disabled, and its owner warned. */
      gone?: boolean;
    };

/** The same, with no receipt to wait for where none can come. */
export const confirmedBy = (result: SendResult, canConfirm: boolean): SendResult =>
  result.kind === "accepted" && !canConfirm ? { ...result, unconfirmed: true } : result;

/** What can happen to a delivery. */
export type DeliveryEvent =
  | { kind: "claimed" }
  | SendResult
  | { kind: "delivered" }
  | { kind: "seen" }
  /** Nobody wants it any more: answered, resolved, another round. */
  | { kind: "unwanted" };

/** The state after an event; null when the event means nothing in that state and must change nothing. */
export function transition(status: DeliveryStatus, event: DeliveryEvent): DeliveryStatus | null {
  switch (status) {
    case "queued":
      if (event.kind === "claimed") return "sending";
      if (event.kind === "unwanted") return "cancelled";
      return event.kind === "refused" ? "failed" : null;
    case "sending":
      return afterSending(event);
    case "sent":
      // Taken by the provider, and then it did not arrive.
      if (event.kind === "refused") return "failed";
      return event.kind === "delivered" || event.kind === "seen" ? event.kind : null;
    case "delivered":
      return event.kind === "seen" ? "seen" : null;
    case "seen":
    case "failed":
    case "cancelled":
      return null;
  }
}

function afterSending(event: DeliveryEvent): DeliveryStatus | null {
  switch (event.kind) {
    // A worker that died while sending leaves this state; the next one sends the same delivery again.
    case "claimed":
      return "sending";
    case "accepted":
      return "sent";
    case "retry":
      return "queued";
    case "refused":
      return "failed";
    case "unwanted":
      return "cancelled";
    case "delivered":
    case "seen":
      return event.kind;
  }
}

/** Nothing more happens by itself to a delivery in one of these. */
export const isOver = (status: DeliveryStatus): boolean =>
  transition(status, { kind: "claimed" }) === null && transition(status, { kind: "unwanted" }) === null;

/** A delivery in one of these has left, or may have: its person hears how it ends. */
export const MAY_HAVE_REACHED: readonly DeliveryStatus[] = ["sending", "sent", "delivered", "seen"];

/** While a delivery is wanted it is tried at least this often. */
export const LONGEST_WAIT_MS = 60_000;

/**
 * How long to wait after the `attempt`-th try (1 is the first) failed for now: 1 s, 2, 4, … 60 at most.
 * `random` in [0, 1) takes off up to a fifth, so that what failed together doesn't come back together.
 */
export function nextTry(attempt: number, random: number): number {
  const fullMs = Math.min(LONGEST_WAIT_MS, 1_000 * 2 ** Math.min(attempt - 1, 16));
  return Math.round(fullMs * (1 - 0.2 * random));
}

/** A provider's own wish is heard, within what a page can bear. */
export const waitBefore = (result: { afterMs?: number }, attempt: number, random: number): number =>
  result.afterMs === undefined
    ? nextTry(attempt, random)
    : Math.min(LONGEST_WAIT_MS, Math.max(0, result.afterMs));

/** After a first page, what else comes in for the same person by the same method waits this long and goes as one. */
export const BUNDLE_MS = 30_000;

/** A page message that was begun not long ago, by the same method to the same person. */
export interface RecentMessage {
  at: Temporal.Instant;
  urgency: Urgency;
  subjectId: string;
  answered: boolean;
}

/**
 * Until when a page waits so that a storm comes as a few messages; null: it goes at once.
 * What opens such a wait is an unanswered page about something else: a repeat of the same demand is the policy's own
 * wish, whoever has answered is awake already, and an urgent page never waits behind one that is not.
 */
export function holdUntil(
  page: { subjectId: string; urgency: Urgency },
  recent: readonly RecentMessage[],
  now: Temporal.Instant,
): Temporal.Instant | null {
  const ends = recent
    .filter((each) => each.subjectId !== page.subjectId && !each.answered)
    .filter((each) => each.urgency === "high" || page.urgency === "low")
    .map((each) => each.at.add({ milliseconds: BUNDLE_MS }))
    .filter((end) => Temporal.Instant.compare(end, now) > 0);
  return ends.sort(Temporal.Instant.compare).at(-1) ?? null;
}
