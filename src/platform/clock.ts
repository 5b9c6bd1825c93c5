/**
 * The one way the program learns what time it is and waits. Handed in from `main`; nothing outside
 * `platform/` reads the ambient clock, so that a test can be at 02:30 on a night when the clocks change.
 */
export interface Clock {
  now(): Temporal.Instant;
  /** Calls `run` once at or after `at`. Returns a function that cancels it. Never keeps the process alive. */
  at(at: Temporal.Instant, run: () => void): () => void;
}

/** setTimeout holds at most 2^31-1 ms (24.8 days); a later instant is reached in hops. */
const LONGEST_TIMEOUT_MS = 2_147_483_647;

/** PostgreSQL keeps microseconds: an instant must be the same after it was stored and read again. */
const STORED = { smallestUnit: "microsecond", roundingMode: "floor" } as const;

export const systemClock: Clock = {
  now: () => Temporal.Now.instant().round(STORED),
  at(at, run) {
    let timer: NodeJS.Timeout;
    const arm = () => {
      const waitMs = Math.ceil(Number(at.epochNanoseconds - Temporal.Now.instant().epochNanoseconds) / 1e6);
      timer = setTimeout(
        () => (waitMs > LONGEST_TIMEOUT_MS ? arm() : run()),
        Math.max(0, Math.min(waitMs, LONGEST_TIMEOUT_MS)),
      );
      timer.unref();
    };
    arm();
    return () => clearTimeout(timer);
  },
};

/** A clock that stands still until `advance` is called. Timers that fall due run in order of their instants. */
export class ManualClock implements Clock {
  #now: Temporal.Instant;
  #timers = new Set<{ at: Temporal.Instant; run: () => void }>();

  constructor(start: string | Temporal.Instant) {
    this.#now = Temporal.Instant.from(start);
  }

  now(): Temporal.Instant {
    return this.#now;
  }

  at(at: Temporal.Instant, run: () => void): () => void {
    const timer = { at, run };
    this.#timers.add(timer);
    return () => this.#timers.delete(timer);
  }

  /** Moves time on by `ms`, firing each timer at its own instant. */
  advance(ms: number): void {
    const end = this.#now.add({ milliseconds: ms });
    for (;;) {
      const due = [...this.#timers]
        .filter((timer) => Temporal.Instant.compare(timer.at, end) <= 0)
        .sort((a, b) => Temporal.Instant.compare(a.at, b.at))[0];
      if (!due) break;
      this.#timers.delete(due);
      if (Temporal.Instant.compare(due.at, this.#now) > 0) this.#now = due.at;
      due.run();
    }
    this.#now = end;
  }
}

/** Waits by the given clock; rejects with the signal's reason when aborted. */
export function sleep(clock: Clock, ms: number, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(signal.reason);
    const cancel = clock.at(clock.now().add({ milliseconds: ms }), () => {
      signal?.removeEventListener("abort", onAbort);
      resolve();
    });
    const onAbort = () => {
      cancel();
      reject(signal?.reason);
    };
    signal?.addEventListener("abort", onAbort, { once: true });
  });
}

export const later = (instant: Temporal.Instant, ms: number): Temporal.Instant =>
  instant.add({ milliseconds: ms });

/** b − a in milliseconds. */
export const msBetween = (a: Temporal.Instant, b: Temporal.Instant): number =>
  b.epochMilliseconds - a.epochMilliseconds;

export const isBefore = (a: Temporal.Instant, b: Temporal.Instant): boolean =>
  Temporal.Instant.compare(a, b) < 0;
