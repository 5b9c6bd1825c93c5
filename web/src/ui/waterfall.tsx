import { cn } from "../lib/cn.ts";
import { latency } from "../lib/format.ts";
import type { Timings } from "../lib/types.ts";

export type Phase = Exclude<keyof Timings, "total">;

/** The phases of a check, first to last, with the shade each has in every chart. */
export const PHASES: readonly { key: Phase; label: string; fill: string; color: string }[] = [
  { key: "dns", label: "DNS", fill: "bg-phase-1", color: "--phase-1" },
  { key: "connect", label: "Connect", fill: "bg-phase-2", color: "--phase-2" },
  { key: "tls", label: "TLS", fill: "bg-phase-3", color: "--phase-3" },
  { key: "first_byte", label: "First byte", fill: "bg-phase-4", color: "--phase-4" },
  { key: "transfer", label: "Transfer", fill: "bg-phase-5", color: "--phase-5" },
];

/** Where one check spent its time: each phase begins where the one before it ended. */
export function Waterfall({ timings }: { timings: Timings }) {
  const steps = PHASES.flatMap((phase) => {
    const ms = timings[phase.key];
    return ms === null ? [] : [{ ...phase, ms }];
  });
  const sum = steps.reduce((total, step) => total + step.ms, 0);
  const total = timings.total ?? sum;
  const scale = Math.max(total, sum, 0.001);
  let start = 0;
  return (
    <div className="grid grid-cols-[5.5rem_1fr_4.5rem] items-center gap-x-3 gap-y-1 text-sm">
      {steps.map((step) => {
        const left = (start / scale) * 100;
        start += step.ms;
        return (
          <div key={step.key} className="contents">
            <span className="text-muted">{step.label}</span>
            <span className="relative h-4 rounded-sm bg-sunken">
              <span
                className={cn("absolute inset-y-0 min-w-0.5 rounded-sm", step.fill)}
                style={{ left: `${left}%`, width: `${(step.ms / scale) * 100}%` }}
              />
            </span>
            <span className="text-right num">{latency(step.ms)}</span>
          </div>
        );
      })}
      <span className="pt-1 font-medium">Total</span>
      <span />
      <span className="pt-1 text-right font-medium num">{latency(total)}</span>
    </div>
  );
}
