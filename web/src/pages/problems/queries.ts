import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { queryClient } from "../../app/query.ts";
import { api } from "../../lib/api.ts";
import type { FailureProblem, PageOf, ProblemSummary } from "../../lib/types.ts";
import type { LedgerSearch } from "./routes.tsx";

const PAGE = 50;

export const problemsQuery = (search: LedgerSearch) =>
  infiniteQueryOptions({
    queryKey: ["problems", "list", search],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<ProblemSummary>>("/problems", { ...search, limit: PAGE, cursor: pageParam }, signal),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const problemQuery = (number: string) =>
  queryOptions({
    queryKey: ["problems", "one", number],
    queryFn: ({ signal }) => api.get<FailureProblem>(`/problems/${number}`, {}, signal),
  });

/** After anything about a problem was said: the ledger, its page and the incidents that name it are asked for again. */
export const problemsChanged = (): void => {
  for (const key of ["problems", "incidents"]) void queryClient.invalidateQueries({ queryKey: [key] });
};
