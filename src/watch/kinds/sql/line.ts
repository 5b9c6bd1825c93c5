import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { Failure } from "../base/failure.ts";
import { Frames, type Framing } from "./frames.ts";

/** Taken from a server in one check; a thousand rows of anything sensible are less. */
const MOST_BYTES = 4 * 1_048_576;

export interface LineOptions {
  /** The protocol's name in reasons. */
  protocol: string;
  framing: Framing;
}

/**
 * What a database driver talks through, in place of the socket it would open itself: the connection is made and
 * guarded by us, what comes is counted, and an answer the driver trips over fails the check instead of ending
 * the worker, which an exception in a socket's own listener would.
 */
export class Line extends Duplex {
  /** Rejects with why the line is no more; never resolves. */
  readonly broken: Promise<never>;
  readonly #reject: (why: unknown) => void;
  readonly #protocol: string;
  readonly #frames: Frames;
  #socket: Socket | null = null;
  #received = 0;

  constructor(socket: Socket, { protocol, framing }: LineOptions) {
    super();
    const { promise, reject } = Promise.withResolvers<never>();
    this.broken = promise;
    this.#reject = reject;
    promise.catch(() => {});
    this.on("error", () => {});
    this.#protocol = protocol;
    this.#frames = new Frames(framing);
    this.rides(socket);
  }

  /** Goes on over this socket. */
  rides(socket: Socket): void {
    this.#socket = socket;
    socket.on("data", this.#take).on("error", this.break).on("close", this.#closed);
  }

  /**
   * Leaves the socket to somebody else, for TLS to be put on it; what is written until the next one is lost.
   * Whoever closes a socket under TLS makes Node crash, so it must be forgotten here.
   */
  leaves(): void {
    this.#socket?.off("data", this.#take).off("error", this.break).off("close", this.#closed);
    this.#socket = null;
  }

  readonly #take = (chunk: Buffer): void => {
    if (this.destroyed) return;
    this.#received += chunk.length;
    try {
      if (this.#received > MOST_BYTES) throw tooMuch();
      const ready = this.#frames.take(chunk);
      if (!ready) throw notSpoken(this.#protocol);
      // Not by `push`: that would hand it to the driver later, where nobody catches.
      if (ready.length > 0) this.emit("data", ready);
    } catch (error) {
      this.break(error instanceof Failure ? error : notSpoken(this.#protocol));
    }
  };

  /** Ends it; `why` is what the check failed of. */
  readonly break = (why: unknown): void => {
    this.#reject(why);
    this.destroy(why instanceof Error ? why : undefined);
  };

  readonly #closed = (): void =>
    this.break(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));

  /** What a driver calls on a socket that isn't connected yet; this one is. */
  connect(): this {
    queueMicrotask(() => this.emit("connect"));
    return this;
  }

  setNoDelay(): this {
    return this;
  }

  setKeepAlive(): this {
    return this;
  }

  override _read(): void {}

  override _write(chunk: Buffer, _encoding: BufferEncoding, done: () => void): void {
    this.#socket?.write(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#socket?.write(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    if (this.#socket) this.#socket.end(() => done());
    else done();
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket?.destroy();
    done(error);
  }
}

const notSpoken = (protocol: string): Failure =>
  new Failure({ reason: `[protocol] the answer is not ${protocol}`, code: "protocol" });
const tooMuch = (): Failure =>
  new Failure({ reason: "[protocol] more than 4 MiB came back", code: "protocol:length" });

/** Waits until what was said last, the good-bye, has left; a line that broke has nothing more to send. */
export const flushed = (line: Line): Promise<void> =>
  new Promise((resolve) => {
    if (line.destroyed || line.writableFinished) return resolve();
    line.once("finish", resolve).once("close", resolve);
  });
