import { useMutation, useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Copy, Ellipsis, Pause, Pencil, Play, RefreshCw, Trash2 } from "lucide-react";
import { lazy, Suspense, useState } from "react";
import { useInterest } from "../../app/live.ts";
import { patchObject } from "../../app/patch.ts";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { useShortcut } from "../../app/shortcuts.ts";
import { api } from "../../lib/api.ts";
import { uptime } from "../../lib/format.ts";
import { browserZone, durationWords } from "../../lib/time.ts";
import type { Check, Monitor } from "../../lib/types.ts";
import { DayBars } from "../../ui/bars.tsx";
import { Button, buttonClass, IconButton } from "../../ui/button.tsx";
import { Card, Facts } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Badge } from "../../ui/small.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Tabs } from "../../ui/tabs.tsx";
import { toast } from "../../ui/toast.tsx";
import { MuteButton, Quiet } from "../maintenance/mute.tsx";
import { CheckNowDialog } from "./check-now.tsx";
import { draftOf } from "./draft.ts";
import { HeartbeatPanel } from "./heartbeat-panel.tsx";
import { HeatMap } from "./heat-map.tsx";
import { ManualPanel } from "./manual-panel.tsx";
import { MonitorNow, spanFor } from "./monitor-now.tsx";
import { daysQuery, monitorQuery, type Span } from "./queries.ts";
import { monitorRoute } from "./routes.tsx";
import { SharePanel } from "./share-panel.tsx";
import { ShopSwitch } from "./shop-switch.tsx";
import { slowWords } from "./slow.ts";

const YamlEditor = lazy(async () => ({ default: (await import("./yaml-editor.tsx")).YamlEditor }));

/** One monitor: is it well, since when, and why not. */
export function MonitorPage() {
  const { slug } = monitorRoute.useParams();
  const query = useQuery(monitorQuery(slug));
  useInterest(query.data === undefined ? [] : [query.data.id]);
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-120" />}>
      {(monitor) => <Whole monitor={monitor} />}
    </Loaded>
  );
}

function Whole({ monitor }: { monitor: Monitor }) {
  const [tab, setTab] = useState("now");
  return (
    <>
      <PageHeader
        title={monitor.name}
        crumbs={
          <Breadcrumb>
            <Link to="/monitors" search={{}}>
              Monitors
            </Link>
          </Breadcrumb>
        }
        lead={
          <>
            <Link
              to="/services/$slug"
              params={{ slug: monitor.service.slug }}
              className="underline-offset-4 hover:underline"
            >
              {monitor.service.name}
            </Link>
            {monitor.probed && ` · every ${durationWords(monitor.every)}`}
          </>
        }
        actions={<Actions monitor={monitor} />}
      />
      <Quiet maintenance={monitor.maintenance_window} muted={monitor.muted} />
      <Tabs
        label="Monitor"
        value={tab}
        onChange={setTab}
        tabs={[
          { value: "now", label: "Overview", content: <Now monitor={monitor} /> },
          {
            value: "yaml",
            label: "YAML",
            content: (
              <Suspense fallback={<Skeleton className="h-60" />}>
                <YamlEditor draft={draftOf(monitor)} />
              </Suspense>
            ),
          },
        ]}
      />
    </>
  );
}

function Now({ monitor }: { monitor: Monitor }) {
  const range = useState<Span>(() => spanFor(monitor));
  return (
    <div className="grid gap-6 lg:grid-cols-[minmax(0,1fr)_20rem]">
      <div className="flex min-w-0 flex-col gap-6">
        <MonitorNow monitor={monitor} range={range} />
        {monitor.kind === "heartbeat" && <HeartbeatPanel monitor={monitor} />}
        {monitor.probed && <HeatMap slug={monitor.slug} />}
      </div>
      <div className="flex min-w-0 flex-col gap-6">
        <ManualPanel monitor={monitor} />
        <ShopSwitch monitor={monitor} />
        <Ninety monitor={monitor} />
        <Configuration monitor={monitor} />
        <SharePanel monitor={monitor} span={range[0]} />
      </div>
    </div>
  );
}

function Ninety({ monitor }: { monitor: Monitor }) {
  const query = useQuery(daysQuery(monitor.slug, browserZone()));
  return (
    <Card title="Last 90 days">
      <Loaded query={query} skeleton={<Skeleton className="h-12" />}>
        {({ items }) => {
          const down = items.reduce((sum, day) => sum + day.down, 0);
          const known = items.reduce((sum, day) => sum + day.up + day.degraded + day.down, 0);
          return (
            <>
              <DayBars days={items} height={36} label={monitor.name} />
              <p className="mt-3 text-sm num">
                <span className="font-medium">{uptime(known === 0 ? null : (known - down) / known)}</span>{" "}
                <span className="text-muted">up</span>
              </p>
            </>
          );
        }}
      </Loaded>
    </Card>
  );
}

function Configuration({ monitor }: { monitor: Monitor }) {
  const labels = Object.entries(monitor.labels);
  return (
    <Card title="Configuration">
      <p className="mb-4 text-sm">{monitor.sentence}</p>
      <Facts
        items={[
          ...(monitor.probed ? rhythmOf(monitor) : []),
          ...(monitor.slow ? [["Degraded by", slowWords(monitor.slow)] satisfies [string, string]] : []),
          ["Severity", monitor.severity],
          ["Urgency", monitor.urgency ?? "from its service"],
        ]}
      />
      {labels.length > 0 && (
        <div className="mt-4 flex flex-wrap gap-1">
          {labels.map(([name, value]) => (
            <Badge key={name}>{value === "" ? name : `${name}: ${value}`}</Badge>
          ))}
        </div>
      )}
      {monitor.managed_by === "config" && (
        <p className="mt-4 text-sm text-muted">
          This monitor comes from the configuration file; what you change here is undone when it is applied
          again.
        </p>
      )}
    </Card>
  );
}

function rhythmOf({ every, timeout, confirm }: Monitor): [string, string][] {
  const { failures, retry_every: retry, recoveries } = confirm;
  return [
    ["Every", durationWords(every)],
    ["Gives up after", durationWords(timeout)],
    [
      "Down after",
      failures === 1 ? "one failure" : `${failures} failures, again after ${[retry].flat().join(", ")}`,
    ],
    ["Up after", recoveries === 1 ? "one success" : `${recoveries} successes`],
  ];
}

function Actions({ monitor }: { monitor: Monitor }) {
  const mayEdit = useMay("edit");
  const mayCheck = useMay("respond") && monitor.probed;
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const check = useMutation({ mutationFn: () => api.post<Check>(`/monitors/${monitor.slug}/check`) });
  const verb = monitor.paused ? "resume" : "pause";
  const pause = useMutation({
    mutationFn: () => api.post<Monitor>(`/monitors/${monitor.slug}/${verb}`),
    onSuccess: (changed) => {
      patchObject(queryClient, ["monitors"], changed);
      toast.done(changed.paused ? "Paused. Nothing is checked and nobody is paged." : "It is watched again.");
    },
    onError: toast.failed,
  });
  const remove = async () => {
    await api.delete(`/monitors/${monitor.slug}`);
    await queryClient.invalidateQueries({ queryKey: ["monitors", "list"] });
    toast.done(`${monitor.name} is deleted.`);
    await navigate({ to: "/monitors", search: {} });
  };
  useShortcut({ keys: "c", label: "Check now", group: "Monitor", run: () => check.mutate() }, mayCheck);
  return (
    <>
      {mayCheck && (
        <Button busy={check.isPending} onClick={() => check.mutate()}>
          <RefreshCw size={16} aria-hidden /> Check now
        </Button>
      )}
      <MuteButton thing={{ ...monitor, kind: "monitors" }} />
      {mayEdit && (
        <>
          <Link to="/monitors/$slug/edit" params={{ slug: monitor.slug }} className={buttonClass()}>
            <Pencil size={16} aria-hidden /> Edit
          </Link>
          <Menu trigger={<IconButton label="More" icon={<Ellipsis size={18} />} variant="secondary" quiet />}>
            <MenuItem
              icon={monitor.paused ? <Play size={16} /> : <Pause size={16} />}
              onSelect={() => pause.mutate()}
            >
              {monitor.paused ? "Resume" : "Pause"}
            </MenuItem>
            <MenuItem
              icon={<Copy size={16} />}
              onSelect={() => void navigate({ to: "/monitors/new", search: { copy: monitor.slug } })}
            >
              Duplicate
            </MenuItem>
            <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setDeleting(true)}>
              Delete…
            </MenuItem>
          </Menu>
        </>
      )}
      <CheckNowDialog check={check} onClose={() => check.reset()} />
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${monitor.name}?`}
        confirm="Delete"
        danger
        onConfirm={remove}
      >
        Its history goes with it, and its open alert is resolved. This can't be undone; pausing can.
      </ConfirmDialog>
    </>
  );
}
