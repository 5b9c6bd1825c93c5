import { X } from "lucide-react";

/** What has been chosen, each to be taken out again with a tap. */
export const Chosen = ({
  items,
  onTakeOut,
}: {
  items: readonly { value: string; label: string }[];
  onTakeOut: (value: string) => void;
}) =>
  items.length > 0 && (
    <ul className="flex flex-wrap gap-1.5">
      {items.map(({ value, label }) => (
        <li key={value} className="max-w-full min-w-0">
          <button
            type="button"
            onClick={() => onTakeOut(value)}
            className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-full bg-brand-soft px-3 text-sm text-brand-text max-sm:h-10"
          >
            <span className="truncate">{label}</span>
            <X size={14} className="shrink-0" aria-hidden />
            <span className="sr-only">: take out</span>
          </button>
        </li>
      ))}
    </ul>
  );
