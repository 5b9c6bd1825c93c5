import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { Overview } from "../../lib/types.ts";

export const overviewQuery = queryOptions({
  queryKey: ["overview"],
  queryFn: ({ signal }) => api.get<Overview>("/overview", {}, signal),
});
