/** Frames and messages of the health protocol: a request has one text, an answer one number. */

const HEAD_BYTES = 5;
const SERVICE = 0x0a;
const STATUS = 1;

/** A request for the health of this service, in its frame. */
export function requestFor(service: string): Buffer {
  const name = Buffer.from(service, "utf8");
  // Proto3 leaves out what is empty.
  const message =
    name.length === 0 ? name : Buffer.concat([Buffer.from([SERVICE, ...varint(name.length)]), name]);
  const head = Buffer.alloc(HEAD_BYTES);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
}

function varint(value: number): number[] {
  const bytes: number[] = [];
  let rest = value;
  for (; rest > 0x7f; rest >>>= 7) bytes.push((rest & 0x7f) | 0x80);
  return [...bytes, rest];
}

/** The number in the one frame that an answer consists of; null where it is no such answer. */
export function statusIn(frame: Buffer): number | null {
  // The first byte is 1 for a compressed message, which nobody was asked for.
  if (frame.length < HEAD_BYTES || frame[0] !== 0) return null;
  if (frame.readUInt32BE(1) !== frame.length - HEAD_BYTES) return null;
  return statusField(frame.subarray(HEAD_BYTES));
}

/** Reads past fields of a version to come; of a field that comes twice, the last counts. Absent is 0. */
function statusField(message: Buffer): number | null {
  let status = 0;
  let at = 0;
  while (at < message.length) {
    const key = readVarint(message, at);
    if (!key) return null;
    const end = endOf(message, key);
    if (end === null || end > message.length) return null;
    if (key.value === STATUS << 3) status = readVarint(message, key.end)?.value ?? 0;
    at = end;
  }
  return status;
}

interface Varint {
  value: number;
  /** Where what comes after it begins. */
  end: number;
}

/** Where the field with this key ends, by its wire type. */
function endOf(message: Buffer, { value: key, end: at }: Varint): number | null {
  switch (key & 7) {
    case 0:
      return readVarint(message, at)?.end ?? null;
    case 1:
      return at + 8;
    case 2: {
      const length = readVarint(message, at);
      return length && length.end + length.value;
    }
    case 5:
      return at + 4;
    default:
      return null;
  }
}

function readVarint(message: Buffer, at: number): Varint | null {
  let value = 0;
  for (let i = 0; i < 10; i += 1) {
    const byte = message[at + i];
    if (byte === undefined) return null;
    value += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return { value, end: at + i + 1 };
  }
  return null;
}
