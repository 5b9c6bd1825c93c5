import { useQuery } from "@tanstack/react-query";
import { toMs } from "../../lib/time.ts";
import { offersQuery } from "./queries.ts";

/** Somebody is on call and away, and nobody has taken it yet. */
export interface Uncovered {
  from: string;
  to: string;
  name: string;
}

export function useUncovered(slug: string): Uncovered[] {
  const { data } = useQuery(offersQuery);
  return (data?.items ?? [])
    .filter((offer) => offer.kind === "away" && offer.state === "open" && offer.schedule.slug === slug)
    .map(({ from, to, owner }) => ({ from, to, name: owner.name }));
}

const HATCH =
  "repeating-linear-gradient(135deg, color-mix(in srgb, var(--down-bar) 60%, transparent) 0 2px, transparent 2px 7px)";

/** Hatched over the shift, which can still be chosen through it. */
export const UncoveredBars = ({
  uncovered,
  place,
  within,
}: {
  uncovered: readonly Uncovered[];
  place: (from: number, to: number) => React.CSSProperties;
  within: { from: number; to: number };
}) =>
  uncovered
    .filter(({ from, to }) => toMs(from) < within.to && toMs(to) > within.from)
    .map(({ from, to, name }) => (
      <span
        key={`${from} ${name}`}
        role="img"
        aria-label={`${name} is away, not covered`}
        className="pointer-events-none absolute inset-y-0 rounded-sm ring-1 ring-down-bar/60 ring-inset"
        style={{ ...place(toMs(from), toMs(to)), backgroundImage: HATCH }}
      />
    ));
