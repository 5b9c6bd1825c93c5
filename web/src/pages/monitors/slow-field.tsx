import { Input, Select } from "../../ui/input.tsx";
import type { Draft } from "./draft.ts";
import { PERCENTILES, slowWith, writtenSlow } from "./slow.ts";

const OPTIONS = [
  { value: "", label: "However slow it is" },
  ...PERCENTILES.map((name) => ({ value: name, label: `By the ${name.slice(1)}th percentile` })),
];
const WINDOWS = ["5m", "10m", "30m", "1h", "6h", "1d"];

/** Degraded while so many of its checks are slower than the limit: one slow check says nothing. */
export function SlowField({
  slow,
  onChange,
}: {
  slow: Draft["slow"];
  onChange: (slow: Draft["slow"]) => void;
}) {
  const { percentile, limit, over } = writtenSlow(slow);
  const set = (change: object) => onChange(slowWith({ percentile, limit, over, ...change }));
  return (
    <>
      <Select
        label="It counts as degraded"
        pointer="/slow"
        help="Over a window, so that one slow check does not matter."
        value={percentile}
        onChange={(next) => set({ percentile: next })}
        options={OPTIONS}
      />
      {slow !== null && (
        <div className="grid grid-cols-2 gap-4">
          <Input
            label="Above"
            pointer={`/slow/${percentile}`}
            value={limit}
            onChange={(event) => set({ limit: event.target.value })}
          />
          <Select
            label="Over the last"
            pointer="/slow/over"
            value={over}
            onChange={(next) => set({ over: next })}
            options={[...new Set([...WINDOWS, over])].map((value) => ({ value, label: value }))}
          />
        </div>
      )}
    </>
  );
}
