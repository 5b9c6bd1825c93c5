import { useMutation, useQuery } from "@tanstack/react-query";
import { BellOff, Ellipsis, Plus, Square } from "lucide-react";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import { plural } from "../../lib/format.ts";
import { toMs } from "../../lib/time.ts";
import type { Silence } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { Menu, MenuItem } from "../../ui/menu.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { toast } from "../../ui/toast.tsx";
import { Until } from "./mute.tsx";
import { refreshHolds, silencesQuery } from "./queries.ts";

/** What is silenced now, and what was. */
export function Silences({ add }: { add: React.ReactNode }) {
  const query = useQuery(silencesQuery());
  return (
    <Loaded query={query}>
      {({ items }) => {
        const on = items.filter((silence) => silence.on);
        const over = items.filter((silence) => !silence.on);
        if (items.length === 0)
          return (
            <Card>
              <EmptyState icon={<BellOff size={22} />} title="Nothing is silenced" action={add}>
                A silence keeps a known problem from paging until a time: its alerts are recorded and wait. To
                mute a whole service while you deploy, use Mute on its page.
              </EmptyState>
            </Card>
          );
        return (
          <div className="flex flex-col gap-6">
            {on.length > 0 && <Group title="On now" silences={on} />}
            {over.length > 0 && <Group title="Over" silences={over} />}
          </div>
        );
      }}
    </Loaded>
  );
}

const Group = ({ title, silences }: { title: string; silences: readonly Silence[] }) => (
  <Card title={title} flush>
    <ul>
      {silences.map((silence) => (
        <OneSilence key={silence.id} silence={silence} />
      ))}
    </ul>
  </Card>
);

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function OneSilence({ silence }: { silence: Silence }) {
  return (
    <li className="flex items-start gap-3 border-t border-line px-4 py-3 text-sm sm:px-5">
      <BellOff
        size={16}
        className={silence.on ? "mt-0.5 shrink-0 text-maintenance" : "mt-0.5 shrink-0 text-faint"}
        aria-hidden
      />
      <div className="min-w-0 flex-1">
        <p className="font-medium break-words">{capital(silence.sentence)}</p>
        {silence.reason && <p className="break-words">{silence.reason}</p>}
        <p className="text-muted">
          {silence.created_by}, <Time at={silence.created_at} />
          {silence.held > 0 && ` · holds ${plural(silence.held, "alert")}`}
        </p>
      </div>
      <div className="shrink-0 text-right num max-sm:max-w-28">
        {silence.on ? (
          <>
            until <Until at={silence.until} />
          </>
        ) : (
          <span className="text-faint">
            ended <Time at={silence.ended_at ?? silence.until} />
          </span>
        )}
      </div>
      {silence.on && <Actions silence={silence} />}
    </li>
  );
}

const HOUR = 3_600_000;
const LONGER = [
  { ms: HOUR, label: "1 hour longer" },
  { ms: 4 * HOUR, label: "4 hours longer" },
  { ms: 24 * HOUR, label: "1 day longer" },
] as const;

function Actions({ silence }: { silence: Silence }) {
  const mayRespond = useMay("respond");
  const change = useMutation({
    mutationFn: (ms: number | null) =>
      ms === null
        ? api.post(`/silences/${silence.id}/end`)
        : api.patch(`/silences/${silence.id}`, {
            until: new Date(toMs(silence.until) + ms).toISOString(),
          }),
    onSuccess: (_changed, ms) => {
      refreshHolds();
      toast.done(ms === null ? "Ended. What still fails pages now." : "It lasts longer.");
    },
    onError: toast.failed,
  });
  if (!mayRespond) return null;
  return (
    <Menu
      trigger={<IconButton label="More about this silence" icon={<Ellipsis size={18} />} size="sm" quiet />}
    >
      {LONGER.map(({ ms, label }) => (
        <MenuItem key={label} icon={<Plus size={16} />} onSelect={() => change.mutate(ms)}>
          {label}
        </MenuItem>
      ))}
      <MenuItem icon={<Square size={16} />} onSelect={() => change.mutate(null)}>
        End now
      </MenuItem>
    </Menu>
  );
}
