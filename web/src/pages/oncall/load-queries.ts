import { keepPreviousData, queryOptions } from "@tanstack/react-query";
import { api } from "../../lib/api.ts";
import type { Fairness, HolidayList, Report } from "../../lib/types.ts";

export type LoadQuestion = Record<"schedule" | "team" | "from" | "to", string>;

export const fairnessQuery = (question: LoadQuestion) =>
  queryOptions({
    queryKey: ["fairness", question],
    queryFn: ({ signal }) => api.get<Fairness>("/fairness", question, signal),
    placeholderData: keepPreviousData,
  });

export const holidayListsQuery = queryOptions({
  queryKey: ["holiday-lists"],
  queryFn: ({ signal }) => api.get<{ items: HolidayList[] }>("/holiday-lists", {}, signal),
});

/** Of the last whole week unless told. */
export const reportQuery = (team: string, week: string) =>
  queryOptions({
    queryKey: ["oncall-report", team, week],
    queryFn: ({ signal }) => api.get<Report>("/oncall/report", { team, week }, signal),
    placeholderData: keepPreviousData,
  });
