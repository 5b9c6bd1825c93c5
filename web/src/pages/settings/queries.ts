import { queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type {
  Channel,
  ContactFindings,
  ContactMethod,
  NotificationRules,
  PageOf,
  PeopleFindings,
  User,
  UserUses,
} from "../../lib/types.ts";

/** The ways to reach a person that this installation knows; they change only with the program and its settings. */
export const channelsQuery = queryOptions({
  queryKey: ["channels"],
  queryFn: () => api.get<{ items: Channel[] }>("/channels"),
});

export const methodsQuery = (person: string) =>
  queryOptions({
    queryKey: ["contact-methods", person],
    queryFn: ({ signal }) => api.get<PageOf<ContactMethod>>(`/users/${person}/contact-methods`, {}, signal),
  });

export const rulesQuery = (person: string) =>
  queryOptions({
    queryKey: ["notification-rules", person],
    queryFn: ({ signal }) => api.get<NotificationRules>(`/users/${person}/notification-rules`, {}, signal),
  });

export const findingsQuery = (person: string) =>
  queryOptions({
    queryKey: ["contact-findings", person],
    queryFn: ({ signal }) => api.get<ContactFindings>(`/users/${person}/contact-findings`, {}, signal),
    staleTime: 0,
  });

/** Of everybody, those whom pages may not reach. */
export const peopleFindingsQuery = queryOptions({
  queryKey: ["contact-findings"],
  queryFn: ({ signal }) => api.get<PeopleFindings>("/contact-findings", {}, signal),
  staleTime: 0,
});

export type ActiveFilter = "true" | "false" | "all";

export const usersQuery = (active: ActiveFilter) =>
  queryOptions({
    queryKey: ["users", "list", { active }],
    queryFn: ({ signal }) => api.get<PageOf<User>>("/users", { limit: 500, active }, signal),
  });

export const usesQuery = (person: string) =>
  queryOptions({
    queryKey: ["user-uses", person],
    queryFn: ({ signal }) => api.get<UserUses>(`/users/${person}/uses`, {}, signal),
    staleTime: 0,
  });
