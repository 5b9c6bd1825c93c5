import { X } from "lucide-react";
import { cn } from "../lib/cn.ts";

export interface Chip {
  value: string;
  label: React.ReactNode;
  count?: number;
}

/** Filters that are on or off, several at a time. */
export function FilterChips({
  label,
  chips,
  selected,
  onChange,
}: {
  label: string;
  chips: readonly Chip[];
  selected: readonly string[];
  onChange: (selected: string[]) => void;
}) {
  const toggle = (value: string) =>
    onChange(selected.includes(value) ? selected.filter((other) => other !== value) : [...selected, value]);
  return (
    <fieldset className="flex flex-wrap gap-1.5 max-sm:flex-nowrap max-sm:overflow-x-auto max-sm:p-px">
      <legend className="sr-only">{label}</legend>
      {chips.map((chip) => (
        <button
          key={chip.value}
          type="button"
          aria-pressed={selected.includes(chip.value)}
          onClick={() => toggle(chip.value)}
          className={cn(
            "inline-flex h-8 items-center gap-2 rounded-full px-3 text-sm num whitespace-nowrap ring-1 ring-inset transition-colors max-sm:h-10",
            selected.includes(chip.value)
              ? "bg-brand-soft text-brand-text ring-brand-text"
              : "bg-surface text-muted ring-line hover:text-text hover:ring-line-strong",
          )}
        >
          {chip.label}
          {chip.count !== undefined && <span className="text-xs text-faint">{chip.count}</span>}
        </button>
      ))}
    </fieldset>
  );
}

/** One filter that is set, with a cross to take it away. */
export const SetChip = ({ children, onRemove }: { children: React.ReactNode; onRemove: () => void }) => (
  <button
    type="button"
    onClick={onRemove}
    className="inline-flex h-8 items-center gap-1.5 rounded-full bg-brand-soft px-3 text-sm text-brand-text max-sm:h-10"
  >
    {children}
    <X size={14} aria-hidden />
    <span className="sr-only">: remove this filter</span>
  </button>
);
