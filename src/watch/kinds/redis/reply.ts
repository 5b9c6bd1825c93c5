import type { Dialogue } from "../base/dialogue.ts";
import { Failure } from "../base/failure.ts";

/** What a server answered, in RESP2: a text or a number as text, nothing, a list, or its refusal. */
export type Reply = string | null | readonly Reply[] | { refusal: string };

/** Read of one reply. */
const MOST_BYTES = 262_144;
/** Heard in one conversation; what is longer than a reply may be is a line without an end. */
export const MOST_HEARD = 2 * MOST_BYTES;
const DEEPEST = 8;

const tooMuch = (): Failure =>
  new Failure({ reason: "[protocol] more than 256 KiB came back", code: "protocol:length" });

/** Reads the next reply, whole. */
export const readReply = (dialogue: Dialogue): Promise<Reply> =>
  read({ dialogue, leftBytes: MOST_BYTES, depth: 0 });

interface Reading {
  dialogue: Dialogue;
  /** May still come, of this reply. */
  leftBytes: number;
  depth: number;
}

async function read(reading: Reading): Promise<Reply> {
  const line = await reading.dialogue.line();
  spend(reading, line.length + 2);
  const rest = line.slice(1);
  switch (line[0]) {
    case "+":
      return rest;
    case "-":
      return { refusal: rest };
    case ":":
      if (!/^[+-]?\d+$/.test(rest)) throw reading.dialogue.notSpoken(line);
      return rest;
    case "$":
      return readText(reading, lengthOf(reading, line));
    case "*":
      return readList(reading, lengthOf(reading, line));
    default:
      throw reading.dialogue.notSpoken(line);
  }
}

function spend(reading: Reading, bytes: number): void {
  reading.leftBytes -= bytes;
  if (reading.leftBytes < 0) throw tooMuch();
}

/** -1 stands for nothing. */
function lengthOf({ dialogue }: Reading, line: string): number {
  if (!/^.(?:-1|\d{1,15})$/.test(line)) throw dialogue.notSpoken(line);
  return Number(line.slice(1));
}

async function readText(reading: Reading, length: number): Promise<string | null> {
  if (length < 0) return null;
  spend(reading, length + 2);
  const bytes = await reading.dialogue.bytes(length + 2);
  const text = bytes.toString("utf8", 0, length);
  if (bytes.toString("latin1", length) !== "\r\n") throw reading.dialogue.notSpoken(text);
  return text;
}

async function readList(reading: Reading, length: number): Promise<readonly Reply[] | null> {
  if (length < 0) return null;
  reading.depth += 1;
  if (reading.depth > DEEPEST) throw reading.dialogue.notSpoken(`lists ${reading.depth} deep`);
  const list: Reply[] = [];
  while (list.length < length) list.push(await read(reading));
  reading.depth -= 1;
  return list;
}

/** As it is judged: a list is its elements, one a line. */
export function textOf(reply: Reply): string | null {
  if (reply === null || typeof reply === "string") return reply;
  if ("refusal" in reply) return reply.refusal;
  return reply.map((each) => textOf(each) ?? "nil").join("\n");
}
