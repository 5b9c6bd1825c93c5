import type { DbOrTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/refusal.ts";
import { keyOf, SECTIONS, type Section } from "./document.ts";
import { type ConfigProblem, keyText, type Parsed, type Path } from "./parse.ts";
import { danglingReferences } from "./references.ts";
import { keepUnchanged, maskSecrets } from "./secrets.ts";
import {
  type ConfigSection,
  type Entry,
  isSecret,
  type SectionContext,
  type Settled,
  type StoredEntry,
} from "./section.ts";
import { UNCHANGED } from "./variables.ts";

export interface FieldChange {
  field: string;
  before: unknown;
  after: unknown;
}

/** One thing that applying would do. `fields` are what differs, secrets masked. */
export interface PlannedChange {
  action: "create" | "update" | "delete";
  section: Section;
  key: string;
  fields: FieldChange[];
}

/** A change with what is needed to make it; not for printing. */
export interface ReadyChange extends PlannedChange {
  entry: Entry;
  before: Entry | undefined;
  /** Where it is written; undefined for what the document does not have. */
  path: Path | undefined;
}

export interface Plan {
  /** Creations and updates in the order of the sections, then deletions in the opposite order. */
  changes: ReadyChange[];
  problems: ConfigProblem[];
}

export interface PlanInput {
  parsed: Parsed;
  sections: Record<Section, ConfigSection>;
  /** Delete also what was made by hand and is not in the document. */
  prune: boolean;
}

/** An entry as it is to be, and where it is written. */
interface WrittenEntry extends Settled {
  path: Path;
}

/**
 * Compares the document with what is there. Changes nothing; what it cannot read is a problem with its place. What an
 * earlier document made and this one no longer has is to be deleted.
 */
export async function makePlan(db: DbOrTx, context: SectionContext, input: PlanInput): Promise<Plan> {
  const problems = [...input.parsed.problems];
  const changes: ReadyChange[] = [];
  const deletions: ReadyChange[] = [];
  const known = new Map<Section, Set<string>>();
  for (const name of SECTIONS) {
    const stored = await input.sections[name].read(db, context);
    const reader = { parsed: input.parsed, section: input.sections[name], stored, context, problems };
    const written = readEntries(reader);
    const gone = goneEntries({ name, written, stored, prune: input.prune });
    const { after } = input.sections[name];
    changes.push(...inOrder(creationsAndUpdates(input.sections[name], written, stored), after));
    deletions.unshift(...inOrder(gone, after).reverse());
    const leaving = new Set(gone.map((each) => each.key));
    const staying = stored.map((each) => each.key).filter((key) => !leaving.has(key));
    const named = input.parsed.document[name].map((entry) => keyOf(name, entry));
    known.set(name, new Set([...staying, ...named]));
  }
  // An entry that could not be read is reported once, not again by everything that points at it.
  if (input.parsed.problems.length === 0) problems.push(...danglingReferences(input.parsed, known));
  return { changes: [...changes, ...deletions], problems };
}

interface Reader {
  parsed: Parsed;
  section: ConfigSection;
  stored: readonly StoredEntry[];
  context: SectionContext;
  problems: ConfigProblem[];
}

function readEntries({ parsed, section, stored, context, problems }: Reader): Map<string, WrittenEntry> {
  const written = new Map<string, WrittenEntry>();
  const there = new Map(stored.map((each) => [each.key, each]));
  parsed.document[section.name].forEach((entry, index) => {
    const path: Path = [section.name, index];
    const key = keyOf(section.name, entry);
    const report = (at: Path, message: string) => problems.push(problemAt(parsed, [...path, ...at], message));
    if (written.has(key)) report([section.name === "users" ? "email" : "slug"], `"${key}" stands here twice`);
    try {
      const canonical = section.normalise(entry as Entry);
      const kept = keepUnchanged(canonical, there.get(key)?.entry) as Entry;
      const lost = unknownSecret(kept);
      if (lost) report(lost, "there is no stored secret to keep; give its value");
      const before = there.get(key);
      const settled = section.settle?.(kept, before, context) ?? { entry: kept, before: before?.entry };
      written.set(key, { ...settled, path });
    } catch (error) {
      problems.push(...refusalProblems(parsed, path, error));
    }
  });
  return written;
}

const problemAt = (parsed: Parsed, path: Path, message: string): ConfigProblem => ({
  ...parsed.locate(path),
  key: keyText(path),
  message,
});

/** What a verb or a schema has against an entry, each at its line. Anything but a refusal is thrown on. */
export function refusalProblems(parsed: Parsed, path: Path, error: unknown): ConfigProblem[] {
  if (!(error instanceof Refusal)) throw error;
  const found = error.problems.length > 0 ? error.problems : [{ pointer: "", detail: error.message }];
  return found.map(({ pointer, detail }) => problemAt(parsed, [...path, ...pathOf(pointer)], detail));
}

/** RFC 6901. */
const pathOf = (pointer: string): (string | number)[] =>
  pointer
    .split("/")
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part.replaceAll("~1", "/").replaceAll("~0", "~")));

/** The path of a secret that says "unchanged" where nothing is stored. */
function unknownSecret(value: unknown, path: (string | number)[] = []): (string | number)[] | undefined {
  if (isSecret(value)) return value.$secret === UNCHANGED ? path : undefined;
  if (typeof value !== "object" || value === null) return undefined;
  for (const [key, each] of Object.entries(value)) {
    const found = unknownSecret(each, [...path, Array.isArray(value) ? Number(key) : key]);
    if (found) return found;
  }
  return undefined;
}

function creationsAndUpdates(
  { name: section, brief }: ConfigSection,
  written: ReadonlyMap<string, WrittenEntry>,
  stored: readonly StoredEntry[],
): ReadyChange[] {
  const there = new Set(stored.map((each) => each.key));
  return [...written].flatMap(([key, { entry, before, path }]): ReadyChange[] => {
    const fields = before ? differences({ before, after: entry, brief }) : given(brief(entry));
    if (!there.has(key)) return [{ action: "create", section, key, fields, entry, before: undefined, path }];
    // What was made by hand stays so until the document says something else of it.
    return fields.length === 0 ? [] : [{ action: "update", section, key, fields, entry, before, path }];
  });
}

/** Each change behind those of its section that its entry needs, otherwise as they were; a circle is left to the verbs. */
function inOrder(changes: readonly ReadyChange[], after: ConfigSection["after"]): ReadyChange[] {
  if (!after) return [...changes];
  const byKey = new Map(changes.map((change) => [change.key, change]));
  const ordered = new Set<ReadyChange>();
  const visited = new Set<string>();
  const put = (change: ReadyChange) => {
    if (visited.has(change.key)) return;
    visited.add(change.key);
    for (const key of after(change.entry)) {
      const needed = byKey.get(key);
      if (needed) put(needed);
    }
    ordered.add(change);
  };
  for (const change of changes) put(change);
  return [...ordered];
}

function goneEntries(options: {
  name: Section;
  written: ReadonlyMap<string, WrittenEntry>;
  stored: readonly StoredEntry[];
  prune: boolean;
}): ReadyChange[] {
  return options.stored
    .filter(({ key, managedBy }) => !options.written.has(key) && (managedBy === "config" || options.prune))
    .map(({ key, entry }) => ({
      action: "delete",
      section: options.name,
      key,
      fields: [],
      entry,
      before: entry,
      path: undefined,
    }));
}

/** The fields that differ, as they are written, secrets masked: a changed one shows as changed, never as what it is. */
function differences({
  before,
  after,
  brief,
}: {
  before: Entry;
  after: Entry;
  brief: ConfigSection["brief"];
}): FieldChange[] {
  const [was, is] = [brief(before), brief(after)];
  return Object.keys({ ...before, ...after })
    .filter((key) => stable(before[key]) !== stable(after[key]))
    .map((field) => ({
      field,
      before: hidden(was[field] ?? before[field]),
      after: hidden(is[field] ?? after[field]),
    }));
}

/** What a new thing has that is not the default. */
const given = (entry: Entry): FieldChange[] =>
  Object.entries(entry).map(([field, value]) => ({ field, before: null, after: hidden(value) }));

const hidden = (value: unknown): unknown => maskSecrets(value, "!secret") ?? null;

/** JSON with sorted keys, so that the order of writing does not count. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => a.localeCompare(b)))
      : each,
  );
}
