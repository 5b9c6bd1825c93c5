import type { AlertEvent, Source } from "../model.ts";
import type { Receipt } from "./commit.ts";
import type { Known } from "./known.ts";

/** The key of the alert that says so; no sender's key begins like this by chance. */
export const NOT_UNDERSTOOD = "keepwatch: not understood";

export const sourceOf = ({ id, slug, name }: Pick<Known, "id" | "slug" | "name">): Source => ({
  type: "integration",
  id,
  slug,
  name,
});

/** Somebody should look: what came may have been an outage. It wakes nobody. */
export const notUnderstood = ({ integration, why }: Receipt, now: Temporal.Instant): AlertEvent => ({
  action: "trigger",
  source: sourceOf(integration),
  title: `${integration.name} sends what Keepwatch can't read`,
  reason: `${why?.replaceAll("`", "") ?? "It is of another form"}. What came is kept under Integrations, ${integration.slug}.`,
  cause: "not understood",
  severity: "SEV4",
  urgency: "low",
  labels: { integration: integration.slug },
  evidence: null,
  serviceId: integration.service_id,
  startedAt: now.toString(),
  at: now.toString(),
});

export const understoodAgain = (integration: Known, now: Temporal.Instant): AlertEvent => ({
  action: "resolve",
  source: sourceOf(integration),
  reason: "what it sends is understood again",
  at: now.toString(),
});
