import { Refusal } from "../platform/refusal.ts";
import type { Secrets } from "../platform/secrets.ts";
import type { MonitorKind } from "./kinds/kind.ts";

type Config = Record<string, unknown>;

/** Stands for a secret the server already has: sent back unchanged, it keeps the stored one. */
export const UNCHANGED_SECRET = "!secret unchanged";

/** Checks the kind's own fields with its schema. `stored` supplies secrets that are marked unchanged. */
export function parseKindConfig(kind: MonitorKind, fields: Config, stored?: Config): Config {
  const result = kind.schema.safeParse(fields);
  if (!result.success) throw refusalOf(result.error.issues);
  const config = structuredClone(result.data) as Config;
  for (const pointer of kind.secrets(config)) {
    if (get(config, pointer) !== UNCHANGED_SECRET) continue;
    const kept = stored ? get(stored, pointer) : undefined;
    if (kept === undefined)
      throw refusalOf([
        { path: [pointer.slice(1)], message: "there is no stored secret to keep; give its value" },
      ]);
    set(config, pointer, kept);
  }
  return config;
}

function refusalOf(issues: readonly { path: readonly PropertyKey[]; message: string }[]): Refusal {
  const problems = issues.map((issue) => ({
    pointer: `/${issue.path.map(String).join("/")}`,
    detail: issue.message,
  }));
  return new Refusal("invalid", problems.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; "), {
    problems,
  });
}

/** The configuration as it is stored: secrets sealed. */
export const sealConfig = (kind: MonitorKind, config: Config, secrets: Secrets): Config =>
  mapSecrets(kind, config, (value) => secrets.seal(value));

/** The configuration as a check needs it. */
export const openConfig = (kind: MonitorKind, config: Config, secrets: Secrets): Config =>
  mapSecrets(kind, config, (value) => secrets.open(value));

/** The configuration as it is shown: a secret only says that there is one. */
export const shownConfig = (kind: MonitorKind, config: Config): Config =>
  mapSecrets(kind, config, () => UNCHANGED_SECRET);

function mapSecrets(kind: MonitorKind, config: Config, change: (value: string) => string): Config {
  const copy = structuredClone(config);
  for (const pointer of kind.secrets(config)) {
    const value = get(copy, pointer);
    if (typeof value === "string") set(copy, pointer, change(value));
  }
  return copy;
}

/** RFC 6901. */
const keysOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

const isRecord = (value: unknown): value is Config => typeof value === "object" && value !== null;

const get = (config: Config, pointer: string): unknown =>
  keysOf(pointer).reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), config);

function set(config: Config, pointer: string, value: unknown): void {
  const keys = keysOf(pointer);
  const last = keys.pop() ?? "";
  const parent = keys.reduce<unknown>((each, key) => (isRecord(each) ? each[key] : undefined), config);
  if (isRecord(parent)) parent[last] = value;
}
