import { useMutation, useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMe } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { ShiftOffer } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { toast } from "../../ui/toast.tsx";
import { HandOff } from "./hand-off.tsx";
import { offersQuery } from "./queries.ts";
import { TradeDialog } from "./trade-dialog.tsx";

/** Shifts that somebody is to take: those of one schedule, or all. Nothing is shown while there are none. */
export function Offers({ schedule }: { schedule?: string }) {
  const { data } = useQuery(offersQuery);
  const items = (data?.items ?? []).filter(
    (offer) => offer.state !== "taken" && (schedule === undefined || offer.schedule.slug === schedule),
  );
  if (items.length === 0) return null;
  return (
    <Card title="Shifts to take">
      <ul className="flex flex-col gap-5">
        {items.map((offer) => (
          <Offer key={offer.id} offer={offer} />
        ))}
      </ul>
    </Card>
  );
}

const WORDS = {
  swap: "offers a shift",
  cover: "asks for cover now",
  away: "is away, not covered",
} as const;

const HATCHED = {
  backgroundImage:
    "repeating-linear-gradient(135deg, color-mix(in srgb, var(--down-bar) 45%, transparent) 0 2px, transparent 2px 7px)",
};

function Offer({ offer }: { offer: ShiftOffer }) {
  const { user } = useMe();
  const zone = offer.schedule.time_zone;
  const isMine = offer.owner.id === user.id;
  return (
    <li className="flex gap-3 text-sm">
      <span
        aria-hidden
        className="w-1.5 shrink-0 rounded-full bg-line-strong"
        style={offer.kind === "away" ? HATCHED : undefined}
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium">
          {isMine && offer.kind !== "away" ? "You" : offer.owner.name}{" "}
          {isMine && offer.kind === "swap"
            ? "offer a shift"
            : isMine && offer.kind === "cover"
              ? "ask for cover now"
              : WORDS[offer.kind]}
        </p>
        <p className="text-muted">
          {offer.schedule.name}: <HandOff at={offer.from} zone={zone} /> to{" "}
          <HandOff at={offer.to} zone={zone} />
        </p>
        {offer.note && <p className="mt-0.5 break-words">{offer.note}</p>}
        {offer.moved ? (
          <p className="mt-0.5 text-muted">
            The schedule changed since, so this is closed. Offer the new times.
          </p>
        ) : (
          <p className="mt-0.5 text-muted">
            {offer.asked
              ? `Asked: ${offer.asked.map(({ name }) => name).join(", ")}. `
              : "Everybody of the schedule is asked. "}
            {offer.declined.length > 0 && `Declined: ${offer.declined.map(({ name }) => name).join(", ")}. `}
            {isMine
              ? "You stay on call until it is taken."
              : `${offer.owner.name} stays on call until it is taken.`}
          </p>
        )}
        <Answers offer={offer} />
      </div>
    </li>
  );
}

function useAnswer(offer: ShiftOffer, done: string | null) {
  return useMutation({
    mutationFn: (verb: string) => api.post<ShiftOffer>(`/shift-offers/${offer.id}/${verb}`, {}),
    onSuccess: async () => {
      await queryClient.invalidateQueries({ queryKey: ["oncall"] });
      void queryClient.invalidateQueries({ queryKey: ["schedules"] });
      void queryClient.invalidateQueries({ queryKey: ["me"] });
      if (done) toast.done(done);
    },
    onError: (error) => {
      void queryClient.invalidateQueries({ queryKey: ["oncall"] });
      toast.failed(error);
    },
  });
}

function Answers({ offer }: { offer: ShiftOffer }) {
  const { user } = useMe();
  const [trading, setTrading] = useState(false);
  const take = useAnswer(offer, offer.kind === "cover" ? "You are on call now." : "The shift is yours.");
  const decline = useAnswer(offer, null);
  const withdraw = useAnswer(offer, "No longer offered.");
  const accept = useAnswer(offer, "Traded.");
  const hasDeclined = offer.declined.some(({ id }) => id === user.id);
  return (
    <>
      {offer.may_withdraw && offer.trades.length > 0 && (
        <ul className="mt-2 flex flex-col gap-2">
          {offer.trades.map((trade) => (
            <li key={trade.user.id} className="rounded-md bg-brand-soft px-3 py-2">
              {trade.user.name} takes it for <HandOff at={trade.from} zone={offer.schedule.time_zone} /> to{" "}
              <HandOff at={trade.to} zone={offer.schedule.time_zone} />
              <Button
                size="sm"
                className="mt-2 flex"
                busy={accept.isPending}
                onClick={() => accept.mutate(`trades/${trade.user.id}/accept`)}
              >
                Agree to the trade
              </Button>
            </li>
          ))}
        </ul>
      )}
      <div className="mt-2 flex flex-wrap gap-2 empty:hidden">
        {offer.may_take && (
          <>
            <Button size="sm" variant="primary" busy={take.isPending} onClick={() => take.mutate("take")}>
              Take it
            </Button>
            {offer.kind !== "cover" && (
              <Button size="sm" onClick={() => setTrading(true)}>
                Trade
              </Button>
            )}
            {!hasDeclined && (
              <Button
                size="sm"
                variant="ghost"
                busy={decline.isPending}
                onClick={() => decline.mutate("decline")}
              >
                Decline
              </Button>
            )}
          </>
        )}
        {offer.may_withdraw && offer.kind !== "away" && (
          <Button
            size="sm"
            variant="ghost"
            busy={withdraw.isPending}
            onClick={() => withdraw.mutate("withdraw")}
          >
            Withdraw
          </Button>
        )}
      </div>
      {trading && <TradeDialog offer={offer} onClose={() => setTrading(false)} />}
    </>
  );
}
