import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate } from "@tanstack/react-router";
import { Repeat2 } from "lucide-react";
import { plural } from "../../lib/format.ts";
import { date, relative } from "../../lib/time.ts";
import type { ProblemState, ProblemSummary } from "../../lib/types.ts";
import { buttonClass } from "../../ui/button.tsx";
import { FilterChips } from "../../ui/filter-chips.tsx";
import { Older } from "../../ui/older.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { SearchBox } from "../../ui/search-box.tsx";
import { Badge } from "../../ui/small.tsx";
import { EmptyState, Loaded, SkeletonRows } from "../../ui/states.tsx";
import { Time } from "../../ui/time.tsx";
import { problemsQuery } from "./queries.ts";
import { type LedgerSearch, problemsRoute } from "./routes.tsx";
import { causeWords, STATES } from "./words.ts";

/** The problem ledger: which failures keep coming back, and whether their fixes were made. */
export function ProblemsPage() {
  const search = problemsRoute.useSearch();
  const navigate = useNavigate();
  const query = useInfiniteQuery(problemsQuery(search));
  const show = (next: LedgerSearch) => void navigate({ to: "/problems", search: next, replace: true });
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader
        title="Problems"
        lead="Failures by their cause: how often they came back, and where the fix stands."
      />
      <div className="mb-4 flex flex-col gap-3">
        <SearchBox
          label="Search problems"
          placeholder="What keeps failing?"
          value={search.q ?? ""}
          onChange={(q) => show({ ...search, q: q || undefined })}
        />
        <FilterChips
          label="State"
          chips={Object.entries(STATES).map(([value, label]) => ({ value, label }))}
          selected={search.state?.split(",") ?? []}
          onChange={(states) => show({ ...search, state: states.join(",") || undefined })}
        />
      </div>
      <Loaded query={query} skeleton={<SkeletonRows rows={6} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          if (items.length === 0) return <Nothing filtered={Boolean(search.q ?? search.state)} />;
          return (
            <ol className="flex flex-col divide-y divide-line">
              {items.map((item) => (
                <Entry key={item.id} item={item} />
              ))}
            </ol>
          );
        }}
      </Loaded>
      <Older query={query} />
    </div>
  );
}

function Entry({ item }: { item: ProblemSummary }) {
  return (
    <li className="flex flex-col gap-1.5 py-4">
      <div className="flex flex-wrap items-baseline gap-x-3 gap-y-1">
        <Link
          to="/problems/$number"
          params={{ number: String(item.number) }}
          className="min-w-0 text-base font-medium underline-offset-4 hover:underline"
        >
          {item.title}
        </Link>
        <span className="text-xs text-faint num">P-{item.number}</span>
        {item.repeats > 0 && <Badge strong>{plural(item.repeats, "repeat")}</Badge>}
      </div>
      <p className="flex flex-wrap gap-x-3 gap-y-1 text-sm text-muted">
        <State state={item.state} />
        {item.service && <span>{item.service.name}</span>}
        {item.cause !== "unknown" && <span>{causeWords(item.cause)}</span>}
        {item.last_at && (
          <span>
            last <Time at={item.last_at} format={item.repeats > 0 ? relative : date} />
          </span>
        )}
        {item.open_actions > 0 && (
          <span className={item.overdue_actions > 0 ? "font-medium text-down" : undefined}>
            {plural(item.open_actions, "open action")}
            {item.overdue_actions > 0 && `, ${item.overdue_actions} overdue`}
          </span>
        )}
      </p>
    </li>
  );
}

export const State = ({ state }: { state: ProblemState }) => (
  <span className={state === "open" ? "font-medium text-text" : undefined}>{STATES[state]}</span>
);

const Nothing = ({ filtered }: { filtered: boolean }) =>
  filtered ? (
    <EmptyState
      icon={<Repeat2 size={22} />}
      title="No problem fits"
      action={
        <Link to="/problems" search={{}} className={buttonClass()}>
          Show all
        </Link>
      }
    >
      Other words, or fewer filters, may find it.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<Repeat2 size={22} />}
      title="Nothing has come back yet"
      action={
        <Link to="/incidents" search={{ tab: "resolved" }} className={buttonClass("primary")}>
          Look at past incidents
        </Link>
      }
    >
      When an incident looks like an earlier one, its page asks whether the cause was the same. Your answer
      makes them one problem, and whatever was promised for it is followed up here.
    </EmptyState>
  );
