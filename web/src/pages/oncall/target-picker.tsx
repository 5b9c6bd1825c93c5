import { X } from "lucide-react";
import type { PolicyTarget } from "../../lib/types.ts";
import { Select } from "../../ui/input.tsx";
import { targetKey, targetOf, useTargetName, useTargets } from "./targets.ts";

/** Several of those who can be paged: schedules, people, teams. */
export function TargetPicker({
  label,
  help,
  pointer,
  targets,
  onChange,
}: {
  label: string;
  help?: string;
  pointer: string;
  targets: readonly PolicyTarget[];
  onChange: (targets: PolicyTarget[]) => void;
}) {
  const all = useTargets();
  const nameOf = useTargetName();
  const chosen = targets.map(targetKey);
  return (
    <div className="flex flex-col gap-2">
      {targets.length > 0 && (
        <ul className="flex flex-wrap gap-1.5">
          {targets.map((target) => (
            <li key={targetKey(target)} className="max-w-full min-w-0">
              <button
                type="button"
                onClick={() => onChange(targets.filter((other) => other !== target))}
                className="inline-flex h-8 max-w-full items-center gap-1.5 rounded-full bg-brand-soft px-3 text-sm text-brand-text max-sm:h-10"
              >
                <span className="truncate">{nameOf(target)}</span>
                <X size={14} className="shrink-0" aria-hidden />
                <span className="sr-only">: take out</span>
              </button>
            </li>
          ))}
        </ul>
      )}
      <Select
        label={label}
        help={help}
        pointer={pointer}
        className="max-w-md"
        value=""
        onChange={(key) => key !== "" && onChange([...targets, targetOf(key)])}
        options={[
          { value: "", label: targets.length === 0 ? "Choose who" : "Add somebody" },
          ...all.filter(({ value }) => !chosen.includes(value)),
        ]}
      />
    </div>
  );
}
