/** One field as it was and as it became; null where there was none. */
export interface Change {
  field: string;
  before: string | null;
  after: string | null;
}

type Fields = Record<string, unknown>;

const fieldsOf = (value: unknown): Fields => {
  if (value === null || value === undefined) return {};
  return typeof value === "object" && !Array.isArray(value) ? (value as Fields) : { value };
};

/** What differs between two recorded states, field by field; of something made or gone, all of it. */
export function changesOf(before: unknown, after: unknown): Change[] {
  const [old, next] = [fieldsOf(before), fieldsOf(after)];
  return [...new Set([...Object.keys(old), ...Object.keys(next)])]
    .map((field) => ({ field, before: worded(old[field]), after: worded(next[field]) }))
    .filter((change) => change.before !== change.after);
}

function worded(value: unknown): string | null {
  if (value === undefined || value === null || value === "") return null;
  if (typeof value === "string") return value;
  if (Array.isArray(value) && value.every((item) => typeof item === "string"))
    return value.join(", ") || null;
  return JSON.stringify(value, null, 1);
}

/** The kind of a thing in words: "api_token" → "API token". */
export const typeWords = (type: string): string => type.replaceAll("_", " ").replace(/^api\b/, "API");
