import { useMutation } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { nowMs } from "../../lib/clock.ts";
import { toMs } from "../../lib/time.ts";
import type { OnCallNow, Shift, ShiftOffer } from "../../lib/types.ts";
import { cityOf, wallOf, wallText } from "../../lib/zone.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { usePeopleOptions } from "./people.ts";

const HOUR = 3_600_000;

/** Asks somebody to take a shift of mine or a part of it, or to cover me from now on. Times are the schedule's own. */
export function OfferDialog({
  schedule,
  shift,
  kind,
  onClose,
}: {
  schedule: OnCallNow["items"][number];
  shift: Shift;
  kind: "swap" | "cover";
  onClose: () => void;
}) {
  const zone = schedule.time_zone;
  const me = useMe().user.email;
  const [draft, setDraft] = useState(() => ({
    from: wallText(wallOf(Math.max(toMs(shift.from), nowMs()), zone)),
    to: wallText(
      wallOf(kind === "cover" ? Math.min(toMs(shift.to), nowMs() + 2 * HOUR) : toMs(shift.to), zone),
    ),
    asked: "",
    note: "",
  }));
  const set = (change: Partial<typeof draft>) => setDraft({ ...draft, ...change });
  const people = usePeopleOptions().filter(({ value }) => value !== me);
  const save = useMutation({
    mutationFn: () =>
      api.post<ShiftOffer>("/shift-offers", {
        ...{ schedule: schedule.schedule, kind, to: draft.to, note: draft.note },
        ...(kind === "swap" ? { from: draft.from } : {}),
        asked: draft.asked === "" ? null : [draft.asked],
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["oncall"] });
      toast.done("Asked. You stay on call until somebody takes it.");
      onClose();
    },
  });
  return (
    <FormDialog
      title={kind === "cover" ? "Cover me now" : "Offer this shift"}
      description={`${schedule.name}, by ${cityOf(zone)}'s clock. You stay on call until somebody takes it.`}
      submit={kind === "cover" ? "Ask for cover" : "Offer"}
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      <div className="grid gap-4 sm:grid-cols-2">
        {kind === "swap" && (
          <Input
            label="From"
            type="datetime-local"
            pointer="/from"
            value={draft.from}
            onChange={(event) => set({ from: event.target.value })}
          />
        )}
        <Input
          label={kind === "cover" ? "Until" : "To"}
          type="datetime-local"
          pointer="/to"
          value={draft.to}
          onChange={(event) => set({ to: event.target.value })}
        />
      </div>
      <Select
        label="Ask"
        pointer="/asked/0"
        value={draft.asked}
        onChange={(asked) => set({ asked })}
        options={[{ value: "", label: "Everybody of the schedule and its team" }, ...people]}
      />
      <Input
        label="Note"
        optional
        pointer="/note"
        maxLength={500}
        value={draft.note}
        onChange={(event) => set({ note: event.target.value })}
      />
    </FormDialog>
  );
}
