/** Milliseconds that never jump, from one origin in all threads of the process; `performance.now` has one each. */
export const monotonicMs = (): number => Number(process.hrtime.bigint()) / 1e6;
