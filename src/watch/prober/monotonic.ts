import { uptime } from "node:os";

/** Milliseconds that never jump, from one origin in all threads of the process; `performance.now` has one each. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;

/** Milliseconds since the machine was started, its sleep included; to a hundredth of a second. */
export const bootMs = (): number => uptime() * 1_000;
