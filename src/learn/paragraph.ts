import { shortened } from "./words.ts";

/** It goes into pages, so it must be read at a glance. */
const LONGEST = 500;

/** The first paragraph or list of a Markdown text as plain words; null when there is none. */
export function firstParagraph(markdown: string): string | null {
  const block = markdown
    .split(/\n\s*\n/)
    .map((text) => text.trim())
    .map((text) => text.replace(/^#{1,6}\s.*(\n|$)/, "").trim())
    .find((text) => text !== "");
  if (!block) return null;
  return shortened(withoutMarks(block), LONGEST);
}

const withoutMarks = (text: string): string =>
  text
    .replace(/^\s*(?:[-*+]|\d+[.)]|>)\s+/gm, "")
    .replace(/!?\[([^\]]*)\]\([^)]*\)/g, "$1")
    .replace(/(?<!\\)(\*\*|__|~~|`+)/g, "")
    .replace(/(?<![\\\p{L}\p{N}])[*_](?=\S)|(?<=\S)(?<!\\)[*_](?![\p{L}\p{N}])/gu, "")
    .replace(/\\([\\`*_[\]<>|~#&!.)+=-])/g, "$1");
