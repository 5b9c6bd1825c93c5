import { useMemo } from "react";
import { useTicking } from "../lib/clock.ts";
import { browserZone, clockTime } from "../lib/time.ts";
import { Select } from "./input.tsx";

/** Every zone the browser knows, its own first. */
function zones(chosen: string): readonly string[] {
  const all = Intl.supportedValuesOf("timeZone");
  const first = [...new Set([chosen, browserZone(), "UTC"])].filter((zone) => zone !== "");
  return [...first, ...all.filter((zone) => !first.includes(zone))];
}

/** A choice of time zone, with what its clock says now. */
export function ZoneField({
  label = "Time zone",
  value,
  onChange,
  pointer,
  help,
  className,
}: {
  label?: string;
  value: string;
  onChange: (zone: string) => void;
  pointer?: string;
  help?: string;
  className?: string;
}) {
  const options = useMemo(
    () => zones(value).map((zone) => ({ value: zone, label: zone.replaceAll("_", " ") })),
    [value],
  );
  const now = useTicking((ms) => clockTime(ms, value));
  return (
    <Select
      label={label}
      pointer={pointer}
      className={className}
      help={[`It is ${now} there now.`, help].filter(Boolean).join(" ")}
      value={value}
      onChange={onChange}
      options={options}
    />
  );
}
