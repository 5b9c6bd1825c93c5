import { Replace, Trash2 } from "lucide-react";
import { useState } from "react";
import { queryClient } from "../../app/query.ts";
import { useMay } from "../../app/session.ts";
import { api } from "../../lib/api.ts";
import type { Override, Schedule } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { ConfirmDialog } from "../../ui/confirm-dialog.tsx";
import { HandOff } from "./hand-off.tsx";

/** Stretches that go before the layers, those to come and those that run. */
export function Overrides({ schedule }: { schedule: Schedule }) {
  const mayRespond = useMay("respond");
  const [removing, setRemoving] = useState<Override | null>(null);
  const remove = async () => {
    if (removing === null) return;
    await api.delete(`/schedules/${schedule.slug}/overrides/${removing.id}`);
    await queryClient.invalidateQueries({ queryKey: ["schedules"] });
    void queryClient.invalidateQueries({ queryKey: ["oncall"] });
  };
  return (
    <Card title="Overrides" flush={schedule.overrides.length > 0}>
      {schedule.overrides.length === 0 && (
        <p className="text-sm text-muted">
          None. An override puts somebody on call for a stretch, whatever the layers say: a swap, a holiday, a
          night off.
        </p>
      )}
      <ul>
        {schedule.overrides.map((override) => (
          <li
            key={override.id}
            className="flex items-center gap-4 border-t border-line px-4 py-3 text-sm sm:px-5"
          >
            <Replace size={16} className="shrink-0 text-faint max-sm:hidden" aria-hidden />
            <div className="min-w-0 flex-1 sm:flex sm:items-baseline sm:gap-6">
              <span className="block font-medium sm:w-72 sm:shrink-0">{words(override)}</span>
              <span className="block min-w-0">
                <HandOff at={override.from} zone={schedule.time_zone} /> to{" "}
                <HandOff at={override.to} zone={schedule.time_zone} />
              </span>
              <span className="block shrink-0 text-xs text-faint sm:ml-auto">by {override.created_by}</span>
            </div>
            {mayRespond && (
              <IconButton
                label="Take this override back"
                size="sm"
                icon={<Trash2 size={16} />}
                onClick={() => setRemoving(override)}
              />
            )}
          </li>
        ))}
      </ul>
      <ConfirmDialog
        open={removing !== null}
        onClose={() => setRemoving(null)}
        title="Take this override back?"
        confirm="Take it back"
        danger
        onConfirm={remove}
      >
        The layers decide again. One that runs already ends now.
      </ConfirmDialog>
    </Card>
  );
}

function words({ user, replaces, removes, adds }: Override): string {
  if (removes) return `${removes.name} is off`;
  const name = user?.name ?? "Somebody";
  if (replaces) return `${name} for ${replaces.name}`;
  return adds ? `${name}, in addition` : `${name} for everybody`;
}
