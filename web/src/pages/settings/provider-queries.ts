import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { Provider, ProviderKindInfo } from "../../lib/types.ts";

export const providersQuery = queryOptions({
  queryKey: ["providers"],
  queryFn: ({ signal }) => api.get<{ items: Provider[] }>("/providers", {}, signal),
});

/** They change only with the program. */
export const providerKindsQuery = queryOptions({
  queryKey: ["provider-kinds"],
  queryFn: () => api.get<{ items: ProviderKindInfo[] }>("/provider-kinds"),
  staleTime: Number.POSITIVE_INFINITY,
});
