import { useQuery } from "@tanstack/react-query";
import type { PolicyTarget } from "../../lib/types.ts";
import { peopleQuery } from "../incidents/queries.ts";
import { teamsQuery } from "../services/queries.ts";
import { schedulesQuery } from "./queries.ts";

/** A target as one text, for lists and keys. */
export const targetKey = (target: PolicyTarget): string => {
  if ("schedule" in target) return `schedule:${target.schedule}`;
  if ("next" in target) return `next:${target.next}`;
  if ("lead" in target) return `lead:${target.lead}`;
  return "user" in target ? `user:${target.user}` : `team:${target.team}`;
};

export function targetOf(key: string): PolicyTarget {
  const [kind, ...rest] = key.split(":");
  const name = rest.join(":");
  if (kind === "schedule") return { schedule: name };
  if (kind === "next") return { next: name };
  if (kind === "lead") return { lead: name };
  return kind === "user" ? { user: name } : { team: name };
}

/** Everything that can be paged, by key and by name: schedules first. */
export function useTargets(): { value: string; label: string }[] {
  const schedules = useQuery(schedulesQuery).data?.items ?? [];
  const people = useQuery(peopleQuery).data?.items ?? [];
  const teams = useQuery(teamsQuery).data?.items ?? [];
  return [
    ...schedules.map(({ slug, name }) => ({ value: `schedule:${slug}`, label: `On call: ${name}` })),
    ...schedules.map(({ slug, name }) => ({ value: `next:${slug}`, label: `Next on call: ${name}` })),
    ...people.map(({ email, name }) => ({ value: `user:${email}`, label: name })),
    ...teams.map(({ slug, name }) => ({ value: `team:${slug}`, label: `Everybody in ${name}` })),
    ...teams.map(({ slug, name }) => ({ value: `lead:${slug}`, label: `Lead of ${name}` })),
  ];
}

/** A target in words. */
export function useTargetName(): (target: PolicyTarget) => string {
  const names = new Map(useTargets().map(({ value, label }) => [value, label]));
  return (target) => names.get(targetKey(target)) ?? targetKey(target).split(":").slice(1).join(":");
}
