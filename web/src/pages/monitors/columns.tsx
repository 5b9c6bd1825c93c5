import { usePhone } from "../../app/theme.ts";
import { latency, uptime } from "../../lib/format.ts";
import { stateOf } from "../../lib/state.ts";
import type { Monitor } from "../../lib/types.ts";
import { CheckBars } from "../../ui/bars.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { Badge } from "../../ui/small.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import type { Column } from "../../ui/table.tsx";
import { QuietBadge } from "../maintenance/mute.tsx";

interface Choosing {
  chosen: ReadonlySet<string>;
  toggle: (slug: string) => void;
}

const tags = (monitor: Monitor): string[] =>
  Object.entries(monitor.labels).map(([name, value]) => (value === "" ? name : `${name}: ${value}`));

/** The monitor with its shape; on phones its service beneath. */
export const monitorName: Column<Monitor> = {
  id: "name",
  header: "Monitor",
  width: "minmax(0,2.2fr)",
  cell: (monitor) => (
    <div className="flex items-center gap-3">
      <StateMark state={stateOf(monitor)} label />
      <div className="min-w-0">
        <div className="flex items-center gap-2">
          <span className="truncate font-medium">{monitor.name}</span>
          <QuietBadge maintenance={null} muted={monitor.muted} />
        </div>
        <div className="truncate text-xs text-muted sm:hidden">
          {monitor.service.name} · {latency(monitor.latency.p50)}
        </div>
      </div>
    </div>
  ),
};

const service: Column<Monitor> = {
  id: "service",
  header: "Service",
  width: "minmax(0,1fr)",
  hide: "phone",
  cell: (monitor) => <span className="block truncate text-muted">{monitor.service.name}</span>,
};

/** The last checks; on phones the last 28, so that each can still be seen. */
const Recent = ({ monitor }: { monitor: Monitor }) => (
  <CheckBars checks={monitor.recent} slots={usePhone() ? 28 : 60} label={monitor.name} />
);

/** What a monitor's row says of how it does. */
export const figures: readonly Column<Monitor>[] = [
  {
    id: "recent",
    header: "Last 60 checks",
    width: "minmax(72px,180px)",
    phoneWidth: "84px",
    cell: (monitor) => <Recent monitor={monitor} />,
  },
  {
    id: "latency",
    header: "p50 / p95",
    width: "128px",
    align: "right",
    hide: "phone",
    cell: (monitor) => (
      <span className="whitespace-nowrap">
        {latency(monitor.latency.p50)} <span className="text-faint">/ {latency(monitor.latency.p95)}</span>
      </span>
    ),
  },
  {
    id: "day",
    header: "24 h",
    width: "72px",
    align: "right",
    hide: "phone",
    cell: (monitor) => uptime(monitor.uptime.day),
  },
  {
    id: "month",
    header: "30 d",
    width: "72px",
    align: "right",
    hide: "tablet",
    cell: (monitor) => uptime(monitor.uptime.month),
  },
];

const labels: Column<Monitor> = {
  id: "tags",
  header: "Tags",
  width: "minmax(0,1.1fr)",
  hide: "tablet",
  cell: (monitor) => {
    const [first, ...others] = tags(monitor);
    if (first === undefined) return null;
    return (
      <span className="flex min-w-0 items-center gap-1" title={[first, ...others].join(", ")}>
        <Badge>{first}</Badge>
        {others.length > 0 && <span className="text-xs text-faint num">+{others.length}</span>}
      </span>
    );
  },
};

/** The columns of the list; with boxes to tick for those who may change monitors. */
export const monitorColumns = (choosing: Choosing | null): readonly Column<Monitor>[] => [
  ...(choosing === null ? [] : [chooser(choosing)]),
  monitorName,
  service,
  ...figures,
  labels,
];

const chooser = ({ chosen, toggle }: Choosing): Column<Monitor> => ({
  id: "choose",
  header: <span className="sr-only">Chosen</span>,
  width: "16px",
  hide: "phone",
  cell: (monitor) => (
    <Checkbox
      label={`Choose ${monitor.name}`}
      hideLabel
      checked={chosen.has(monitor.slug)}
      onChange={() => toggle(monitor.slug)}
    />
  ),
});
