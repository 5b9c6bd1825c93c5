import { Link } from "@tanstack/react-router";
import { count, latency, listOf, uptime } from "../../lib/format.ts";
import { clockTime, dayTime, duration } from "../../lib/time.ts";
import type { Overview } from "../../lib/types.ts";
import { Card, Figure } from "../../ui/card.tsx";
import { Person } from "../../ui/small.tsx";
import { Time } from "../../ui/time.tsx";

/** Who is on call for what, until when, and who is next. */
export const OnCallCard = ({ items }: { items: Overview["on_call"] }) => (
  <Card
    title="On call"
    aside={
      <Link to="/oncall" className="text-sm text-brand-text underline-offset-4 hover:underline">
        Schedules
      </Link>
    }
  >
    {items.length === 0 && (
      <p className="text-sm text-muted">
        No schedule yet. Until there is one, everybody with the administrator's role is paged.
      </p>
    )}
    <ul className="flex flex-col gap-4">
      {items.map((item) => (
        <li key={item.schedule}>
          <div className="mb-1.5 text-xs text-faint">{item.name}</div>
          <div className="flex flex-col gap-1.5 text-sm font-medium">
            {item.people.map((person) => (
              <Person key={person.id} name={person.name} />
            ))}
            {item.people.length === 0 && <span className="text-down">Nobody is on call</span>}
          </div>
          {item.until && (
            <div className="mt-1 text-xs text-muted num">
              until <Time at={item.until} format={dayTime} className="num" />
              {item.next_people.length > 0 &&
                `, then ${listOf(item.next_people.map((person) => person.name))}`}
            </div>
          )}
        </li>
      ))}
    </ul>
  </Card>
);

/** What happened today, newest first. */
export const TodayCard = ({ items }: { items: Overview["today"] }) => (
  <Card title="Today">
    {items.length === 0 && <p className="text-sm text-muted">Nothing has changed today.</p>}
    <ol className="flex flex-col gap-2.5">
      {items.map((item) => (
        <li key={`${item.at} ${item.text}`} className="flex gap-3 text-sm">
          <Time at={item.at} format={(ms) => clockTime(ms)} className="shrink-0 text-faint num" />
          {item.url === null ? (
            <span className="min-w-0 break-words">{item.text}</span>
          ) : (
            <a href={item.url} className="min-w-0 break-words underline-offset-4 hover:underline">
              {item.text}
            </a>
          )}
        </li>
      ))}
    </ol>
  </Card>
);

/** Yesterday in numbers, for quiet days. */
export function YesterdayCard({ overview }: { overview: Overview }) {
  const { checks, failed, incidents, pages, acknowledge_ms } = overview.yesterday;
  return (
    <Card title="Yesterday">
      <div className="grid grid-cols-2 gap-x-6 gap-y-5 sm:grid-cols-4">
        <Figure
          label="Checks"
          value={count(checks)}
          note={failed === 0 ? "none failed" : `${count(failed)} failed`}
        />
        <Figure label="Incidents" value={count(incidents)} />
        <Figure
          label="Pages"
          value={count(pages)}
          note={acknowledge_ms === null ? undefined : `answered in ${wait(acknowledge_ms)}`}
        />
        <Figure label="Checks on time" value={uptime(overview.coverage.ratio)} note="today" />
      </div>
    </Card>
  );
}

const wait = (ms: number): string => (ms < 1000 ? latency(ms) : duration(ms));
