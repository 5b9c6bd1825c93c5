import { useMutation } from "@tanstack/react-query";
import { CalendarClock, Ellipsis, Pencil, Square, Trash2 } from "lucide-react";
import { useState } from "react";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { listOf } from "../../lib/format.ts";
import { dayTime, duration, toMs } from "../../lib/time.ts";
import type { MaintenanceWindow } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Badge } from "../../ui/small.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { EmptyState } from "../../ui/states.tsx";
import { toast } from "../../ui/toast.tsx";
import { Until } from "./mute.tsx";
import { refreshHolds } from "./queries.ts";
import { WindowDialog } from "./window-dialog.tsx";

const GROUPS = [
  { state: "on", title: "On now" },
  { state: "planned", title: "Planned" },
  { state: "over", title: "Over" },
] as const;

/** Windows by what they are: on, to come, over. */
export function WindowsList({
  windows,
  add,
}: {
  windows: readonly MaintenanceWindow[];
  add: React.ReactNode;
}) {
  if (windows.length === 0)
    return (
      <Card>
        <EmptyState icon={<CalendarClock size={22} />} title="No work is planned" action={add}>
          In a maintenance window alerts are recorded and page nobody, and the time is left out of uptime.
          What still fails when it ends pages then.
        </EmptyState>
      </Card>
    );
  return (
    <div className="flex flex-col gap-6">
      {GROUPS.map(({ state, title }) => {
        const some = windows.filter((window) => window.state === state);
        return (
          some.length > 0 && (
            <Card key={state} title={title} flush>
              <ul>
                {some.map((window) => (
                  <OneWindow key={window.slug} window={window} />
                ))}
              </ul>
            </Card>
          )
        );
      })}
    </div>
  );
}

function OneWindow({ window }: { window: MaintenanceWindow }) {
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-3 text-sm sm:px-5">
      <span className="mt-0.5">
        <StateMark state={window.state === "on" ? "maintenance" : "paused"} />
      </span>
      <div className="min-w-0 flex-1">
        <div className="flex flex-wrap items-center gap-x-2 gap-y-1">
          <span className="font-medium">{window.name}</span>
          {window.managed_by === "config" && <Badge>From the configuration</Badge>}
          {!window.exclude_from_uptime && <Badge>Counts in uptime</Badge>}
        </div>
        <p className="text-muted">{whatOf(window)}</p>
        <p className="text-muted">{window.sentence}</p>
        {window.description && <p className="mt-1">{window.description}</p>}
      </div>
      <div className="shrink-0 text-right num max-sm:max-w-28">
        <When window={window} />
      </div>
      <Actions window={window} />
    </li>
  );
}

function When({ window }: { window: MaintenanceWindow }) {
  if (window.until)
    return (
      <>
        until <Until at={window.until} />
      </>
    );
  if (!window.next) return <span className="text-faint">over</span>;
  const { from, to } = window.next;
  return (
    <>
      <span className="font-medium">{dayTime(toMs(from), nowMs())}</span>
      <span className="block text-xs text-muted">{duration(toMs(to) - toMs(from))}</span>
    </>
  );
}

/** What is worked on, in a line. */
function whatOf({ everything, services, monitors, labels }: MaintenanceWindow): string {
  if (everything) return "Everything";
  const named = [...services, ...monitors].map(({ name }) => name);
  const tags = Object.entries(labels).map(([name, value]) => `${name}=${value}`);
  const parts = [listOf(named, 4), tags.length > 0 ? `what has ${listOf(tags, 4)}` : ""];
  return parts.filter(Boolean).join("; ");
}

function Actions({ window }: { window: MaintenanceWindow }) {
  const mayEdit = useMay("edit");
  const [open, setOpen] = useState<"edit" | "delete" | null>(null);
  const end = useMutation({
    mutationFn: () => api.post(`/maintenance-windows/${window.slug}/end`),
    onSuccess: () => {
      refreshHolds();
      toast.done(`${window.name} is over. What still fails pages now.`);
    },
    onError: toast.failed,
  });
  if (!mayEdit) return null;
  return (
    <>
      <Menu
        trigger={
          <IconButton label={`More about ${window.name}`} icon={<Ellipsis size={18} />} size="sm" quiet />
        }
      >
        {window.state === "on" && (
          <MenuItem icon={<Square size={16} />} onSelect={() => end.mutate()}>
            End now
          </MenuItem>
        )}
        <MenuItem icon={<Pencil size={16} />} onSelect={() => setOpen("edit")}>
          Edit
        </MenuItem>
        <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => setOpen("delete")}>
          Delete…
        </MenuItem>
      </Menu>
      {open === "edit" && <WindowDialog window={window} onClose={() => setOpen(null)} />}
      <ConfirmDialog
        open={open === "delete"}
        onClose={() => setOpen(null)}
        title={`Delete ${window.name}?`}
        confirm="Delete"
        danger
        onConfirm={async () => {
          await api.delete(`/maintenance-windows/${window.slug}`);
          refreshHolds();
        }}
      >
        {window.state === "on"
          ? "It is on now: what it holds and still fails pages at once. Uptime of the past stays as it was."
          : "It will not come again. Uptime of the past stays as it was."}
      </ConfirmDialog>
    </>
  );
}
