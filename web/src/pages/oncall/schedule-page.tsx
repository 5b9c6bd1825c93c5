import { useQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { CalendarPlus, Pencil, Plus, Scale, Trash2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { dayTime } from "../../lib/time.ts";
import type { Schedule } from "../../lib/types.ts";
import { cityOf } from "../../lib/zone.ts";
import { Button, buttonClass, IconButton } from "../../ui/button.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { Breadcrumb, PageHeader } from "../../ui/page-header.tsx";
import { Loaded, Skeleton } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { CalendarDialog } from "./calendar-dialog.tsx";
import { Offers } from "./offers.tsx";
import { OverrideDialog, type OverrideStart } from "./override-dialog.tsx";
import { Overrides } from "./overrides.tsx";
import { ProposeDialog } from "./propose-dialog.tsx";
import { scheduleQuery } from "./queries.ts";
import { scheduleRoute } from "./routes.tsx";
import { ScheduleCalendar } from "./schedule-calendar.tsx";
import { ScheduleNow } from "./schedule-now.tsx";

/** One schedule: who is on call now and when it changes, the calendar, the overrides. */
export function SchedulePage() {
  const { slug } = scheduleRoute.useParams();
  const query = useQuery(scheduleQuery(slug));
  return (
    <Loaded query={query} skeleton={<Skeleton className="h-96" />}>
      {(schedule) => <Whole schedule={schedule} />}
    </Loaded>
  );
}

function Whole({ schedule }: { schedule: Schedule }) {
  const mayRespond = useMay("respond");
  const [override, setOverride] = useState<OverrideStart | null>(null);
  return (
    <>
      <PageHeader
        title={schedule.name}
        crumbs={
          <Breadcrumb>
            <Link to="/oncall">On call</Link>
          </Breadcrumb>
        }
        lead={[schedule.team?.name, `by ${cityOf(schedule.time_zone)}'s clock`].filter(Boolean).join(" · ")}
        actions={<Actions schedule={schedule} onOverride={() => setOverride({})} />}
      />
      <div className="flex flex-col gap-6">
        <ScheduleNow schedule={schedule} />
        {schedule.layers_from && (
          <p className="rounded-md bg-brand-soft px-4 py-3 text-sm">
            The schedule was changed. Whoever is on call stays; the new layers take over{" "}
            <Time
              at={schedule.layers_from}
              format={(ms, now) => dayTime(ms, now)}
              className="font-medium num"
            />
            .
          </p>
        )}
        <ScheduleCalendar schedule={schedule} onOverride={mayRespond ? setOverride : undefined} />
        <Offers schedule={schedule.slug} />
        <Overrides schedule={schedule} />
      </div>
      {override && <OverrideDialog schedule={schedule} start={override} onClose={() => setOverride(null)} />}
    </>
  );
}

function Actions({ schedule, onOverride }: { schedule: Schedule; onOverride: () => void }) {
  const mayEdit = useMay("edit");
  const mayRespond = useMay("respond");
  const navigate = useNavigate();
  const [deleting, setDeleting] = useState(false);
  const [subscribing, setSubscribing] = useState(false);
  const [proposing, setProposing] = useState(false);
  const remove = async () => {
    await api.delete(`/schedules/${schedule.slug}`);
    void queryClient.invalidateQueries({ queryKey: ["schedules", "list"] });
    void queryClient.invalidateQueries({ queryKey: ["oncall"] });
    toast.done(`${schedule.name} is deleted.`);
    await navigate({ to: "/oncall" });
  };
  return (
    <>
      {mayRespond && (
        <Button variant="primary" onClick={onOverride}>
          <Plus size={16} aria-hidden /> Override
        </Button>
      )}
      <Button onClick={() => setSubscribing(true)}>
        <CalendarPlus size={16} aria-hidden /> Calendar
      </Button>
      {subscribing && <CalendarDialog schedule={schedule} onClose={() => setSubscribing(false)} />}
      {mayEdit && (
        <>
          <Button onClick={() => setProposing(true)}>
            <Scale size={16} aria-hidden /> Propose
          </Button>
          {proposing && <ProposeDialog schedule={schedule} onClose={() => setProposing(false)} />}
          <Link to="/oncall/schedules/$slug/edit" params={{ slug: schedule.slug }} className={buttonClass()}>
            <Pencil size={16} aria-hidden /> Edit
          </Link>
          <IconButton
            label="Delete this schedule"
            icon={<Trash2 size={17} />}
            variant="secondary"
            onClick={() => setDeleting(true)}
          />
        </>
      )}
      <ConfirmDialog
        open={deleting}
        onClose={() => setDeleting(false)}
        title={`Delete ${schedule.name}?`}
        confirm="Delete"
        danger
        onConfirm={remove}
      >
        Its overrides go with it. Escalation policies that name it must name somebody else first.
      </ConfirmDialog>
    </>
  );
}
