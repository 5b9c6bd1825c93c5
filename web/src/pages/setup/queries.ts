import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { SampleShop, SetupState } from "../../lib/types.ts";

export const setupQuery = queryOptions({
  queryKey: ["setup"],
  queryFn: () => api.get<SetupState>("/setup"),
  staleTime: 0,
});

/** The shop's mode, and the monitor that watches it; refused where no shop runs. */
export const sampleShopQuery = queryOptions({
  queryKey: ["sample-shop"],
  queryFn: () => api.get<SampleShop>("/sample-shop"),
  retry: false,
});
