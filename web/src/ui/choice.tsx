import { Check } from "lucide-react";
import { RadioGroup, Checkbox as RadixCheckbox, Switch as RadixSwitch } from "radix-ui";
import { useId } from "react";
import { cn } from "../lib/cn.ts";
import { useFieldError } from "./field.tsx";

interface ToggleProps {
  label: React.ReactNode;
  help?: React.ReactNode;
  checked: boolean;
  onChange: (checked: boolean) => void;
  disabled?: boolean;
  /** JSON pointer of the field in what is sent: what the server refuses of it is said here. */
  pointer?: string;
}

/** On or off, at once. */
export function Switch({ label, help, checked, onChange, disabled, pointer }: ToggleProps) {
  const id = useId();
  const error = useFieldError(pointer, undefined);
  return (
    <div className="flex items-start justify-between gap-4">
      <div className="min-w-0">
        <label htmlFor={id} className="text-sm font-medium">
          {label}
        </label>
        {help && <p className="text-sm text-muted">{help}</p>}
        {error && (
          <p id={`${id}-error`} className="text-sm text-down">
            {error}
          </p>
        )}
      </div>
      <RadixSwitch.Root
        id={id}
        aria-describedby={error ? `${id}-error` : undefined}
        checked={checked}
        onCheckedChange={onChange}
        disabled={disabled}
        className="relative mt-0.5 h-5 w-9 shrink-0 rounded-full bg-line-strong transition-colors duration-150 data-[state=checked]:bg-brand disabled:opacity-50"
      >
        <RadixSwitch.Thumb className="block size-4 translate-x-0.5 rounded-full bg-[#fff] transition-transform duration-150 data-[state=checked]:translate-x-[18px]" />
      </RadixSwitch.Root>
    </div>
  );
}

/** One of several that may be ticked; `"some"` shows a dash. */
export function Checkbox({
  label,
  help,
  checked,
  onChange,
  disabled,
  hideLabel,
}: Omit<ToggleProps, "checked"> & { checked: boolean | "some"; hideLabel?: boolean }) {
  const id = useId();
  return (
    <div className="flex items-start gap-2.5">
      <RadixCheckbox.Root
        id={id}
        checked={checked === "some" ? "indeterminate" : checked}
        onCheckedChange={(next) => onChange(next === true)}
        disabled={disabled}
        className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-sm bg-surface ring-1 ring-inset ring-line-strong data-[state=checked]:bg-brand data-[state=checked]:ring-brand data-[state=indeterminate]:bg-brand data-[state=indeterminate]:ring-brand disabled:opacity-50"
      >
        <RadixCheckbox.Indicator className="text-on-brand">
          {checked === "some" ? (
            <span className="block h-0.5 w-2 bg-current" />
          ) : (
            <Check size={12} strokeWidth={3.5} />
          )}
        </RadixCheckbox.Indicator>
      </RadixCheckbox.Root>
      <div className={cn("min-w-0", hideLabel && "sr-only")}>
        <label htmlFor={id} className="text-sm">
          {label}
        </label>
        {help && <p className="text-sm text-muted">{help}</p>}
      </div>
    </div>
  );
}

export interface RadioCard {
  value: string;
  label: string;
  help?: React.ReactNode;
  icon?: React.ReactNode;
}

/** One of a few, each explained in a card. */
export function RadioCards({
  label,
  options,
  value,
  onChange,
  pointer,
  columns = 1,
}: {
  label: string;
  options: readonly RadioCard[];
  value: string;
  onChange: (value: string) => void;
  pointer?: string;
  columns?: 1 | 2 | 3;
}) {
  const error = useFieldError(pointer, undefined);
  const id = useId();
  const grid = { 1: "", 2: "sm:grid-cols-2", 3: "sm:grid-cols-3" }[columns];
  return (
    <div className="flex flex-col gap-1.5">
      <span id={id} className="text-sm font-medium">
        {label}
      </span>
      <RadioGroup.Root
        value={value}
        onValueChange={onChange}
        aria-labelledby={id}
        className={cn("grid gap-2", grid)}
      >
        {options.map((option) => (
          <RadioGroup.Item
            key={option.value}
            value={option.value}
            className="group flex items-start gap-3 rounded-lg bg-surface p-3 text-left ring-1 ring-inset ring-line hover:ring-line-strong data-[state=checked]:bg-brand-soft data-[state=checked]:ring-2 data-[state=checked]:ring-brand-text"
          >
            <span className="mt-0.5 grid size-4 shrink-0 place-items-center rounded-full ring-1 ring-inset ring-line-strong group-data-[state=checked]:bg-brand group-data-[state=checked]:ring-brand">
              <RadioGroup.Indicator className="size-1.5 rounded-full bg-[#fff]" />
            </span>
            <span className="min-w-0">
              <span className="flex items-center gap-2 text-sm font-medium">
                {option.icon}
                {option.label}
              </span>
              {option.help && <span className="block text-sm text-muted">{option.help}</span>}
            </span>
          </RadioGroup.Item>
        ))}
      </RadioGroup.Root>
      {error && <p className="text-sm text-down">{error}</p>}
    </div>
  );
}
