import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { ArrowRight, ChevronLeft, ChevronRight, FileText } from "lucide-react";
import { queryClient } from "../../app/query.ts";
import { useMay, useMe } from "../../app/session.ts";
import { api, apiUrl } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { count, plural } from "../../lib/format.ts";
import { dayTime, duration, plainDate, toMs } from "../../lib/time.ts";
import type { Report } from "../../lib/types.ts";
import { buttonClass, IconButton } from "../../ui/button.tsx";
import { Card, Figure } from "../../ui/card.tsx";
import { Switch } from "../../ui/choice.tsx";
import { Select } from "../../ui/input.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { toast } from "../../ui/toast.tsx";
import { teamsQuery } from "../services/queries.ts";
import { hoursText } from "./load-bars.tsx";
import { reportQuery } from "./load-queries.ts";
import { reportRoute } from "./routes.tsx";

/** How a team's week on call was: what its lead reads on Monday morning. */
export function ReportPage() {
  const { team, week } = reportRoute.useSearch();
  const teams = useQuery(teamsQuery).data?.items;
  const mine = useMe().user.email;
  const own = teams?.find(({ members }) => members.some(({ email }) => email === mine)) ?? teams?.[0];
  const slug = team ?? own?.slug;
  const navigate = useNavigate();
  const query = useQuery({ ...reportQuery(slug ?? "", week ?? ""), enabled: slug !== undefined });
  const go = (search: { team?: string; week?: string }) =>
    void navigate({ to: "/oncall/report", search, replace: true });
  return (
    <>
      <PageHeader
        title="On-call report of the week"
        crumbs={
          <Breadcrumb>
            <Link to="/oncall">On call</Link>
          </Breadcrumb>
        }
        lead={query.data && weekText(query.data)}
        actions={
          slug && (
            <a href={apiUrl("/oncall/report.md", { team: slug, week })} className={buttonClass()}>
              <FileText size={16} aria-hidden /> Markdown
            </a>
          )
        }
      />
      {teams?.length === 0 ? (
        <EmptyState title="There is no team yet">
          The report is for a team's lead. Make a team in the settings, and give it a schedule.
        </EmptyState>
      ) : (
        <div className="flex flex-col gap-6">
          <div className="flex flex-wrap items-end gap-4">
            <Select
              label="Team"
              value={slug ?? ""}
              onChange={(next) => go({ team: next, week })}
              options={(teams ?? []).map(({ slug: value, name }) => ({ value, label: name }))}
            />
            {query.data && <Weeks report={query.data} onGo={(next) => go({ team: slug, week: next })} />}
          </div>
          <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
            {(report) => <Whole report={report} />}
          </Loaded>
        </div>
      )}
    </>
  );
}

const weekText = ({ team, week }: Report) => `${team.name}, the week of ${plainDate(week)}`;

const daysAfter = (date: string, days: number): string =>
  new Date(Date.parse(`${date}T00:00:00Z`) + days * 86_400_000).toISOString().slice(0, 10);

function Weeks({ report, onGo }: { report: Report; onGo: (week: string) => void }) {
  const isLast = toMs(report.to) > nowMs();
  return (
    <div className="flex items-center gap-1">
      <IconButton
        label="The week before"
        icon={<ChevronLeft size={18} />}
        onClick={() => onGo(daysAfter(report.week, -7))}
      />
      <IconButton
        label="The week after"
        icon={<ChevronRight size={18} />}
        disabled={isLast}
        onClick={() => onGo(daysAfter(report.week, 7))}
      />
    </div>
  );
}

function Whole({ report }: { report: Report }) {
  const { acknowledge, rota } = report;
  return (
    <>
      <div className="grid grid-cols-2 gap-x-4 gap-y-5 sm:flex sm:flex-wrap sm:gap-x-12">
        <Figure label="Incidents" value={count(report.incidents.length)} />
        <Figure label="Pages" value={count(report.pages)} note={`${report.night_pages} at night`} />
        <Figure label="Woken" value={plural(report.interruptions, "time")} note="pages answered at night" />
        <Figure
          label="Time to acknowledge"
          value={acknowledge.median_ms === null ? "–" : duration(acknowledge.median_ms)}
          note={
            acknowledge.p90_ms === null
              ? "nothing was acknowledged"
              : `median; nine of ten within ${duration(acknowledge.p90_ms)}`
          }
        />
        <Figure label="Never acknowledged" value={count(acknowledge.never)} />
      </div>
      <OnCallCard report={report} />
      <IncidentsCard report={report} />
      {report.noisiest.length > 0 && <NoiseCard report={report} />}
      <div className="grid items-start gap-6 lg:grid-cols-2">
        <HandOffs report={report} />
        <Card title="Gaps in the next 14 days">
          {rota.gaps_ahead.length === 0 ? (
            <p className="text-sm text-muted">None: somebody is on call throughout.</p>
          ) : (
            <ul className="flex flex-col gap-2 text-sm">
              {rota.gaps_ahead.map((gap) => (
                <li key={`${gap.schedule.slug} ${gap.from}`}>
                  <Link
                    to="/oncall/schedules/$slug"
                    params={{ slug: gap.schedule.slug }}
                    className="font-medium hover:underline"
                  >
                    {gap.schedule.name}
                  </Link>
                  : nobody from <span className="num">{dayTime(toMs(gap.from), nowMs())}</span> to{" "}
                  <span className="num">{dayTime(toMs(gap.to), nowMs())}</span>
                </li>
              ))}
            </ul>
          )}
        </Card>
      </div>
      <MailCard report={report} />
    </>
  );
}

const OnCallCard = ({ report: { rota } }: { report: Report }) => (
  <Card title="Who was on call" flush={rota.people.length > 0}>
    {rota.people.length === 0 ? (
      <p className="text-sm text-muted">Nobody: the team has no schedule with people in that week.</p>
    ) : (
      <Table
        label="Who was on call"
        rows={rota.people}
        keyOf={(each) => each.person.id}
        columns={[
          { id: "person", header: "Person", width: "minmax(0,1fr)", cell: (each) => each.person.name },
          {
            id: "hours",
            header: "Hours",
            width: "5rem",
            align: "right",
            cell: (each) => hoursText(each.hours),
          },
          {
            id: "nights",
            header: "Nights",
            width: "4.5rem",
            align: "right",
            hide: "phone",
            cell: (each) => each.nights,
          },
          {
            id: "weekend",
            header: "Weekend",
            width: "5rem",
            align: "right",
            hide: "phone",
            cell: (each) => hoursText(each.weekend_hours),
          },
          {
            id: "pages",
            header: "Pages",
            width: "4.5rem",
            align: "right",
            cell: (each) => (
              <>
                <span className="max-sm:hidden">{each.pages}</span>
                <span className="sm:hidden">{plural(each.pages, "page")}</span>
              </>
            ),
          },
          {
            id: "night",
            header: "At night",
            width: "4.5rem",
            align: "right",
            hide: "phone",
            cell: (each) => each.night_pages,
          },
          {
            id: "woken",
            header: "Woken",
            width: "4.5rem",
            align: "right",
            hide: "phone",
            cell: (each) => each.interruptions,
          },
        ]}
      />
    )}
  </Card>
);

const after = (ms: number | null): string => (ms === null ? "–" : duration(ms));

function IncidentsCard({ report: { incidents } }: { report: Report }) {
  const navigate = useNavigate();
  return (
    <Card title="Incidents" flush={incidents.length > 0}>
      {incidents.length === 0 ? (
        <p className="text-sm text-muted">None. A quiet week.</p>
      ) : (
        <Table
          label="Incidents"
          rows={incidents}
          keyOf={(each) => String(each.number)}
          onOpen={(each) => void navigate({ to: "/incidents/$id", params: { id: String(each.number) } })}
          columns={[
            {
              id: "title",
              header: "Incident",
              width: "minmax(0,1fr)",
              cell: (each) => (
                <div className="min-w-0">
                  <div className="truncate font-medium">
                    <span className="text-faint num">#{each.number}</span> {each.title}
                  </div>
                  <div className="truncate text-xs text-muted">
                    {each.service.name}, {each.severity}, {dayTime(toMs(each.opened_at), nowMs())}
                  </div>
                </div>
              ),
            },
            {
              id: "acknowledged",
              header: "Acknowledged after",
              width: "9rem",
              align: "right",
              hide: "phone",
              cell: (each) => after(each.acknowledged_after_ms),
            },
            {
              id: "resolved",
              header: "Resolved after",
              width: "8rem",
              phoneWidth: "5.5rem",
              align: "right",
              cell: (each) => after(each.resolved_after_ms),
            },
            {
              id: "pages",
              header: "Pages",
              width: "4rem",
              align: "right",
              hide: "phone",
              cell: (each) => each.pages,
            },
          ]}
        />
      )}
    </Card>
  );
}

const NoiseCard = ({ report: { noisiest } }: { report: Report }) => (
  <Card title="Noisiest" flush>
    <Table
      label="Noisiest"
      rows={noisiest}
      keyOf={(each) => each.source}
      columns={[
        { id: "source", header: "What alerted", width: "minmax(0,1fr)", cell: (each) => each.source },
        {
          id: "alerts",
          header: "Alerts",
          width: "5rem",
          align: "right",
          hide: "phone",
          cell: (each) => each.alerts,
        },
        {
          id: "unanswered",
          header: "Nobody acted on",
          width: "8rem",
          align: "right",
          cell: (each) => `${each.unanswered} of ${each.alerts}`,
        },
      ]}
    />
  </Card>
);

const namesOf = (people: readonly { name: string }[]): string =>
  people.length === 0 ? "nobody" : people.map(({ name }) => name).join(", ");

const HandOffs = ({ report: { rota } }: { report: Report }) => (
  <Card title="Hand-offs">
    {rota.hand_offs.length === 0 ? (
      <p className="text-sm text-muted">None.</p>
    ) : (
      <ul className="flex flex-col gap-2 text-sm">
        {rota.hand_offs.map((each) => (
          <li key={`${each.schedule.slug} ${each.at}`} className="flex flex-wrap items-center gap-x-2">
            <span className="text-muted num">{dayTime(toMs(each.at), nowMs())}</span>
            {namesOf(each.from)}
            <ArrowRight size={13} className="text-faint" role="img" aria-label="to" aria-hidden={false} />
            {namesOf(each.to)}
            <span className="text-faint">{each.schedule.name}</span>
          </li>
        ))}
      </ul>
    )}
  </Card>
);

function MailCard({ report: { team, mail } }: { report: Report }) {
  const mayEdit = useMay("edit");
  const save = useMutation({
    mutationFn: (on: boolean) => api.put("/oncall/report/settings", { team: team.slug, on }),
    onSuccess: () => queryClient.invalidateQueries({ queryKey: ["oncall-report"] }),
    onError: toast.failed,
  });
  const leads = mail.to.map(({ name }) => name).join(", ");
  return (
    <Card title="By mail">
      <Switch
        label="On Monday at nine to the team's leads"
        help={
          leads === ""
            ? "The team has no lead yet: choose one in the settings."
            : `By their own clock: ${leads}.`
        }
        checked={mail.on}
        disabled={!mayEdit || save.isPending}
        onChange={(on) => save.mutate(on)}
      />
    </Card>
  );
}
