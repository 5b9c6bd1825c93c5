import type { Socket } from "node:net";
import type { Trace } from "../base/trace.ts";

/** Read of what a server says. */
export const MOST_BYTES = 65_536;
/** Between two looks at what has come so far: a server that sends byte by byte must not be searched at each. */
const LOOK_EVERY_MS = 20;
/** Share of the time that may be spent looking. */
const LOOKING = 1 / 10;

/** Why no more was read. */
export type Ended = "enough" | "closed" | "full" | "deadline";

export interface Hearing {
  trace: Trace;
  monotonicMs(): number;
  /** On the clock of `monotonicMs`. */
  deadlineMs: number;
  /** Whether what is in the trace's body settles it. */
  enough(): boolean;
}

/**
 * Reads into the trace's body until it is enough, the server closes, 64 KB have come or the deadline passes. Where
 * not a byte came, it rejects if the connection ended and waits for ever if it didn't: both have words already.
 */
export function hear(socket: Socket, hearing: Hearing): Promise<Ended> {
  const { trace } = hearing;
  const { promise, resolve, reject } = Promise.withResolvers<Ended>();
  // The timer alone says when: it may run a little before the clock is there, and then nothing would ask again.
  let passed = false;
  const late = () => passed && trace.bodyBytes > 0 && resolve("deadline");
  const atDeadline = () => {
    passed = true;
    late();
  };
  // A busy loop runs timers before it reads sockets: what has come by now counts.
  const leftMs = Math.ceil(hearing.deadlineMs - hearing.monotonicMs());
  const timer = setTimeout(() => setImmediate(atDeadline), leftMs);
  const looks = lookingAtTimes(hearing, () => resolve("enough"));
  const closed = (error?: unknown) =>
    trace.bodyBytes > 0 ? resolve("closed") : reject(error instanceof Error ? error : hungUp());
  const take = (chunk: Buffer) => {
    if (trace.bodyBytes === 0) trace.enter("transfer");
    const part = chunk.subarray(0, MOST_BYTES - trace.bodyBytes);
    trace.body.push(part);
    trace.bodyBytes += part.length;
    looks.more();
    if (trace.bodyBytes === MOST_BYTES) resolve("full");
    late();
  };
  socket.on("data", take).on("error", closed).on("end", closed).on("close", closed);
  return promise.finally(() => {
    clearTimeout(timer);
    looks.stop();
    socket.off("data", take).pause();
  });
}

const hungUp = (): Error => Object.assign(new Error("closed"), { code: "ECONNRESET" });

/** Looks when more has come: at once if the last look is long ago, else in a while. */
function lookingAtTimes({ monotonicMs, enough }: Hearing, found: () => void) {
  let pause: NodeJS.Timeout | undefined;
  let isStale = false;
  const look = () => {
    const sinceMs = monotonicMs();
    isStale = false;
    if (enough()) return found();
    const tookMs = monotonicMs() - sinceMs;
    pause = setTimeout(rested, Math.max(LOOK_EVERY_MS, tookMs / LOOKING));
  };
  const rested = () => {
    pause = undefined;
    if (isStale) look();
  };
  return {
    more() {
      isStale = true;
      if (pause === undefined) look();
    },
    stop: () => clearTimeout(pause),
  };
}
