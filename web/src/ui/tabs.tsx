import { Tabs as Radix } from "radix-ui";
import { cn } from "../lib/cn.ts";

export interface Tab {
  value: string;
  label: React.ReactNode;
  content: React.ReactNode;
}

/** Views of one thing. Only the open one is mounted. */
export function Tabs({
  tabs,
  value,
  onChange,
  label,
  className,
}: {
  tabs: readonly Tab[];
  value: string;
  onChange: (value: string) => void;
  label: string;
  className?: string;
}) {
  return (
    <Radix.Root value={value} onValueChange={onChange} className={className}>
      <Radix.List aria-label={label} className="flex gap-6 overflow-x-auto max-sm:gap-4 border-b border-line">
        {tabs.map((tab) => (
          <Radix.Trigger
            key={tab.value}
            value={tab.value}
            className={cn(
              "-mb-px h-10 border-b-2 border-transparent px-0.5 text-sm font-medium whitespace-nowrap text-muted",
              "hover:text-text focus-visible:-outline-offset-2 data-[state=active]:border-brand-text data-[state=active]:text-text",
            )}
          >
            {tab.label}
          </Radix.Trigger>
        ))}
      </Radix.List>
      {tabs.map((tab) => (
        <Radix.Content key={tab.value} value={tab.value} className="pt-6 focus-visible:outline-offset-8">
          {tab.content}
        </Radix.Content>
      ))}
    </Radix.Root>
  );
}

/** A few ways to look at the same data, side by side: a chart's ranges, total or phases. */
export function Segmented<T extends string>({
  label,
  options,
  value,
  onChange,
}: {
  label: string;
  options: readonly { value: T; label: string }[];
  value: T;
  onChange: (value: T) => void;
}) {
  return (
    <fieldset className="inline-flex w-fit max-w-full rounded-md bg-sunken p-0.5 ring-1 ring-inset ring-line">
      <legend className="sr-only">{label}</legend>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          onClick={() => onChange(option.value)}
          className={cn(
            "h-7 rounded-[5px] px-2.5 text-sm whitespace-nowrap text-muted num hover:text-text max-sm:h-9",
            option.value === value && "bg-surface font-medium text-text ring-1 ring-line",
          )}
        >
          {option.label}
        </button>
      ))}
    </fieldset>
  );
}
