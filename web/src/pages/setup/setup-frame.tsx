import { Check } from "lucide-react";
import { KeepMark } from "../../app/mark.tsx";
import { cn } from "../../lib/cn.ts";

const STEPS = ["You", "How we reach you", "What to watch", "Who is next"] as const;

/** The set-up's own page: where one is in the four steps, and the step. Steps already reached can be gone back to. */
export function SetupFrame({
  step,
  onStep,
  children,
}: {
  step: number;
  onStep?: (step: number) => void;
  children: React.ReactNode;
}) {
  return (
    <main className="mx-auto flex min-h-dvh w-full max-w-5xl flex-col gap-8 px-4 py-8 sm:px-8 sm:py-14 md:flex-row md:gap-14">
      <aside className="md:w-56 md:shrink-0">
        <div className="mb-6 flex items-center gap-3 md:mb-10">
          <KeepMark size={36} />
          <span className="text-lg font-semibold tracking-tight">Keepwatch</span>
        </div>
        <ol className="flex gap-2 md:flex-col md:gap-1">
          {STEPS.map((name, at) => (
            <li key={name} className="flex-1 md:flex-none">
              <StepName
                name={name}
                number={at + 1}
                state={at < step ? "done" : at === step ? "now" : "later"}
                onOpen={onStep && at > 0 && at < step ? () => onStep(at) : undefined}
              />
            </li>
          ))}
        </ol>
      </aside>
      <div className="min-w-0 max-w-2xl flex-1 md:pt-16">{children}</div>
    </main>
  );
}

function StepName({
  name,
  number,
  state,
  onOpen,
}: {
  name: string;
  number: number;
  state: "done" | "now" | "later";
  onOpen: (() => void) | undefined;
}) {
  const inside = (
    <>
      <span
        aria-hidden
        className={cn(
          "grid size-7 shrink-0 place-items-center rounded-full text-sm font-medium num max-md:hidden",
          state === "now" && "bg-brand text-on-brand",
          state === "done" && "bg-brand-soft text-brand-text",
          state === "later" && "text-muted ring-1 ring-inset ring-line-strong/60",
        )}
      >
        {state === "done" ? <Check size={15} strokeWidth={2.5} /> : number}
      </span>
      <span
        aria-hidden
        className={cn("block h-1 rounded-full md:hidden", state === "later" ? "bg-line" : "bg-brand")}
      />
      <span className={cn("text-sm max-md:sr-only", state === "now" ? "font-medium" : "text-muted")}>
        {name}
        {state === "done" && <span className="sr-only">, done</span>}
      </span>
    </>
  );
  const look = "flex w-full rounded-md text-left max-md:flex-col md:items-center md:gap-3 md:px-2 md:py-1.5";
  return onOpen ? (
    <button type="button" onClick={onOpen} className={cn(look, "hover:bg-hover")}>
      {inside}
    </button>
  ) : (
    <span className={look} aria-current={state === "now" ? "step" : undefined}>
      {inside}
    </span>
  );
}

/** A step's heading and what it is for. */
export const StepHeading = ({ title, children }: { title: string; children?: React.ReactNode }) => (
  <div className="mb-6">
    <h1 className="text-xl font-semibold tracking-tight">{title}</h1>
    {children && <p className="mt-2 text-base text-muted">{children}</p>}
  </div>
);
