import { useQueries } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { ArrowLeftRight, CalendarPlus, HandHelping } from "lucide-react";
import { useState } from "react";
import { useMay, useMe } from "../../app/session.ts";
import { useNow } from "../../lib/clock.ts";
import { dayTime, duration, toMs } from "../../lib/time.ts";
import type { OnCallNow, Shift } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { CalendarDialog } from "./calendar-dialog.tsx";
import { HandOff } from "./hand-off.tsx";
import { OfferDialog } from "./offer-dialog.tsx";
import { Offers } from "./offers.tsx";
import { shiftsQuery } from "./queries.ts";

const DAY = 86_400_000;
const iso = (ms: number) => new Date(ms).toISOString();
const MOST = 5;

interface Mine {
  schedule: OnCallNow["items"][number];
  shift: Shift;
}

/** When I am on call in the next weeks, whatever the schedule. */
export function MyShifts({ schedules }: { schedules: OnCallNow["items"] }) {
  const me = useMe().user.email;
  const day = useNow(DAY);
  const range = { from: iso(day), to: iso(day + 42 * DAY) };
  const queries = useQueries({ queries: schedules.map(({ schedule }) => shiftsQuery(schedule, range)) });
  const nowMs = useNow();
  const [subscribing, setSubscribing] = useState(false);
  const mayRespond = useMay("respond");
  const [offering, setOffering] = useState<{ mine: Mine; kind: "swap" | "cover" } | null>(null);
  const mine: Mine[] = schedules
    .flatMap((schedule, at) =>
      (queries[at]?.data?.items ?? [])
        .filter((shift) => shift.user === me && toMs(shift.to) > nowMs)
        .map((shift) => ({ schedule, shift })),
    )
    .toSorted((a, b) => a.shift.from.localeCompare(b.shift.from));
  return (
    <div className="flex flex-col gap-6 max-lg:order-1">
      <Card
        title="Your shifts"
        aside={
          <Button size="sm" variant="ghost" onClick={() => setSubscribing(true)}>
            <CalendarPlus size={15} aria-hidden /> Calendar
          </Button>
        }
      >
        {subscribing && <CalendarDialog schedule={null} onClose={() => setSubscribing(false)} />}
        {mine.length === 0 && (
          <p className="text-sm text-muted">
            {queries.some((query) => query.isPending) ? "Looking…" : "None in the next six weeks."}
          </p>
        )}
        <ol className="flex flex-col gap-4">
          {mine.slice(0, MOST).map(({ schedule, shift }) => {
            const hasBegun = toMs(shift.from) <= nowMs;
            return (
              <li key={`${schedule.schedule} ${shift.from}`} className="border-l-2 border-brand pl-3 text-sm">
                <div className="font-medium">
                  {toMs(shift.from) <= nowMs ? (
                    <>
                      Now, until <HandOff at={shift.to} zone={schedule.time_zone} />
                    </>
                  ) : (
                    <HandOff at={shift.from} zone={schedule.time_zone} />
                  )}
                </div>
                <div className="text-muted">
                  <Link
                    to="/oncall/schedules/$slug"
                    params={{ slug: schedule.schedule }}
                    className="underline-offset-4 hover:underline"
                  >
                    {schedule.name}
                  </Link>
                  , {duration(toMs(shift.to) - Math.max(nowMs, toMs(shift.from)))}
                  {toMs(shift.from) <= nowMs && " more"}
                </div>
                {mayRespond && (
                  <div className="-ml-2.5 mt-1 flex flex-wrap gap-2 has-[:nth-child(2)]:ml-0">
                    {hasBegun && (
                      <Button
                        size="sm"
                        onClick={() => setOffering({ mine: { schedule, shift }, kind: "cover" })}
                      >
                        <HandHelping size={15} aria-hidden /> Cover me now
                      </Button>
                    )}
                    <Button
                      size="sm"
                      variant="ghost"
                      aria-label={`Offer your shift of ${schedule.name}, ${dayTime(toMs(shift.from), nowMs)}`}
                      onClick={() => setOffering({ mine: { schedule, shift }, kind: "swap" })}
                    >
                      <ArrowLeftRight size={15} aria-hidden /> Offer
                    </Button>
                  </div>
                )}
              </li>
            );
          })}
        </ol>
        {mine.length > MOST && (
          <p className="mt-3 text-sm text-muted">And {mine.length - MOST} more in these six weeks.</p>
        )}
      </Card>
      <Offers />
      {offering && (
        <OfferDialog
          schedule={offering.mine.schedule}
          shift={offering.mine.shift}
          kind={offering.kind}
          onClose={() => setOffering(null)}
        />
      )}
    </div>
  );
}
