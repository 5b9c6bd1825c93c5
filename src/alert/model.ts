import type { Severity, Urgency } from "../catalog/schema.ts";

/** Who sends: a monitor of ours, an integration, or Keepwatch about itself. */
export interface Source {
  type: "monitor" | "integration" | "system";
  id: string;
  slug: string;
  name: string;
}

/** What a source sends, after its kind has read it. Instants are RFC 3339 text: an event waits in the inbox as JSON. */
export type AlertEvent = TriggerEvent | AcknowledgeEvent | ResolveEvent;

export interface TriggerEvent {
  action: "trigger";
  source: Source;
  title: string;
  /** The first line anyone reads: `[status] 502, wanted 200–299`. */
  reason: string;
  /** The kind of failure with its code class, e.g. `status:502`. */
  cause: string;
  severity: Severity;
  urgency: Urgency;
  labels: Record<string, string>;
  evidence: unknown;
  serviceId: string | null;
  /** When it began to fail, as far as the source knows. */
  startedAt: string;
  at: string;
  /** The source's own time of this event, or else of its beginning; absent where the source says none. */
  saidAt?: string | undefined;
  /** Whether `saidAt` grows from event to event, so that one which is older than the last is late. */
  ordered?: boolean;
  /** Resolved by itself when nothing is heard of it for so long. */
  autoResolveMs?: number;
}

/** Somebody has taken it on over there. */
export interface AcknowledgeEvent {
  action: "acknowledge";
  source: Source;
  reason: string;
  at: string;
  saidAt?: string | undefined;
}

export interface ResolveEvent {
  action: "resolve";
  source: Source;
  /** Why: it recovered, it was paused, it was deleted. */
  reason: string;
  at: string;
  saidAt?: string | undefined;
}

/**
 * Whether an event of a key is late: the same source has already said something newer of it. Only the source's own
 * times are compared with each other; where it says none, the order of arrival counts.
 */
export const isLate = (saidAt: string | undefined, last: Temporal.Instant | null | undefined): boolean =>
  saidAt !== undefined && last != null && Temporal.Instant.compare(Temporal.Instant.from(saidAt), last) < 0;

/** One open incident per grouping key: what fails in one service belongs together, what has no service stands alone. */
export const groupingKey = (serviceId: string | null, alertId: string): string =>
  serviceId ? `service:${serviceId}` : `alert:${alertId}`;
