import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { browserZone, durationWords } from "../../lib/time.ts";
import type { Policy } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Checkbox, Switch } from "../../ui/choice.tsx";
import { FilterChips } from "../../ui/filter-chips.tsx";
import { Input, Select } from "../../ui/input.tsx";
import { SEVERITIES, SEVERITY_NAMES } from "../incidents/severities.ts";
import { Levels } from "./level-editor.tsx";
import { Window } from "./restrictions.tsx";
import { TargetPicker } from "./target-picker.tsx";

export type Path = Policy["paths"][number];
type When = Path["when"];

const OFFICE = { days: ["mon", "tue", "wed", "thu", "fri"] as const, from: "09:00", to: "18:00" };

/** A new path: what most are for, nights and weekends. */
export const newPath = (number: number): Path => ({
  name: number === 1 ? "night" : `path ${number}`,
  when: { hours: { ...OFFICE, days: [...OFFICE.days], time_zone: browserZone(), outside: true } },
  repeat: 1,
  levels: [{ targets: [], wait: "5m" }],
  fallback: [],
});

/** Other levels for some incidents: when they hold, and whom they page. */
export function PathEditor({
  path,
  at,
  last,
  onChange,
  onMove,
  onRemove,
}: {
  path: Path;
  at: number;
  last: boolean;
  onChange: (path: Path) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: () => void;
}) {
  const pointer = `/paths/${at}`;
  const set = (change: Partial<Path>) => onChange({ ...path, ...change });
  return (
    <li className="flex flex-col gap-4 rounded-lg border border-line bg-surface p-4">
      <div className="flex items-end gap-2">
        <Input
          label="Path"
          className="min-w-0 flex-1"
          pointer={`${pointer}/name`}
          value={path.name}
          onChange={(event) => set({ name: event.target.value })}
        />
        <IconButton
          label="Ask earlier"
          disabled={at === 0}
          icon={<ArrowUp size={16} />}
          onClick={() => onMove(-1)}
        />
        <IconButton
          label="Ask later"
          disabled={last}
          icon={<ArrowDown size={16} />}
          onClick={() => onMove(1)}
        />
        <IconButton label={`Remove the path ${path.name}`} icon={<Trash2 size={16} />} onClick={onRemove} />
      </div>
      <Conditions when={path.when} pointer={`${pointer}/when`} onChange={(when) => set({ when })} />
      <Levels levels={path.levels} pointer={pointer} onChange={(levels) => set({ levels })} />
      <Select
        label="When they have been paged and nobody answered"
        className="max-w-md"
        pointer={`${pointer}/repeat`}
        value={String(path.repeat)}
        onChange={(repeat) => set({ repeat: Number(repeat) })}
        options={[...new Set([0, 1, 2, 3, 5, 9, path.repeat])].map((times) => ({
          value: String(times),
          label: times === 0 ? "Stop there" : `Begin again, ${times === 1 ? "once" : `${times} times`}`,
        }))}
      />
      <TargetPicker
        label="If nobody on these levels can be reached"
        pointer={`${pointer}/fallback`}
        targets={path.fallback}
        onChange={(fallback) => set({ fallback })}
      />
    </li>
  );
}

function Conditions({
  when,
  pointer,
  onChange,
}: {
  when: When;
  pointer: string;
  onChange: (when: When) => void;
}) {
  const { urgency, severity, labels, hours, ...rest } = when;
  // A condition that asks for nothing is not written.
  const set = (change: Partial<When>) => {
    const next = { ...rest, urgency, severity, labels, hours, ...change };
    onChange(Object.fromEntries(Object.entries(next).filter(([, value]) => value !== undefined)) as When);
  };
  return (
    <div className="flex flex-col gap-4 rounded-md bg-sunken p-3">
      <Select
        label="For incidents of"
        className="max-w-xs"
        pointer={`${pointer}/urgency`}
        value={urgency ?? ""}
        onChange={(value) => set({ urgency: value === "" ? undefined : (value as When["urgency"]) })}
        options={[
          { value: "", label: "any urgency" },
          { value: "high", label: "high urgency" },
          { value: "low", label: "low urgency" },
        ]}
      />
      <FilterChips
        label="Severity"
        chips={SEVERITY_NAMES}
        selected={severity ?? []}
        onChange={(chosen) => {
          const among = SEVERITIES.filter((value) => chosen.includes(value));
          set({ severity: among.length === 0 ? undefined : among });
        }}
      />
      <Labels
        key={pointer}
        labels={labels}
        pointer={`${pointer}/labels`}
        onChange={(next) => set({ labels: next })}
      />
      <Switch
        label="Only at certain hours"
        checked={hours !== undefined}
        onChange={(on) =>
          set({ hours: on ? { ...OFFICE, days: [...OFFICE.days], time_zone: browserZone() } : undefined })
        }
      />
      {hours && (
        <>
          <Checkbox
            label="At all other times instead"
            checked={hours.outside === true}
            onChange={(on) => {
              const { outside: _, ...inside } = hours;
              set({ hours: on ? { ...inside, outside: true } : inside });
            }}
          />
          <Window
            window={hours}
            pointer={`${pointer}/hours`}
            onChange={({ days, from, to }) =>
              set({
                hours: {
                  time_zone: hours.time_zone,
                  ...(hours.outside ? { outside: true as const } : {}),
                  ...(days ? { days } : {}),
                  ...(from !== undefined && to !== undefined ? { from, to } : {}),
                },
              })
            }
            onRemove={undefined}
          />
          <Input
            label="Time zone"
            className="max-w-xs"
            pointer={`${pointer}/hours/time_zone`}
            value={hours.time_zone}
            onChange={(event) => set({ hours: { ...hours, time_zone: event.target.value } })}
          />
        </>
      )}
    </div>
  );
}

function Labels({
  labels = {},
  pointer,
  onChange,
}: {
  labels: When["labels"];
  pointer: string;
  onChange: (labels: When["labels"]) => void;
}) {
  const rows = Object.entries(labels);
  const put = (entries: readonly (readonly [string, string])[]) =>
    onChange(entries.length === 0 ? undefined : Object.fromEntries(entries));
  return (
    <div className="flex flex-col gap-2">
      {rows.map(([key, value], at) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: its name is being written
        <div key={at} className="flex items-end gap-2">
          <Input
            label="Label"
            className="min-w-0 flex-1"
            pointer={pointer}
            value={key}
            onChange={(event) => put(rows.with(at, [event.target.value, value]))}
          />
          <Input
            label="is"
            className="min-w-0 flex-1"
            pointer={`${pointer}/${key}`}
            value={value}
            onChange={(event) => put(rows.with(at, [key, event.target.value]))}
          />
          <IconButton
            label={`Remove the label ${key}`}
            icon={<Trash2 size={16} />}
            onClick={() => put(rows.toSpliced(at, 1))}
          />
        </div>
      ))}
      <div>
        <Button size="sm" disabled={"" in labels} onClick={() => put([...rows, ["", ""]])}>
          <Plus size={15} aria-hidden /> Add a label
        </Button>
      </div>
    </div>
  );
}

/** A path's conditions in a line, as the policy's card shows them. */
export function whenWords({ urgency, severity, labels = {}, hours }: When): string {
  const time = hours?.from === undefined ? "" : ` ${hours.from}–${hours.to}`;
  const days = hours?.days?.join(", ") ?? (hours ? "every day" : "");
  return [
    urgency && `urgency ${urgency}`,
    severity?.join(" or "),
    ...Object.entries(labels).map(([key, value]) => `${key}=${value}`),
    hours && `${hours.outside ? "outside" : "within"} ${days}${time} ${hours.time_zone}`,
  ]
    .filter(Boolean)
    .join(", ");
}

export const timeoutWords = (timeout: string | null): string =>
  timeout === null ? "" : `An acknowledgement runs out after ${durationWords(timeout)}. `;
