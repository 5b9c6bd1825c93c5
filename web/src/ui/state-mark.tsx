import { cn } from "../lib/cn.ts";
import { STATE_INK, STATE_WORDS, type State } from "../lib/state.ts";

const SHAPES: Record<State, React.ReactNode> = {
  up: <circle cx="8" cy="8" r="5.5" fill="currentColor" />,
  degraded: <path d="M8 1.8 15 14H1z" fill="currentColor" stroke="currentColor" strokeLinejoin="round" />,
  down: <rect x="2" y="2" width="12" height="12" rx="1.5" fill="currentColor" />,
  unknown: (
    <g fill="none" stroke="currentColor">
      <circle cx="8" cy="8" r="6" strokeWidth="1.8" strokeDasharray="4 2.283" strokeDashoffset="1" />
      <path d="M5.4 8.8 8.8 5.4M7.2 10.6l3.4-3.4" strokeWidth="1.3" />
    </g>
  ),
  maintenance: (
    <path
      d="M13.9 4.6 11.6 6.9 9.3 6.6 9 4.3 11.3 2A4 4 0 0 0 6.2 7.2L2 11.4a1.7 1.7 0 0 0 0 2.5 1.7 1.7 0 0 0 2.5 0l4.2-4.2a4 4 0 0 0 5.2-5.1z"
      fill="currentColor"
    />
  ),
  paused: <circle cx="8" cy="8" r="4.9" fill="none" stroke="currentColor" strokeWidth="1.8" />,
};

/** A state as a shape of its own, readable without colour. With `label`, it is named to screen readers. */
export function StateMark({ state, size = 14, label }: { state: State; size?: number; label?: boolean }) {
  return (
    <svg
      viewBox="0 0 16 16"
      width={size}
      height={size}
      className={cn("shrink-0", STATE_INK[state])}
      role={label ? "img" : undefined}
      aria-hidden={label ? undefined : true}
      aria-label={label ? STATE_WORDS[state] : undefined}
    >
      {SHAPES[state]}
    </svg>
  );
}

/** The mark with its word. */
export function StateLabel({ state, className }: { state: State; className?: string }) {
  return (
    <span className={cn("inline-flex items-center gap-2 font-medium", STATE_INK[state], className)}>
      <StateMark state={state} />
      {STATE_WORDS[state]}
    </span>
  );
}
