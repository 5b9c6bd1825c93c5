/** What somebody typed as a JSON value: `3`, `true` and `null` are themselves, everything else is text; quotes keep "3" a text. */
export function parseScalar(text: string): string | number | boolean | null {
  if (/^(true|false|null|-?\d+(\.\d+)?|"[^"]*")$/.test(text))
    return JSON.parse(text) as string | number | boolean | null;
  return text;
}

/** The text that reads back as this value. */
export function scalarText(value: unknown): string {
  if (value === undefined) return "";
  if (typeof value !== "string") return JSON.stringify(value);
  return parseScalar(value) === value ? value : JSON.stringify(value);
}
