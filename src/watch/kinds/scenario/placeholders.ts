/** `{{token}}`: where a value that an earlier step took is put. */
const PLACEHOLDER = /\{\{\s*([\p{L}_][\p{L}\p{N}_-]*)\s*\}\}/gu;

/** A copy with each text changed; keys stay as they are. `path` is where the text stands. */
export function mapTexts(value: unknown, change: (text: string, path: readonly string[]) => string): unknown {
  const walk = (each: unknown, path: readonly string[]): unknown => {
    if (typeof each === "string") return change(each, path);
    if (Array.isArray(each)) return each.map((item, at) => walk(item, [...path, String(at)]));
    if (typeof each !== "object" || each === null) return each;
    return Object.fromEntries(Object.entries(each).map(([key, item]) => [key, walk(item, [...path, key])]));
  };
  return walk(value, []);
}

/** The names that a value asks for, and where. */
export function placeholders(value: unknown): { name: string; path: readonly string[] }[] {
  const found: { name: string; path: readonly string[] }[] = [];
  mapTexts(value, (text, path) => {
    for (const [, name = ""] of text.matchAll(PLACEHOLDER)) found.push({ name, path });
    return text;
  });
  return found;
}

/** With every placeholder replaced. In an address a value is escaped, so that it can't change what is asked for. */
export const filled = (value: unknown, textOf: (name: string) => string): unknown =>
  mapTexts(value, (text, path) =>
    text.replace(PLACEHOLDER, (_all, name: string) =>
      path[0] === "url" && !text.trimStart().startsWith("{{")
        ? encodeURIComponent(textOf(name))
        : textOf(name),
    ),
  );
