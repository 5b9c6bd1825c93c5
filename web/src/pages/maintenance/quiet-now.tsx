import { useQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BellOff } from "lucide-react";
import { plural } from "../../lib/format.ts";
import type { Silence } from "../../lib/types.ts";
import { StateMark } from "../../ui/state-mark.tsx";
import { Until } from "./mute.tsx";
import { heldQuery, silencesQuery, windowsQuery } from "./queries.ts";

const SHOWN = 3;

/** A service or a monitor is muted; anything else that matches is silenced. */
function silenceName({ sentence, matchers }: Silence): string {
  const parts = Object.keys(matchers);
  const isMute = parts.length === 1 && (parts[0] === "services" || parts[0] === "monitors");
  return `${isMute ? "Muted" : "Silenced"}: ${sentence}`;
}

/** What is in maintenance or muted at this moment, and how much fails unheard; nothing when nothing is. */
export function QuietNow() {
  const windows = useQuery(windowsQuery({ state: "on" })).data?.items ?? [];
  const silences = useQuery(silencesQuery({ on: true })).data?.items ?? [];
  const held = useQuery(heldQuery()).data?.items ?? [];
  const count = windows.length + silences.length;
  if (count === 0) return null;
  const items = [
    ...windows.map(({ id, name, until }) => ({ id, name, until: until ?? "", muted: false })),
    ...silences.map((silence) => ({ ...silence, name: silenceName(silence), muted: true })),
  ];
  return (
    <section
      aria-label="Quiet now"
      className="mb-6 flex flex-wrap items-center gap-x-6 gap-y-2 rounded-md bg-maintenance-soft px-4 py-2.5 text-sm text-maintenance"
    >
      {items.slice(0, SHOWN).map(({ id, name, until, muted }) => (
        <span key={id} className="inline-flex min-w-0 items-center gap-2">
          {muted ? <BellOff size={15} className="shrink-0" aria-hidden /> : <StateMark state="maintenance" />}
          <span className="truncate font-medium">{name}</span>
          <span className="shrink-0">
            until <Until at={until} />
          </span>
        </span>
      ))}
      <Link
        to="/maintenance"
        search={{ tab: held.length > 0 ? "held" : undefined }}
        className="underline underline-offset-4 sm:ml-auto"
      >
        {held.length > 0 ? `${plural(held.length, "alert")} held` : ""}
        {held.length > 0 && count > SHOWN ? ", " : ""}
        {count > SHOWN ? `${count - SHOWN} more` : ""}
        {held.length === 0 && count <= SHOWN ? "Show" : ""}
      </Link>
    </section>
  );
}
