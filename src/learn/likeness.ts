/** What one alert of an incident says about how it failed. */
export interface Trace {
  sourceType: string;
  sourceId: string;
  dedupKey: string;
  sourceName: string;
  /** The kind of failure with its code class, e.g. `status:502`; empty when it isn't known. */
  cause: string;
}

export interface Likeness {
  likeness: "same" | "alike";
  why: string[];
}

/** A monitor is what it is; an integration speaks for many things, told apart by their key. */
const isSameSource = (a: Trace, b: Trace): boolean =>
  a.sourceType === b.sourceType &&
  a.sourceId === b.sourceId &&
  (a.sourceType === "monitor" || a.dedupKey === b.dedupKey);

const sharesCause = (a: Trace, b: Trace): boolean => a.cause !== "" && a.cause === b.cause;

const nameOf = (trace: Trace): string =>
  trace.sourceType === "monitor" ? `the monitor ${trace.sourceName}` : `an alert from ${trace.sourceName}`;

/**
 * How two incidents of one service are alike, and why, in words. The same: one source failed with one cause. Alike:
 * one source with different causes, or one cause seen by different sources. Otherwise they have nothing in common.
 */
export function likenessOf(
  now: readonly Trace[],
  then: readonly Trace[],
  service: string | null,
): Likeness | undefined {
  const pairs = now.flatMap((a) => then.map((b) => [a, b] as const));
  const same = pairs.find(([a, b]) => isSameSource(a, b) && sharesCause(a, b));
  if (same)
    return {
      likeness: "same",
      why: [`${nameOf(same[0])} failed then too`, `with the same cause, ${same[0].cause}`],
    };
  const source = pairs.find(([a, b]) => isSameSource(a, b));
  if (source) {
    const [a, b] = source;
    return { likeness: "alike", why: [`${nameOf(a)} failed then too`, otherCause(a, b)] };
  }
  const cause = pairs.find(([a, b]) => sharesCause(a, b));
  if (!cause || service === null) return undefined;
  const [, b] = cause;
  return {
    likeness: "alike",
    why: [`${service} failed then with the same cause, ${b.cause}`, `seen by ${nameOf(b)}`],
  };
}

const otherCause = (now: Trace, then: Trace): string =>
  now.cause === "" || then.cause === ""
    ? "whether with the same cause is unknown"
    : `with another cause: ${then.cause} then, ${now.cause} now`;
