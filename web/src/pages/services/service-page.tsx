import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Activity, Pencil, Plus, Trash2 } from "lucide-react";
import { useState } from "react";
import { useInterest } from "../../app/live.ts";
import { queryClient } from "../../app/query.ts";
import { useBurning, useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import { STATE_WORDS } from "../../lib/state.ts";
import type { Service } from "../../lib/types.ts";
import { Button, buttonClass, IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Markdown } from "../../ui/markdown.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { EmptyState, Loaded, Skeleton } from "../../ui/states.tsx";
import { Table } from "../../ui/table.tsx";
import { toast } from "../../ui/toast.tsx";
import { HeldAlerts } from "../maintenance/held-alerts.tsx";
import { MuteButton, Quiet } from "../maintenance/mute.tsx";
import { figures, monitorName } from "../monitors/columns.tsx";
import { Burning } from "../overview/burning.tsx";
import { KnownProblems } from "./known-problems.tsx";
import { serviceMonitorsQuery, serviceQuery } from "./queries.ts";
import { serviceRoute } from "./routes.tsx";
import { ServiceDialog } from "./service-dialog.tsx";
import { SupportHoursWords } from "./support-hours.tsx";

/** One service: is it well, what watches it, who looks after it, what to do when it fails. */
export function ServicePage() {
  const { slug } = serviceRoute.useParams();
  const query = useQuery(serviceQuery(slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
      {(service) => <Whole service={service} />}
    </Loaded>
  );
}

function Whole({ service }: { service: Service }) {
  const burning = useBurning().filter((incident) => incident.service?.slug === service.slug);
  return (
    <>
      <PageHeader
        tab={service.name}
        title={
          <span className="inline-flex items-center gap-3">
            <StateMark state={service.maintenance ? "maintenance" : service.status} size={22} />
            {service.name}
          </span>
        }
        crumbs={
          <Breadcrumb>
            <Link to="/services">Services</Link>
          </Breadcrumb>
        }
        lead={[STATE_WORDS[service.status], service.description].filter(Boolean).join(" · ")}
        actions={
          <>
            <MuteButton thing={{ ...service, kind: "services" }} />
            <Actions service={service} />
          </>
        }
      />
      <Quiet maintenance={service.maintenance} muted={service.muted} />
      {burning.length > 0 && <Burning incidents={burning} />}
      <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
        <div className="flex min-w-0 flex-col gap-6">
          <HeldAlerts service={service.slug} />
          <KnownProblems service={service.slug} />
          <Monitors service={service} />
          {service.runbook && <Runbook runbook={service.runbook} />}
        </div>
        <Owners service={service} />
      </div>
    </>
  );
}

function Monitors({ service }: { service: Service }) {
  const query = useQuery(serviceMonitorsQuery(service.slug));
  const navigate = useNavigate();
  useInterest(query.data?.items.map((monitor) => monitor.id) ?? []);
  const add = (
    <Link to="/monitors/new" search={{ service: service.slug }} className={buttonClass("secondary", "sm")}>
      <Plus size={15} aria-hidden /> Add a monitor
    </Link>
  );
  return (
    <Card title="Monitors" aside={useMay("edit") && service.monitors > 0 && add} flush>
      <Loaded query={query}>
        {({ items }) =>
          items.length === 0 ? (
            <EmptyState icon={<Activity size={22} />} title="Nothing watches it yet" action={add}>
              A monitor checks the service from outside, as its users meet it.
            </EmptyState>
          ) : (
            <Table
              label={`Monitors of ${service.name}`}
              columns={[monitorName, ...figures]}
              rows={items}
              keyOf={(monitor) => monitor.slug}
              onOpen={({ slug }) => void navigate({ to: "/monitors/$slug", params: { slug } })}
            />
          )
        }
      </Loaded>
    </Card>
  );
}

const Runbook = ({ runbook }: { runbook: NonNullable<Service["runbook"]> }) => (
  <Card title="Runbook">
    {"url" in runbook ? (
      <a
        href={runbook.url}
        target="_blank"
        rel="noreferrer"
        className="text-sm break-all text-brand-text underline underline-offset-4"
      >
        {runbook.url}
      </a>
    ) : (
      <Markdown>{runbook.markdown}</Markdown>
    )}
  </Card>
);

function Owners({ service }: { service: Service }) {
  const rows: [string, React.ReactNode][] = [
    ["Team", service.team?.name ?? "No team"],
    ["Who is paged", service.escalation_policy?.name ?? "The administrators"],
    ["When it fails", service.urgency === "high" ? "Wakes somebody" : "Can wait for the morning"],
    ["Support hours", <SupportHoursWords key="support" service={service} />],
    [
      "Depends on",
      service.depends_on.length === 0
        ? "Nothing"
        : service.depends_on.map((each) => (
            <Link
              key={each.slug}
              to="/services/$slug"
              params={{ slug: each.slug }}
              className="block underline-offset-4 hover:underline"
            >
              {each.name}
            </Link>
          )),
    ],
    ["Who may see it", service.visibility === "team" ? "Its team" : "Everybody here"],
  ];
  return (
    <Card title="Who looks after it" className="self-start">
      <dl className="flex flex-col gap-3 text-sm">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt className="text-xs text-faint">{name}</dt>
            <dd className="mt-0.5">{value}</dd>
          </div>
        ))}
      </dl>
      {service.managed_by === "config" && (
        <p className="mt-4 text-sm text-muted">It comes from the configuration file.</p>
      )}
    </Card>
  );
}

function Actions({ service }: { service: Service }) {
  const mayEdit = useMay("edit");
  const navigate = useNavigate();
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  if (!mayEdit) return null;
  const remove = async () => {
    await api.delete(`/services/${service.slug}${service.monitors > 0 ? "?force=true" : ""}`);
    void queryClient.invalidateQueries({ queryKey: ["services"] });
    void queryClient.invalidateQueries({ queryKey: ["monitors"] });
    void queryClient.invalidateQueries({ queryKey: ["overview"] });
    toast.done(`${service.name} is deleted.`);
    await navigate({ to: "/services" });
  };
  return (
    <>
      <Button onClick={() => setOpen("edit")}>
        <Pencil size={16} aria-hidden /> Edit
      </Button>
      <IconButton
        label="Delete this service"
        icon={<Trash2 size={17} />}
        variant="secondary"
        onClick={() => setOpen("delete")}
      />
      {open === "edit" && <ServiceDialog service={service} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === "delete"}
        onClose={() => setOpen(null)}
        title={`Delete ${service.name}?`}
        confirm="Delete"
        danger
        onConfirm={remove}
      >
        {service.monitors > 0
          ? `Its ${plural(service.monitors, "monitor")} and their history go with it. This can't be undone.`
          : "This can't be undone."}
      </ConfirmDialog>
    </>
  );
}
