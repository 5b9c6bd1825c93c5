/** The names and indexes of a path, outermost first. */
export type JsonPath = readonly (string | number)[];

// One step: `.name`, `[0]`, `["any name"]` or `['any name']`. Inside quotes a backslash escapes the next character.
const STEP = /\.([\p{L}_$][\p{L}\p{N}_$-]*)|\[(\d{1,9})\]|\["((?:[^"\\]|\\.)*)"\]|\['((?:[^'\\]|\\.)*)'\]/uy;

/** Reads `$.a.b[0]["c d"]`. Null for anything else: there are no filters, wildcards or slices. */
export function parseJsonPath(text: string): JsonPath | null {
  if (!text.startsWith("$")) return null;
  const path: (string | number)[] = [];
  STEP.lastIndex = 1;
  let end = 1;
  while (end < text.length) {
    const step = STEP.exec(text);
    if (!step) return null;
    const [, name, index, double, single] = step;
    path.push(index === undefined ? (name ?? withoutBackslashes(double ?? single ?? "")) : Number(index));
    end = STEP.lastIndex;
  }
  return path;
}

const withoutBackslashes = (quoted: string): string => quoted.replace(/\\(.)/gs, "$1");

/** What stands at the path. `null` in the document is found; a missing step is not. */
export function atJsonPath(document: unknown, path: JsonPath): { found: boolean; value: unknown } {
  let value = document;
  for (const step of path) {
    if (typeof value !== "object" || value === null || !Object.hasOwn(value, step)) {
      return { found: false, value: undefined };
    }
    // An array has no names and an object no numbers: `[0]` of {"0": …} is a mistake worth finding.
    if (Array.isArray(value) !== (typeof step === "number")) return { found: false, value: undefined };
    value = Reflect.get(value, step);
  }
  return { found: true, value };
}
