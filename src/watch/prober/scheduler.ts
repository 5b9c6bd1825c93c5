import { DueHeap } from "../due-heap.ts";
import { dueBetween, nextDue, phaseOf } from "../grid.ts";
import type { Coverage, Gap, Limits, Occasion, ProbeTarget } from "./protocol.ts";
import { Slots } from "./slots.ts";
import { type Clocks, Timeline } from "./timeline.ts";

export interface SchedulerTime extends Clocks {
  /** Calls `run` once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
}

export interface SchedulerOptions {
  time: SchedulerTime;
  limits: Limits;
  hostOf(target: ProbeTarget): string;
  /** Runs a check and reports it, unless `isCurrent` says at its end that nobody waits for it any more. */
  run(target: ProbeTarget, occasion: Occasion, isCurrent: () => boolean): Promise<void>;
  /** The wall clock jumped, the machine slept, or this thread stood still. Told before anything is run again. */
  onGap(gap: Gap): void;
}

interface Entry {
  target: ProbeTarget;
  state: "idle" | "queued" | "running";
  /** Instants on the monotonic clock; an entry of the heap that says another one is stale. */
  dueMs: number;
  recheckMs: number | null;
  /** Of this monitor alone. */
  coverage: Coverage;
}

interface Due {
  entry: Entry;
  occasion: "due" | "recheck";
  atMs: number;
}

/** The longest nap: at least this often the two clocks are compared. */
const LONGEST_NAP_MS = 1_000;
/** Waking so much later than planned is no lateness: somebody stopped this thread. */
const STALL_MS = 5_000;
/** What was missed and isn't due again soon is made good within this time, spread over it. */
const CATCH_UP_MS = 30_000;

const onTimeMs = (everyMs: number): number => Math.min(5_000, Math.max(250, everyMs / 10));

const nothingPlanned = (): Coverage => ({ planned: 0, onTime: 0, late: 0, skipped: 0 });

/** One heap of what is due when, on the monotonic clock; runs what is due within the limits and keeps count. */
export class Scheduler {
  readonly coverage: Coverage = nothingPlanned();
  readonly timeline: Timeline;
  readonly #options: SchedulerOptions;
  readonly #time: SchedulerTime;
  readonly #heap = new DueHeap<Due>();
  readonly #entries = new Map<string, Entry>();
  readonly #slots: Slots;
  #cancelNap: () => void = () => {};
  #wakeAtMs = Number.POSITIVE_INFINITY;

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#time = options.time;
    this.timeline = new Timeline(options.time);
    this.#slots = new Slots(options.limits, options.time);
    this.#nap();
  }

  /** Adds a monitor, or replaces its definition: a check of the old one that is under way is not reported. */
  set(target: ProbeTarget): void {
    const before = this.#entries.get(target.id);
    const recheckMs = before?.recheckMs ?? null;
    const coverage = before?.coverage ?? nothingPlanned();
    const entry: Entry = { target, state: "idle", dueMs: 0, recheckMs: null, coverage };
    this.#entries.set(target.id, entry);
    this.#plan(entry, this.timeline.toWall(this.#time.monotonicMs()));
    if (recheckMs !== null) this.recheckAt(target.id, recheckMs);
    this.#nap();
  }

  remove(id: string): void {
    this.#entries.delete(id);
  }

  /** A check out of turn at `atMs` (monotonic); of several wishes the earliest counts. */
  recheckAt(id: string, atMs: number): void {
    const entry = this.#entries.get(id);
    if (!entry || (entry.recheckMs !== null && entry.recheckMs <= atMs)) return;
    entry.recheckMs = atMs;
    this.#heap.add(atMs, { entry, occasion: "recheck", atMs });
    this.#nap();
  }

  /** A check for somebody who waits, of a target that needn't be known. */
  checkNow(target: ProbeTarget): void {
    const run = () => this.#options.run(target, "asked", () => true);
    this.#slots.add({ host: this.#options.hostOf(target), urgent: true, run });
  }

  coverageByMonitor(): [monitorId: string, coverage: Coverage][] {
    return [...this.#entries].map(([id, { coverage }]) => [id, coverage]);
  }

  #count(entry: Entry, what: keyof Coverage, count = 1): void {
    this.coverage[what] += count;
    entry.coverage[what] += count;
  }

  stop(): void {
    this.#cancelNap();
    this.#cancelNap = () => {};
    this.#entries.clear();
  }

  #plan(entry: Entry, afterWallMs: number): void {
    const { id, everyMs } = entry.target;
    entry.dueMs = this.timeline.toMonotonic(nextDue(id, everyMs, afterWallMs));
    this.#heap.add(entry.dueMs, { entry, occasion: "due", atMs: entry.dueMs });
  }

  #nap(): void {
    this.#cancelNap();
    const nowMs = this.#time.monotonicMs();
    const untilDueMs = (this.#heap.nextAt() ?? Number.POSITIVE_INFINITY) - nowMs;
    const waitMs = Math.max(0, Math.min(LONGEST_NAP_MS, untilDueMs));
    this.#wakeAtMs = nowMs + waitMs;
    this.#cancelNap = this.#time.after(waitMs, () => this.#wake());
  }

  #wake(): void {
    const { byMs, sleptMs } = this.timeline.look();
    const nowMs = this.#time.monotonicMs();
    const lateMs = nowMs - this.#wakeAtMs;
    const stalledMs = lateMs > STALL_MS ? lateMs : 0;
    if (byMs !== 0 || stalledMs > 0) {
      this.#planAnew({ nowMs, sleptMs, stalledMs });
      this.#options.onGap({ jumpedMs: byMs, sleptMs, stalledMs });
    }
    for (let due = this.#heap.takeDue(nowMs); due; due = this.#heap.takeDue(nowMs)) this.#isDue(due, nowMs);
    this.#nap();
  }

  /** Everything on the grid of the time that it is now: what was missed must not be run all at once. */
  #planAnew({ nowMs, sleptMs, stalledMs }: { nowMs: number; sleptMs: number; stalledMs: number }): void {
    const nowWallMs = this.timeline.toWall(nowMs);
    const goneMs = sleptMs + stalledMs;
    for (const entry of this.#entries.values()) {
      const { id, everyMs } = entry.target;
      // What fell due while the machine slept was not planned: nobody could have run it.
      // From just before the instant it meant to wake at, which is a due time itself more often than not.
      const missed = stalledMs > 0 ? dueBetween(id, everyMs, nowWallMs - stalledMs - 1, nowWallMs) : 0;
      this.#count(entry, "planned", missed);
      this.#count(entry, "skipped", missed);
      this.#plan(entry, nowWallMs);
      const soon = entry.dueMs - nowMs <= CATCH_UP_MS;
      if (!soon && goneMs > 0 && dueBetween(id, everyMs, nowWallMs - goneMs - 1, nowWallMs) > 0)
        this.recheckAt(id, nowMs + phaseOf(id, CATCH_UP_MS));
    }
  }

  #isDue({ entry, occasion, atMs }: Due, nowMs: number): void {
    if (this.#entries.get(entry.target.id) !== entry) return;
    if (occasion === "recheck") {
      if (entry.recheckMs !== atMs) return;
      entry.recheckMs = null;
      if (entry.state === "idle") this.#start(entry, "recheck", nowMs);
      return;
    }
    if (entry.dueMs !== atMs) return;
    const { id, everyMs } = entry.target;
    // Half an interval on, so that a clock set back a little doesn't make the same due time come twice.
    const afterWallMs = this.timeline.toWall(atMs) + everyMs / 2;
    const nowWallMs = this.timeline.toWall(nowMs);
    const missed = dueBetween(id, everyMs, afterWallMs, nowWallMs);
    this.#count(entry, "planned", missed);
    this.#count(entry, "skipped", missed);
    this.#plan(entry, Math.max(afterWallMs, nowWallMs));
    // One that still waits for its target is slow, not late; one that waits for its turn is our fault.
    if (entry.state === "running") return;
    this.#count(entry, "planned");
    if (entry.state === "queued") this.#count(entry, "skipped");
    else this.#start(entry, "due", atMs);
  }

  #start(entry: Entry, occasion: "due" | "recheck", dueMs: number): void {
    const { target } = entry;
    const isCurrent = () => this.#entries.get(target.id) === entry;
    entry.state = "queued";
    const run = async () => {
      if (!isCurrent()) return;
      entry.state = "running";
      if (occasion === "due") {
        const lateMs = this.#time.monotonicMs() - dueMs;
        this.#count(entry, lateMs <= onTimeMs(target.everyMs) ? "onTime" : "late");
      }
      await this.#options.run(target, occasion, isCurrent);
      entry.state = "idle";
    };
    this.#slots.add({ host: this.#options.hostOf(target), urgent: occasion === "recheck", run });
  }
}
