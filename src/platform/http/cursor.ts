import { Refusal } from "../refusal.ts";

/** A cursor is the sort key of the last row, opaque to callers. */
export const encodeCursor = (parts: readonly string[]): string =>
  Buffer.from(JSON.stringify(parts)).toString("base64url");

export function decodeCursor(cursor: string | undefined, length: number): string[] | undefined {
  if (cursor === undefined) return undefined;
  try {
    const parts: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (Array.isArray(parts) && parts.length === length && parts.every((part) => typeof part === "string"))
      return parts;
  } catch {
    // falls through to the refusal
  }
  throw new Refusal("invalid", "That cursor is not one this list gave out; begin again without it.", {
    problems: [{ pointer: "/cursor", detail: "not a cursor of this list" }],
  });
}

/** Cuts rows read with `limit + 1` into a page; `key` gives a row's sort key. */
export function toPage<Row, Item>(
  rows: readonly Row[],
  { limit, key, item }: { limit: number; key: (row: Row) => string[]; item: (row: Row) => Item },
): { items: Item[]; next: string | null } {
  const kept = rows.slice(0, limit);
  const last = kept.at(-1);
  return { items: kept.map(item), next: rows.length > limit && last ? encodeCursor(key(last)) : null };
}
