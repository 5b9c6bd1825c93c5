const { compare } = Temporal.Instant;

/** Half-open: [from, to). */
export interface Span {
  from: Temporal.Instant;
  to: Temporal.Instant;
}

const earlier = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) < 0 ? a : b);
export const laterOf = (a: Temporal.Instant, b: Temporal.Instant) => (compare(a, b) < 0 ? b : a);

/** Overlapping and touching ones joined, in order. */
export function joinSpans(spans: readonly Span[]): Span[] {
  const whole: Span[] = [];
  for (const { from, to } of spans.toSorted((a, b) => compare(a.from, b.from))) {
    const last = whole.at(-1);
    if (last && compare(from, last.to) <= 0) last.to = laterOf(last.to, to);
    else whole.push({ from, to });
  }
  return whole;
}

/** What two stretches share; null when they share nothing. */
export function common(a: Span, b: Span): Span | null {
  const from = laterOf(a.from, b.from);
  const to = earlier(a.to, b.to);
  return compare(from, to) < 0 ? { from, to } : null;
}

/** What is left of stretches without others. */
export function without(spans: readonly Span[], taken: readonly Span[]): Span[] {
  return taken.reduce<Span[]>(
    (left, hole) =>
      left.flatMap((span) =>
        common(span, hole)
          ? [
              { from: span.from, to: earlier(span.to, hole.from) },
              { from: laterOf(span.from, hole.to), to: span.to },
            ].filter(({ from, to }) => compare(from, to) < 0)
          : [span],
      ),
    [...spans],
  );
}
