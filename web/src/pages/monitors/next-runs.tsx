import { browserZone, dayTime, relative } from "../../lib/time.ts";
import { Time } from "../../ui/time.tsx";

/** When pings are expected, in the reader's zone; hover gives UTC. */
export function NextRuns({ runs }: { runs: readonly string[] }) {
  if (runs.length === 0) return <p className="text-sm text-muted">It has no run ahead.</p>;
  return (
    <>
      <ol className="flex flex-col gap-2 text-sm">
        {runs.map((at) => (
          <li key={at} className="flex items-baseline justify-between gap-4">
            <Time at={at} format={(atMs, now) => dayTime(atMs, now)} />
            <Time at={at} format={relative} className="text-muted num whitespace-nowrap" />
          </li>
        ))}
      </ol>
      <p className="mt-3 text-xs text-faint">Times in {browserZone()}.</p>
    </>
  );
}
