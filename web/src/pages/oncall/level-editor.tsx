import { ArrowDown, ArrowUp, Trash2 } from "lucide-react";
import { durationWords } from "../../lib/time.ts";
import type { Policy } from "../../lib/types.ts";
import { IconButton } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { Select } from "../../ui/input.tsx";
import { TargetPicker } from "./target-picker.tsx";

type Level = Policy["levels"][number];

const WAITS = ["1m", "2m", "3m", "5m", "10m", "15m", "20m", "30m", "1h"];

/** One level: whom it pages at once, and how long it waits for an answer. */
export function LevelEditor({
  level,
  number,
  last,
  onChange,
  onMove,
  onRemove,
}: {
  level: Level;
  number: number;
  last: boolean;
  onChange: (level: Level) => void;
  onMove: (by: -1 | 1) => void;
  onRemove: (() => void) | undefined;
}) {
  const waits = WAITS.includes(level.wait) ? WAITS : [level.wait, ...WAITS];
  return (
    <li className="rounded-lg border border-line bg-surface p-4">
      <div className="flex items-start gap-4">
        <span className="grid size-7 shrink-0 place-items-center rounded-full bg-brand-soft text-sm font-semibold text-brand-text num">
          {number}
        </span>
        <div className="min-w-0 flex-1">
          <TargetPicker
            label={number === 1 ? "First page" : "Then page"}
            pointer={`/levels/${number - 1}/targets`}
            targets={level.targets}
            onChange={(targets) => onChange({ ...level, targets })}
          />
          <div className="mt-3">
            <Checkbox
              label="One of them at a time, in turn"
              checked={level.round_robin === true}
              onChange={(on) => {
                const { round_robin: _, ...rest } = level;
                onChange(on ? { ...rest, round_robin: true } : rest);
              }}
            />
          </div>
          <Select
            label="and wait for an answer for"
            className="mt-4 max-w-48"
            pointer={`/levels/${number - 1}/wait`}
            value={level.wait}
            onChange={(wait) => onChange({ ...level, wait })}
            options={waits.map((wait) => ({ value: wait, label: durationWords(wait) }))}
          />
        </div>
        <div className="flex shrink-0 flex-col">
          <IconButton
            label="Earlier"
            size="sm"
            disabled={number === 1}
            icon={<ArrowUp size={16} />}
            onClick={() => onMove(-1)}
          />
          <IconButton
            label="Later"
            size="sm"
            disabled={last}
            icon={<ArrowDown size={16} />}
            onClick={() => onMove(1)}
          />
          {onRemove && (
            <IconButton
              label={`Remove level ${number}`}
              size="sm"
              icon={<Trash2 size={16} />}
              onClick={onRemove}
            />
          )}
        </div>
      </div>
    </li>
  );
}
