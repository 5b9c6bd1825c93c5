import { ChevronRight } from "lucide-react";
import type { AuditEntry } from "../../lib/types.ts";
import { Badge } from "../../ui/small.tsx";
import { Time } from "../../ui/time.tsx";
import { type Change, changesOf, typeWords } from "./changes.ts";

const BY: Record<string, string> = {
  token: "API token",
  config: "configuration",
  link: "link in a message",
  monitor: "monitor",
  system: "Keepwatch",
};

/** Actions whose recorded word is a state rather than a deed. */
const DID: Record<string, string> = { done: "finished" };

/** One change; opens to what was before and after, where that was kept. */
export function AuditRow({ entry }: { entry: AuditEntry }) {
  const changes = changesOf(entry.before, entry.after);
  if (changes.length === 0)
    return (
      <li className="py-2.5 pr-4 pl-10 sm:pr-5">
        <Line entry={entry} />
      </li>
    );
  return (
    <li>
      <details className="group">
        <summary className="flex list-none items-start gap-2 py-2.5 pr-4 pl-4 hover:bg-hover focus-visible:-outline-offset-2 sm:pr-5 [&::-webkit-details-marker]:hidden">
          <ChevronRight
            size={16}
            className="mt-0.5 shrink-0 text-faint transition-transform group-open:rotate-90"
            aria-hidden
          />
          <Line entry={entry} />
        </summary>
        <div className="pr-4 pb-4 pl-10 sm:pr-5">
          <Changes changes={changes} />
        </div>
      </details>
    </li>
  );
}

const Line = ({ entry }: { entry: AuditEntry }) => (
  <div className="flex min-w-0 flex-1 flex-wrap items-baseline gap-x-4 text-sm">
    <span className="min-w-0 flex-1 basis-60 break-words">
      <span className="font-medium">{entry.actor.name}</span>
      {BY[entry.actor.type] && entry.actor.name !== BY[entry.actor.type] && (
        <>
          {" "}
          <Badge>{BY[entry.actor.type]}</Badge>
        </>
      )}{" "}
      {DID[entry.action] ?? entry.action} {typeWords(entry.object.type)}{" "}
      <span className="font-medium">{entry.object.name}</span>
    </span>
    <span className="text-xs text-muted">
      <Time at={entry.at} />
    </span>
  </div>
);

const Changes = ({ changes }: { changes: readonly Change[] }) => (
  <dl className="grid gap-3 rounded-md border border-line bg-sunken p-3 text-sm">
    {changes.map(({ field, before, after }) => (
      <div key={field} className="grid gap-x-4 gap-y-1 sm:grid-cols-[9rem_minmax(0,1fr)]">
        <dt className="text-muted">{field.replaceAll("_", " ")}</dt>
        <dd className="min-w-0 font-mono text-xs leading-5 break-words whitespace-pre-wrap">
          {before !== null && (
            <del className="text-muted">
              <span className="sr-only">Before: </span>
              {before}
            </del>
          )}
          {before !== null && after !== null && (
            <span className="text-faint no-underline" aria-hidden>
              {" → "}
            </span>
          )}
          {after !== null && (
            <ins className="no-underline">
              <span className="sr-only">After: </span>
              {after}
            </ins>
          )}
        </dd>
      </div>
    ))}
  </dl>
);
