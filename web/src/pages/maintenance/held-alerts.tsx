import { useQuery } from "@tanstack/react-query";
import { nowMs } from "../../lib/clock.ts";
import { dayTime } from "../../lib/time.ts";
import type { Alert } from "../../lib/types.ts";
import { Card } from "../../ui/card.tsx";
import { EvidenceLine } from "../../ui/code.tsx";
import { StateMark } from "../../ui/state-mark.tsx";
import { Time } from "../../ui/time.tsx";
import { heldQuery } from "./queries.ts";

const HOLDERS = {
  maintenance: "maintenance",
  silence: "a silence",
  support_hours: "support hours",
  pause: "the pause of all paging",
} as const;

/** What fires and pages nobody, of one service or of all; nothing where nothing is held. */
export function HeldAlerts({ service, empty }: { service?: string; empty?: React.ReactNode }) {
  const query = useQuery(heldQuery({ service }));
  const items = query.data?.items ?? [];
  if (items.length === 0) return query.data ? empty : null;
  return (
    <Card
      title="Failing, and held"
      aside={<span className="text-sm text-muted num">{items.length}</span>}
      flush
    >
      <ul>
        {items.map((alert) => (
          <Held key={alert.id} alert={alert} />
        ))}
      </ul>
    </Card>
  );
}

const Held = ({ alert }: { alert: Alert }) => (
  <li className="flex flex-col gap-2 border-t border-line px-4 py-3 sm:px-5">
    <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-sm">
      <StateMark state="down" />
      <span className="font-medium">{alert.title}</span>
      <span className="text-muted">
        since <Time at={alert.first_at} />
      </span>
      <span className="text-maintenance sm:ml-auto">{heldWords(alert)}</span>
    </div>
    <EvidenceLine tone="plain">{alert.reason || alert.title}</EvidenceLine>
  </li>
);

function heldWords({ held }: Alert): string {
  if (held === null) return "";
  if (held.by === "support_hours" && held.until)
    return `held: support hours begin ${dayTime(Date.parse(held.until), nowMs())}`;
  const why = held.name ? ` (${held.name})` : "";
  const until = held.until ? ` until ${dayTime(Date.parse(held.until), nowMs())}` : "";
  return `held by ${HOLDERS[held.by]}${why}${until}`;
}
