import type { Postmortem, SectionName } from "../../lib/types.ts";
import { SECTIONS } from "./sections.ts";

/** The fields that a person writes, each under one name: a section's is `sections.causes`. */
export type FieldName = "title" | "headline" | "severity" | "tags" | "visibility" | `sections.${SectionName}`;
export type Fields = Record<FieldName, string>;

const TAG_JOINT = "\n";

/** A postmortem's written fields as plain texts, to compare. */
export function fieldsOf(postmortem: Postmortem): Fields {
  const sections = Object.fromEntries(
    SECTIONS.map(({ name }) => [`sections.${name}`, postmortem.sections[name] ?? ""]),
  ) as Record<`sections.${SectionName}`, string>;
  const { title, headline, severity, visibility, tags } = postmortem;
  return { title, headline, severity, visibility, tags: tags.join(TAG_JOINT), ...sections };
}

export const tagsOf = (fields: Fields): string[] => fields.tags.split(TAG_JOINT).filter(Boolean);
export const withTags = (tags: readonly string[]): string => tags.join(TAG_JOINT);

const names = (fields: Fields): FieldName[] => Object.keys(fields) as FieldName[];

/** What was written here since `base`. */
export const changedSince = (base: Fields, mine: Fields): FieldName[] =>
  names(mine).filter((name) => mine[name] !== base[name]);

export interface Merged {
  /** What to show: theirs where only they wrote, mine where I did. */
  fields: Fields;
  /** Written by both, differently. */
  conflicts: FieldName[];
  /** Taken over from them. */
  taken: FieldName[];
}

/** Somebody else saved meanwhile: `base` is what both began with. */
export function merge(base: Fields, mine: Fields, theirs: Fields): Merged {
  const taken = names(mine).filter((name) => mine[name] === base[name] && theirs[name] !== base[name]);
  const conflicts = names(mine).filter(
    (name) => mine[name] !== base[name] && theirs[name] !== base[name] && mine[name] !== theirs[name],
  );
  const fields = { ...mine, ...Object.fromEntries(taken.map((name) => [name, theirs[name]])) };
  return { fields, conflicts, taken };
}

/** The body of PATCH with just these fields. */
export function patchOf(fields: Fields, changed: readonly FieldName[]): Record<string, unknown> {
  const body: Record<string, unknown> = {};
  const sections: Record<string, string> = {};
  for (const name of changed) {
    if (name.startsWith("sections.")) sections[name.slice("sections.".length)] = fields[name];
    else body[name] = name === "tags" ? tagsOf(fields) : fields[name];
  }
  return Object.keys(sections).length === 0 ? body : { ...body, sections };
}
