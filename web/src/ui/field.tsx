import { AlertCircle } from "lucide-react";
import { createContext, useContext, useId } from "react";
import { ApiProblem, fieldProblem } from "../lib/api.ts";
import { cn } from "../lib/cn.ts";

const ProblemContext = createContext<unknown>(null);

interface FormProps extends Omit<React.ComponentProps<"form">, "onSubmit"> {
  /** The error of the last submit: fields with a matching `pointer` show their part, the rest stands on top. */
  problem?: unknown;
  onSubmit: () => void;
}

/** A form whose fields show what the server refused. */
export function Form({ problem = null, onSubmit, children, ...rest }: FormProps) {
  return (
    <form
      noValidate
      {...rest}
      onSubmit={(event) => {
        event.preventDefault();
        onSubmit();
      }}
    >
      <ProblemContext value={problem}>{children}</ProblemContext>
    </form>
  );
}

/** What went wrong as a whole; says nothing when there is no problem. */
export function FormProblem({ problem }: { problem: unknown }) {
  if (!problem) return null;
  const text =
    problem instanceof ApiProblem
      ? // A message that only names a field says nothing that doesn't stand beside that field.
        problem.message.startsWith("/") && problem.fields.length > 0
        ? "Something isn't right yet; it is said beside the field."
        : problem.message
      : "Something went wrong in this page. Nothing was saved; try again.";
  return (
    <p role="alert" className="flex items-start gap-2 rounded-md bg-down-soft px-3 py-2 text-sm text-down">
      <AlertCircle size={16} className="mt-0.5 shrink-0" aria-hidden />
      {text}
    </p>
  );
}

export interface FieldProps {
  label: React.ReactNode;
  /** One sentence under the label's control. */
  help?: React.ReactNode;
  /** Wrong in words; by default taken from the form's problem by `pointer`. */
  error?: string;
  /** JSON pointer of this field in what is sent, e.g. "/expect/status". */
  pointer?: string;
  optional?: boolean;
  /** Hides the label from sight, not from screen readers. */
  hideLabel?: boolean;
  className?: string;
}

interface ControlProps {
  id: string;
  "aria-describedby": string | undefined;
  "aria-invalid": true | undefined;
}

/** The error that belongs to a field, from its own prop or the form around it. */
export function useFieldError(pointer: string | undefined, error: string | undefined): string | undefined {
  const problem = useContext(ProblemContext);
  return error ?? (pointer === undefined ? undefined : fieldProblem(problem, pointer));
}

/** The same for a list: what is wrong with the list itself, or else with the first of its items that is. */
export function useFieldErrorWithin(pointer: string): string | undefined {
  const problem = useContext(ProblemContext);
  const own = fieldProblem(problem, pointer);
  if (own !== undefined || !(problem instanceof ApiProblem)) return own;
  return problem.fields.find((field) => field.pointer.replace(/^#/, "").startsWith(`${pointer}/`))?.detail;
}

/** Label, control, help and error, tied together. `children` receives the attributes that the control must carry. */
export function Field({
  children,
  ...field
}: FieldProps & { children: (control: ControlProps) => React.ReactNode }) {
  const id = useId();
  const error = useFieldError(field.pointer, field.error);
  const described = [error && `${id}-error`, field.help && `${id}-help`].filter(Boolean).join(" ");
  return (
    <div className={cn("flex min-w-0 flex-col gap-1.5", field.className)}>
      <label htmlFor={id} className={cn("text-sm font-medium", field.hideLabel && "sr-only")}>
        {field.label}
        {field.optional && <span className="ml-1.5 font-normal text-faint">optional</span>}
      </label>
      {children({ id, "aria-describedby": described || undefined, "aria-invalid": error ? true : undefined })}
      {error && (
        <p id={`${id}-error`} className="flex items-start gap-1.5 text-sm text-down">
          <AlertCircle size={14} className="mt-[3px] shrink-0" aria-hidden />
          {error}
        </p>
      )}
      {field.help && (
        <p id={`${id}-help`} className="text-sm text-muted">
          {field.help}
        </p>
      )}
    </div>
  );
}
