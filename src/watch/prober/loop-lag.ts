/** How often the loop's pulse is felt while checks run. */
const PULSE_MS = 50;
/** Lags kept; more than a minute of them at the worst. */
const KEPT = 64;
/** Below this it is the timer's own coarseness. */
const NOTED_MS = 10;

interface Lag {
  atMs: number;
  lagMs: number;
}

/** Feels whether this thread's event loop was held up, and for how long, while a check ran. */
export class LoopLag {
  readonly #monotonicMs: () => number;
  #timer: NodeJS.Timeout | null = null;
  #users = 0;
  #expectedMs = 0;
  #lags: Lag[] = [];

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
  }

  /** Begins a watch; the answer ends it and tells the longest lag in between, in ms. */
  watch(): () => number {
    const sinceMs = this.#monotonicMs();
    if (this.#users++ === 0) this.#arm();
    return () => {
      const lagMs = this.#longestSince(sinceMs);
      if (--this.#users === 0) this.#disarm();
      return lagMs;
    };
  }

  #arm(): void {
    this.#expectedMs = this.#monotonicMs() + PULSE_MS;
    this.#timer = setInterval(() => this.#pulse(), PULSE_MS);
    this.#timer.unref();
  }

  #disarm(): void {
    if (this.#timer) clearInterval(this.#timer);
    this.#timer = null;
    this.#lags = [];
  }

  #pulse(): void {
    const nowMs = this.#monotonicMs();
    const lagMs = nowMs - this.#expectedMs;
    if (lagMs > NOTED_MS) this.#lags = [...this.#lags.slice(1 - KEPT), { atMs: nowMs, lagMs }];
    this.#expectedMs = nowMs + PULSE_MS;
  }

  #longestSince(sinceMs: number): number {
    const nowMs = this.#monotonicMs();
    // A pulse that is overdue now hasn't been able to say so yet.
    const overdueMs = nowMs - this.#expectedMs;
    const noted = this.#lags.filter(({ atMs }) => atMs >= sinceMs).map(({ lagMs }) => lagMs);
    const longestMs = Math.max(0, overdueMs, ...noted);
    return longestMs > NOTED_MS ? Math.min(longestMs, nowMs - sinceMs) : 0;
  }
}
