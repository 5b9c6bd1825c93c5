import { Check, Circle } from "lucide-react";
import { cn } from "../../lib/cn.ts";
import type { Postmortem } from "../../lib/types.ts";
import type { missingFrom } from "./missing.ts";

type Missing = ReturnType<typeof missingFrom>;

/** What publishing asks for, and what a good postmortem has besides. */
export function PublishChecklist({ postmortem, missing }: { postmortem: Postmortem; missing: Missing }) {
  const items = postmortem.action_items;
  const owned = items.every((item) => item.owner !== null && item.due !== null);
  return (
    <div className="rounded-lg border border-line bg-surface p-4">
      <h2 className="mb-3 text-sm font-semibold">Before it is published</h2>
      <ul className="flex flex-col gap-2 text-sm">
        <Line done={missing.headline === undefined}>the one sentence</Line>
        <Line done={missing["sections.causes"] === undefined}>what made it happen</Line>
        <Line done={missing["sections.lessons_well"] === undefined}>at least one lesson</Line>
        <Line done={items.length > 0 && owned} advice>
          {items.length === 0 ? "an action, or why none" : "an owner and a day for each action"}
        </Line>
      </ul>
    </div>
  );
}

const Line = ({ done, advice, children }: { done: boolean; advice?: boolean; children: React.ReactNode }) => (
  <li className={cn("flex items-start gap-2", done && "text-muted")}>
    {done ? (
      <Check size={16} strokeWidth={2.5} className="mt-0.5 shrink-0 text-up" aria-label="done" />
    ) : (
      <Circle size={16} className="mt-0.5 shrink-0 text-faint" aria-label="still to do" />
    )}
    <span>
      {children}
      {advice && !done && <span className="text-faint"> (advised)</span>}
    </span>
  </li>
);
