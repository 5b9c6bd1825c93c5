import { Link } from "@tanstack/react-router";
import { PauseCircle, WifiOff } from "lucide-react";
import { useEffect, useState } from "react";
import { api } from "../lib/api.ts";
import { cn } from "../lib/cn.ts";
import { listOf, plural } from "../lib/format.ts";
import { whenHandsOff } from "../lib/hands.ts";
import { clockTime, toMs } from "../lib/time.ts";
import type { Incident } from "../lib/types.ts";
import { Button } from "../ui/button.tsx";
import { SeverityBadge } from "../ui/incident-mark.tsx";
import { Countdown, Duration } from "../ui/time.tsx";
import { toast } from "../ui/toast.tsx";
import { useAcknowledge } from "./acknowledge.ts";
import { useLiveLost } from "./live.ts";
import { queryClient } from "./query.ts";
import { useBurning, useMay, useMe } from "./session.ts";
import { useShortcut } from "./shortcuts.ts";

/** What must be seen on every page: a burning incident, paused paging, a lost connection. */
export const Strips = () => (
  <>
    <BurningStrip />
    <PausedStrip />
    <LostStrip />
  </>
);

function BurningStrip() {
  const burning = useBurning();
  const acknowledge = useAcknowledge();
  const mayRespond = useMay("respond");
  const worst = useSteady(burning);
  const waiting = worst?.status === "triggered" && mayRespond;
  useShortcut(
    {
      keys: "a",
      label: "Acknowledge the burning incident",
      group: "Incidents",
      run: () => worst && acknowledge.mutate(worst),
    },
    waiting,
  );
  if (worst === undefined) return null;
  const others = burning.length - 1;
  const red = worst.status === "triggered";
  return (
    <section
      aria-label="Burning incident"
      className={cn(
        "flex min-h-12 items-center gap-3 px-4 py-1.5 text-sm enter-fade sm:px-6",
        red ? "bg-burn text-[#fff]" : "border-b border-line bg-down-soft text-text",
      )}
    >
      <SeverityBadge
        severity={worst.severity}
        className={cn("max-sm:hidden", red && "bg-[#fff]! text-[#8f1616]! ring-0!")}
      />
      <div className="min-w-0 flex-1 sm:flex sm:items-baseline sm:gap-3">
        <Link
          to="/incidents/$id"
          params={{ id: worst.id }}
          className="block truncate font-semibold underline-offset-4 hover:underline sm:max-w-3/5 sm:shrink-0"
        >
          {worst.title}
        </Link>
        <span className={cn("block truncate text-xs sm:text-sm num", red ? "text-[#ffe3e0]" : "text-muted")}>
          <StripNote incident={worst} />
          {others > 0 && ` · ${plural(others, "other")}`}
        </span>
      </div>
      {waiting && (
        <Button
          variant="onBurn"
          size="sm"
          className="max-sm:h-10"
          busy={acknowledge.isPending}
          onClick={() => acknowledge.mutate(worst)}
        >
          Acknowledge
        </Button>
      )}
    </section>
  );
}

/** The worst incident; under someone's hands the one already shown stays, so that a tap answers what was read. */
function useSteady(burning: readonly Incident[]): Incident | undefined {
  const wanted = burning[0]?.id;
  const [shown, setShown] = useState(wanted);
  useEffect(() => whenHandsOff(() => setShown(wanted)), [wanted]);
  const kept = burning.find((incident) => incident.id === shown && incident.status === "triggered");
  return kept ?? burning[0];
}

/** Who has it, or whom it pages next. */
function StripNote({ incident }: { incident: Incident }) {
  if (incident.status === "acknowledged")
    return (
      <>
        {incident.acknowledged_by?.name ?? "Somebody"} is on it · <Duration since={incident.opened_at} />
      </>
    );
  const paged = incident.paged.map((person) => person.name);
  const next = incident.next_escalation;
  return (
    <>
      <Duration since={incident.opened_at} />
      {incident.reached ? ` · paging ${listOf(paged)}` : " · nobody has been reached"}
      {next && (
        <>
          {` · next ${listOf(next.people.map((person) => person.name)) || `level ${next.level}`} in `}
          <Countdown to={next.at} />
        </>
      )}
    </>
  );
}

function PausedStrip() {
  const { installation } = useMe();
  const mayEdit = useMay("administer");
  const [busy, setBusy] = useState(false);
  const paused = installation.paging_paused;
  if (paused === null) return null;
  const resume = async () => {
    setBusy(true);
    try {
      await api.delete("/installation/pause-paging");
      await queryClient.invalidateQueries({ queryKey: ["me"] });
    } catch (error) {
      toast.failed(error);
    } finally {
      setBusy(false);
    }
  };
  return (
    <section
      aria-label="Paging is paused"
      className="flex min-h-12 items-center gap-3 border-t border-[#fff]/20 bg-burn px-4 py-1.5 text-sm text-[#fff] sm:px-6"
    >
      <PauseCircle size={18} className="shrink-0" aria-hidden />
      <p className="min-w-0 flex-1">
        <strong className="font-semibold">Paging is paused.</strong> Nobody is paged until{" "}
        <span className="num">{clockTime(toMs(paused.until))}</span>; {paused.by} paused it.
      </p>
      {mayEdit && (
        <Button variant="onBurn" size="sm" className="max-sm:h-10" busy={busy} onClick={() => void resume()}>
          Page again
        </Button>
      )}
    </section>
  );
}

function LostStrip() {
  if (!useLiveLost()) return null;
  return (
    <p
      role="status"
      className="flex min-h-7 items-center justify-center gap-2 border-b border-line bg-unknown-soft px-4 text-xs text-unknown"
    >
      <WifiOff size={14} aria-hidden />
      The live connection is lost. This page may be out of date; it catches up by itself.
    </p>
  );
}
