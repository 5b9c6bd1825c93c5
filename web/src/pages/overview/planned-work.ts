import { useQuery } from "@tanstack/react-query";
import type { Service } from "../../lib/types.ts";
import { servicesQuery } from "../services/queries.ts";

export type PlannedWork = NonNullable<Service["maintenance"]>;

/** The services that are being worked on as planned, by slug. */
export function usePlannedWork(): ReadonlyMap<string, PlannedWork> {
  const services = useQuery(servicesQuery()).data?.items ?? [];
  return new Map(services.flatMap(({ slug, maintenance }) => (maintenance ? [[slug, maintenance]] : [])));
}
