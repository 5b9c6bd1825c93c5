import type { StoredCheck } from "../results/chunk.ts";

const COLUMNS = [
  "at",
  "status",
  "total_ms",
  "dns_ms",
  "connect_ms",
  "tls_ms",
  "first_byte_ms",
  "transfer_ms",
  "reason",
] as const;

/** A field that spreadsheets and parsers read as one (RFC 4180), and that no spreadsheet takes for a formula. */
function field(value: string | number | null): string {
  if (value === null) return "";
  if (typeof value === "number") return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}

const row = (check: StoredCheck): string =>
  [
    Temporal.Instant.fromEpochMilliseconds(check.at).toString(),
    check.status,
    check.total,
    check.dns,
    check.connect,
    check.tls,
    check.first_byte,
    check.transfer,
    check.reason,
  ]
    .map(field)
    .join(",");

/** Checks as CSV (RFC 4180): instants in UTC, times in milliseconds. */
export const checksCsv = (checks: readonly StoredCheck[]): string =>
  `${[COLUMNS.join(","), ...checks.map(row)].join("\r\n")}\r\n`;
