import type { z } from "zod";
import { type Problem, Refusal } from "./refusal.ts";
import type { Secrets } from "./secrets.ts";

export type Fields = Record<string, unknown>;

/** What knows which of its fields are secret: a channel of its addresses, a kind of provider or of integration of its settings. */
export interface Sealing {
  secrets: readonly string[];
  /** Checks fields from outside; the zod error of wrong ones names them. */
  parse(fields: unknown): z.ZodSafeParseResult<Fields>;
}

/** Checks fields from outside. Each wrong one is named below `pointer`, with its mend. */
export function parseFields(kind: Sealing, fields: Fields, pointer: string): Fields {
  const parsed = kind.parse(fields);
  if (parsed.success) return parsed.data;
  const problems: Problem[] = parsed.error.issues.map(({ path, message }) => ({
    pointer: [pointer, ...path.map(String)].join("/"),
    detail: message,
  }));
  const detail = problems.map((problem) => `${problem.pointer}: ${problem.detail}`).join("; ");
  throw new Refusal("invalid", detail, { problems });
}

const mapSecrets = ({ secrets }: Sealing, fields: Fields, change: (value: string) => string): Fields =>
  Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      secrets.includes(name) && typeof value === "string" ? change(value) : value,
    ]),
  );

/** As they are stored: secret fields sealed. */
export const sealFields = (kind: Sealing, fields: Fields, secrets: Secrets): Fields =>
  mapSecrets(kind, fields, (value) => secrets.seal(value));

/** As they are used. */
export const openFields = (kind: Sealing, fields: Fields, secrets: Secrets): Fields =>
  mapSecrets(kind, fields, (value) => secrets.open(value));

/** As the API shows them: secret fields left out. */
export const publicFields = ({ secrets }: Pick<Sealing, "secrets">, fields: Fields): Fields =>
  Object.fromEntries(Object.entries(fields).filter(([name]) => !secrets.includes(name)));
