import type { Limits } from "./protocol.ts";

interface Job {
  host: string;
  urgent: boolean;
  run: () => Promise<void>;
}

interface Host {
  active: number;
  waiting: Job[];
}

export interface SlotsTime {
  monotonicMs(): number;
  after(ms: number, run: () => void): () => void;
}

/** A check under way this long waits for its target, not for us: it makes room. */
const SLOW_MS = 500;
/** However many wait, sockets are not endless. */
const MOST_OPEN_PER_SLOT = 16;

/**
 * Runs jobs with a bound on those that begin and a bound per host. Slow ones step aside, so that an outage in
 * which everything waits for its time-out doesn't thin out the checks of what still works.
 */
export class Slots {
  readonly #limits: Limits;
  readonly #time: SlotsTime;
  readonly #hosts = new Map<string, Host>();
  readonly #ready: { urgent: Job[]; normal: Job[] } = { urgent: [], normal: [] };
  /** Running jobs that count, with the instant they began, oldest first. */
  readonly #fresh = new Map<Job, number>();
  #open = 0;
  #cancelLook: (() => void) | null = null;

  constructor(limits: Limits, time: SlotsTime) {
    this.#limits = limits;
    this.#time = time;
  }

  /** `run` must not reject. Urgent jobs go before others. */
  add(job: Job): void {
    const host = this.#hosts.get(job.host) ?? { active: 0, waiting: [] };
    this.#hosts.set(job.host, host);
    if (host.active >= this.#limits.perHost) {
      if (job.urgent) host.waiting.unshift(job);
      else host.waiting.push(job);
      return;
    }
    this.#makeReady(job, host);
    this.#pump();
  }

  #makeReady(job: Job, host: Host): void {
    host.active++;
    (job.urgent ? this.#ready.urgent : this.#ready.normal).push(job);
  }

  #pump(): void {
    while (this.#ready.urgent.length + this.#ready.normal.length > 0) {
      if (!this.#hasRoom()) {
        this.#lookLater();
        return;
      }
      const job = this.#ready.urgent.shift() ?? this.#ready.normal.shift();
      if (job) this.#start(job);
    }
  }

  #hasRoom(): boolean {
    if (this.#open >= this.#limits.total * MOST_OPEN_PER_SLOT) return false;
    if (this.#fresh.size < this.#limits.total) return true;
    const slowBeforeMs = this.#time.monotonicMs() - SLOW_MS;
    for (const [job, startedMs] of this.#fresh) {
      if (startedMs > slowBeforeMs) break;
      this.#fresh.delete(job);
    }
    return this.#fresh.size < this.#limits.total;
  }

  /** When the oldest fresh job becomes slow there may be room. */
  #lookLater(): void {
    const [oldestMs] = this.#fresh.values();
    if (this.#cancelLook || oldestMs === undefined) return;
    const waitMs = Math.max(1, oldestMs + SLOW_MS - this.#time.monotonicMs());
    this.#cancelLook = this.#time.after(waitMs, () => {
      this.#cancelLook = null;
      this.#pump();
    });
  }

  #start(job: Job): void {
    this.#open++;
    this.#fresh.set(job, this.#time.monotonicMs());
    void job.run().then(() => this.#end(job));
  }

  #end(job: Job): void {
    this.#open--;
    this.#fresh.delete(job);
    const host = this.#hosts.get(job.host);
    if (host) {
      host.active--;
      const next = host.waiting.shift();
      if (next) this.#makeReady(next, host);
      else if (host.active === 0) this.#hosts.delete(job.host);
    }
    this.#pump();
  }
}
