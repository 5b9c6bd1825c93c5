import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { peopleQuery } from "../incidents/queries.ts";

/** The names behind e-mail addresses, as schedules give them. */
export function useNames(): (email: string) => string {
  const { data } = useQuery(peopleQuery);
  return useMemo(() => {
    const names = new Map((data?.items ?? []).map((person) => [person.email, person.name]));
    return (email: string) => names.get(email) ?? email;
  }, [data]);
}

/** Everybody as the options of a list. */
export function usePeopleOptions(): { value: string; label: string }[] {
  const { data } = useQuery(peopleQuery);
  return (data?.items ?? []).map((person) => ({ value: person.email, label: person.name }));
}
