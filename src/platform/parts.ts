import { type Clock, later } from "./clock.ts";
import type { Log } from "./log.ts";

/** A background duty: runs every so often, each time with a limit; its failure stops nothing else. */
export interface Part {
  name: string;
  everyMs: number;
  /** How long one run may take, in milliseconds. */
  limitMs: number;
  run(signal: AbortSignal): Promise<void>;
}

export interface PartState {
  name: string;
  lastRun: Temporal.Instant | null;
  lastError: string | null;
}

export interface Parts {
  states(): PartState[];
  stop(): Promise<void>;
}

export interface PartsOptions {
  clock: Clock;
  log: Log;
  onFailure(name: string, error: unknown): void;
  /** Told of the first run that succeeds, and of each one that succeeds after a failure. */
  onWell?(name: string): void;
}

/** Runs each part by itself: a limit and a catch of its own, reported under its name. */
export function startParts(parts: readonly Part[], { clock, log, onFailure, onWell }: PartsOptions): Parts {
  const states = new Map<string, PartState>();
  const cancels = new Map<string, () => void>();
  const running = new Set<Promise<void>>();
  let stopped = false;

  async function once(part: Part): Promise<void> {
    const state = states.get(part.name);
    const limit = AbortSignal.timeout(part.limitMs);
    try {
      await Promise.race([part.run(limit), rejectWhenAborted(limit, part)]);
      const news = state?.lastRun === null || state?.lastError !== null;
      if (state) Object.assign(state, { lastRun: clock.now(), lastError: null });
      if (news) onWell?.(part.name);
    } catch (error) {
      if (state) Object.assign(state, { lastError: error instanceof Error ? error.message : String(error) });
      log.error({ error, part: part.name }, "a background part failed");
      onFailure(part.name, error);
    }
  }

  function arm(part: Part, inMs: number): void {
    if (stopped) return;
    const cancel = clock.at(later(clock.now(), inMs), () => {
      const run = once(part).finally(() => {
        running.delete(run);
        arm(part, part.everyMs);
      });
      running.add(run);
    });
    cancels.set(part.name, cancel);
  }

  for (const part of parts) {
    states.set(part.name, { name: part.name, lastRun: null, lastError: null });
    arm(part, Math.min(part.everyMs, 1_000));
  }
  return {
    states: () => [...states.values()],
    async stop() {
      stopped = true;
      for (const cancel of cancels.values()) cancel();
      await Promise.all(running);
    },
  };
}

const rejectWhenAborted = (signal: AbortSignal, part: Part): Promise<never> =>
  new Promise((_resolve, reject) => {
    signal.addEventListener("abort", () =>
      reject(new Error(`${part.name} took longer than ${part.limitMs} ms`)),
    );
  });
