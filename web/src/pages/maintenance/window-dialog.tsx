import { useMutation, useQuery } from "@tanstack/react-query";
import { useDeferredValue, useState } from "react";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { dayTime, duration, toMs } from "../../lib/time.ts";
import type { MaintenancePreview, MaintenanceWindow } from "../../lib/types.ts";
import { cityOf } from "../../lib/zone.ts";
import { Checkbox, Switch } from "../../ui/choice.tsx";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { LabelsField } from "../monitors/labels-field.tsx";
import { refreshHolds } from "./queries.ts";
import { type Repeat, repeatOptions } from "./repeat.ts";
import { ScopePickers } from "./scope-pickers.tsx";
import { bodyOf, draftOf, timingOf, type WindowDraft } from "./window-draft.ts";

interface Part {
  draft: WindowDraft;
  set: (change: Partial<WindowDraft>) => void;
}

/** Plans work, or changes the window given; shows when it will be on before it is saved. */
export function WindowDialog({
  window,
  about,
  onClose,
}: {
  window?: MaintenanceWindow;
  /** What a new one begins with. */
  about?: Partial<WindowDraft>;
  onClose: () => void;
}) {
  const [draft, setDraft] = useState(() => draftOf(window, about));
  const set = (change: Partial<WindowDraft>) => setDraft({ ...draft, ...change });
  const save = useMutation({
    mutationFn: () =>
      window === undefined
        ? api.post<MaintenanceWindow>("/maintenance-windows", bodyOf(draft))
        : api.patch<MaintenanceWindow>(`/maintenance-windows/${window.slug}`, bodyOf(draft)),
    onSuccess: (saved) => {
      refreshHolds();
      toast.done(window === undefined ? `${saved.name} is planned.` : "Saved.");
      onClose();
    },
  });
  return (
    <FormDialog
      title={window === undefined ? "Plan work" : `Edit ${window.name}`}
      wide
      submit={window === undefined ? "Plan it" : "Save"}
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        <Input
          label="What is done"
          pointer="/name"
          placeholder="Database upgrade"
          autoFocus={window === undefined}
          value={draft.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <Input
          label="More about it"
          pointer="/description"
          optional
          placeholder="Writes fail for about 10 minutes"
          value={draft.description}
          onChange={(event) => set({ description: event.target.value })}
        />
      </div>
      <Timing draft={draft} set={set} />
      <Preview draft={draft} />
      <What draft={draft} set={set} />
      <Switch
        label="Leave it out of uptime"
        help="Planned time then counts neither as up nor as down."
        checked={draft.exclude}
        onChange={(exclude) => set({ exclude })}
      />
    </FormDialog>
  );
}

function Timing({ draft, set }: Part) {
  const once = draft.repeat === "once";
  return (
    <div className="grid gap-4 sm:grid-cols-2">
      <Input
        label={once ? "From" : "The first one"}
        type="datetime-local"
        pointer="/starts"
        value={draft.starts}
        onChange={(event) => set({ starts: event.target.value })}
      />
      {once ? (
        <Input
          label="To"
          type="datetime-local"
          pointer="/ends"
          value={draft.ends}
          onChange={(event) => set({ ends: event.target.value })}
        />
      ) : (
        <Input
          label="How long each"
          pointer="/duration"
          placeholder="1h"
          help="Such as 30m or 2h."
          value={draft.duration}
          onChange={(event) => set({ duration: event.target.value })}
        />
      )}
      <Select
        label="How often"
        value={draft.repeat}
        onChange={(repeat) => set({ repeat: repeat as Repeat })}
        options={repeatOptions(draft.starts)}
      />
      <ZoneField pointer="/time_zone" value={draft.zone} onChange={(zone) => set({ zone })} />
      {draft.repeat === "custom" && (
        <Input
          label="Rule"
          pointer="/rrule"
          mono
          className="sm:col-span-2"
          help="FREQ=MONTHLY;BYDAY=2TU is the second Tuesday; add ;COUNT=6 or ;UNTIL=20271231 for an end."
          value={draft.rrule}
          onChange={(event) => set({ rrule: event.target.value })}
        />
      )}
    </div>
  );
}

/** The next few times, by the window's own clock: a wrong rule is seen before it is saved. */
function Preview({ draft }: { draft: WindowDraft }) {
  const timing = useDeferredValue(JSON.stringify(timingOf(draft)));
  const query = useQuery({
    queryKey: ["maintenance-preview", timing],
    queryFn: ({ signal }) =>
      api.post<MaintenancePreview>("/maintenance-windows/preview", JSON.parse(timing), { signal }),
    retry: false,
    placeholderData: (before) => before,
  });
  if (query.error)
    return (
      <p role="status" className="text-sm text-muted">
        {query.error.message}
      </p>
    );
  const items = query.data?.items ?? [];
  return (
    <section aria-label="When it will be on" className="rounded-md bg-maintenance-soft px-4 py-3 text-sm">
      <p className="font-medium text-maintenance">{query.data?.sentence ?? "…"}</p>
      {query.data && items.length === 0 && <p className="mt-1">This is over: it will not be on any more.</p>}
      {items.length > 0 && (
        <ul className="mt-1 flex flex-col gap-0.5 num">
          {items.map(({ from, to }) => (
            <li key={from}>
              {dayTime(toMs(from), nowMs(), draft.zone)} to {dayTime(toMs(to), nowMs(), draft.zone)}{" "}
              <span className="text-muted">
                {cityOf(draft.zone)}, {duration(toMs(to) - toMs(from))}
              </span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}

function What({ draft, set }: Part) {
  return (
    <div className="flex flex-col gap-4">
      <Checkbox
        label="Everything"
        help="No monitor and no integration pages while it is on."
        checked={draft.everything}
        onChange={(everything) => set({ everything })}
      />
      {!draft.everything && (
        <>
          <ScopePickers scope={draft} onChange={set} />
          <LabelsField
            labels={draft.labels}
            help="And whatever has all of these."
            onChange={(labels) => set({ labels })}
          />
        </>
      )}
    </div>
  );
}
