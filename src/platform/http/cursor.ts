import { isId } from "../ids.ts";
import { Refusal } from "../refusal.ts";

/** What a part of a sort key can be: a cursor comes from outside, and PostgreSQL must never meet a part that it can't read. */
const PARTS = {
  /** Any text without the one character that PostgreSQL's text can't hold. */
  text: (part: string) => !part.includes("\0"),
  id: isId,
  instant: (part: string) => /^[1-9]\d{3}-\d\d-\d\dT[\d:.]+Z$/.test(part) && reads(Temporal.Instant, part),
  date: (part: string) => /^[1-9]\d{3}-\d\d-\d\d$/.test(part) && reads(Temporal.PlainDate, part),
  number: (part: string) => /^-?\d{1,15}(\.\d{1,20})?(e-?\d{1,2})?$/.test(part),
} as const;

export type CursorPart = keyof typeof PARTS;

const reads = (kind: { from(text: string): unknown }, text: string): boolean => {
  try {
    kind.from(text);
    return true;
  } catch {
    return false;
  }
};

/** A cursor is the sort key of the last row, opaque to callers. */
export const encodeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

/** The sort key that a cursor carries, each part of the kind its list sorts by; anything else is refused. */
export function decodeCursor<Kinds extends readonly CursorPart[]>(
  cursor: string | undefined,
  kinds: Kinds,
): { [Index in keyof Kinds]: string } | undefined {
  if (cursor === undefined) return undefined;
  const parts = parsed(cursor);
  if (isKey(parts, kinds)) return parts;
  throw new Refusal("invalid", "That cursor is not one this list gave out; begin again without it.", {
    problems: [{ pointer: "/cursor", detail: "not a cursor of this list" }],
  });
}

function parsed(cursor: string): unknown {
  try {
    return JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
  } catch {
    return undefined;
  }
}

const isKey = <Kinds extends readonly CursorPart[]>(
  parts: unknown,
  kinds: Kinds,
): parts is { [Index in keyof Kinds]: string } =>
  Array.isArray(parts) &&
  parts.length === kinds.length &&
  parts.every((part, index) => typeof part === "string" && PARTS[kinds[index]!](part));

/** Cuts rows read with `limit + 1` into a page; `key` gives a row's sort key. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  { limit, key, item }: { limit: number; key: (row: Row) => string[]; item: (row: Row) => Item },
): { items: Item[]; next: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(item), next: rows.length > limit && last ? encodeCursor(key(last)) : null };
}
