import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useMay } from "../../app/session.ts";
import { useTicking } from "../../lib/clock.ts";
import { date, toMs } from "../../lib/time.ts";
import type { Incident, TimelineEntry } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { Loaded, SkeletonRows } from "../../ui/states.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { NoteComposer } from "./note-composer.tsx";
import { timelineQuery } from "./queries.ts";
import { GROUPS, TimelineItem } from "./timeline-item.tsx";

type Shown = "all" | "people" | "pages" | "checks";

/** The incident's record as a feed, newest first, with a place to write. */
export function Timeline({ incident }: { incident: Incident }) {
  const query = useQuery(timelineQuery(incident.id));
  const [shown, setShown] = useState<Shown>("all");
  const mayRespond = useMay("respond");
  const filter = (
    <Segmented<Shown>
      label="Which entries"
      options={[
        { value: "all", label: "All" },
        { value: "people", label: "People" },
        { value: "pages", label: "Pages" },
        { value: "checks", label: "Checks" },
      ]}
      value={shown}
      onChange={setShown}
    />
  );
  return (
    <Card title="Timeline" aside={<span className="max-sm:hidden">{filter}</span>}>
      {mayRespond && <NoteComposer incident={incident} />}
      <div className="mb-4 sm:hidden">{filter}</div>
      <Loaded query={query} skeleton={<SkeletonRows rows={4} />}>
        {({ items }) => <Feed entries={items.filter((entry) => belongs(entry, shown)).toReversed()} />}
      </Loaded>
    </Card>
  );
}

const belongs = (entry: TimelineEntry, shown: Shown): boolean =>
  shown === "all" || GROUPS[shown].includes(entry.kind);

function Feed({ entries }: { entries: readonly TimelineEntry[] }) {
  const today = useTicking((now) => new Date(now).toDateString());
  if (entries.length === 0)
    return <p className="pt-2 text-sm text-muted">Nothing of this kind has happened.</p>;
  const days = Map.groupBy(entries, (entry) => new Date(toMs(entry.at)).toDateString());
  return (
    <div className="flex flex-col gap-4">
      {[...days].map(([day, ofDay]) => (
        <section key={day} aria-label={day}>
          {(days.size > 1 || day !== today) && <DayLine day={day} today={today} />}
          <ol className="flex flex-col">
            {ofDay.map((entry) => (
              <TimelineItem key={entry.id} entry={entry} />
            ))}
          </ol>
        </section>
      ))}
    </div>
  );
}

function DayLine({ day, today }: { day: string; today: string }) {
  return (
    <div className="mb-3 flex items-center gap-3 text-xs font-medium text-faint">
      <span>{day === today ? "Today" : date(Date.parse(day), Date.parse(today))}</span>
      <span className="h-px flex-1 bg-line" />
    </div>
  );
}
