import { ArrowDown, ArrowUp, Plus, Trash2 } from "lucide-react";
import { durationWords } from "../../lib/time.ts";
import type { Policy } from "../../lib/types.ts";
import { Button, IconButton } from "../../ui/button.tsx";
import { Checkbox } from "../../ui/choice.tsx";
import { Select } from "../../ui/input.tsx";
import { moved } from "./moved.ts";
import { TargetPicker } from "./target-picker.tsx";

type Level = Policy["levels"][number];

const WAITS = ["1m", "2m", "3m", "5m", "10m", "15m", "20m", "30m", "1h"];

/** Levels in their order, to change, move, add and remove. `pointer` is where they stand: "" or "/paths/0". */
export function Levels({
  levels,
  pointer,
  onChange,
}: {
  levels: readonly Level[];
  pointer: string;
  onChange: (levels: Level[]) => void;
}) {
  return (
    <>
      <ol className="flex flex-col gap-3">
        {levels.map((level, at) => (
          <LevelEditor
            // biome-ignore lint/suspicious/noArrayIndexKey: a level is its place
            key={at}
            level={level}
            number={at + 1}
            pointer={`${pointer}/levels/${at}`}
            last={at === levels.length - 1}
            onChange={(next) => onChange(levels.with(at, next))}
            onMove={(by) => onChange(moved(levels, at, at + by))}
            onRemove={levels.length > 1 ? () => onChange(levels.toSpliced(at, 1)) : undefined}
          />
        ))}
      </ol>
      <div>
        <Button onClick={() => onChange([...levels, { targets: [], wait: "10m" }])}>
          <Plus size={16} aria-hidden /> Add a level
        </Button>
      </div>
    </>
  );
}

/** One level: whom it pages at once, and how long it waits for an answer. */
function LevelEditor({
  level,
  number,
  pointer,
  last,
  onChange,
  onMove,
  onRemove,
}: {
  level: Level;
  number: number;
  pointer: string;
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
            pointer={`${pointer}/targets`}
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
            pointer={`${pointer}/wait`}
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
