import { Trash2 } from "lucide-react";
import { useState } from "react";
import type { Layer } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { ListedShifts } from "./listed-shifts.tsx";
import { Restrictions } from "./restrictions.tsx";
import { Seats } from "./seats.tsx";

type Turn = "hourly" | "daily" | "weekly" | "monthly" | "custom" | "listed";

/** One layer: how long a turn is, from when, who takes turns, and at which hours; or its shifts one by one. */
export function LayerEditor({
  layer,
  number,
  onChange,
  onRemove,
}: {
  layer: Layer;
  number: number;
  onChange: (layer: Layer) => void;
  onRemove: (() => void) | undefined;
}) {
  // So that a look at the list doesn't lose the ring.
  const [ringBefore, setRingBefore] = useState<Pick<Layer, "starts" | "users">>({ users: [] });
  const turn: Turn = layer.shifts ? "listed" : (layer.rotation ?? "custom");
  const at = `/layers/${number - 1}`;
  const setTurn = (next: Turn) => {
    const { rotation: _rotation, every: _every, ...rest } = layer;
    if (next !== "listed") {
      const ring = { ...ringBefore, ...rest, shifts: undefined };
      onChange(next === "custom" ? { ...ring, every: "3d" } : { ...ring, rotation: next });
      return;
    }
    const { starts, ends, users, days, shifts, ...kept } = rest;
    setRingBefore({ starts, users });
    onChange({ ...kept, shifts: shifts ?? [] });
  };
  return (
    <section
      aria-label={`Layer ${number}`}
      className="flex min-w-0 flex-col gap-4 rounded-lg border border-line bg-surface p-4"
    >
      <div className="flex items-center justify-between">
        <h2 className="text-sm font-semibold">Layer {number}</h2>
        {onRemove && (
          <IconButton
            label={`Remove layer ${number}`}
            size="sm"
            icon={<Trash2 size={16} />}
            onClick={onRemove}
          />
        )}
      </div>
      {layer.shifts === undefined && (
        <Seats
          pointer={`${at}/users`}
          seats={layer.users ?? []}
          onChange={(users) => onChange({ ...layer, users })}
        />
      )}
      <div className="grid gap-4 sm:grid-cols-2">
        <Select
          label="A turn is"
          pointer={`${at}/rotation`}
          value={turn}
          onChange={(next) => setTurn(next as Turn)}
          options={[
            { value: "daily", label: "a day" },
            { value: "weekly", label: "a week" },
            { value: "monthly", label: "a month" },
            { value: "hourly", label: "an hour" },
            { value: "custom", label: "another length" },
            { value: "listed", label: "as listed" },
          ]}
        />
        {turn === "custom" && (
          <Input
            label="Length of a turn"
            pointer={`${at}/every`}
            placeholder="3d"
            help="12h, 3d or 2w"
            value={layer.every ?? ""}
            onChange={(event) => onChange({ ...layer, every: event.target.value })}
          />
        )}
        {turn !== "listed" && (
          <Input
            label="The first turn begins"
            type="datetime-local"
            pointer={`${at}/starts`}
            help={turn === "custom" ? undefined : "Every hand-off keeps this time of day."}
            value={(layer.starts ?? "").slice(0, 16)}
            onChange={(event) => onChange({ ...layer, starts: event.target.value })}
          />
        )}
      </div>
      {layer.shifts && (
        <ListedShifts
          pointer={`${at}/shifts`}
          shifts={layer.shifts}
          onChange={(shifts) => onChange({ ...layer, shifts })}
        />
      )}
      <Restrictions
        pointer={`${at}/only`}
        value={layer.only}
        onChange={(only) => {
          const { only: _before, ...rest } = layer;
          onChange(only === undefined ? rest : { ...rest, only });
        }}
      />
    </section>
  );
}
