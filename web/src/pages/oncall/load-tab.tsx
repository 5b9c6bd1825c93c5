import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Download, NotebookText } from "lucide-react";
import { useState } from "react";
import { apiUrl } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { plural } from "../../lib/format.ts";
import { browserZone } from "../../lib/time.ts";
import type { Fairness, PersonLoad } from "../../lib/types.ts";
import { instantOf, midnight, plusDays, wallOf } from "../../lib/zone.ts";
import { buttonClass } from "../../ui/button.tsx";
import { Card, Figure } from "../../ui/card.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { type Column, Table } from "../../ui/table.tsx";
import { teamsQuery } from "../services/queries.ts";
import { Holidays } from "./holidays.tsx";
import { hoursText, LoadBar, LoadLegend } from "./load-bars.tsx";
import { fairnessQuery, type LoadQuestion } from "./load-queries.ts";
import { schedulesQuery } from "./queries.ts";

const WINDOWS = [
  { value: "-30", label: "Last 30 days" },
  { value: "-90", label: "Last 90 days" },
  { value: "-365", label: "Last 365 days" },
  { value: "30", label: "Next 30 days" },
  { value: "90", label: "Next 90 days" },
  { value: "own", label: "Between two days" },
];

/** Instants of whole days by this browser's clock, so that the question stays the same while one looks at it. */
function spanOf(window: string, own: { from: string; to: string }): { from: string; to: string } {
  const zone = browserZone();
  const today = midnight(wallOf(nowMs(), zone));
  const iso = (days: number) => new Date(instantOf(plusDays(today, days), zone)).toISOString();
  if (window === "own") return own;
  const days = Number(window);
  return days < 0 ? { from: iso(days + 1), to: iso(1) } : { from: iso(0), to: iso(days) };
}

/** Who carries how much of being on call: what was, and what is planned. */
export function LoadTab() {
  const [scope, setScope] = useState("");
  const [window, setWindow] = useState("-90");
  const [own, setOwn] = useState({ from: "", to: "" });
  const [kind, slug = ""] = scope.split(":");
  const question: LoadQuestion = {
    schedule: kind === "schedule" ? slug : "",
    team: kind === "team" ? slug : "",
    ...spanOf(window, own),
  };
  const asks = window !== "own" || (own.from !== "" && own.to !== "");
  const query = useQuery({ ...fairnessQuery(question), enabled: asks });
  return (
    <div className="flex flex-col gap-6">
      <div className="flex flex-wrap items-end gap-4">
        <ScopeSelect value={scope} onChange={setScope} />
        <Select label="When" value={window} onChange={setWindow} options={WINDOWS} />
        {window === "own" &&
          (["from", "to"] as const).map((side) => (
            <Input
              key={side}
              label={side === "from" ? "From" : "Up to"}
              type="date"
              value={own[side]}
              onChange={(event) => setOwn({ ...own, [side]: event.target.value })}
            />
          ))}
        <a href={apiUrl("/fairness.csv", question)} download className={buttonClass()}>
          <Download size={16} aria-hidden /> CSV
        </a>
        <Link
          to="/oncall/report"
          search={kind === "team" ? { team: slug } : {}}
          className={buttonClass("secondary")}
        >
          <NotebookText size={16} aria-hidden /> Report of the week
        </Link>
      </div>
      {asks ? (
        <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
          {(found) => <Found found={found} />}
        </Loaded>
      ) : (
        <p className="text-sm text-muted">Choose the first day, and the day up to which to count.</p>
      )}
      <Holidays />
    </div>
  );
}

function ScopeSelect({ value, onChange }: { value: string; onChange: (value: string) => void }) {
  const teams = useQuery(teamsQuery).data?.items ?? [];
  const schedules = useQuery(schedulesQuery).data?.items ?? [];
  return (
    <Select
      label="Whose"
      value={value}
      onChange={onChange}
      options={[
        { value: "", label: "All of the company" },
        ...teams.map((team) => ({ value: `team:${team.slug}`, label: `Team ${team.name}` })),
        ...schedules.map(({ slug, name }) => ({ value: `schedule:${slug}`, label: name })),
      ]}
    />
  );
}

function Found({ found }: { found: Fairness }) {
  const { items, schedules } = found;
  if (items.every((item) => item.points === 0 && item.pages === 0))
    return (
      <EmptyState title="Nobody was on call then">
        Once a schedule has people in these days, their hours, nights, weekends and pages stand here.
      </EmptyState>
    );
  const most = Math.max(...items.map((item) => item.points));
  const mean = items.reduce((sum, item) => sum + item.points, 0) / items.length;
  const interruptions = items.reduce((sum, item) => sum + item.interruptions, 0);
  return (
    <>
      <div className="grid grid-cols-2 gap-4 sm:flex sm:gap-12">
        <Figure label="Balance" value={`${found.balance} %`} note="100 % when all carry alike" />
        <Figure label="Woken" value={plural(interruptions, "time")} note="pages answered at night" />
        {schedules.length === 1 && schedules[0] && (
          <>
            <Figure
              label="Quality"
              value={`${schedules[0].total} of 100`}
              note="coverage and balance of hours"
            />
            <Figure label="Coverage" value={`${schedules[0].coverage} %`} note="somebody on call" />
          </>
        )}
      </div>
      <Card title="Load by person" aside={<span className="text-xs text-faint">in points</span>} flush>
        <div className="px-4 pb-3 sm:px-5">
          <LoadLegend />
        </div>
        <Table
          label="Load by person"
          columns={columnsOf(most, mean)}
          rows={items}
          keyOf={(item) => item.person.id}
        />
        <p className="border-t border-line px-4 py-3 text-xs text-muted sm:px-5">
          An hour is one point; one more at night (22:00 to 07:00), one more on weekends, two more on
          holidays, by each person's own clock.
        </p>
      </Card>
      {schedules.length > 1 && <Qualities schedules={schedules} />}
    </>
  );
}

const columnsOf = (most: number, mean: number): Column<PersonLoad>[] => [
  {
    id: "person",
    header: "Person",
    width: "minmax(8rem,1fr)",
    phoneWidth: "minmax(0,2fr)",
    cell: (item) => (
      <div className="min-w-0">
        <div className="truncate font-medium">{item.person.name}</div>
        <div className="text-xs text-muted num sm:hidden">
          {hoursText(item.hours)}, {plural(item.nights, "night")}, {plural(item.pages, "page")}
        </div>
        {item.planned_hours > 0 && item.planned_hours < item.hours && (
          <div className="text-xs text-faint num">{hoursText(item.planned_hours)} to come</div>
        )}
      </div>
    ),
  },
  {
    id: "load",
    header: "Load",
    width: "minmax(10rem,2fr)",
    phoneWidth: "minmax(0,3fr)",
    cell: (item) => <LoadBar load={item} most={most} mean={mean} />,
  },
  number("hours", "Hours", (item) => hoursText(item.hours)),
  number("nights", "Nights", (item) => item.nights),
  number("weekends", "Weekends", (item) => hoursText(item.weekend_hours)),
  number("holidays", "Holidays", (item) => item.holidays, "tablet"),
  number("shifts", "Shifts", (item) => item.shifts, "tablet"),
  number("pages", "Pages", (item) => item.pages),
  number("night-pages", "At night", (item) => item.night_pages, "tablet"),
  number("interruptions", "Woken", (item) => item.interruptions),
];

function number(
  id: string,
  header: string,
  read: (item: PersonLoad) => React.ReactNode,
  hide: "phone" | "tablet" = "phone",
): Column<PersonLoad> {
  return { id, header, width: "4.5rem", align: "right", hide, cell: read };
}

function Qualities({ schedules }: { schedules: Fairness["schedules"] }) {
  return (
    <Card title="Quality of schedules" flush>
      <Table
        label="Quality of schedules"
        rows={schedules}
        keyOf={(each) => each.schedule.slug}
        columns={[
          { id: "name", header: "Schedule", width: "minmax(0,1fr)", cell: (each) => each.schedule.name },
          {
            id: "over",
            header: "More than their share",
            width: "minmax(0,1fr)",
            hide: "phone",
            cell: ({ overloaded, comment }) => (
              <span className="text-muted">
                {comment ??
                  overloaded.map(({ person, percent }) => `${person.name} +${percent} %`).join(", ")}
              </span>
            ),
          },
          {
            id: "coverage",
            header: "Coverage",
            width: "5rem",
            align: "right",
            hide: "phone",
            cell: (each) => `${each.coverage} %`,
          },
          {
            id: "balance",
            header: "Balance",
            width: "5rem",
            align: "right",
            hide: "phone",
            cell: (each) => `${each.balance} %`,
          },
          { id: "total", header: "Quality", width: "5rem", align: "right", cell: (each) => each.total },
        ]}
      />
    </Card>
  );
}
