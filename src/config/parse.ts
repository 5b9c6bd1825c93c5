import { type Document, isMap, LineCounter, parseAllDocuments } from "yaml";
import type { z } from "zod";
import { type ConfigDocument, document } from "./document.ts";
import { nearest } from "./suggest.ts";
import { substitute, type Variables } from "./variables.ts";

export interface SourceFile {
  name: string;
  text: string;
}

/** One thing wrong, where, and how to mend it. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  /** e.g. `monitors[0].expect.status` */
  key: string;
  message: string;
}

export interface Parsed {
  document: ConfigDocument;
  problems: ConfigProblem[];
  /** Where an entry stands, for problems found later: by path such as `monitors.0.service` of the merged document. */
  locate(path: readonly (string | number)[]): { file: string; line: number; column: number };
}

interface Place {
  file: string;
  doc: Document.Parsed;
  lines: LineCounter;
  /** The entry's index within its own YAML document. */
  index: number;
}

const LISTS = ["teams", "users", "schedules", "escalation_policies", "services", "monitors"] as const;

/** Reads one or several files, each of one or several YAML documents, into one. Reports everything that is wrong at once. */
export function parseConfig(files: readonly SourceFile[], variables: Variables): Parsed {
  const problems: ConfigProblem[] = [];
  const merged: Record<(typeof LISTS)[number], unknown[]> & { keepwatch: 1 } = {
    keepwatch: 1,
    teams: [],
    users: [],
    schedules: [],
    escalation_policies: [],
    services: [],
    monitors: [],
  };
  const places = new Map<string, Place>();
  for (const file of files) {
    const lines = new LineCounter();
    for (const doc of parseAllDocuments(file.text, { lineCounter: lines, uniqueKeys: true })) {
      if (!("contents" in doc) || doc.contents === null) continue;
      const at = (offset: number) => position(file.name, lines, offset);
      for (const error of doc.errors) {
        problems.push({
          ...at(error.pos[0]),
          key: "",
          message: error.message.split("\n")[0] ?? error.message,
        });
      }
      if (doc.errors.length > 0) continue;
      const value = substitute(doc, variables, (node, message) => {
        problems.push({ ...at(node.range?.[0] ?? 0), key: "", message });
      });
      const result = document.safeParse(value);
      if (!result.success) {
        for (const issue of result.error.issues)
          problems.push(...describe(issue, { doc, lines, file: file.name }));
        continue;
      }
      for (const list of LISTS) {
        result.data[list].forEach((entry, index) => {
          places.set(`${list}.${merged[list].length}`, { file: file.name, doc, lines, index });
          merged[list].push(entry);
        });
      }
    }
  }
  if (
    files.length > 0 &&
    problems.length === 0 &&
    places.size === 0 &&
    !files.some((file) => file.text.includes("keepwatch"))
  ) {
    problems.push({
      file: files[0]!.name,
      line: 1,
      column: 1,
      key: "keepwatch",
      message: "write `keepwatch: 1` at the head",
    });
  }
  const locate: Parsed["locate"] = ([list, index, ...rest]) => {
    const place = places.get(`${list}.${index}`);
    if (!place) return { file: files[0]?.name ?? "", line: 1, column: 1 };
    return position(place.file, place.lines, offsetOf(place.doc, [list!, place.index, ...rest]));
  };
  return { document: merged as ConfigDocument, problems, locate };
}

function position(
  file: string,
  lines: LineCounter,
  offset: number,
): { file: string; line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { file, line: Math.max(1, line), column: Math.max(1, col) };
}

/** The offset of the node at `path`, or of its nearest ancestor that is written down. For a map's key, the key itself. */
function offsetOf(doc: Document.Parsed, path: readonly (string | number)[]): number {
  for (let length = path.length; length >= 0; length--) {
    const parent = length > 0 ? doc.getIn(path.slice(0, length - 1), true) : undefined;
    if (isMap(parent)) {
      const pair = parent.items.find((item) => String(item.key) === String(path[length - 1]));
      const key = pair?.key as { range?: [number, number, number] } | undefined;
      if (key?.range) return key.range[0];
    }
    const node = doc.getIn(path.slice(0, length), true) as { range?: [number, number, number] } | undefined;
    if (node?.range) return node.range[0];
  }
  return 0;
}

interface Where {
  doc: Document.Parsed;
  lines: LineCounter;
  file: string;
}

/** A zod issue in words, at its line; an unknown key names the nearest one that is known. */
function describe(issue: z.core.$ZodIssue, { doc, lines, file }: Where): ConfigProblem[] {
  const path = issue.path as (string | number)[];
  const at = (keys: readonly (string | number)[]) => ({
    ...position(file, lines, offsetOf(doc, keys)),
    key: keyText(keys),
  });
  if (issue.code === "unrecognized_keys") {
    const known = knownKeys(path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const help = meant ? `did you mean "${meant}"?` : `known here: ${known.join(", ")}`;
      return { ...at([...path, key]), message: `unknown key "${key}"; ${help}` };
    });
  }
  if (issue.code === "invalid_union" && issue.errors.length > 0) {
    const best = issue.errors.toSorted((a, b) => a.length - b.length)[0] ?? [];
    const messages = best.map((each) => [...each.path, each.message].join(" "));
    return [
      { ...at(path), message: `${issue.message}${messages.length > 0 ? ` (${messages.join("; ")})` : ""}` },
    ];
  }
  return [{ ...at(path), message: issue.message }];
}

export const keyText = (path: readonly (string | number)[]): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    "",
  );

/** The keys that the schema knows at a path, found by walking the schema. */
export function knownKeys(path: readonly (string | number)[]): string[] {
  let schema: unknown = document;
  for (const part of path) {
    schema = unwrap(schema);
    const shape = shapeOf(schema);
    if (shape && typeof part === "string") schema = shape[part];
    else if (hasElement(schema) && typeof part === "number") schema = schema.element;
    else return [];
  }
  return Object.keys(shapeOf(unwrap(schema)) ?? {});
}

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null;
const hasElement = (value: unknown): value is { element: unknown } => isObject(value) && "element" in value;
const shapeOf = (value: unknown): Record<string, unknown> | undefined =>
  isObject(value) && isObject(value.shape) ? value.shape : undefined;

/** Looks through optional, default, nullable and the like. */
function unwrap(schema: unknown): unknown {
  let inner = schema;
  while (isObject(inner) && typeof inner.unwrap === "function" && !hasElement(inner)) inner = inner.unwrap();
  return inner;
}
