import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { useNow } from "../../lib/clock.ts";
import { dayTime, toMs } from "../../lib/time.ts";
import type { ShiftOffer } from "../../lib/types.ts";
import { FormDialog } from "../../ui/form-dialog.tsx";
import { Select } from "../../ui/input.tsx";
import { toast } from "../../ui/toast.tsx";
import { shiftsQuery } from "./queries.ts";

const DAY = 86_400_000;

/** "I take yours if you take mine of …": one of my coming shifts on the same schedule. */
export function TradeDialog({ offer, onClose }: { offer: ShiftOffer; onClose: () => void }) {
  const me = useMe().user.email;
  const now = useNow(DAY);
  const range = { from: new Date(now).toISOString(), to: new Date(now + 90 * DAY).toISOString() };
  const { data } = useQuery(shiftsQuery(offer.schedule.slug, range));
  const mine = (data?.items ?? []).filter((shift) => shift.user === me && toMs(shift.from) > now + DAY);
  const [from, setFrom] = useState("");
  const chosen = mine.find((shift) => shift.from === (from || mine[0]?.from));
  const save = useMutation({
    mutationFn: () =>
      api.post<ShiftOffer>(`/shift-offers/${offer.id}/trade`, {
        from: chosen?.from ?? "",
        to: chosen?.to ?? "",
      }),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["oncall"] });
      toast.done(`${offer.owner.name} is asked.`);
      onClose();
    },
  });
  return (
    <FormDialog
      title={`Trade with ${offer.owner.name}`}
      description="You take theirs if they take yours. They decide."
      submit="Offer the trade"
      disabled={!chosen}
      busy={save.isPending}
      problem={save.error}
      onSubmit={() => save.mutate()}
      onClose={onClose}
    >
      {mine.length === 0 ? (
        <p className="text-sm text-muted">You have no shift of {offer.schedule.name} in the next 90 days.</p>
      ) : (
        <Select
          label="Your shift"
          pointer="/from"
          value={chosen?.from ?? ""}
          onChange={setFrom}
          options={mine.map((shift) => ({
            value: shift.from,
            label: `${dayTime(toMs(shift.from), now)} to ${dayTime(toMs(shift.to), now)}`,
          }))}
        />
      )}
    </FormDialog>
  );
}
