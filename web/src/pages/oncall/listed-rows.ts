import type { Layer } from "../../lib/types.ts";

export type ListedShift = NonNullable<Layer["shifts"]>[number];

interface Read {
  shifts: ListedShift[];
  unread: { line: number; why: string }[];
}

const TIME = /^(\d{4}-\d{2}-\d{2})[T ](\d{1,2}):(\d{2})(:\d{2})?(Z|[+-]\d{2}:?\d{2})?$/;

/**
 * Shifts from rows of a table: who, from and until, with tabs, semicolons or commas between them. People by e-mail or by
 * name, several joined by "+" or "and". Empty rows are passed over.
 */
export function rowsOf(text: string, people: readonly { value: string; label: string }[]): Read {
  const emails = new Map(
    people.flatMap(({ value, label }) => [
      [value.toLowerCase(), value] as const,
      [label.toLowerCase(), value] as const,
    ]),
  );
  const read: Read = { shifts: [], unread: [] };
  for (const [i, row] of text.split(/\r?\n/).entries()) {
    if (row.trim() === "") continue;
    const cells = row
      .split(row.includes("\t") ? "\t" : row.includes(";") ? ";" : ",")
      .map((cell) => cell.trim());
    const shift = shiftOf(cells, emails);
    if (typeof shift === "string") read.unread.push({ line: i + 1, why: shift });
    else read.shifts.push(shift);
  }
  return read;
}

/** The shift of a row, or why it is none. */
function shiftOf(cells: readonly string[], emails: ReadonlyMap<string, string>): ListedShift | string {
  const [who = "", since = "", until = ""] = cells;
  if (cells.length !== 3) return "it needs three columns, who, from and until.";
  const found: string[] = [];
  for (const name of who.split(/\s*\+\s*|\s+and\s+/)) {
    const email = emails.get(name.toLowerCase());
    if (email === undefined) return `nobody is called "${name}".`;
    found.push(email);
  }
  const [from, to] = [timeOf(since), timeOf(until)];
  if (from === null || to === null)
    return `"${from === null ? since : until}" is not a time such as 2026-12-24 18:00.`;
  return found.length === 1 ? { user: found[0], from, to } : { users: found, from, to };
}

function timeOf(text: string): string | null {
  const match = TIME.exec(text);
  if (!match) return null;
  const [, day, hour = "", minute, seconds = "", offset = ""] = match;
  return `${day}T${hour.padStart(2, "0")}:${minute}${seconds}${offset}`;
}
