/** Clocks drift apart by a few ppm and NTP pulls them back; more than this at one look is a jump or a suspend. */
const JUMP_MS = 1_000;

export interface Clocks {
  monotonicMs(): number;
  wallMs(): number;
  /** Runs on while the machine sleeps, which the monotonic one does not. */
  bootMs(): number;
}

/** What was found when the clocks were compared, in ms. */
export interface Parting {
  /** How far the wall clock went ahead of the monotonic one; 0 when they kept together. */
  byMs: number;
  /** For how long of it the machine slept. */
  sleptMs: number;
}

/** Maps the monotonic clock to the wall clock, and notices when the two part. */
export class Timeline {
  readonly #monotonicMs: () => number;
  readonly #wallMs: () => number;
  readonly #bootMs: () => number;
  /** Boot minus monotonic: grows by sleep alone. */
  #sleepMs: number;
  /** Wall minus monotonic at the last look. */
  #offsetMs: number;
  #jumpedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clocks: Clocks) {
    this.#monotonicMs = clocks.monotonicMs;
    this.#wallMs = clocks.wallMs;
    this.#bootMs = clocks.bootMs;
    this.#sleepMs = this.#bootMs() - this.#monotonicMs();
    this.#offsetMs = this.#wallMs() - this.#monotonicMs();
  }

  toMonotonic = (wallMs: number): number => wallMs - this.#offsetMs;
  toWall = (monotonicMs: number): number => monotonicMs + this.#offsetMs;

  /** Compares the clocks; to be called every second or so. */
  look(): Parting {
    const nowMs = this.#monotonicMs();
    const offsetMs = this.#wallMs() - nowMs;
    const byMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(byMs) < JUMP_MS) return { byMs: 0, sleptMs: 0 };
    this.#jumpedAtMs = nowMs;
    const sleepMs = this.#bootMs() - nowMs;
    const sleptMs = sleepMs - this.#sleepMs;
    this.#sleepMs = sleepMs;
    return { byMs, sleptMs: sleptMs < JUMP_MS ? 0 : sleptMs };
  }

  /** Whether a jump was noticed since. */
  jumpedSince = (monotonicMs: number): boolean => this.#jumpedAtMs >= monotonicMs;
}
