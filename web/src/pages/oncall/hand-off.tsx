import { useTicking } from "../../lib/clock.ts";
import { browserZone, dayTime, toMs } from "../../lib/time.ts";
import { cityOf, wallOf, wallText } from "../../lib/zone.ts";
import { Time } from "../../ui/time.tsx";

/** A hand-off's time by the reader's clock and, where that differs, by the schedule's. */
export function HandOff({ at, zone }: { at: string; zone: string }) {
  const ms = toMs(at);
  const differs = wallText(wallOf(ms, zone)) !== wallText(wallOf(ms, browserZone()));
  const there = useTicking((now) => dayTime(ms, now, zone));
  return (
    <span className="num">
      <Time at={at} format={dayTime} className="whitespace-nowrap num" />
      {differs && (
        <span className="whitespace-nowrap text-faint">
          {" "}
          ({there} {cityOf(zone)})
        </span>
      )}
    </span>
  );
}
