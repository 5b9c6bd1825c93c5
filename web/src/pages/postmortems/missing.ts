import type { FieldName, Fields } from "./merge.ts";

const LESSONS = ["sections.lessons_well", "sections.lessons_poorly", "sections.lessons_lucky"] as const;

/** What a reader must not miss, before it can be published: the same as the server asks for. */
export function missingFrom(fields: Fields): Partial<Record<FieldName, string>> {
  const isEmpty = (name: FieldName) => fields[name].trim() === "";
  return {
    ...(isEmpty("title") ? { title: "Give it a title." } : {}),
    ...(isEmpty("headline") ? { headline: "Write the one sentence that everybody will read." } : {}),
    ...(isEmpty("sections.causes")
      ? { "sections.causes": "Say what made it happen and what made it worse." }
      : {}),
    ...(LESSONS.every(isEmpty)
      ? {
          "sections.lessons_well":
            "Write at least one lesson: what went well, what went poorly or where we were lucky.",
        }
      : {}),
  };
}
