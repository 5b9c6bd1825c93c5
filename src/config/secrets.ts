import { type Entry, isSecret, type SecretValue } from "./section.ts";
import { UNCHANGED } from "./variables.ts";

/** RFC 6901. */
const keysOf = (pointer: string): string[] =>
  pointer
    .split("/")
    .slice(1)
    .map((key) => key.replaceAll("~1", "/").replaceAll("~0", "~"));

const isRecord = (value: unknown): value is Entry => typeof value === "object" && value !== null;

/** Marks the values at these JSON pointers as secrets. */
export function hideSecrets(config: Entry, pointers: readonly string[]): Entry {
  const copy = structuredClone(config);
  for (const pointer of pointers) {
    const keys = keysOf(pointer);
    const last = keys.pop() ?? "";
    const parent = keys.reduce<unknown>((each, key) => (isRecord(each) ? each[key] : undefined), copy);
    if (isRecord(parent) && typeof parent[last] === "string")
      parent[last] = { $secret: parent[last] } satisfies SecretValue;
  }
  return copy;
}

/** The plain values again. */
export const showSecrets = (entry: Entry): Entry => mapSecrets(entry, (secret) => secret.$secret) as Entry;

/** As `export` and `plan` show it, a secret being `mask`. */
export const maskSecrets = (value: unknown, mask: string): unknown => mapSecrets(value, () => mask);

function mapSecrets(value: unknown, change: (secret: SecretValue) => unknown): unknown {
  if (isSecret(value)) return change(value);
  if (Array.isArray(value)) return value.map((each) => mapSecrets(each, change));
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, mapSecrets(each, change)]));
}

/** A secret written as unchanged takes the stored value at the same place; what has a slug is found by its slug. */
export function keepUnchanged(written: unknown, stored: unknown): unknown {
  if (isSecret(written) && written.$secret === UNCHANGED && isSecret(stored)) return stored;
  if (Array.isArray(written)) {
    const there: unknown[] = Array.isArray(stored) ? stored : [];
    return written.map((each, index) => keepUnchanged(each, counterpart(each, index, there)));
  }
  if (!isRecord(written) || isSecret(written)) return written;
  return Object.fromEntries(
    Object.entries(written).map(([key, each]) => [
      key,
      keepUnchanged(each, isRecord(stored) ? stored[key] : undefined),
    ]),
  );
}

const counterpart = (each: unknown, index: number, there: readonly unknown[]): unknown =>
  isRecord(each) && typeof each.slug === "string"
    ? there.find((other) => isRecord(other) && other.slug === each.slug)
    : there[index];
