import { useQuery } from "@tanstack/react-query";
import { ChevronLeft, ChevronRight } from "lucide-react";
import { useState } from "react";
import { usePhone } from "../../app/theme.ts";
import { useNow } from "../../lib/clock.ts";
import { plural } from "../../lib/format.ts";
import { duration, toMs } from "../../lib/time.ts";
import type { Schedule, Shifts } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { CalendarBlock } from "./calendar-block.tsx";
import { type CalendarView, calendarRange } from "./calendar-range.ts";
import { useLookOf } from "./look-of.ts";
import type { OverrideStart } from "./override-dialog.tsx";
import { shiftsQuery } from "./queries.ts";
import { useUncovered } from "./uncovered-bar.tsx";

const HOUR = 3_600_000;
const iso = (ms: number) => new Date(ms).toISOString();

/** The schedule as a calendar: layers as lanes above, who is really on call beneath, gaps hatched. */
export function ScheduleCalendar({
  schedule,
  onOverride,
}: {
  schedule: Schedule;
  onOverride: ((start: OverrideStart) => void) | undefined;
}) {
  const phone = usePhone();
  const [view, setView] = useState<CalendarView>(phone ? "weeks" : "month");
  const [offset, setOffset] = useState(0);
  const nowMs = useNow();
  const zone = schedule.time_zone;
  const range = calendarRange(view, { offset, nowMs, zone });
  const query = useQuery(shiftsQuery(schedule.slug, { from: iso(range.from), to: iso(range.to) }));
  const lookOf = useLookOf(query.data);
  const uncovered = useUncovered(schedule.slug);
  return (
    <Card
      title={<span className="num">{range.title}</span>}
      aside={
        <div className="flex items-center gap-2">
          <Segmented<CalendarView>
            label="How much"
            options={[
              { value: "month", label: "Month" },
              { value: "weeks", label: phone ? "2 wk" : "Two weeks" },
              { value: "day", label: "Day" },
            ]}
            value={view}
            onChange={(next) => {
              setView(next);
              setOffset(0);
            }}
          />
        </div>
      }
    >
      <div className="mb-3 flex items-center gap-1">
        <IconButton
          label="Earlier"
          size="sm"
          icon={<ChevronLeft size={18} />}
          onClick={() => setOffset(offset - 1)}
        />
        <IconButton
          label="Later"
          size="sm"
          icon={<ChevronRight size={18} />}
          onClick={() => setOffset(offset + 1)}
        />
        {offset !== 0 && (
          <Button size="sm" variant="ghost" onClick={() => setOffset(0)}>
            Today
          </Button>
        )}
        {onOverride && (
          <span className="ml-auto text-xs text-faint max-sm:hidden">
            Drag over the lower line to override a stretch, or choose a shift.
          </span>
        )}
      </div>
      <Loaded query={query} skeleton={<Skeleton className="h-72" />}>
        {(shifts) => (
          <>
            <div className="flex flex-col gap-4">
              {range.blocks.map((block) => (
                <CalendarBlock
                  key={block.from}
                  block={block}
                  shifts={shifts}
                  zone={zone}
                  nowMs={nowMs}
                  lookOf={lookOf}
                  uncovered={uncovered}
                  snapMs={view === "day" ? HOUR / 2 : HOUR}
                  onStretch={onOverride && ((stretch, user) => onOverride({ ...stretch, user }))}
                />
              ))}
            </div>
            <Gaps gaps={shifts.gaps} />
          </>
        )}
      </Loaded>
    </Card>
  );
}

/** The gaps once more in words: what a calendar shows in red must also be said. */
function Gaps({ gaps }: { gaps: Shifts["gaps"] }) {
  if (gaps.length === 0) return null;
  const sum = gaps.reduce((total, gap) => total + toMs(gap.to) - toMs(gap.from), 0);
  return (
    <p className="mt-4 text-sm text-down">
      {`${plural(gaps.length, "gap")} here, ${duration(sum)} in all: nobody is on call then, and pages go to the policy's next level.`}
    </p>
  );
}
