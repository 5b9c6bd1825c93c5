import type { Socket } from "node:net";
import { Failure } from "./failure.ts";
import { quote, visible } from "./finding.ts";

/** Heard in one dialogue unless told otherwise; the longest sensible greeting is a tenth of it. */
const MOST_BYTES = 16_384;

/** A conversation with a server, line by line or byte by byte, of bounded length. Its time is the check's. */
export class Dialogue {
  readonly #socket: Socket;
  readonly #protocol: string;
  readonly #mostBytes: number;
  #rest: Buffer = Buffer.alloc(0);
  #heard = 0;

  /** @param protocol its name in reasons */
  constructor(socket: Socket, protocol: string, mostBytes = MOST_BYTES) {
    this.#socket = socket;
    this.#protocol = protocol;
    this.#mostBytes = mostBytes;
  }

  say(message: string | Buffer): void {
    this.#socket.write(message);
  }

  /** How a client names itself that has no name, as mail servers want it (RFC 5321 §4.1.3). */
  get ownAddress(): string {
    const { localAddress = "127.0.0.1", localFamily } = this.#socket;
    return localFamily === "IPv6" ? `[IPv6:${localAddress}]` : `[${localAddress}]`;
  }

  /** The next line, without its end. */
  async line(): Promise<string> {
    let end = this.#rest.indexOf("\n");
    while (end < 0) {
      await this.#more();
      end = this.#rest.indexOf("\n");
    }
    const line = this.#taken(end + 1).toString("utf8");
    return line.replace(/\r?\n$/, "");
  }

  async bytes(count: number): Promise<Buffer> {
    while (this.#rest.length < count) await this.#more();
    return this.#taken(count);
  }

  /**
   * Nothing more is to be heard in clear. Whatever came already was put there by somebody in between, to be taken
   * for what the server says encrypted.
   */
  over(): void {
    const more = this.#rest.length + this.#socket.readableLength;
    if (more > 0)
      throw new Failure({
        reason: "[protocol] more came in clear after TLS was agreed on",
        code: "protocol",
      });
  }

  notSpoken(said: string): Failure {
    const reason = `[protocol] the answer is not ${this.#protocol}: ${quote(visible(said))}`;
    return new Failure({ reason, code: "protocol" });
  }

  #taken(count: number): Buffer {
    const taken = this.#rest.subarray(0, count);
    this.#rest = this.#rest.subarray(count);
    return taken;
  }

  async #more(): Promise<void> {
    const chunk = await heard(this.#socket);
    this.#heard += chunk.length;
    this.#rest = Buffer.concat([this.#rest, chunk]);
    if (this.#heard > this.#mostBytes) throw this.notSpoken(this.#rest.toString("latin1", 0, 100));
  }
}

function heard(socket: Socket): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const failed = (error?: unknown) => settle(() => reject(error instanceof Error ? error : hungUp()));
    const came = (chunk: Buffer) => settle(() => resolve(chunk));
    const settle = (done: () => void) => {
      socket.pause().off("data", came).off("error", failed).off("end", failed).off("close", failed);
      done();
    };
    if (socket.destroyed) return reject(hungUp());
    socket.on("error", failed).on("end", failed).on("close", failed).on("data", came).resume();
  });
}

const hungUp = (): Error => Object.assign(new Error("closed"), { code: "ECONNRESET" });
