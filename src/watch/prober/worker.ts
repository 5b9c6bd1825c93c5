import tls from "node:tls";
import { type MessagePort, parentPort, workerData } from "node:worker_threads";
import { systemClock } from "../../platform/clock.ts";
import { createAddressGuard } from "../../platform/net/address-guard.ts";
import { createResolver } from "../../platform/net/resolver.ts";
import { trustedRoots } from "../kinds/base/client-tls.ts";
import { kindById } from "../kinds/index.ts";
import { LoopLag } from "./loop-lag.ts";
import { bootMs, monotonicMs } from "./monotonic.ts";
import type { FromWorker, ProbeTarget, Report, ToWorker, WorkerOptions } from "./protocol.ts";
import { type RunnerOptions, runCheck } from "./runner.ts";
import { Scheduler } from "./scheduler.ts";

/** The prober's thread: nothing runs here but checks, so that no query, page or collector pause delays one. */
function work(port: MessagePort, options: WorkerOptions): void {
  const wallMs = () => systemClock.now().epochMilliseconds;
  const send = (message: FromWorker) => port.postMessage(message);
  const flush = batching<Report>((reports) =>
    send({ type: "reports", reports, coverage: scheduler.coverage }),
  );
  const tickets = new Map<ProbeTarget, number>();
  const scheduler = new Scheduler({
    time: { monotonicMs, wallMs, bootMs, after },
    limits: options.limits,
    hostOf,
    onGap: (gap) => send({ type: "gap", gap }),
    run: async (target, occasion, isCurrent) => {
      const report = await runCheck(target, occasion, runner);
      const ticket = tickets.get(target);
      tickets.delete(target);
      if (ticket !== undefined) send({ type: "checked", ticket, report });
      else if (isCurrent()) flush(report);
    },
  });
  const runner: RunnerOptions = {
    shared: {
      resolve: createResolver(),
      guard: createAddressGuard(options.guard),
      secureContext: tls.createSecureContext({ ca: trustedRoots() }),
      monotonicMs,
      wallMs,
    },
    lag: new LoopLag(monotonicMs),
    timeline: scheduler.timeline,
    location: options.location,
  };
  port.on("message", (message: ToWorker) => {
    switch (message.type) {
      case "set":
        return scheduler.set(message.target);
      case "remove":
        return scheduler.remove(message.id);
      case "recheck":
        return scheduler.recheckAt(message.id, message.atMs);
      case "check":
        tickets.set(message.target, message.ticket);
        return scheduler.checkNow(message.target);
      case "count":
        return send({ type: "counted", ticket: message.ticket, coverage: scheduler.coverageByMonitor() });
      case "ping":
        return send({ type: "pong", coverage: scheduler.coverage });
    }
  });
}

/** A configuration that an older version accepted may have no host; its check will say what is wrong with it. */
function hostOf({ kind, config }: ProbeTarget): string {
  try {
    return kindById(kind)?.host(config) ?? "";
  } catch {
    return "";
  }
}

function after(ms: number, run: () => void): () => void {
  const timer = setTimeout(run, ms);
  return () => clearTimeout(timer);
}

/** Collects what comes in one turn of the loop, and hands it on together. */
function batching<T>(handOn: (items: T[]) => void): (item: T) => void {
  let items: T[] = [];
  return (item) => {
    items.push(item);
    if (items.length > 1) return;
    setImmediate(() => {
      const batch = items;
      items = [];
      handOn(batch);
    });
  };
}

if (parentPort) work(parentPort, workerData as WorkerOptions);
