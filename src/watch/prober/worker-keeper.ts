import { Worker } from "node:worker_threads";
import { monotonicMs } from "./monotonic.ts";
import type { FromWorker, ToWorker, WorkerOptions } from "./protocol.ts";

export interface WorkerKeeperOptions {
  url: URL;
  data: WorkerOptions;
  /** How often it is asked whether it lives; 1 s unless a test can't wait. */
  pingMs?: number;
  onMessage(message: FromWorker): void;
  /** It ended unasked, or hung. Another is on its way. */
  onDeath(error: Error): void;
  /** A new one takes messages; the one before was last heard `deafForMs` ago, 0 for the first. */
  onStart(send: (message: ToWorker) => void, deafForMs: number): void;
}

export interface WorkerKeeper {
  send(message: ToWorker): void;
  stop(): Promise<void>;
}

const PING_MS = 1_000;
/** Unanswered pings, counted by our own timer: when this thread stalls, it misses one ping and not the answers. */
const MOST_UNANSWERED = 15;
const SHORTEST_PAUSE_MS = 50;
const LONGEST_PAUSE_MS = 10_000;

/** Keeps one worker alive: when it dies, or answers no ping for 15 s, another takes its place. */
export function keepWorker(options: WorkerKeeperOptions): WorkerKeeper {
  let worker: Worker | null = null;
  let unanswered = 0;
  let heardAtMs: number | null = null;
  let pauseMs = SHORTEST_PAUSE_MS;
  let restart: NodeJS.Timeout | undefined;
  let stopping: (() => void) | null = null;

  const send = (message: ToWorker) => worker?.postMessage(message);

  function start(): void {
    const started = new Worker(options.url, { workerData: options.data, name: "prober" });
    worker = started;
    unanswered = 0;
    let failure: Error | null = null;
    started.on("message", (message: FromWorker) => {
      unanswered = 0;
      pauseMs = SHORTEST_PAUSE_MS;
      heardAtMs = monotonicMs();
      options.onMessage(message);
    });
    started.on("error", (error) => {
      failure = error instanceof Error ? error : new Error(String(error));
    });
    started.on("exit", (code) => {
      if (worker === started) worker = null;
      if (stopping) return stopping();
      options.onDeath(
        failure ?? new Error(unanswered >= MOST_UNANSWERED ? "it hung" : `it ended with ${code}`),
      );
      restart = setTimeout(start, pauseMs);
      pauseMs = Math.min(LONGEST_PAUSE_MS, pauseMs * 2);
    });
    options.onStart(send, heardAtMs === null ? 0 : monotonicMs() - heardAtMs);
  }

  const pings = setInterval(() => {
    if (worker && ++unanswered >= MOST_UNANSWERED) void worker.terminate();
    else send({ type: "ping" });
  }, options.pingMs ?? PING_MS);
  pings.unref();
  start();

  return {
    send,
    stop() {
      clearInterval(pings);
      clearTimeout(restart);
      const running = worker;
      if (!running) return Promise.resolve();
      const { promise, resolve } = Promise.withResolvers<void>();
      stopping = resolve;
      // What is under way is given up; its monitors are checked again by whoever comes next.
      void running.terminate();
      return promise;
    },
  };
}
