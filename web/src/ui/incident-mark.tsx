import { cn } from "../lib/cn.ts";
import type { IncidentStatus, Severity } from "../lib/types.ts";

const STATUS: Record<IncidentStatus, { word: string; ink: string; shape: React.ReactNode }> = {
  triggered: {
    word: "Triggered",
    ink: "text-down",
    shape: (
      <path d="M8 1 9.9 3.4l3-.5-.3 3L15 8l-2.4 2.1.3 3-3-.5L8 15l-1.9-2.4-3 .5.3-3L1 8l2.4-2.1-.3-3 3 .5z" />
    ),
  },
  acknowledged: {
    word: "Acknowledged",
    ink: "text-degraded",
    shape: (
      <>
        <circle cx="8" cy="5" r="3.2" />
        <path d="M2 14.5a6 6 0 0 1 12 0z" />
      </>
    ),
  },
  resolved: {
    word: "Resolved",
    ink: "text-up",
    shape: <path d="m2.2 8.6 4 4 7.6-8.4" fill="none" stroke="currentColor" strokeWidth="2.4" />,
  },
};

/** An incident's state: a burst, a person, a tick. */
export function IncidentMark({ status, size = 14 }: { status: IncidentStatus; size?: number }) {
  const { ink, shape } = STATUS[status];
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      fill="currentColor"
      className={cn("shrink-0", ink)}
      aria-hidden
    >
      {shape}
    </svg>
  );
}

export function IncidentStatusLabel({ status, className }: { status: IncidentStatus; className?: string }) {
  const { word, ink } = STATUS[status];
  return (
    <span className={cn("inline-flex items-center gap-2 font-medium", ink, className)}>
      <IncidentMark status={status} />
      {word}
    </span>
  );
}

/** How bad: the name with five steps, more of them filled the worse it is. Weight rather than colour. */
export function SeverityBadge({ severity, className }: { severity: Severity; className?: string }) {
  const level = 6 - Number(severity.slice(3));
  return (
    <span
      className={cn(
        "inline-flex h-5 shrink-0 items-center gap-1.5 rounded-sm px-1.5 text-xs font-semibold num whitespace-nowrap",
        level >= 4 ? "bg-text text-canvas" : "bg-sunken text-text ring-1 ring-inset ring-line",
        className,
      )}
    >
      <svg viewBox="0 0 14 10" width="14" height="10" fill="currentColor" aria-hidden>
        {[1, 2, 3, 4, 5].map((step) => (
          <rect
            key={step}
            x={(step - 1) * 3}
            y={10 - step * 2}
            width="2"
            height={step * 2}
            opacity={step <= level ? 1 : 0.28}
          />
        ))}
      </svg>
      {severity}
    </span>
  );
}
