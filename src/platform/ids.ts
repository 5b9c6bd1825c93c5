import { randomBytes } from "node:crypto";
import type { Clock } from "./clock.ts";

/** 26 bits of counter follow the milliseconds; a fresh one starts in its lower quarter, with room to count. */
const COUNTER_START = 2 ** 24;
const COUNTER_END = 2 ** 26;

let last = { ms: -1, counter: 0 };

/**
 * A UUID of version 7 (RFC 9562 §5.7): 48 bits of Unix milliseconds, a 26-bit counter that begins anywhere in each
 * millisecond (§6.2, method 1), then 48 random bits. Ids that a process makes later sort later, also within one
 * millisecond, so a primary key is also the order of making.
 */
export function newId(clock: Pick<Clock, "now">): string {
  const bytes = randomBytes(16);
  const ms = clock.now().epochMilliseconds;
  const counter = ms === last.ms ? (last.counter + 1) % COUNTER_END : bytes.readUInt32BE(6) % COUNTER_START;
  last = { ms, counter };
  bytes.writeUIntBE(ms, 0, 6);
  bytes.writeUInt16BE(0x7000 | (counter >>> 14), 6);
  bytes.writeUInt16BE(0x8000 | (counter & 0x3fff), 8);
  const hex = bytes.toString("hex");
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
}

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;

export const isId = (text: string): boolean => UUID.test(text);

/** An unguessable URL-safe token of 256 bits. */
export const newToken = (): string => randomBytes(32).toString("base64url");
