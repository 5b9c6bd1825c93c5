import { infiniteQueryOptions, keepPreviousData, queryOptions } from "@tanstack/react-query";
import { queryClient } from "../../../app/query.ts";
import { api } from "../../../lib/api.ts";
import type {
  Integration,
  IntegrationKindInfo,
  PageOf,
  Received,
  ReceivedBrief,
} from "../../../lib/types.ts";

/** What came last is looked for so often while it is on screen. */
const LOOK_EVERY_MS = 5_000;
const MOST = 500;
const PAGE = 20;

export const integrationsQuery = queryOptions({
  queryKey: ["integrations", "list"],
  queryFn: ({ signal }) => api.get<PageOf<Integration>>("/integrations", { limit: MOST }, signal),
  refetchInterval: LOOK_EVERY_MS,
});

export const integrationQuery = (slug: string) =>
  queryOptions({
    queryKey: ["integrations", "one", slug],
    queryFn: ({ signal }) => api.get<Integration>(`/integrations/${slug}`, {}, signal),
    refetchInterval: LOOK_EVERY_MS,
  });

export const receivedQuery = (slug: string) =>
  infiniteQueryOptions({
    queryKey: ["integrations", "received", slug],
    queryFn: ({ pageParam, signal }) =>
      api.get<PageOf<ReceivedBrief>>(
        `/integrations/${slug}/received`,
        { limit: PAGE, cursor: pageParam },
        signal,
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.next ?? undefined,
    placeholderData: keepPreviousData,
    refetchInterval: LOOK_EVERY_MS,
  });

export const payloadQuery = (slug: string, id: string) =>
  queryOptions({
    queryKey: ["integrations", "payload", slug, id],
    queryFn: ({ signal }) => api.get<Received>(`/integrations/${slug}/received/${id}`, {}, signal),
    staleTime: Number.POSITIVE_INFINITY,
  });

/** They change only with the program. */
export const integrationKindsQuery = queryOptions({
  queryKey: ["integration-kinds"],
  queryFn: () => api.get<{ items: IntegrationKindInfo[] }>("/integration-kinds"),
  staleTime: Number.POSITIVE_INFINITY,
});

export const integrationsChanged = (): Promise<void> =>
  queryClient.invalidateQueries({ queryKey: ["integrations"] });
