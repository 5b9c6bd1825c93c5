type Fields = Record<string, unknown>;

const isRecord = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

/** What stands at a dotted name, `expect.status`; undefined when anything on the way is absent. */
export const getAt = (fields: Fields, name: string): unknown =>
  name.split(".").reduce<unknown>((value, key) => (isRecord(value) ? value[key] : undefined), fields);

/** A copy with `value` at a dotted name. Undefined takes it out, and what becomes empty on the way with it. */
export function setAt(fields: Fields, name: string, value: unknown): Fields {
  const [key = "", ...rest] = name.split(".");
  const { [key]: before, ...others } = fields;
  const next = rest.length === 0 ? value : setAt(isRecord(before) ? before : {}, rest.join("."), value);
  const isGone = next === undefined || (rest.length > 0 && isRecord(next) && Object.keys(next).length === 0);
  return isGone ? others : { ...fields, [key]: next };
}

/** The JSON pointer of a dotted name: `expect.status` → `/expect/status`. */
export const pointerOf = (name: string): string => `/${name.replaceAll(".", "/")}`;
