import { Link } from "@tanstack/react-router";
import { Repeat2 } from "lucide-react";
import { useNow } from "../../lib/clock.ts";
import { date, duration, toMs } from "../../lib/time.ts";
import type { PostmortemSummary } from "../../lib/types.ts";
import { SeverityBadge } from "../../ui/incident-mark.tsx";
import { Badge } from "../../ui/small.tsx";
import type { LibrarySearch } from "./routes.tsx";

const STATE = { draft: "Draft", in_review: "In review", published: null } as const;
const REPEAT = "repeat";

/** One postmortem in the library: its title, its one sentence, where the words were found, what was promised. */
export function LibraryEntry({ item, search }: { item: PostmortemSummary; search: LibrarySearch }) {
  const now = useNow();
  const facts = [
    item.service?.name,
    date(toMs(item.occurred_at), now),
    item.duration_ms === null ? null : duration(item.duration_ms),
    item.author?.name,
  ].filter(Boolean);
  const state = STATE[item.state];
  return (
    <li className="group relative py-6 first:pt-2">
      <div className="mb-2 flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted num">
        <SeverityBadge severity={item.severity} />
        <span>{facts.join(" · ")}</span>
        {state && <Badge strong>{state}</Badge>}
        {item.tags.includes(REPEAT) && (
          <span className="inline-flex items-center gap-1 font-medium text-degraded">
            <Repeat2 size={14} aria-hidden /> Happened again
          </span>
        )}
      </div>
      <h2 className="text-lg leading-snug font-semibold tracking-tight">
        <Link
          to="/postmortems/$id"
          params={{ id: item.id }}
          className="underline-offset-4 group-hover:underline after:absolute after:inset-0"
        >
          {item.title}
        </Link>
      </h2>
      {item.headline && <p className="mt-1.5 max-w-[70ch] text-base text-muted">{item.headline}</p>}
      {item.match && <Match match={item.match} />}
      <div className="relative mt-3 flex flex-wrap items-center gap-x-2 gap-y-1.5 text-xs">
        {item.tags
          .filter((tag) => tag !== REPEAT)
          .map((tag) => (
            <Link key={tag} to="/postmortems" search={{ ...search, tag }} className="hover:underline">
              <Badge>{tag}</Badge>
            </Link>
          ))}
        <Actions actions={item.actions} />
      </div>
    </li>
  );
}

/** The passage with the words that were searched for. */
const Match = ({ match }: { match: NonNullable<PostmortemSummary["match"]> }) => (
  <p className="mt-2 max-w-[70ch] border-l-2 border-brand pl-3 text-sm text-muted">
    …
    {match.map((piece, at) =>
      piece.hit ? (
        // biome-ignore lint/suspicious/noArrayIndexKey: the pieces of one text, in their order
        <mark key={at} className="px-0.5 font-medium text-text">
          {piece.text}
        </mark>
      ) : (
        piece.text
      ),
    )}
    …
  </p>
);

/** How many of the promised actions are done, as a short bar and in words. */
function Actions({ actions: { done, total } }: { actions: PostmortemSummary["actions"] }) {
  if (total === 0) return <span className="ml-auto text-faint">no actions</span>;
  return (
    <span className="ml-auto inline-flex items-center gap-2 text-muted num">
      <span className="flex gap-0.5" aria-hidden>
        {Array.from({ length: Math.min(total, 8) }, (_, at) => (
          <span
            // biome-ignore lint/suspicious/noArrayIndexKey: alike and never moved
            key={at}
            className={`h-1.5 w-3 rounded-full ${at < done ? "bg-up-bar" : "bg-line-strong/50"}`}
          />
        ))}
      </span>
      {done} of {total} actions done
    </span>
  );
}
