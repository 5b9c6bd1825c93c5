import { type Document, isScalar, LineCounter, parseAllDocuments } from "yaml";
import { type ConfigDocument, document, SECTIONS, type Section } from "./document.ts";
import { describeIssue } from "./issues.ts";
import { offsetOf, position } from "./places.ts";
import { substitute, type Variables } from "./variables.ts";

export interface SourceFile {
  name: string;
  text: string;
}

/** In the order in which somebody who mends them goes through the files. */
export const inFileOrder = (
  problems: readonly ConfigProblem[],
  files: readonly SourceFile[],
): ConfigProblem[] => {
  const rank = new Map(files.map((file, index) => [file.name, index]));
  const place = ({ file }: ConfigProblem) => rank.get(file) ?? files.length;
  return problems.toSorted((a, b) => place(a) - place(b) || a.line - b.line || a.column - b.column);
};

/** One thing wrong, where, and how to mend it. Lines and columns count from 1. */
export interface ConfigProblem {
  file: string;
  line: number;
  column: number;
  /** e.g. `monitors[0].expect.status` */
  key: string;
  message: string;
}

export type Path = readonly (string | number)[];

export interface Parsed {
  document: ConfigDocument;
  problems: ConfigProblem[];
  /** Where an entry stands, for problems found later: by path such as `monitors.0.service` of the merged document. */
  locate(path: Path): { file: string; line: number; column: number };
}

interface Place {
  read: ReadDocument;
  /** The entry's index within its own YAML document. */
  index: number;
}

/** One YAML document of a file. */
interface ReadDocument {
  file: string;
  doc: Document.Parsed;
  lines: LineCounter;
}

/** Reads one or several files, each of one or several YAML documents, into one. Reports everything that is wrong at once. */
export function parseConfig(files: readonly SourceFile[], variables: Variables): Parsed {
  const problems: ConfigProblem[] = [];
  const merged: ConfigDocument = document.parse({ keepwatch: 1 });
  const places = new Map<string, Place>();
  const documents = files.flatMap(documentsOf);
  for (const read of documents) {
    const { value, left, problems: found } = valueIn(read, variables);
    problems.push(...found);
    if (!value) continue;
    merged.prune ||= value.prune;
    for (const list of SECTIONS) {
      for (const [n, index] of left(list).entries())
        places.set(`${list}.${merged[list].length + n}`, { read, index });
    }
    addEntries(merged, value);
  }
  // Nothing at all is rather a command that failed before the pipe than the wish to delete everything.
  if (documents.length === 0) {
    const message = "there is nothing in it; write `keepwatch: 1` at the head";
    problems.push({ file: files[0]?.name ?? "", line: 1, column: 1, key: "keepwatch", message });
  }
  const locate = ([list, index, ...rest]: Path) => {
    const place = places.get(`${list}.${index}`);
    if (!place) return { file: files[0]?.name ?? "", line: 1, column: 1 };
    const { file, doc, lines } = place.read;
    return { file, ...position(lines, offsetOf(doc, [list!, place.index, ...rest])) };
  };
  return { document: merged, problems, locate };
}

function documentsOf({ name: file, text }: SourceFile): ReadDocument[] {
  const lines = new LineCounter();
  const documents = parseAllDocuments(text, { lineCounter: lines, uniqueKeys: true });
  return [...documents]
    .filter((doc) => doc.errors.length > 0 || !isEmpty(doc))
    .map((doc) => ({ file, doc, lines }));
}

const isEmpty = ({ contents }: Document.Parsed): boolean =>
  contents === null || (isScalar(contents) && contents.value === null);

function addEntries(merged: ConfigDocument, value: ConfigDocument): void {
  merged.providers.push(...value.providers);
  merged.users.push(...value.users);
  merged.teams.push(...value.teams);
  merged.schedules.push(...value.schedules);
  merged.escalation_policies.push(...value.escalation_policies);
  merged.services.push(...value.services);
  merged.monitors.push(...value.monitors);
  merged.integrations.push(...value.integrations);
  merged.maintenance_windows.push(...value.maintenance_windows);
  merged.holiday_lists.push(...value.holiday_lists);
}

interface Value {
  /** What of the document could be read; undefined when nothing could. */
  value?: ConfigDocument;
  /** The indexes, within the document, of the entries that could be read. */
  left(list: Section): number[];
  problems: ConfigProblem[];
}

/** An entry of the wrong shape is reported and left out, so that what is wrong with the others is reported too. */
function valueIn({ file, doc, lines }: ReadDocument, variables: Variables): Value {
  const problems: ConfigProblem[] = [];
  const nothing: Value = { left: () => [], problems };
  const report = (offset: number, key: string, message: string) =>
    problems.push({ file, ...position(lines, offset), key, message });
  for (const error of doc.errors) report(error.pos[0], "", firstLine(error));
  if (doc.errors.length > 0) return nothing;
  let plain: unknown;
  try {
    plain = substitute(doc, variables, (node, path, message) =>
      report(node.range?.[0] ?? 0, keyText(path), message),
    );
  } catch (error) {
    // An alias that stands for too much, or for nothing.
    report(0, "", firstLine(error));
    return nothing;
  }
  const result = document.safeParse(plain);
  const issues = result.error?.issues ?? [];
  for (const { path, message } of issues.flatMap((issue) => describeIssue(document, issue)))
    report(offsetOf(doc, path), keyText(path), message);
  const wrong = new Set(issues.map((issue) => `${String(issue.path[0])}.${String(issue.path[1])}`));
  const rest = result.success ? result : document.safeParse(withoutWrong(plain, wrong));
  if (!rest.success) return nothing;
  const lengthOf = (list: Section) => entriesIn(plain, list).length;
  const left = (list: Section) =>
    [...Array(lengthOf(list)).keys()].filter((index) => !wrong.has(`${list}.${index}`));
  return { value: rest.data, left, problems };
}

function entriesIn(plain: unknown, list: Section): unknown[] {
  const value = typeof plain === "object" && plain !== null && list in plain ? Reflect.get(plain, list) : [];
  return Array.isArray(value) ? value : [];
}

const withoutWrong = (plain: unknown, wrong: ReadonlySet<string>): unknown => ({
  keepwatch: 1,
  ...Object.fromEntries(
    SECTIONS.map((list) => [
      list,
      entriesIn(plain, list).filter((_, index) => !wrong.has(`${list}.${index}`)),
    ]),
  ),
});

const firstLine = (error: unknown): string =>
  (error instanceof Error ? error.message : String(error)).split("\n")[0] ?? "";

/** `["monitors", 0, "expect"]` → `monitors[0].expect` */
export const keyText = (path: Path): string =>
  path.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : text ? `${text}.${part}` : part),
    "",
  );
