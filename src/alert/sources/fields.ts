/** Reading what comes from outside without trusting any of it. Pure. */
export type Fields = Readonly<Record<string, unknown>>;

/** A JSON object; undefined for everything else, lists too. */
export const objectOf = (value: unknown): Fields | undefined =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : undefined;

export const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** Text, or a number or truth value as text; everything else is the empty text. */
export const textOf = (value: unknown): string => {
  if (typeof value === "string") return value;
  return typeof value === "number" || typeof value === "boolean" || typeof value === "bigint"
    ? String(value)
    : "";
};

/** The first that says something. */
export const firstText = (...values: readonly unknown[]): string => {
  for (const value of values) {
    const text = textOf(value).trim();
    if (text !== "") return text;
  }
  return "";
};

/** An RFC 3339 time in its canonical form, or Unix seconds or milliseconds; undefined for what is no time. */
export function timeOf(value: unknown): string | undefined {
  try {
    if (typeof value === "number" || (typeof value === "string" && /^\d{9,13}(\.\d+)?$/.test(value))) {
      const number = Number(value);
      const ms = Math.round(number < 1e11 ? number * 1_000 : number);
      return Temporal.Instant.fromEpochMilliseconds(ms).toString();
    }
    return typeof value === "string" ? Temporal.Instant.from(value.trim()).toString() : undefined;
  } catch {
    return undefined;
  }
}

/** Only addresses that a browser may open without harm. */
export const webUrl = (value: unknown): string | undefined => {
  const text = textOf(value).trim();
  return /^https?:\/\/[^\s]+$/i.test(text) ? text : undefined;
};

/** A link, where there is an address for it. */
export const linkOf = (href: unknown, text: string): { href: string; text: string }[] => {
  const url = webUrl(href);
  return url ? [{ href: url, text }] : [];
};
