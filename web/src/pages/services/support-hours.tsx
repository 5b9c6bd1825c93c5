import { Plus } from "lucide-react";
import { useState } from "react";
import { nowMs } from "../../lib/clock.ts";
import { browserZone, dayTime, toMs } from "../../lib/time.ts";
import type { Service } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Switch } from "../../ui/choice.tsx";
import { Input } from "../../ui/input.tsx";
import { ZoneField } from "../../ui/zone-field.tsx";
import { Window } from "../oncall/restrictions.tsx";

export type SupportHours = NonNullable<Service["support_hours"]>;
type Hours = SupportHours["hours"][number];

const OFFICE: Hours = { days: ["mon", "tue", "wed", "thu", "fri"], from: "09:00", to: "18:00" };
const NAMES = { mon: "Mon", tue: "Tue", wed: "Wed", thu: "Thu", fri: "Fri", sat: "Sat", sun: "Sun" } as const;
const WEEK = Object.keys(NAMES) as (keyof typeof NAMES)[];

/** When a service has support; without hours, always. */
export function SupportHoursField({
  value,
  onChange,
}: {
  value: SupportHours | null;
  onChange: (value: SupportHours | null) => void;
}) {
  return (
    <div className="flex flex-col gap-3">
      <Switch
        label="Support at certain hours only"
        help={
          value === null
            ? "Low urgency pages at any time."
            : "Outside of them low urgency is held, and pages when they begin if it still fails. High urgency always pages."
        }
        checked={value !== null}
        onChange={(on) => onChange(on ? { time_zone: browserZone(), hours: [OFFICE], except: [] } : null)}
      />
      {value && <Details value={value} onChange={onChange} />}
    </div>
  );
}

function Details({ value, onChange }: { value: SupportHours; onChange: (value: SupportHours) => void }) {
  const { hours } = value;
  const [except, setExcept] = useState(value.except.join(" "));
  const setHours = (next: Hours[]) => onChange({ ...value, hours: next });
  return (
    <>
      {hours.map((window, at) => (
        <Window
          // biome-ignore lint/suspicious/noArrayIndexKey: a window is its place
          key={at}
          window={window}
          pointer={`/support_hours/hours/${at}`}
          onChange={(next) => setHours(hours.with(at, next))}
          onRemove={hours.length > 1 ? () => setHours(hours.toSpliced(at, 1)) : undefined}
        />
      ))}
      <div>
        <Button size="sm" onClick={() => setHours([...hours, { days: ["sat", "sun"] }])}>
          <Plus size={15} aria-hidden /> Add more hours
        </Button>
      </div>
      <ZoneField
        pointer="/support_hours/time_zone"
        value={value.time_zone}
        onChange={(time_zone) => onChange({ ...value, time_zone })}
      />
      <Input
        label="Days without support"
        pointer="/support_hours/except"
        optional
        placeholder="2026-12-25 2027-01-01"
        help="Holidays, as dates with blanks between them."
        value={except}
        onChange={(event) => {
          setExcept(event.target.value);
          onChange({ ...value, except: event.target.value.split(/[\s,]+/).filter(Boolean) });
        }}
      />
    </>
  );
}

/** `Mon–Fri 09:00–18:00, Sat, Europe/Paris` */
export function hoursWords(hours: readonly Hours[]): string {
  return hours
    .map(({ days = WEEK, from, to }) => {
      const time = from === undefined || from === to ? "" : ` ${from}–${to ?? from}`;
      return `${dayWords(days)}${time}`;
    })
    .join(", ");
}

function dayWords(days: readonly (keyof typeof NAMES)[]): string {
  const places = days.map((day) => WEEK.indexOf(day)).sort((a, b) => a - b);
  if (places.length === 7) return "Every day";
  const isRun = places.length > 2 && places.every((place, i) => place === (places[0] ?? 0) + i);
  const names = places.map((place) => NAMES[WEEK[place] ?? "mon"]);
  return isRun ? `${names[0]}–${names.at(-1)}` : names.join(", ");
}

/** When a service has support, and whether that is now. */
export function SupportHoursWords({ service: { support_hours: hours, support } }: { service: Service }) {
  if (!hours || !support) return "Always";
  const change = support.until ? dayTime(toMs(support.until), nowMs()) : null;
  return (
    <>
      {hoursWords(hours.hours)}
      <span className="block text-muted">{hours.time_zone.replaceAll("_", " ")}</span>
      {change && (
        <span className="block text-muted">
          {support.open ? `Until ${change}` : `Support hours begin ${change}`}
        </span>
      )}
    </>
  );
}
