const LONGEST = 4 * 1_048_576;
const CODE = { error: 0x45, notice: 0x4e } as const;
/** What a server may begin with: authentication, an error, a notice, another minor version. */
const OPENINGS = Buffer.from("RENv");

/**
 * Cuts what a server sends into whole messages (a letter, a length that counts itself, a body) before pg reads
 * them: its parser waits for up to 4 GB if told to, and never returns from an error message without an end.
 */
export class Messages {
  #rest: Buffer = Buffer.alloc(0);
  #begun: boolean = false;

  /** The messages that are whole now, perhaps none; null when this is not PostgreSQL. */
  take(chunk: Buffer): Buffer | null {
    const bytes = this.#rest.length === 0 ? chunk : Buffer.concat([this.#rest, chunk]);
    if (!this.#begun && !OPENINGS.includes(bytes[0] ?? 0)) return null;
    this.#begun = true;
    let end = 0;
    while (end + 5 <= bytes.length) {
      const length = bytes.readUInt32BE(end + 1);
      if (length < 4 || length > LONGEST) return null;
      const next = end + 1 + length;
      if (next > bytes.length) break;
      if (!isSound(bytes[end], bytes.subarray(end + 5, next))) return null;
      end = next;
    }
    this.#rest = bytes.subarray(end);
    return bytes.subarray(0, end);
  }
}

const isSound = (code: number | undefined, body: Buffer): boolean =>
  code === CODE.error || code === CODE.notice ? hasFields(body) : true;

/** Fields, each a letter and a text that ends in NUL; then a NUL. */
function hasFields(body: Buffer): boolean {
  let at = 0;
  while (body[at]) {
    const end = body.indexOf(0, at + 1);
    if (end === -1) return false;
    at = end + 1;
  }
  return at === body.length - 1;
}
