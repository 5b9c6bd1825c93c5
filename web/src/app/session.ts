import { queryOptions, useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useEffect } from "react";
import { api } from "../lib/api.ts";
import { store, stored } from "../lib/stored.ts";
import type { Incident, Me, OnCallNow, PageOf } from "../lib/types.ts";
import { type ListMeta, queryClient } from "./query.ts";

/** Who is signed in, and the state of the installation. Throws an ApiProblem 401 when nobody is. */
export const meQuery = queryOptions({
  queryKey: ["me"],
  queryFn: ({ signal }) => api.get<Me>("/me", {}, signal),
  staleTime: Number.POSITIVE_INFINITY,
});

/** Takes over the theme chosen elsewhere, on a device where none was chosen. */
export function useThemeOfMe(): void {
  const { theme } = useMe().user;
  useEffect(() => {
    if (stored("theme", "") === "") store("theme", theme);
  }, [theme]);
}

/** The person at this screen; only beneath the signed-in frame. */
export const useMe = (): Me => useSuspenseQuery(meQuery).data;

const isOpen = (incident: unknown): boolean => (incident as Incident).status !== "resolved";

/** Incidents that are not resolved, kept current by the live stream. */
export const burningQuery = queryOptions({
  queryKey: ["incidents", "list", { status: "triggered,acknowledged" }],
  queryFn: ({ signal }) =>
    api.get<PageOf<Incident>>("/incidents", { status: "triggered,acknowledged" }, signal),
  meta: { admits: isOpen } satisfies ListMeta,
});

/** Open incidents: those that nobody has first, then by severity, then the oldest. */
export function useBurning(): readonly Incident[] {
  const { data } = useQuery(burningQuery);
  return (data?.items ?? []).toSorted(
    (a, b) =>
      Number(a.status === "acknowledged") - Number(b.status === "acknowledged") ||
      a.severity.localeCompare(b.severity) ||
      a.opened_at.localeCompare(b.opened_at),
  );
}

/** Who is on call now, and next. */
export const onCallQuery = queryOptions({
  queryKey: ["oncall", "now"],
  queryFn: ({ signal }) => api.get<OnCallNow>("/oncall", {}, signal),
});

/** Whether this person may do a thing at all; the server decides each case. */
export function useMay(action: "respond" | "edit" | "administer"): boolean {
  const { role } = useMe().user;
  return role === "admin" || (role === "responder" && action !== "administer");
}

/** Ends the session and forgets everything that was loaded. */
export async function signOut(): Promise<void> {
  await api.post("/api/auth/sign-out");
  queryClient.clear();
  window.location.assign("/sign-in");
}
