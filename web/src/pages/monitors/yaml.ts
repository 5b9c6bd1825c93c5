import { parseDocument, stringify } from "yaml";
import { type Draft, draftFrom, entryOf } from "./draft.ts";

/** The draft as a document for `keepwatch apply`. */
export const yamlOf = (draft: Draft): string =>
  stringify({ keepwatch: 1, monitors: [entryOf(draft)] }, { lineWidth: 100 });

export type Read = { ok: true; draft: Draft } | { ok: false; problem: string };

const no = (problem: string): Read => ({ ok: false, problem });
const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** Reads such a document back; it must hold exactly one monitor. */
export function readYaml(text: string): Read {
  const document = parseDocument(text);
  const error = document.errors[0];
  if (error) {
    const line = error.linePos?.[0].line;
    return no(`${line ? `Line ${line}: ` : ""}${error.message.split("\n")[0]?.replace(/ at line.*$/, "")}`);
  }
  const value: unknown = document.toJS();
  if (!isRecord(value) || !Array.isArray(value.monitors) || value.monitors.length !== 1)
    return no('Keep "monitors:" with exactly one monitor. Several at once go through `keepwatch apply`.');
  const entry: unknown = value.monitors[0];
  return isRecord(entry)
    ? { ok: true, draft: draftFrom(entry) }
    : no("The monitor must have fields, such as url.");
}
