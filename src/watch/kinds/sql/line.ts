import type { Socket } from "node:net";
import { Duplex } from "node:stream";
import { Failure } from "../base/failure.ts";

/** Taken from a server in one check; a thousand rows of anything sensible are less. */
const MOST_BYTES = 4 * 1_048_576;

export interface LineOptions {
  /** The protocol's name in reasons. */
  protocol: string;
  /** What of all that came the driver may read by now, perhaps nothing; null when it isn't the protocol. */
  take(chunk: Buffer): Buffer | null;
}

/**
 * What a database driver talks through, in place of the socket it would open itself: the connection is made and
 * guarded by us, what comes is counted, and an answer the driver trips over fails the check instead of ending
 * the worker, which an exception in a socket's own listener would.
 */
export class Line extends Duplex {
  /** Rejects with why the line is no more; never resolves. */
  readonly broken: Promise<never>;
  readonly #break: (why: unknown) => void;
  readonly #options: LineOptions;
  #socket: Socket;
  #received = 0;

  constructor(socket: Socket, options: LineOptions) {
    super();
    const { promise, reject } = Promise.withResolvers<never>();
    this.broken = promise;
    this.#break = reject;
    promise.catch(() => {});
    this.on("error", () => {});
    this.#options = options;
    this.#socket = socket;
    this.rides(socket);
  }

  /** The socket in use. */
  get socket(): Socket {
    return this.#socket;
  }

  /** Goes on over another socket: the same connection, now encrypted. */
  rides(socket: Socket): void {
    this.leaves();
    this.#socket = socket;
    socket.on("data", this.#take).on("error", this.#fail).on("close", this.#closed);
  }

  /** What arrives from now on is somebody else's. */
  leaves(): void {
    this.#socket.off("data", this.#take).off("error", this.#fail).off("close", this.#closed);
  }

  readonly #take = (chunk: Buffer): void => {
    if (this.destroyed) return;
    const { protocol, take } = this.#options;
    this.#received += chunk.length;
    try {
      if (this.#received > MOST_BYTES) throw tooMuch();
      const ready = take(chunk);
      if (!ready) throw notSpoken(protocol);
      // Not by `push`: that would hand it to the driver later, where nobody catches.
      if (ready.length > 0) this.emit("data", ready);
    } catch (error) {
      this.#fail(error instanceof Failure ? error : notSpoken(protocol));
    }
  };

  readonly #fail = (why: unknown): void => {
    this.#break(why);
    this.destroy(why instanceof Error ? why : undefined);
  };

  readonly #closed = (): void =>
    this.#fail(Object.assign(new Error("the connection was closed"), { code: "ECONNRESET" }));

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
    this.#socket.write(chunk);
    done();
  }

  override _writev(chunks: { chunk: Buffer }[], done: () => void): void {
    this.#socket.write(Buffer.concat(chunks.map(({ chunk }) => chunk)));
    done();
  }

  override _final(done: () => void): void {
    this.#socket.end(() => done());
  }

  override _destroy(error: Error | null, done: (error: Error | null) => void): void {
    this.#socket.destroy();
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
