import type { CheckResult } from "../kinds/kind.ts";

/** What the prober needs to know of a monitor. */
export interface ProbeTarget {
  id: string;
  kind: string;
  /** The kind's own configuration, secrets opened. */
  config: unknown;
  everyMs: number;
  timeoutMs: number;
}

/** Why a check ran: its due time came, the judge wanted a second look, or somebody asked. */
export type Occasion = "due" | "recheck" | "asked";

/** A check as the worker reports it; instants on the clock that both threads share, see `monotonicMs`. */
export interface Report {
  id: string;
  occasion: Occasion;
  startedMs: number;
  endedMs: number;
  /** Why the prober doubts what it saw; null when it doesn't. */
  suspect: string | null;
  result: CheckResult;
}

/** Checks that were due since the start, and what became of them. */
export interface Coverage {
  planned: number;
  onTime: number;
  /** Begun later than a tenth of the interval after they were due (250 ms at least, 5 s at most). */
  late: number;
  /** Not run at all. */
  skipped: number;
}

export interface Limits {
  /** Checks that begin at one time. One that waits for its target for long makes room for others. */
  total: number;
  /** Checks under way against one host. */
  perHost: number;
}

export interface WorkerOptions {
  guard: { ownPorts: readonly number[]; allowPrivate: boolean };
  limits: Limits;
  location: string;
}

export type ToWorker =
  | { type: "set"; target: ProbeTarget }
  | { type: "remove"; id: string }
  | { type: "recheck"; id: string; atMs: number }
  | { type: "check"; ticket: number; target: ProbeTarget }
  | { type: "count"; ticket: number }
  | { type: "ping" };

/** The clocks parted, or the prober stood still. In ms. */
export interface Gap {
  /** How far the wall clock jumped against the monotonic one. */
  jumpedMs: number;
  /** For how long the machine slept. */
  sleptMs: number;
  /** For how long the prober's thread was not run although the machine was awake. */
  stalledMs: number;
}

export type FromWorker =
  | { type: "reports"; reports: Report[]; coverage: Coverage }
  | { type: "checked"; ticket: number; report: Report }
  | { type: "counted"; ticket: number; coverage: [monitorId: string, coverage: Coverage][] }
  | { type: "pong"; coverage: Coverage }
  | { type: "gap"; gap: Gap };
