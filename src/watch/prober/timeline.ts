/** Clocks drift apart by a few ppm and NTP pulls them back; more than this at one look is a jump or a suspend. */
const JUMP_MS = 1_000;

/** Maps the monotonic clock to the wall clock, and notices when the two part. */
export class Timeline {
  readonly #monotonicMs: () => number;
  readonly #wallMs: () => number;
  /** Wall minus monotonic at the last look. */
  #offsetMs: number;
  #jumpedAtMs = Number.NEGATIVE_INFINITY;

  constructor(clocks: { monotonicMs(): number; wallMs(): number }) {
    this.#monotonicMs = clocks.monotonicMs;
    this.#wallMs = clocks.wallMs;
    this.#offsetMs = this.#wallMs() - this.#monotonicMs();
  }

  toMonotonic = (wallMs: number): number => wallMs - this.#offsetMs;
  toWall = (monotonicMs: number): number => monotonicMs + this.#offsetMs;

  /** Compares the clocks; to be called every second or so. Answers how far the wall clock jumped, else 0. */
  look(): number {
    const nowMs = this.#monotonicMs();
    const offsetMs = this.#wallMs() - nowMs;
    const byMs = offsetMs - this.#offsetMs;
    this.#offsetMs = offsetMs;
    if (Math.abs(byMs) < JUMP_MS) return 0;
    this.#jumpedAtMs = nowMs;
    return byMs;
  }

  /** Whether a jump was noticed since. */
  jumpedSince = (monotonicMs: number): boolean => this.#jumpedAtMs >= monotonicMs;
}
