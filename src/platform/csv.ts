type Cell = string | number | null;

/** Lines of cells as CSV, RFC 4180. Text that a spreadsheet would take for a formula begins with an apostrophe. */
export const toCsv = (lines: readonly (readonly Cell[])[]): string =>
  `${lines.map((line) => line.map(cell).join(",")).join("\r\n")}\r\n`;

function cell(value: Cell): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const safe = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
