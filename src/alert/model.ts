import type { Severity, Urgency } from "../catalog/schema.ts";

/** Who sends: a monitor of ours, an integration, or Keepwatch about itself. */
export interface Source {
  type: "monitor" | "integration" | "system";
  id: string;
  slug: string;
  name: string;
}

/** What a source sends, after its kind has read it. Instants are RFC 3339 text: an event waits in the inbox as JSON. */
export type AlertEvent = TriggerEvent | ResolveEvent;

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
}

export interface ResolveEvent {
  action: "resolve";
  source: Source;
  /** Why: it recovered, it was paused, it was deleted. */
  reason: string;
  at: string;
}

/** One open incident per grouping key: what fails in one service belongs together, what has no service stands alone. */
export const groupingKey = (serviceId: string | null, alertId: string): string =>
  serviceId ? `service:${serviceId}` : `alert:${alertId}`;
