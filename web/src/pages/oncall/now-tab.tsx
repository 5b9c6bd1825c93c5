import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { CalendarClock } from "lucide-react";
import { onCallQuery } from "../../app/session.ts";
import { listOf } from "../../lib/format.ts";
import type { OnCallNow } from "../../lib/types.ts";
import { cityOf } from "../../lib/zone.ts";
import { buttonClass } from "../../ui/button.tsx";
import { Avatar } from "../../ui/small.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { HandOff } from "./hand-off.tsx";
import { MyShifts } from "./my-shifts.tsx";
import { NextWeeks } from "./next-weeks.tsx";

/** Each schedule with who is on call, until when, and the weeks to come. */
export function OnCallNowTab() {
  const query = useQuery(onCallQuery);
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-80" />}>
      {({ items }) =>
        items.length === 0 ? (
          <Nobody />
        ) : (
          <div className="grid items-start gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
            <ul className="flex flex-col gap-4 max-lg:order-2">
              {items.map((item) => (
                <ScheduleCard key={item.schedule} item={item} />
              ))}
            </ul>
            <MyShifts schedules={items} />
          </div>
        )
      }
    </Loaded>
  );
}

function ScheduleCard({ item }: { item: OnCallNow["items"][number] }) {
  return (
    <li className="rounded-lg border border-line bg-surface p-4 sm:p-5">
      <div className="flex flex-wrap items-baseline justify-between gap-x-4 gap-y-1">
        <h2 className="text-base font-semibold">
          <Link
            to="/oncall/schedules/$slug"
            params={{ slug: item.schedule }}
            className="underline-offset-4 hover:underline"
          >
            {item.name}
          </Link>
        </h2>
        <span className="text-xs text-faint">{cityOf(item.time_zone)}</span>
      </div>
      <p className="mt-0.5 text-sm text-muted">
        {item.services.length > 0 ? (
          <>
            For{" "}
            {listOf(
              item.services.map((service) => service.name),
              4,
            )}
          </>
        ) : (
          "No service pages this schedule yet."
        )}
      </p>
      <div className="mt-4 grid gap-4 sm:grid-cols-[minmax(0,1fr)_minmax(0,1fr)]">
        <div className="flex items-center gap-3">
          {item.people.map((person) => (
            <Avatar key={person.id} name={person.name} size={36} quiet />
          ))}
          <div className="min-w-0">
            <div className={item.people.length > 0 ? "font-semibold" : "font-semibold text-down"}>
              {item.people.length > 0
                ? listOf(item.people.map((person) => person.name))
                : "Nobody is on call"}
            </div>
            {item.until && (
              <div className="text-sm text-muted">
                until <HandOff at={item.until} zone={item.time_zone} />
              </div>
            )}
          </div>
        </div>
        {item.until && (
          <div className="self-center text-sm">
            <span className="text-muted">Then </span>
            {item.next_people.length > 0 ? (
              <span className="font-medium">{listOf(item.next_people.map((person) => person.name))}</span>
            ) : (
              <span className="font-medium text-down">nobody</span>
            )}
          </div>
        )}
      </div>
      <NextWeeks slug={item.schedule} zone={item.time_zone} />
    </li>
  );
}

const Nobody = () => (
  <div className="rounded-lg border border-line bg-surface">
    <EmptyState
      icon={<CalendarClock size={22} />}
      title="No schedule yet"
      action={
        <Link to="/oncall/schedules/new" className={buttonClass("primary")}>
          Add a schedule
        </Link>
      }
    >
      A schedule says who is on call when, and hands over by itself. Until there is one, all administrators
      are paged.
    </EmptyState>
  </div>
);
