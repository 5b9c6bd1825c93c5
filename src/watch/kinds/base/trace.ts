import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import type { Socket } from "node:net";
import type { TLSSocket } from "node:tls";
import type { Timings } from "../kind.ts";
import type { Phase, Situation } from "./failure.ts";

/** What one check has seen so far: whenever it ends, this is its evidence. Phases add up over redirects. */
export class Trace {
  phase: Phase = "dns";
  target = "";
  addresses: readonly string[] = [];
  remote: string | null = null;
  /** The word of a conversation that has no answer yet: `EHLO`. */
  asked: string | null = null;
  /** The socket whose peer showed a certificate. */
  certificate: TLSSocket | null = null;
  httpVersion: string | null = null;
  status: number | null = null;
  headers: IncomingHttpHeaders = {};
  /** What arrived of the body, decompressed; at most 1 MiB. */
  readonly body: Buffer[] = [];
  /** What arrived of the body as sent. */
  bodyBytes = 0;
  redirects: string[] = [];

  readonly #monotonicMs: () => number;
  #startedMs: number;
  #phaseSinceMs: number;
  #socket: Socket | null = null;
  #over: boolean = false;
  #spent: Partial<Record<Phase, number>> = {};

  constructor(monotonicMs: () => number) {
    this.#monotonicMs = monotonicMs;
    this.#startedMs = monotonicMs();
    this.#phaseSinceMs = this.#startedMs;
  }

  /** Ends the phase before and begins this one. */
  enter(phase: Phase): void {
    this.#count();
    this.phase = phase;
  }

  #count(): void {
    const nowMs = this.#monotonicMs();
    this.#spent[this.phase] = (this.#spent[this.phase] ?? 0) + nowMs - this.#phaseSinceMs;
    this.#phaseSinceMs = nowMs;
  }

  /** The head of an answer is in; what an earlier one left, before a redirect, is forgotten. */
  answered(answer: Pick<IncomingMessage, "httpVersion" | "statusCode" | "headers">): void {
    this.httpVersion = answer.httpVersion;
    this.status = answer.statusCode ?? null;
    this.headers = answer.headers;
    this.body.length = 0;
    this.bodyBytes = 0;
  }

  /** What came before was a preparation: neither its time nor its answer is the target's. */
  restart(): void {
    this.#startedMs = this.#phaseSinceMs = this.#monotonicMs();
    this.#spent = {};
    this.phase = "dns";
    this.certificate = null;
    this.httpVersion = null;
    this.status = null;
    this.headers = {};
    this.body.length = 0;
    this.bodyBytes = 0;
    this.redirects = [];
  }

  /** Takes on a socket, in place of one from before a redirect; errors after the check has its answer are nobody's business. */
  holds(socket: Socket): void {
    this.#socket?.destroy();
    this.wraps(socket);
  }

  /** Takes on a socket that encrypts the one held so far, which it needs and closes with itself. */
  wraps(socket: Socket): void {
    socket.on("error", () => {});
    this.#socket = socket;
    if (this.#over) socket.destroy();
  }

  /** The check is over; whatever is still under way finds its socket closed. */
  letGo(): void {
    this.#over = true;
    this.#socket?.destroy();
  }

  /** Ends the running phase. */
  timings(): Timings {
    this.#count();
    const of = (phase: Phase) => rounded(this.#spent[phase]);
    return {
      dns: of("dns"),
      connect: of("connect"),
      tls: of("tls"),
      first_byte: of("first_byte"),
      transfer: of("transfer"),
      total: rounded(this.#phaseSinceMs - this.#startedMs),
    };
  }

  situation(): Situation {
    const { phase, target, bodyBytes, asked } = this;
    return { phase, target, bodyBytes, asked, redirected: this.redirects.length > 0 };
  }
}

const rounded = (ms: number | undefined): number | null =>
  ms === undefined ? null : Math.round(ms * 100) / 100;
