import { Star } from "lucide-react";
import { clockSeconds, exactLocal, toMs } from "../../lib/time.ts";
import type { Facts } from "../../lib/types.ts";
import { Time } from "../../ui/time.tsx";

const seconds = (ms: number) => clockSeconds(ms);

/** What happened, to the second, in the reader's own time. */
export function FactsTimeline({ facts }: { facts: Facts }) {
  const days = Map.groupBy(facts.timeline, (entry) => new Date(toMs(entry.at)).toDateString());
  if (facts.timeline.length === 0) return <p className="text-sm text-muted">Nothing was recorded.</p>;
  return (
    <div className="flex flex-col gap-5">
      {[...days].map(([day, entries]) => (
        <div key={day}>
          <p className="mb-1.5 text-xs font-medium text-faint">
            {exactLocal(toMs(entries[0]?.at ?? day)).replace(/,[^,]*$/, "")}
          </p>
          <ol className="text-sm">
            {entries.map((entry) => (
              <li
                key={`${entry.at} ${entry.kind} ${entry.text}`}
                className="grid grid-cols-[4.75rem_minmax(0,1fr)] gap-x-3 border-t border-line py-1.5 first:border-0 sm:grid-cols-[4.75rem_8rem_minmax(0,1fr)]"
              >
                <Time at={entry.at} format={seconds} className="text-muted num" />
                <span className="truncate font-medium max-sm:col-start-2">{entry.actor}</span>
                <span className="min-w-0 break-words max-sm:col-start-2">
                  {entry.starred && (
                    <Star size={14} className="mr-1 inline fill-current text-degraded" aria-label="starred" />
                  )}
                  {entry.text}
                </span>
              </li>
            ))}
          </ol>
        </div>
      ))}
    </div>
  );
}
