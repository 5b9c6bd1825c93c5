import { UsageError } from "./command.ts";

/** Columns as wide as their widest cell; the last is left ragged. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const widths = head.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => (row[column] ?? "").length)),
  );
  const line = (cells: readonly string[]) =>
    cells
      .map((cell, column) => (column === cells.length - 1 ? cell : cell.padEnd(widths[column] ?? 0)))
      .join("  ")
      .trimEnd();
  return [head, ...rows].map(line).join("\n");
}

/** An instant in a zone for reading: `2026-11-23 09:00`. */
export const localText = (instant: string, timeZone: string): string =>
  Temporal.Instant.from(instant)
    .toZonedDateTimeISO(timeZone)
    .toPlainDateTime()
    .toString({ smallestUnit: "minute" })
    .replace("T", " ");

/** An instant as an option takes it; without an offset it is read in UTC. */
export function readInstant(text: string, option: string): string {
  for (const candidate of [text, `${text}Z`, `${text}T00:00Z`]) {
    try {
      return Temporal.Instant.from(candidate.replace(" ", "T")).toString();
    } catch {
      // the next way to read it
    }
  }
  throw new UsageError(
    `${option} "${text}" is not a time. Write an instant such as 2026-12-24T17:00:00Z or 2026-12-24T18:00+01:00.`,
  );
}

/** `1 change`, `2 changes` */
export const count = (n: number, noun: string): string => `${n} ${noun}${n === 1 ? "" : "s"}`;
