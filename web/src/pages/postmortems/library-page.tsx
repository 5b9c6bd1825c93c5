import { useInfiniteQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { BookOpen } from "lucide-react";
import { buttonClass } from "../../ui/button.tsx";
import { Older } from "../../ui/older.tsx";
import { PageHeader } from "../../ui/page-header.tsx";
import { EmptyState, Loaded, SkeletonRows } from "../../ui/states.tsx";
import { LibraryEntry } from "./library-entry.tsx";
import { LibraryFilters } from "./library-filters.tsx";
import { postmortemsQuery } from "./queries.ts";
import { type LibrarySearch, libraryRoute } from "./routes.tsx";

/** Everything that was learned, found by any word in it. */
export function LibraryPage() {
  const search = libraryRoute.useSearch();
  const query = useInfiniteQuery(postmortemsQuery(search));
  return (
    <div className="mx-auto max-w-4xl">
      <PageHeader title="Postmortems" lead="What happened, what was learned, and what was promised." />
      <LibraryFilters search={search} />
      <Loaded query={query} skeleton={<SkeletonRows rows={8} />}>
        {({ pages }) => {
          const items = pages.flatMap((page) => page.items);
          return items.length === 0 ? (
            <Nothing search={search} />
          ) : (
            <ol className="flex flex-col divide-y divide-line">
              {items.map((item) => (
                <LibraryEntry key={item.id} item={item} search={search} />
              ))}
            </ol>
          );
        }}
      </Loaded>
      <Older query={query} />
    </div>
  );
}

const Nothing = ({ search }: { search: LibrarySearch }) =>
  Object.values(search).some(Boolean) ? (
    <EmptyState
      icon={<BookOpen size={22} />}
      title={search.q ? `Nothing about “${search.q}”` : "No postmortem fits"}
      action={
        <Link to="/postmortems" search={{}} className={buttonClass()}>
          Show all
        </Link>
      }
    >
      Other words, or fewer filters, may find it.
    </EmptyState>
  ) : (
    <EmptyState
      icon={<BookOpen size={22} />}
      title="The library is empty"
      action={
        <Link to="/incidents" search={{ tab: "resolved" }} className={buttonClass("primary")}>
          Choose an incident
        </Link>
      }
    >
      A postmortem begins with a resolved incident: its page offers to write one, with everything that was
      recorded already in it.
    </EmptyState>
  );
