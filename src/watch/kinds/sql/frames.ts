/** How a protocol cuts its bytes into messages. */
export interface Framing {
  /** Bytes from which a message's length is known. */
  headBytes: number;
  /** Length of the whole message whose head begins at `at`. */
  lengthAt(bytes: Buffer, at: number): number;
  /** Whether a driver may read this message, the `index`th since the connection began; `isLast` of what has come. */
  isSound(message: Buffer, index: number, isLast: boolean): boolean;
}

/** More is said at once by nothing that is worth listening to; drivers wait for up to 4 GB if told to. */
const LONGEST = 4 * 1_048_576;

/** Cuts what a server sends into whole messages, and looks at each before a driver reads it. */
export class Frames {
  readonly #framing: Framing;
  #rest: Buffer = Buffer.alloc(0);
  #count = 0;

  constructor(framing: Framing) {
    this.#framing = framing;
  }

  /** The messages that are whole now, perhaps none; null when this isn't the protocol. */
  take(chunk: Buffer): Buffer | null {
    const { headBytes, lengthAt, isSound } = this.#framing;
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    let end = 0;
    while (end + headBytes <= bytes.length) {
      const length = lengthAt(bytes, end);
      if (length < headBytes || length > LONGEST) return null;
      const next = end + length;
      if (next > bytes.length) break;
      if (!isSound(bytes.subarray(end, next), this.#count, next === bytes.length)) return null;
      this.#count += 1;
      end = next;
    }
    this.#rest = bytes.subarray(end);
    return bytes.subarray(0, end);
  }
}
