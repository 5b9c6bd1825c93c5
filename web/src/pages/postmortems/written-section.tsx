import { Lightbulb } from "lucide-react";
import { lazy, Suspense } from "react";
import { cn } from "../../lib/cn.ts";
import { Skeleton } from "../../ui/states.tsx";
import type { SECTIONS } from "./sections.ts";

const SectionEditor = lazy(async () => ({ default: (await import("./section-editor.tsx")).SectionEditor }));

/** A section while it is written, with the coach beside it. */
export function WrittenSection({
  section,
  className,
  headingClass,
  text,
  epoch,
  problem,
  onWrite,
}: {
  section: (typeof SECTIONS)[number];
  className: string;
  headingClass: string;
  text: string;
  epoch: number;
  problem: string | undefined;
  onWrite: (text: string) => void;
}) {
  return (
    <div className={cn("group/section", className)}>
      <div className="min-w-0">
        <h2 id={section.name} className={headingClass}>
          {section.title}
        </h2>
        <Suspense fallback={<Skeleton className="h-20" />}>
          <SectionEditor
            label={section.title}
            placeholder={section.placeholder}
            markdown={text}
            epoch={epoch}
            invalid={problem !== undefined}
            onWrite={onWrite}
          />
        </Suspense>
        {problem && (
          <p role="alert" className="mt-1.5 text-sm text-down">
            {problem}
          </p>
        )}
      </div>
      <div className="flex gap-2.5 text-sm text-muted lg:pt-10">
        <Lightbulb
          size={16}
          className="mt-0.5 shrink-0 text-faint group-focus-within/section:text-brand-text"
          aria-hidden
        />
        <div className="flex flex-col gap-2">
          {section.coach.map((line) => (
            <p key={line}>{line}</p>
          ))}
        </div>
      </div>
    </div>
  );
}
