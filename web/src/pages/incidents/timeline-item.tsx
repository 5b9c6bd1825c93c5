import {
  AlarmClock,
  ArrowRightLeft,
  BellOff,
  BellRing,
  BookOpen,
  Check,
  ChevronsUp,
  Flame,
  MailX,
  Megaphone,
  MessageSquare,
  Moon,
  Pause,
  Pencil,
  Send,
  TrendingUp,
  UserCheck,
  UserPlus,
} from "lucide-react";
import { cn } from "../../lib/cn.ts";
import { clockSeconds } from "../../lib/time.ts";
import type { TimelineEntry } from "../../lib/types.ts";
import { Markdown } from "../../ui/markdown.tsx";
import { Time } from "../../ui/time.tsx";

/** Which kinds of entries each filter shows. */
export const GROUPS: Record<"people" | "pages" | "checks", readonly string[]> = {
  people: [
    "declared",
    "acknowledged",
    "snoozed",
    "escalated",
    "reassigned",
    "responders_asked",
    "responder_answered",
    "changed",
    "note",
    "resolved",
    "postmortem",
  ],
  pages: [
    "paged",
    "nobody",
    "paging_paused",
    "delivery_failed",
    "told",
    "acknowledgement_expiring",
    "acknowledgement_expired",
    "acknowledged",
    "responders_asked",
    "responder_answered",
  ],
  checks: ["opened", "alert_fired", "alert_resolved", "resolved"],
};

const SIZE = 15;
const ICONS: Record<string, React.ReactNode> = {
  opened: <Flame size={SIZE} />,
  declared: <Megaphone size={SIZE} />,
  alert_fired: <TrendingUp size={SIZE} />,
  alert_resolved: <Check size={SIZE} />,
  paged: <BellRing size={SIZE} />,
  nobody: <BellOff size={SIZE} />,
  paging_paused: <Pause size={SIZE} />,
  acknowledged: <UserCheck size={SIZE} />,
  acknowledgement_expired: <AlarmClock size={SIZE} />,
  acknowledgement_expiring: <AlarmClock size={SIZE} />,
  responders_asked: <UserPlus size={SIZE} />,
  responder_answered: <UserCheck size={SIZE} />,
  snoozed: <Moon size={SIZE} />,
  escalated: <ChevronsUp size={SIZE} />,
  reassigned: <ArrowRightLeft size={SIZE} />,
  changed: <Pencil size={SIZE} />,
  note: <MessageSquare size={SIZE} />,
  delivery_failed: <MailX size={SIZE} />,
  resolved: <Check size={SIZE} />,
  told: <Send size={SIZE} />,
  postmortem: <BookOpen size={SIZE} />,
};

/** Only states colour an entry's mark. */
const INK: Record<string, string> = {
  opened: "text-down",
  alert_fired: "text-down",
  nobody: "text-down",
  delivery_failed: "text-down",
  acknowledged: "text-degraded",
  snoozed: "text-degraded",
  alert_resolved: "text-up",
  resolved: "text-up",
};

/** One entry: when to the second, who, what. A line joins it to the one that happened before. */
export function TimelineItem({ entry }: { entry: TimelineEntry }) {
  const isNote = entry.kind === "note";
  return (
    <li className="group relative flex gap-3 pb-4 last:pb-0">
      <span aria-hidden className="absolute top-7 bottom-0 left-[13px] w-px bg-line group-last:hidden" />
      <span
        aria-hidden
        className={cn(
          "grid size-7 shrink-0 place-items-center rounded-full border border-line bg-surface",
          INK[entry.kind] ?? "text-muted",
        )}
      >
        {ICONS[entry.kind] ?? <Flame size={SIZE} />}
      </span>
      <div className="min-w-0 flex-1 pt-1">
        <div className="flex items-baseline justify-between gap-3 text-xs text-muted">
          <span className="min-w-0 truncate font-medium">{entry.actor.name}</span>
          <Time at={entry.at} format={(ms) => clockSeconds(ms)} className="shrink-0 num" />
        </div>
        {isNote ? (
          <div className="mt-1 rounded-md bg-sunken px-3 py-2 text-sm [&_*]:text-sm!">
            <Markdown>{entry.text}</Markdown>
          </div>
        ) : (
          <p className="mt-0.5 text-sm break-words">{words(entry)}</p>
        )}
      </div>
    </li>
  );
}

/** The entry's own sentence; an answer also says how it came, a snooze ends at the reader's own time. */
function words(entry: TimelineEntry): React.ReactNode {
  const { how, until } = entry.data;
  if (entry.kind === "snoozed" && typeof until === "string")
    return (
      <>
        Took it, to be reminded at <Time at={until} format={(ms) => clockSeconds(ms)} />
      </>
    );
  if (entry.kind === "acknowledged" && typeof how === "string" && how !== "Keepwatch")
    return `${entry.text}, by ${how}`;
  return entry.text;
}
