import type { z } from "zod";
import { policyBySlug } from "../oncall/resolve.ts";
import type { By } from "../org/actor.ts";
import { must } from "../org/can.ts";
import type { Tx } from "../platform/database/database.ts";
import { invalid } from "../platform/refusal.ts";
import { openIncident } from "./incidents.ts";
import type { declare } from "./schema.ts";

/** A person says that something is wrong: the service's policy, or the one they name, is paged. */
export async function declareIncident(
  tx: Tx,
  by: By,
  input: z.infer<typeof declare>,
): Promise<{ id: string; number: number }> {
  const service = input.service ? await serviceBySlug(tx, input.service) : null;
  must(by.actor, "respond", {
    type: "service",
    team: service?.team_id ?? by.actor.teamScope,
    visibility: service?.visibility ?? "company",
  });
  const policySlug = input.escalation_policy;
  if (policySlug && !(await policyBySlug(tx, policySlug)))
    throw invalid("/escalation_policy", `There is no escalation policy "${policySlug}".`);
  return openIncident(tx, by, {
    title: input.title,
    summary: input.summary,
    severity: input.severity,
    urgency: input.urgency ?? service?.urgency ?? "high",
    serviceId: service?.id ?? null,
    groupingKey: null,
    startedAt: by.at,
    alerts: [],
    policySlug,
  });
}

async function serviceBySlug(tx: Tx, slug: string) {
  const service = await tx
    .selectFrom("services")
    .select(["id", "team_id", "visibility", "urgency"])
    .where("slug", "=", slug)
    .executeTakeFirst();
  if (!service) throw invalid("/service", `There is no service "${slug}".`);
  return service;
}
