import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { ApiToken, PageOf } from "../../lib/types.ts";

export const tokensQuery = queryOptions({
  queryKey: ["tokens", "list"],
  queryFn: ({ signal }) => api.get<PageOf<ApiToken>>("/tokens", {}, signal),
});
