import { nowMs, useTicking } from "../lib/clock.ts";
import { countdown, duration, exactLocal, exactUtc, relative, toMs } from "../lib/time.ts";
import { Tooltip } from "./tooltip.tsx";

/** Both exact times, for a tooltip. */
const Exact = ({ ms }: { ms: number }) => (
  <>
    {exactLocal(ms)}
    <br />
    <span className="text-muted">{exactUtc(ms)}</span>
  </>
);

/** "4 min ago", kept current; hover or focus gives the exact local time and UTC. `format` replaces the words. */
export function Time({
  at,
  format = relative,
  className,
}: {
  at: string;
  format?: (atMs: number, nowMs: number) => string;
  className?: string;
}) {
  const ms = toMs(at);
  const words = useTicking((now) => format(ms, now));
  return (
    <Tooltip content={<Exact ms={ms} />}>
      <time dateTime={at} className={className ?? "num whitespace-nowrap"}>
        {words}
      </time>
    </Tooltip>
  );
}

/** "1 h 12 min": a length in ms, or from an instant until now, kept current. */
export function Duration({ ms, since, until }: { ms?: number; since?: string; until?: string | null }) {
  const words = useTicking((now) => {
    if (since === undefined) return duration(ms ?? 0);
    return duration(Math.max(1000, (until ? toMs(until) : now) - toMs(since)));
  });
  return <span className="num whitespace-nowrap">{words}</span>;
}

/** "3:12" until an instant; "a moment" once it has passed. Put "in" before it. */
export function Countdown({ to }: { to: string }) {
  const words = useTicking((now) => countdown(toMs(to) - now));
  return (
    <Tooltip content={<Exact ms={toMs(to)} />}>
      <span className="font-medium num" role="timer">
        {words}
      </span>
    </Tooltip>
  );
}

/** Whether an instant has passed, for handlers; components use `useTicking`. */
export const hasPassed = (at: string): boolean => toMs(at) <= nowMs();
