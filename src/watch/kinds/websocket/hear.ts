import type { Socket } from "node:net";
import type WebSocket from "ws";
import { Failure } from "../base/failure.ts";
import { quote, spell, visible } from "../base/finding.ts";
import type { Trace } from "../base/trace.ts";
import { MOST_BYTES } from "./open.ts";

export const MOST_MESSAGES = 1_000;
/** Taken from the socket, pings and all. */
const MOST_RECEIVED = 4 * MOST_BYTES;
/** Sent; a server that pings more often asks for no answer. */
const MOST_PONGS = 100;
/** Spent on judging messages, in ms: other checks wait meanwhile. */
const MOST_JUDGING_MS = 250;

/** What came of listening. */
export interface Heard {
  /** The message that was wanted, else the last one; null without any. */
  message: string | null;
  count: number;
  /** Why no more was read. */
  ended: "enough" | "closed" | "full" | "deadline";
  /** Null while it is open. */
  close: { code: number; reason: string } | null;
}

export interface Hearing {
  trace: Trace;
  monotonicMs(): number;
  /** Whether this message settles it. */
  isWanted(message: string): boolean;
  /** Whether the server is expected to close, after a wanted message or without one. */
  untilClosed: boolean;
}

/** Listens from the start, since a server may speak first, and tells what it heard when asked to. */
export class Ear {
  readonly heard: Heard = { message: null, count: 0, ended: "enough", close: null };
  readonly #hearing: Hearing;
  readonly #done = Promise.withResolvers<void>();
  #hasWanted: boolean = false;
  #judgedMs = 0;

  constructor(hearing: Hearing) {
    this.#hearing = hearing;
    this.#done.promise.catch(() => {});
  }

  readonly listens = (webSocket: WebSocket): void => {
    // As it is unless somebody asks for another: one buffer.
    webSocket.on("message", (data) => Buffer.isBuffer(data) && this.#take(data));
    webSocket.on("error", (error) => this.#done.reject(brokenBy(error)));
    webSocket.on("close", (code, reason) => {
      this.heard.close = { code, reason: reason.toString() };
      this.#end("closed");
    });
  };

  /**
   * Until it is enough, the server closes, too much has come, or the deadline (on the monotonic clock) is there.
   * Rejects with a `Failure` for what is no message.
   */
  async until(deadlineMs: number, socket: Socket, webSocket: WebSocket): Promise<Heard> {
    let pings = 0;
    webSocket.on("ping", (data) => {
      if (pings++ < MOST_PONGS) webSocket.pong(data);
      if (socket.bytesRead > MOST_RECEIVED) this.#end("full");
    });
    const { monotonicMs } = this.#hearing;
    // A busy loop runs timers before it reads sockets: what has come by now counts.
    const late = () => setImmediate(() => this.#end("deadline"));
    const timer = setTimeout(late, Math.max(0, Math.ceil(deadlineMs - monotonicMs())));
    await this.#done.promise.finally(() => clearTimeout(timer));
    return this.heard;
  }

  #isOver: boolean = false;
  #end(ended: Heard["ended"]): void {
    if (this.#isOver) return;
    this.#isOver = true;
    this.heard.ended = ended;
    this.#done.resolve();
  }

  #take(data: Buffer): void {
    if (this.#isOver) return;
    const { trace } = this.#hearing;
    if (trace.bodyBytes > 0) trace.body.push(Buffer.from("\n"));
    trace.body.push(data);
    trace.bodyBytes += data.length;
    this.heard.count += 1;
    if (!this.#hasWanted) this.#judge(data.toString());
    const isFull =
      trace.bodyBytes >= MOST_BYTES || this.heard.count >= MOST_MESSAGES || this.#judgedMs > MOST_JUDGING_MS;
    if (isFull) this.#end("full");
  }

  #judge(message: string): void {
    const { monotonicMs, isWanted, untilClosed } = this.#hearing;
    this.heard.message = message;
    const sinceMs = monotonicMs();
    this.#hasWanted = isWanted(message);
    this.#judgedMs += monotonicMs() - sinceMs;
    if (this.#hasWanted && !untilClosed) this.#end("enough");
  }
}

function brokenBy(error: Error): unknown {
  const code = "code" in error ? String(error.code) : "";
  if (code === "WS_ERR_UNSUPPORTED_MESSAGE_LENGTH")
    return new Failure({ reason: "[message] longer than 1 MiB", code: "message:length" });
  if (/^WS_ERR_TOO_MANY/.test(code))
    return new Failure({ reason: "[message] in too many pieces", code: "message:length" });
  if (code.startsWith("WS_ERR_"))
    return new Failure({
      reason: `[protocol] opened, then sent what is not WebSocket: ${error.message}`,
      code: `protocol:${code}`,
    });
  return error;
}

/** `“hello” and 2 more, then closed with 1011 “busy”`. */
export function heardInWords({ message, count, ended, close }: Heard, timeoutMs: number): string {
  const more = count > 1 ? ` after ${count - 1} more` : "";
  const came = message === null ? "no message" : `${quote(visible(message))}${more}`;
  switch (ended) {
    case "enough":
      return came;
    case "closed":
      return `${came}, then ${closeInWords(close)}`;
    case "full":
      return `${came}, and on and on`;
    case "deadline":
      return message === null
        ? `${came} within ${spell(timeoutMs)}`
        : `${came}, then none within ${spell(timeoutMs)}`;
  }
}

export function closeInWords(close: Heard["close"]): string {
  if (!close) return "not closed";
  if (close.code === 1_006) return "broken off without a closing frame";
  if (close.code === 1_005) return "closed without a code";
  return `closed with ${close.code}${close.reason === "" ? "" : ` ${quote(visible(close.reason))}`}`;
}
