import type { PolicyTarget } from "../../lib/types.ts";
import { Chosen } from "../../ui/chosen.tsx";
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
      <Chosen
        items={targets.map((target) => ({ value: targetKey(target), label: nameOf(target) }))}
        onTakeOut={(key) => onChange(targets.filter((other) => targetKey(other) !== key))}
      />
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
