import { ArrowRight, TriangleAlert } from "lucide-react";
import { nowMs } from "../../lib/clock.ts";
import { plural } from "../../lib/format.ts";
import { dayTime, toMs } from "../../lib/time.ts";
import type { Proposal } from "../../lib/types.ts";
import { Figure } from "../../ui/card.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { hoursText } from "./load-bars.tsx";
import { useNames } from "./people.ts";

type PersonRow = Proposal["people"][number];

const arrow = (before: React.ReactNode, after: React.ReactNode) => (
  <span className="inline-flex items-center gap-1.5">
    <span className="text-muted">{before}</span>
    <ArrowRight size={13} className="text-faint" role="img" aria-label="then" aria-hidden={false} />
    {after}
  </span>
);

/** What a proposal means for everybody: the numbers before and after, what it can't meet, and the turns themselves. */
export function ProposalView({ proposal }: { proposal: Proposal }) {
  const { balance, spread, unmet, people, shifts, order, time_zone } = proposal;
  const nameOf = useNames();
  const when = (at: string) => dayTime(toMs(at), nowMs(), time_zone);
  return (
    <div className="flex flex-col gap-6">
      <div className="grid grid-cols-2 gap-4 sm:flex sm:gap-12">
        <Figure
          label="Balance"
          value={arrow(`${balance.before} %`, `${balance.after} %`)}
          note="100 % when all carry alike"
        />
        <Figure
          label="Most to least"
          value={arrow(Math.round(spread.before), Math.round(spread.after))}
          note="points, with the past"
        />
        <Figure label="Turns" value={shifts.length} note={`from ${when(proposal.from)}`} />
      </div>
      {unmet.length > 0 && <Unmet unmet={unmet} when={when} />}
      <PeopleTable people={people} />
      <div>
        <h3 className="text-sm font-semibold">{order ? "The order" : "The turns"}</h3>
        {order ? (
          <p className="mt-2 text-sm">{order.map(nameOf).join(", then ")}</p>
        ) : (
          <ol className="mt-2 grid gap-x-8 gap-y-1 text-sm sm:grid-cols-2">
            {shifts.map((shift) => (
              <li key={shift.from} className="flex justify-between gap-4 border-b border-line py-1">
                <span className="text-muted num">{when(shift.from)}</span>
                <span className="min-w-0 truncate">{shift.users.map(nameOf).join(", ")}</span>
              </li>
            ))}
          </ol>
        )}
      </div>
    </div>
  );
}

/** Different reasons that are shown. */
const MOST = 12;

function Unmet({ unmet, when }: { unmet: Proposal["unmet"]; when: (at: string) => string }) {
  const groups = [...Map.groupBy(unmet, ({ text }) => text)];
  return (
    <section className="rounded-md bg-degraded-soft px-4 py-3 text-sm" aria-label="What can't be met">
      <h3 className="flex items-center gap-2 font-semibold">
        <TriangleAlert size={16} className="text-degraded" aria-hidden />
        {plural(unmet.length, "wish", "wishes")} can't be met
      </h3>
      <ul className="mt-2 flex flex-col gap-1">
        {groups.slice(0, MOST).map(([text, [first, ...others]]) => (
          <li key={text}>
            <span className="num">
              {first && when(first.from)}
              {others.length > 0 && ` and ${plural(others.length, "other turn")}`}
            </span>
            : {text}
          </li>
        ))}
      </ul>
      {groups.length > MOST && <p className="mt-1 text-muted num">and {groups.length - MOST} more</p>}
    </section>
  );
}

function PeopleTable({ people }: { people: readonly PersonRow[] }) {
  const columns: Column<PersonRow>[] = [
    {
      id: "person",
      header: "Person",
      width: "minmax(0,1fr)",
      cell: (row) => (
        <div className="min-w-0">
          <div className="truncate font-medium">{row.person.name}</div>
          <div className="text-xs text-faint num">{Math.round(row.history_points)} points before</div>
        </div>
      ),
    },
    {
      id: "hours",
      header: "Hours",
      width: "9rem",
      align: "right",
      hide: "phone",
      cell: (row) => arrow(hoursText(row.before.hours), hoursText(row.after.hours)),
    },
    {
      id: "nights",
      header: "Nights",
      width: "5.5rem",
      align: "right",
      cell: (row) => arrow(row.before.nights, row.after.nights),
    },
    {
      id: "weekends",
      header: "Weekends",
      width: "8rem",
      align: "right",
      hide: "phone",
      cell: (row) => arrow(hoursText(row.before.weekend_hours), hoursText(row.after.weekend_hours)),
    },
    {
      id: "points",
      header: "Points in all",
      width: "8rem",
      phoneWidth: "7rem",
      align: "right",
      cell: (row) =>
        arrow(Math.round(row.before.total_points), <strong>{Math.round(row.after.total_points)}</strong>),
    },
  ];
  return (
    <div className="-mx-4 sm:-mx-5">
      <Table label="Before and after" columns={columns} rows={people} keyOf={(row) => row.person.id} />
    </div>
  );
}
