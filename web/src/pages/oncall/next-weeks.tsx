import { useQuery } from "@tanstack/react-query";
import { useNow } from "../../lib/clock.ts";
import { Skeleton } from "../../ui/states.tsx";
import { CalendarBlock } from "./calendar-block.tsx";
import { calendarRange } from "./calendar-range.ts";
import { useLookOf } from "./look-of.ts";
import { shiftsQuery } from "./queries.ts";
import { useUncovered } from "./uncovered-bar.tsx";

const iso = (ms: number) => new Date(ms).toISOString();

/** This week's final line, small, without the layers. */
export function NextWeeks({ slug, zone }: { slug: string; zone: string }) {
  const nowMs = useNow();
  const { from, to, blocks } = calendarRange("weeks", { offset: 0, nowMs, zone });
  const query = useQuery(shiftsQuery(slug, { from: iso(from), to: iso(to) }));
  const lookOf = useLookOf(query.data);
  const uncovered = useUncovered(slug);
  if (query.data === undefined) return query.isError ? null : <Skeleton className="mt-4 h-17" />;
  const { items, gaps } = query.data;
  return (
    <div className="mt-4 flex flex-col gap-1">
      {blocks.map((block) => (
        <CalendarBlock
          key={block.from}
          block={block}
          shifts={{ items, gaps }}
          zone={zone}
          nowMs={nowMs}
          lookOf={lookOf}
          snapMs={3_600_000}
          uncovered={uncovered}
          bare
        />
      ))}
    </div>
  );
}
