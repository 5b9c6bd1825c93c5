import type { DbOrTx } from "../platform/database/database.ts";
import { Refusal } from "../platform/refusal.ts";
import { type ConfigDocument, keyOf, SECTIONS, type Section } from "./document.ts";
import { type ConfigProblem, keyText, type Parsed } from "./parse.ts";
import { keepUnchanged, maskSecrets } from "./secrets.ts";
import {
  type ConfigSection,
  type Entry,
  isSecret,
  type SectionContext,
  type StoredEntry,
} from "./section.ts";
import { nearest } from "./suggest.ts";
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
}

export interface Plan {
  changes: ReadyChange[];
  problems: ConfigProblem[];
}

export interface PlanInput {
  parsed: Parsed;
  sections: Record<Section, ConfigSection>;
  /** Delete what is not in the document and is kept by configuration. With `prune`, also what was made in the UI. */
  prune: boolean;
}

/** Compares the document with what is there. Changes nothing; what it cannot read is a problem with its place. */
export async function makePlan(db: DbOrTx, context: SectionContext, input: PlanInput): Promise<Plan> {
  const problems = [...input.parsed.problems];
  const changes: ReadyChange[] = [];
  const deletions: ReadyChange[] = [];
  for (const name of SECTIONS) {
    const section = input.sections[name];
    const stored = await section.read(db, context);
    const written = readEntries(input.parsed, section, stored, problems);
    changes.push(...creationsAndUpdates(name, written, stored));
    deletions.unshift(...goneEntries({ name, written, stored, prune: input.prune }));
  }
  if (problems.length === 0) problems.push(...(await danglingReferences(db, context, input)));
  return { changes: [...changes, ...deletions], problems };
}

function readEntries(
  parsed: Parsed,
  section: ConfigSection,
  stored: readonly StoredEntry[],
  problems: ConfigProblem[],
): Map<string, Entry> {
  const written = new Map<string, Entry>();
  const before = new Map(stored.map((each) => [each.key, each.entry]));
  parsed.document[section.name].forEach((entry, index) => {
    const key = keyOf(section.name, entry);
    const report = (path: (string | number)[], message: string) =>
      problems.push({
        ...parsed.locate([section.name, index, ...path]),
        key: keyText([section.name, index, ...path]),
        message,
      });
    if (written.has(key)) report([section.name === "users" ? "email" : "slug"], `"${key}" stands here twice`);
    try {
      const canonical = keepUnchanged(section.normalise(entry as Entry), before.get(key)) as Entry;
      const lost = unknownSecret(canonical);
      if (lost) report(lost, "there is no stored secret to keep; give its value");
      written.set(key, canonical);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const found = error.problems.length > 0 ? error.problems : [{ pointer: "", detail: error.message }];
      for (const { pointer, detail } of found) report(pathOf(pointer), detail);
    }
  });
  return written;
}

const pathOf = (pointer: string): (string | number)[] =>
  pointer
    .split("/")
    .filter(Boolean)
    .map((part) => (/^\d+$/.test(part) ? Number(part) : part));

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
  section: Section,
  written: ReadonlyMap<string, Entry>,
  stored: readonly StoredEntry[],
): ReadyChange[] {
  const there = new Map(stored.map((each) => [each.key, each]));
  const changes: ReadyChange[] = [];
  for (const [key, entry] of written) {
    const before = there.get(key);
    const fields = differences(before?.entry ?? {}, entry);
    if (!before) changes.push({ action: "create", section, key, fields, entry, before: undefined });
    else if (fields.length > 0 || before.managedBy === "ui") {
      // What the UI made and the document names becomes the configuration's, even where nothing differs.
      if (fields.length > 0)
        changes.push({ action: "update", section, key, fields, entry, before: before.entry });
    }
  }
  return changes;
}

function goneEntries(options: {
  name: Section;
  written: ReadonlyMap<string, Entry>;
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
    }));
}

/** The fields that differ, secrets masked: a changed secret shows as changed, never as what it is. */
function differences(before: Entry, after: Entry): FieldChange[] {
  return Object.keys({ ...before, ...after })
    .filter((key) => stable(before[key]) !== stable(after[key]))
    .map((field) => ({
      field,
      before: maskSecrets(before[field]) ?? null,
      after: maskSecrets(after[field]) ?? null,
    }));
}

/** JSON with sorted keys, so that the order of writing does not count. */
function stable(value: unknown): string {
  return JSON.stringify(value, (_key, each: unknown) =>
    typeof each === "object" && each !== null && !Array.isArray(each)
      ? Object.fromEntries(Object.entries(each).toSorted(([a], [b]) => a.localeCompare(b)))
      : each,
  );
}

interface Reference {
  section: Section;
  key: string;
  path: (string | number)[];
}

/** Everything that points at something which is neither in the document nor already there. */
async function danglingReferences(
  db: DbOrTx,
  context: SectionContext,
  { parsed, sections }: PlanInput,
): Promise<ConfigProblem[]> {
  const known = new Map<Section, Set<string>>();
  for (const name of SECTIONS) {
    const stored = await sections[name].read(db, context);
    const keys = [
      ...stored.map((each) => each.key),
      ...parsed.document[name].map((entry) => keyOf(name, entry)),
    ];
    known.set(name, new Set(keys));
  }
  return references(parsed.document)
    .filter(({ section, key }) => !known.get(section)?.has(key))
    .map(({ section, key, path }) => {
      const meant = nearest(key, [...(known.get(section) ?? [])]);
      const what =
        section === "users" ? "person" : section.replaceAll("_", " ").replace(/ies$/, "y").replace(/s$/, "");
      const message = `there is no ${what} "${key}"${meant ? `; did you mean "${meant}"?` : ""}`;
      return { ...parsed.locate(path), key: keyText(path), message };
    });
}

function references(document: ConfigDocument): Reference[] {
  const found: Reference[] = [];
  const add = (section: Section, key: string | null | undefined, path: (string | number)[]) => {
    if (key) found.push({ section, key: section === "users" ? key.toLowerCase() : key, path });
  };
  document.teams.forEach((team, i) => {
    for (const field of ["members", "leads"] as const) {
      team[field].forEach((email, k) => add("users", email, ["teams", i, field, k]));
    }
  });
  document.schedules.forEach((schedule, i) => {
    add("teams", schedule.team, ["schedules", i, "team"]);
    schedule.layers.forEach((layer, k) => {
      layer.users.forEach((seat, n) => {
        for (const email of [seat].flat()) add("users", email, ["schedules", i, "layers", k, "users", n]);
      });
    });
    schedule.overrides.forEach((override, k) => {
      for (const field of ["user", "replaces", "removes"] as const) {
        add("users", override[field], ["schedules", i, "overrides", k, field]);
      }
    });
  });
  document.escalation_policies.forEach((policy, i) => {
    add("teams", policy.team, ["escalation_policies", i, "team"]);
    const targets = [
      ...policy.levels.flatMap((level, k) =>
        level.targets.map((target, n) => ({
          target,
          path: ["escalation_policies", i, "levels", k, "targets", n],
        })),
      ),
      ...policy.fallback.map((target, n) => ({ target, path: ["escalation_policies", i, "fallback", n] })),
    ];
    for (const { target, path } of targets) {
      if ("user" in target) add("users", target.user, [...path, "user"]);
      if ("team" in target) add("teams", target.team, [...path, "team"]);
      if ("schedule" in target) add("schedules", target.schedule, [...path, "schedule"]);
    }
  });
  document.services.forEach((service, i) => {
    add("teams", service.team, ["services", i, "team"]);
    add("escalation_policies", service.escalation_policy, ["services", i, "escalation_policy"]);
    service.depends_on.forEach((slug, k) => add("services", slug, ["services", i, "depends_on", k]));
  });
  document.monitors.forEach((monitor, i) => add("services", monitor.service, ["monitors", i, "service"]));
  return found;
}
