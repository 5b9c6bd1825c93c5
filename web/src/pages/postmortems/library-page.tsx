import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import type { PostmortemSummary } from "../../lib/types.ts";
import { Button } from "../../ui/button.tsx";
import { Card } from "../../ui/card.tsx";
import { SeverityBadge } from "../../ui/incident-mark.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { Badge } from "../../ui/small.tsx";
import { EmptyState, Loaded } from "../../ui/states.tsx";
import { Segmented } from "../../ui/tabs.tsx";
import { Duration, Time } from "../../ui/time.tsx";
import { postmortemsQuery } from "./queries.ts";
import { libraryRoute } from "./routes.tsx";

const STATES = [
  { id: "", label: "All" },
  { id: "published", label: "Published" },
  { id: "draft,in_review", label: "Drafts" },
] as const;

/** What was learned, newest first; with words, the best match first. */
export function LibraryPage() {
  const search = libraryRoute.useSearch();
  const navigate = useNavigate();
  const query = useInfiniteQuery(postmortemsQuery(search));
  const change = (part: Partial<typeof search>) =>
    void navigate({ to: "/postmortems", search: { ...search, ...part }, replace: true });
  return (
    <>
      <PageHeader title="Postmortems" lead="What failed, why, and what was done so that it doesn't again." />
      <div className="mb-4 flex flex-wrap items-center gap-3">
        <SearchBox
          label="Search postmortems"
          placeholder="Search by what happened, why, or a fix"
          value={search.q ?? ""}
          onChange={(q) => change({ q: q || undefined })}
          className="min-w-0 flex-1 basis-72"
        />
        <Segmented
          label="Which postmortems"
          options={STATES.map(({ id, label }) => ({ value: id, label }))}
          value={search.state ?? ""}
          onChange={(state) => change({ state: state || undefined })}
        />
      </div>
      <Card flush>
        <Loaded query={query}>
          {({ pages }) => {
            const items = pages.flatMap((page) => page.items);
            if (items.length === 0) return <Nothing searched={Boolean(search.q || search.state)} />;
            return (
              <ul className="divide-y divide-line">
                {items.map((item) => (
                  <Entry key={item.id} item={item} />
                ))}
              </ul>
            );
          }}
        </Loaded>
      </Card>
      {query.hasNextPage && (
        <div className="mt-4 text-center">
          <Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            Show older ones
          </Button>
        </div>
      )}
    </>
  );
}

const Nothing = ({ searched }: { searched: boolean }) => (
  <EmptyState icon={<BookOpen size={22} />} title={searched ? "Nothing matches" : "No postmortem yet"}>
    {searched
      ? "Try fewer words, or another state."
      : "When an incident is over, write down what was learned: its page has the button. Everybody in the company can read it here."}
  </EmptyState>
);

function Entry({ item }: { item: PostmortemSummary }) {
  const { done, total } = item.actions;
  return (
    <li className="relative px-4 py-4 hover:bg-hover sm:px-5">
      <div className="flex flex-wrap items-center gap-x-3 gap-y-1 text-xs text-muted">
        <SeverityBadge severity={item.severity} />
        {item.service && <span>{item.service.name}</span>}
        <Time at={item.occurred_at} />
        {item.duration_ms !== null && <Duration ms={item.duration_ms} />}
        {item.state !== "published" && <Badge strong>{item.state === "draft" ? "Draft" : "In review"}</Badge>}
      </div>
      <h2 className="mt-1.5 font-semibold">
        <Link to="/postmortems/$id" params={{ id: item.id }} className="after:absolute after:inset-0">
          {item.title}
        </Link>
      </h2>
      <p className="mt-1 max-w-[70ch] text-sm text-muted">{item.headline}</p>
      {item.match && (
        <p className="mt-1.5 max-w-[80ch] text-sm">
          {placed(item.match).map(({ at, text, hit }) =>
            hit ? <mark key={at}>{text}</mark> : <span key={at}>{text}</span>,
          )}
        </p>
      )}
      <div className="mt-2 flex flex-wrap items-center gap-2 text-xs text-muted">
        {item.tags.map((tag) => (
          <Badge key={tag}>{tag}</Badge>
        ))}
        {total > 0 && (
          <span className="num">
            {done} of {total} actions done
          </span>
        )}
      </div>
    </li>
  );
}

/** Each part of a passage with where it begins. */
function placed(parts: readonly { text: string; hit: boolean }[]) {
  let at = 0;
  return parts.map((part) => {
    const begins = at;
    at += part.text.length;
    return { ...part, at: begins };
  });
}
