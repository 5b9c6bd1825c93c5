/** Joins class names, leaving out all that is not text. */
export const cn = (...names: readonly unknown[]): string =>
  names.filter((name) => typeof name === "string" && name !== "").join(" ");
