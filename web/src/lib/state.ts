import type { MonitorStatus } from "./types.ts";

/** What a state mark can show: a monitor's status, or the fields beside it that hide the status. */
export type State = MonitorStatus | "maintenance" | "paused";

export const STATE_WORDS: Record<State, string> = {
  up: "Up",
  degraded: "Degraded",
  down: "Down",
  unknown: "Unknown",
  maintenance: "Maintenance",
  paused: "Paused",
};

/** Text colour of each state (7:1 on every surface). */
export const STATE_INK: Record<State, string> = {
  up: "text-up",
  degraded: "text-degraded",
  down: "text-down",
  unknown: "text-unknown",
  maintenance: "text-maintenance",
  paused: "text-paused",
};

/** The state to show for a monitor: paused and maintenance hide the status beneath. */
export const stateOf = (monitor: { status: MonitorStatus; paused: boolean; maintenance: boolean }): State =>
  monitor.paused ? "paused" : monitor.maintenance ? "maintenance" : monitor.status;

/** Worst first, for sorting. */
export const STATE_RANK: Record<State, number> = {
  down: 0,
  degraded: 1,
  unknown: 2,
  maintenance: 3,
  up: 4,
  paused: 5,
};
