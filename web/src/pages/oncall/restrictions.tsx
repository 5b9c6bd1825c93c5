import { Plus, Trash2 } from "lucide-react";
import type { Layer } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Switch } from "../../ui/choice.tsx";
import { FilterChips } from "../../ui/filter-chips.tsx";
import { Input } from "../../ui/input.tsx";

type Restriction = NonNullable<Layer["only"]>[number];
type Day = NonNullable<Restriction["days"]>[number];

const DAYS: readonly { value: Day; label: string }[] = [
  { value: "mon", label: "Mon" },
  { value: "tue", label: "Tue" },
  { value: "wed", label: "Wed" },
  { value: "thu", label: "Thu" },
  { value: "fri", label: "Fri" },
  { value: "sat", label: "Sat" },
  { value: "sun", label: "Sun" },
];
const OFFICE: Restriction = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" };

/** The hours at which a layer has anybody; without them, always. */
export function Restrictions({
  value,
  pointer,
  onChange,
}: {
  value: Layer["only"];
  pointer: string;
  onChange: (value: Layer["only"]) => void;
}) {
  const windows = value ?? [];
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label="Only at certain hours"
        help={value === undefined ? "This layer is on call day and night." : undefined}
        checked={value !== undefined}
        onChange={(on) => onChange(on ? [OFFICE] : undefined)}
      />
      {windows.map((window, at) => (
        <Window
          // biome-ignore lint/suspicious/noArrayIndexKey: a window is its place
          key={at}
          window={window}
          pointer={`${pointer}/${at}`}
          onChange={(next) => onChange(windows.with(at, next))}
          onRemove={windows.length > 1 ? () => onChange(windows.toSpliced(at, 1)) : undefined}
        />
      ))}
      {value !== undefined && (
        <div>
          <Button size="sm" onClick={() => onChange([...windows, { days: ["sat", "sun"] }])}>
            <Plus size={15} aria-hidden /> Add more hours
          </Button>
        </div>
      )}
    </div>
  );
}

/** Hours of the week: days, and a time of day. */
export function Window({
  window,
  pointer,
  onChange,
  onRemove,
}: {
  window: Restriction;
  pointer: string;
  onChange: (window: Restriction) => void;
  onRemove: (() => void) | undefined;
}) {
  const setHours = (from: string, to: string) => {
    const { from: _from, to: _to, ...rest } = window;
    onChange(from === "" && to === "" ? rest : { ...rest, from: from || "00:00", to: to || "00:00" });
  };
  const setDays = (chosen: string[]) => {
    const { days: _days, ...rest } = window;
    const days = DAYS.filter(({ value }) => chosen.includes(value)).map(({ value }) => value);
    onChange(days.length === 0 || days.length === 7 ? rest : { ...rest, days });
  };
  return (
    <div className="flex flex-col gap-3 rounded-md bg-sunken p-3">
      <div className="flex items-start justify-between gap-2">
        <div className="min-w-0">
          <FilterChips
            label="Days"
            chips={DAYS}
            selected={window.days ?? DAYS.map(({ value }) => value)}
            onChange={setDays}
          />
        </div>
        {onRemove && (
          <IconButton label="Remove these hours" size="sm" icon={<Trash2 size={16} />} onClick={onRemove} />
        )}
      </div>
      <div className="grid grid-cols-2 gap-3">
        <Input
          label="From"
          type="time"
          pointer={`${pointer}/from`}
          value={window.from ?? ""}
          onChange={(event) => setHours(event.target.value, window.to ?? "")}
        />
        <Input
          label="To"
          type="time"
          pointer={`${pointer}/to`}
          help={nextDay(window)}
          value={window.to ?? ""}
          onChange={(event) => setHours(window.from ?? "", event.target.value)}
        />
      </div>
    </div>
  );
}

function nextDay({ from, to }: Restriction): string | undefined {
  if (from === undefined || to === undefined) return "Whole days";
  if (from === to) return "Whole days";
  return to < from ? "on the next day" : undefined;
}
