import { Moon } from "lucide-react";
import { nowMs } from "../../lib/clock.ts";
import { clockTime, dayTime } from "../../lib/time.ts";
import { MenuItem, MenuLabel } from "../../ui/menu.tsx";

const MINUTE = 60_000;
const LENGTHS = [
  { minutes: 15, label: "15 minutes" },
  { minutes: 30, label: "30 minutes" },
  { minutes: 60, label: "1 hour" },
  { minutes: 240, label: "4 hours" },
] as const;

/** Minutes from now to the next 09:00 of the reader's clock. */
function minutesToMorning(fromMs: number): number {
  const morning = new Date(fromMs);
  morning.setHours(9, 0, 0, 0);
  if (morning.getTime() <= fromMs) morning.setDate(morning.getDate() + 1);
  return Math.max(1, Math.round((morning.getTime() - fromMs) / MINUTE));
}

/** The choices for how long it may wait; afterwards it rings again. */
export function SnoozeItems({ onSnooze }: { onSnooze: (minutes: number, said: string) => void }) {
  const now = nowMs();
  const morning = minutesToMorning(now);
  const said = (minutes: number) => `It rings again at ${clockTime(now + minutes * MINUTE)}.`;
  return (
    <>
      <MenuLabel>Take it, and be reminded in</MenuLabel>
      {LENGTHS.map(({ minutes, label }) => (
        <MenuItem key={minutes} icon={<Moon size={16} />} onSelect={() => onSnooze(minutes, said(minutes))}>
          {label}
        </MenuItem>
      ))}
      <MenuItem icon={<Moon size={16} />} onSelect={() => onSnooze(morning, said(morning))}>
        Until {dayTime(now + morning * MINUTE, now)}
      </MenuItem>
    </>
  );
}
