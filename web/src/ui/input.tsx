import { ChevronDown } from "lucide-react";
import { cn } from "../lib/cn.ts";
import { Field, type FieldProps } from "./field.tsx";

/** The look of everything that is typed into. 16 px on phones, so that iOS doesn't zoom. */
export const controlClass = cn(
  "w-full rounded-md bg-surface px-3 text-sm text-text ring-1 ring-inset ring-line-strong/60 max-sm:text-base",
  "placeholder:text-faint hover:ring-line-strong focus-visible:outline-offset-0",
  "aria-invalid:ring-down aria-invalid:ring-2 disabled:bg-sunken disabled:text-muted",
);

type Own = FieldProps & { mono?: boolean };

/** One line of text with its label. */
export function Input({
  label,
  help,
  error,
  pointer,
  optional,
  hideLabel,
  className,
  mono,
  suffix,
  ...rest
}: Own & { suffix?: React.ReactNode } & Omit<React.ComponentProps<"input">, keyof Own>) {
  return (
    <Field {...{ label, help, error, pointer, optional, hideLabel, className }}>
      {(control) => (
        <div className="relative">
          <input
            {...rest}
            {...control}
            className={cn(controlClass, "h-9 max-sm:h-11", mono && "font-mono", suffix && "pr-16")}
          />
          {suffix && (
            <span className="absolute inset-y-0 right-3 flex items-center text-sm text-faint">{suffix}</span>
          )}
        </div>
      )}
    </Field>
  );
}

/** Several lines of text with their label. */
export function Textarea({
  label,
  help,
  error,
  pointer,
  optional,
  hideLabel,
  className,
  mono,
  ...rest
}: Own & Omit<React.ComponentProps<"textarea">, keyof Own>) {
  return (
    <Field {...{ label, help, error, pointer, optional, hideLabel, className }}>
      {(control) => (
        <textarea
          rows={4}
          {...rest}
          {...control}
          className={cn(controlClass, "resize-y py-2 leading-relaxed", mono && "font-mono")}
        />
      )}
    </Field>
  );
}

export interface Option {
  value: string;
  label: string;
}

/** A choice of one among few. The browser's own list: right on phones, with keyboards and screen readers. */
export function Select({
  label,
  help,
  error,
  pointer,
  optional,
  hideLabel,
  className,
  options,
  onChange,
  ...rest
}: FieldProps & { options: readonly Option[]; onChange: (value: string) => void } & Omit<
    React.ComponentProps<"select">,
    keyof FieldProps | "onChange"
  >) {
  return (
    <Field {...{ label, help, error, pointer, optional, hideLabel, className }}>
      {(control) => (
        <div className="relative">
          <select
            {...rest}
            {...control}
            onChange={(event) => onChange(event.target.value)}
            className={cn(controlClass, "h-9 appearance-none pr-9 max-sm:h-11")}
          >
            {options.map((option) => (
              <option key={option.value} value={option.value}>
                {option.label}
              </option>
            ))}
          </select>
          <ChevronDown
            size={16}
            className="pointer-events-none absolute top-1/2 right-3 -translate-y-1/2 text-faint"
            aria-hidden
          />
        </div>
      )}
    </Field>
  );
}
