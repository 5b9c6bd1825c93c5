import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { PageOf, Postmortem, PostmortemSummary } from "../../lib/types.ts";
import type { LibrarySearch } from "./routes.tsx";

const PAGE = 30;

/** The library: newest first, or with words the best match first. */
export const postmortemsQuery = (search: LibrarySearch) =>
  infiniteQueryOptions({
    queryKey: ["postmortems", "list", search],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<PostmortemSummary>>(
        "/postmortems",
        { ...search, limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
  });

export const postmortemQuery = (id: string) =>
  queryOptions({
    queryKey: ["postmortems", "one", id],
    queryFn: ({ signal }) => api.get<Postmortem>(`/postmortems/${id}`, {}, signal),
  });
