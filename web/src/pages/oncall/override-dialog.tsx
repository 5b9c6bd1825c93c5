import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { duration } from "../../lib/time.ts";
import type { Override, Schedule } from "../../lib/types.ts";
import { cityOf, instantOf, parseWall, wallOf, wallText } from "../../lib/zone.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { useNames, usePeopleOptions } from "./people.ts";

/** What the dialog begins with: a stretch that was dragged over, or the shift that was chosen. */
export interface OverrideStart {
  from?: number;
  to?: number;
  user?: string;
}

type Way = "everybody" | "replaces" | "adds" | "removes";

const WAYS: readonly { value: Way; label: string }[] = [
  { value: "everybody", label: "instead of everybody" },
  { value: "replaces", label: "instead of one person" },
  { value: "adds", label: "beside whoever is on call" },
  { value: "removes", label: "Only take somebody off" },
];
const HOUR = 3_600_000;

/** Puts somebody on call, or takes somebody off, for a stretch. Times are the schedule's own. */
export function OverrideDialog({
  schedule,
  start,
  onClose,
}: {
  schedule: Schedule;
  start: OverrideStart;
  onClose: () => void;
}) {
  const zone = schedule.time_zone;
  const begin = start.from ?? Math.ceil(nowMs() / HOUR) * HOUR;
  const me = useMe().user.email ?? "";
  const [draft, setDraft] = useState({
    user: start.user === me ? "" : me,
    way: (start.user ? "replaces" : "everybody") as Way,
    other: start.user ?? "",
    from: wallText(wallOf(Math.max(begin, start.user ? nowMs() : begin), zone)),
    to: wallText(wallOf(start.to ?? begin + 8 * HOUR, zone)),
  });
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const nameOf = useNames();
  const people = usePeopleOptions();
  const save = useMutation({
    mutationFn: () => api.post<Override>(`/schedules/${schedule.slug}/overrides`, bodyOf(draft)),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["schedules"] });
      void queryClient.invalidateQueries({ queryKey: ["oncall"] });
      void queryClient.invalidateQueries({ queryKey: ["me"] });
      toast.done(
        draft.way === "removes" ? `${nameOf(draft.other)} is off.` : `${nameOf(draft.user)} is on call then.`,
      );
      onClose();
    },
  });
  const needsOther = draft.way === "replaces" || draft.way === "removes";
  const choose = [{ value: "", label: "Choose a person" }, ...people];
  return (
    <FormDialog
      title="Override the schedule"
      description={`${schedule.name}, by ${cityOf(zone)}'s clock`}
      submit="Override"
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {draft.way !== "removes" && (
          <Select
            label="On call"
            pointer="/user"
            value={draft.user}
            onChange={(user) => set({ user })}
            options={choose}
          />
        )}
        <Select label="How" value={draft.way} onChange={(way) => set({ way: way as Way })} options={WAYS} />
        {needsOther && (
          <Select
            label={draft.way === "removes" ? "Off call" : "In place of"}
            pointer={`/${draft.way}`}
            value={draft.other}
            onChange={(other) => set({ other })}
            options={choose}
          />
        )}
      </div>
      <div className="grid gap-4 sm:grid-cols-2">
        <Input
          label="From"
          type="datetime-local"
          pointer="/from"
          value={draft.from}
          onChange={(event) => set({ from: event.target.value })}
        />
        <Input
          label="To"
          type="datetime-local"
          pointer="/to"
          help={lengthOf(draft, zone)}
          value={draft.to}
          onChange={(event) => set({ to: event.target.value })}
        />
      </div>
    </FormDialog>
  );
}

interface Draft {
  user: string;
  way: Way;
  other: string;
  from: string;
  to: string;
}

function bodyOf({ user, way, other, from, to }: Draft): Record<string, unknown> {
  const stretch = { from, to };
  if (way === "removes") return { removes: other, ...stretch };
  if (way === "replaces") return { user, replaces: other, ...stretch };
  return way === "adds" ? { user, adds: true, ...stretch } : { user, ...stretch };
}

/** How long it is, so that a wrong day is seen. */
function lengthOf({ from, to }: Draft, zone: string): string | undefined {
  const [start, end] = [parseWall(from), parseWall(to)];
  if (start === null || end === null) return undefined;
  const ms = instantOf(end, zone) - instantOf(start, zone);
  return ms <= 0 ? "It must end after it begins." : `${duration(ms)} in all`;
}
