import { useMutation } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { Ban, Check, Circle, Ellipsis, Pencil, RotateCcw, Trash2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import { useTicking } from "../../lib/clock.ts";
import { cn } from "../../lib/cn.ts";
import { plainDate, toMs } from "../../lib/time.ts";
import type { ActionItem, MonitorStatus, Postmortem } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { Badge } from "../../ui/small.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { toast } from "../../ui/toast.tsx";
import { postmortemQuery } from "./queries.ts";
import { WontDoDialog } from "./wont-do-dialog.tsx";

/** One promise. Done is refused while the monitor that proves it fails, and says so. */
export function ActionItemRow({
  item,
  postmortem,
  mayEdit,
  onEdit,
}: {
  item: ActionItem;
  postmortem: Postmortem;
  mayEdit: boolean;
  onEdit: () => void;
}) {
  const [refusing, setRefusing] = useState(false);
  const again = () => queryClient.invalidateQueries({ queryKey: postmortemQuery(postmortem.id).queryKey });
  const set = useMutation({
    mutationFn: (state: ActionItem["state"]) => api.patch<ActionItem>(`/action-items/${item.id}`, { state }),
    onSuccess: again,
    onError: toast.failed,
  });
  const remove = useMutation({
    mutationFn: () => api.delete(`/action-items/${item.id}`),
    onSuccess: again,
    onError: toast.failed,
  });
  const open = item.state === "open";
  return (
    <li
      id={`action-${item.id}`}
      className="flex scroll-mt-[calc(var(--header-h)+1rem)] items-start gap-3 py-3"
    >
      <span className="mt-0.5 shrink-0">{MARK[item.state]}</span>
      <div className="min-w-0 flex-1">
        <p
          className={cn(
            "text-base font-medium",
            !open && "text-muted",
            item.state === "wont_do" && "line-through",
          )}
        >
          {item.title}
        </p>
        <div className="mt-1 flex flex-wrap items-center gap-x-3 gap-y-1 text-sm text-muted">
          <span className={item.owner ? undefined : "font-medium text-degraded"}>
            {item.owner?.name ?? "no owner yet"}
          </span>
          {item.due && <DueBy day={item.due} open={open} />}
          <Badge>{item.type}</Badge>
          {item.priority === "high" && <Badge strong>high priority</Badge>}
          {item.guard && (
            <Link
              to="/monitors/$slug"
              params={{ slug: item.guard.monitor.slug }}
              className="inline-flex items-center gap-1.5 underline-offset-4 hover:underline"
            >
              <StateMark state={item.guard.monitor.status as MonitorStatus} size={12} />
              proved by {item.guard.monitor.name}
            </Link>
          )}
        </div>
        {item.reason && <p className="mt-1 text-sm text-muted">Because: {item.reason}</p>}
      </div>
      {mayEdit && (
        <div className="flex shrink-0 items-center gap-1 print:hidden">
          {open && (
            <Button size="sm" className="max-sm:h-11" busy={set.isPending} onClick={() => set.mutate("done")}>
              Done
            </Button>
          )}
          <Menu trigger={<IconButton label="More" size="sm" icon={<Ellipsis size={17} />} quiet />}>
            <MenuItem icon={<Pencil size={16} />} onSelect={onEdit}>
              Edit
            </MenuItem>
            {open ? (
              <MenuItem icon={<Ban size={16} />} onSelect={() => setRefusing(true)}>
                Won't do…
              </MenuItem>
            ) : (
              <MenuItem icon={<RotateCcw size={16} />} onSelect={() => set.mutate("open")}>
                Open again
              </MenuItem>
            )}
            <MenuItem icon={<Trash2 size={16} />} danger onSelect={() => remove.mutate()}>
              Delete
            </MenuItem>
          </Menu>
        </div>
      )}
      {refusing && <WontDoDialog item={item} onClose={() => setRefusing(false)} onDone={again} />}
    </li>
  );
}

const MARK = {
  open: <Circle size={20} className="text-faint" aria-label="open" />,
  done: (
    <span className="grid size-5 place-items-center rounded-full bg-up-soft text-up">
      <Check size={14} strokeWidth={3} aria-label="done" />
    </span>
  ),
  wont_do: <Ban size={20} className="text-faint" aria-label="won't do" />,
} as const;

function DueBy({ day, open }: { day: string; open: boolean }) {
  const late = useTicking((now) => open && now > toMs(`${day}T23:59:59Z`));
  return (
    <span className={cn("num", late && "font-medium text-down")}>
      {late ? "was due" : "due"} {plainDate(day)}
    </span>
  );
}
