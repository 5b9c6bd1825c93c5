import { DueHeap } from "../due-heap.ts";
import { dueBetween, nextDue } from "../grid.ts";
import type { Coverage, Limits, Occasion, ProbeTarget } from "./protocol.ts";
import { Slots } from "./slots.ts";
import { Timeline } from "./timeline.ts";

export interface SchedulerTime {
  monotonicMs(): number;
  wallMs(): number;
  /** Calls `run` once after `ms`; the answer cancels it. */
  after(ms: number, run: () => void): () => void;
}

export interface SchedulerOptions {
  time: SchedulerTime;
  limits: Limits;
  hostOf(target: ProbeTarget): string;
  /** Runs a check and reports it, unless `isCurrent` says at its end that nobody waits for it any more. */
  run(target: ProbeTarget, occasion: Occasion, isCurrent: () => boolean): Promise<void>;
  /** The wall clock jumped, or the machine slept. */
  onJump(byMs: number): void;
}

interface Entry {
  target: ProbeTarget;
  state: "idle" | "queued" | "running";
  /** Instants on the monotonic clock; an entry of the heap that says another one is stale. */
  dueMs: number;
  recheckMs: number | null;
}

interface Due {
  entry: Entry;
  occasion: "due" | "recheck";
  atMs: number;
}

/** The longest nap: at least this often the two clocks are compared. */
const LONGEST_NAP_MS = 1_000;

const onTimeMs = (everyMs: number): number => Math.min(5_000, Math.max(250, everyMs / 10));

/** One heap of what is due when, on the monotonic clock; runs what is due within the limits and keeps count. */
export class Scheduler {
  readonly coverage: Coverage = { planned: 0, onTime: 0, late: 0, skipped: 0 };
  readonly timeline: Timeline;
  readonly #options: SchedulerOptions;
  readonly #time: SchedulerTime;
  readonly #heap = new DueHeap<Due>();
  readonly #entries = new Map<string, Entry>();
  readonly #slots: Slots;
  #cancelNap: () => void = () => {};

  constructor(options: SchedulerOptions) {
    this.#options = options;
    this.#time = options.time;
    this.timeline = new Timeline(options.time);
    this.#slots = new Slots(options.limits, options.time);
    this.#nap();
  }

  /** Adds a monitor, or replaces its definition: a check of the old one that is under way is not reported. */
  set(target: ProbeTarget): void {
    const recheckMs = this.#entries.get(target.id)?.recheckMs ?? null;
    const entry: Entry = { target, state: "idle", dueMs: 0, recheckMs: null };
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
    const waitMs = (this.#heap.nextAt() ?? Number.POSITIVE_INFINITY) - this.#time.monotonicMs();
    this.#cancelNap = this.#time.after(Math.max(0, Math.min(LONGEST_NAP_MS, waitMs)), () => this.#wake());
  }

  #wake(): void {
    const byMs = this.timeline.look();
    const nowMs = this.#time.monotonicMs();
    if (byMs !== 0) {
      // What fell due while the machine slept was not planned: nobody could have run it.
      for (const entry of this.#entries.values()) this.#plan(entry, this.timeline.toWall(nowMs));
      this.#options.onJump(byMs);
    }
    for (let due = this.#heap.takeDue(nowMs); due; due = this.#heap.takeDue(nowMs)) this.#isDue(due, nowMs);
    this.#nap();
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
    this.coverage.planned += missed;
    this.coverage.skipped += missed;
    this.#plan(entry, Math.max(afterWallMs, nowWallMs));
    // One that still waits for its target is slow, not late; one that waits for its turn is our fault.
    if (entry.state === "running") return;
    this.coverage.planned++;
    if (entry.state === "queued") this.coverage.skipped++;
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
        this.coverage[lateMs <= onTimeMs(target.everyMs) ? "onTime" : "late"]++;
      }
      await this.#options.run(target, occasion, isCurrent);
      entry.state = "idle";
    };
    this.#slots.add({ host: this.#options.hostOf(target), urgent: occasion === "recheck", run });
  }
}
