import { queryOptions, useQuery } from "@tanstack/react-query";
import { api } from "../lib/api.ts";
import type { Monitor, PageOf } from "../lib/types.ts";
import { Picker } from "./picker.tsx";

/** As many as the API lists at once. */
const MOST = 500;

export const monitorNamesQuery = queryOptions({
  queryKey: ["monitors", "names"],
  queryFn: ({ signal }) => api.get<PageOf<Monitor>>("/monitors", { limit: MOST }, signal),
});

/** Any number of monitors by name; what is kept are their slugs. */
export function MonitorsField({
  label,
  pointer,
  chosen,
  onChange,
}: {
  label: string;
  pointer: string;
  chosen: readonly string[];
  onChange: (chosen: string[]) => void;
}) {
  const monitors = useQuery(monitorNamesQuery);
  return <Picker {...{ label, pointer, chosen, onChange }} things={monitors.data?.items ?? []} />;
}
