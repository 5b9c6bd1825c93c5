import { isDeepStrictEqual } from "node:util";
import type { Clock } from "../../platform/clock.ts";
import type { Log } from "../../platform/log.ts";
import type { AddressGuardOptions } from "../../platform/net/address-guard.ts";
import { dueBetween } from "../grid.ts";
import type { CheckResult } from "../kinds/kind.ts";
import { monotonicMs } from "./monotonic.ts";
import type { Coverage, FromWorker, Gap, Limits, Occasion, ProbeTarget, Report } from "./protocol.ts";
import { ours } from "./runner.ts";
import { keepWorker } from "./worker-keeper.ts";

export type { Coverage, Gap, Limits, Occasion, ProbeTarget } from "./protocol.ts";

/** A check with its circumstances. Instants are epoch ms, with fractions. */
export interface ProbeResult extends CheckResult {
  /** When the check began. */
  at: number;
  endedAt: number;
  occasion: Occasion;
  /** Why the prober doubts its own sample; null when it doesn't. A failure that is suspect can't page. */
  suspect: string | null;
}

export interface Prober {
  /** Adds or replaces a monitor. It is first checked when its due time comes; for sooner, `recheckAt(id, now)`. */
  set(target: ProbeTarget): void;
  remove(id: string): void;
  /** One check at once, also of a target that was never set, with evidence whatever comes. Never rejects. */
  checkNow(target: ProbeTarget): Promise<ProbeResult>;
  /** A check out of turn at that instant (epoch ms by the given clock); of several wishes the earliest counts. */
  recheckAt(id: string, epochMs: number): void;
  /** Checks due since the start. Alert when `onTime / planned` sinks. */
  coverage(): Coverage;
  /** The same by monitor, since the worker's start. Empty when it doesn't answer. */
  coverageByMonitor(): Promise<ReadonlyMap<string, Coverage>>;
  stop(): Promise<void>;
}

export interface ProberOptions {
  clock: Clock;
  onResult(monitorId: string, result: ProbeResult): void;
  /** The clocks parted or the prober stood still; told before the results that came after it. */
  onGap?(gap: Gap): void;
  /** The worker died or hung; it has been started again. */
  onFault?(error: Error): void;
  guard: Pick<AddressGuardOptions, "ownPorts" | "allowPrivate">;
  limits?: Limits;
  /** Where these checks run from; shown as evidence. */
  location?: string;
  log?: Log;
  /** Another file to run as the worker, for tests of what happens when it fails. */
  workerUrl?: URL;
}

const DEFAULT_LIMITS: Limits = { total: 64, perHost: 4 };

/** Starts the worker thread that checks. Judging is the caller's: it asks for second looks by `recheckAt`. */
export function startProber(options: ProberOptions): Prober {
  const { clock, log } = options;
  const targets = new Map<string, ProbeTarget>();
  const asked = new Map<number, { target: ProbeTarget; answer(result: ProbeResult): void }>();
  const counting = new Map<number, (coverage: ReadonlyMap<string, Coverage>) => void>();
  const counted = coverageOverRestarts();
  let tickets = 0;

  const keeper = keepWorker({
    url: options.workerUrl ?? new URL("./worker.ts", import.meta.url),
    data: {
      guard: { ownPorts: [...options.guard.ownPorts], allowPrivate: options.guard.allowPrivate },
      limits: options.limits ?? DEFAULT_LIMITS,
      location: options.location ?? "local",
    },
    onMessage: receive,
    onDeath: (error) => {
      log?.error({ error }, "the prober's worker failed and is started again");
      options.onFault?.(error);
      answerAll(`the prober failed during the check: ${error.message}`);
    },
    onStart: (send, deafForMs) => {
      counted.restarted();
      const nowMs = clock.now().epochMilliseconds;
      for (const target of targets.values()) {
        counted.missed(dueBetween(target.id, target.everyMs, nowMs - deafForMs, nowMs));
        send({ type: "set", target });
      }
      for (const [ticket, { target }] of asked) send({ type: "check", ticket, target });
    },
  });

  function receive(message: FromWorker): void {
    switch (message.type) {
      case "reports":
        counted.now(message.coverage);
        for (const report of message.reports) {
          if (targets.has(report.id)) options.onResult(report.id, resultOf(report));
        }
        return;
      case "checked":
        asked.get(message.ticket)?.answer(resultOf(message.report));
        asked.delete(message.ticket);
        return;
      case "counted":
        counting.get(message.ticket)?.(new Map(message.coverage));
        counting.delete(message.ticket);
        return;
      case "pong":
        counted.now(message.coverage);
        return;
      case "gap":
        options.onGap?.(message.gap);
    }
  }

  /** By the caller's clock: the worker tells how long ago, on the clock the threads share. */
  function resultOf({ result, occasion, suspect, startedMs, endedMs }: Report): ProbeResult {
    const offsetMs = clock.now().epochMilliseconds - monotonicMs();
    return { ...result, occasion, suspect, at: startedMs + offsetMs, endedAt: endedMs + offsetMs };
  }

  function answerAll(words: string): void {
    const nowMs = clock.now().epochMilliseconds;
    const result: ProbeResult = {
      ...ours("prober", words),
      at: nowMs,
      endedAt: nowMs,
      occasion: "asked",
      suspect: null,
    };
    for (const { answer } of asked.values()) answer(result);
    asked.clear();
    for (const answer of counting.values()) answer(new Map());
    counting.clear();
  }

  return {
    set(target) {
      // Set again as it was, a monitor keeps the check under way and the second look it waits for.
      if (isDeepStrictEqual(targets.get(target.id), target)) return;
      targets.set(target.id, target);
      keeper.send({ type: "set", target });
    },
    remove(id) {
      targets.delete(id);
      keeper.send({ type: "remove", id });
    },
    checkNow(target) {
      const { promise, resolve } = Promise.withResolvers<ProbeResult>();
      const ticket = tickets++;
      asked.set(ticket, { target, answer: resolve });
      keeper.send({ type: "check", ticket, target });
      return promise;
    },
    recheckAt(id, epochMs) {
      const atMs = monotonicMs() + epochMs - clock.now().epochMilliseconds;
      keeper.send({ type: "recheck", id, atMs });
    },
    coverage: counted.total,
    coverageByMonitor() {
      const { promise, resolve } = Promise.withResolvers<ReadonlyMap<string, Coverage>>();
      const ticket = tickets++;
      counting.set(ticket, resolve);
      keeper.send({ type: "count", ticket });
      return promise;
    },
    async stop() {
      await keeper.stop();
      answerAll("the prober is shutting down");
    },
  };
}

/** Adds up the counts of each worker there was, and what fell due while there was none. */
function coverageOverRestarts() {
  let before: Coverage = { planned: 0, onTime: 0, late: 0, skipped: 0 };
  let current: Coverage = { ...before };
  const total = (): Coverage => ({
    planned: before.planned + current.planned,
    onTime: before.onTime + current.onTime,
    late: before.late + current.late,
    skipped: before.skipped + current.skipped,
  });
  return {
    total,
    now(coverage: Coverage) {
      current = coverage;
    },
    restarted() {
      before = total();
      current = { planned: 0, onTime: 0, late: 0, skipped: 0 };
    },
    missed(count: number) {
      before.planned += count;
      before.skipped += count;
    },
  };
}
