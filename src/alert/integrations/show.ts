import type { Selectable } from "kysely";
import { sql } from "kysely";
import type { Actor } from "../../org/actor.ts";
import { can } from "../../org/can.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import type { Platform } from "../../platform/platform.ts";
import { findSource } from "../sources/index.ts";
import type { AnySource, SetupAt } from "../sources/source.ts";
import { resourceOf } from "./integrations.ts";
import { shownSettings, silenceOf } from "./known.ts";
import type { IntegrationJson, IntegrationKindJson, ReceivedJson } from "./schema.ts";
import type { ReceivedEventTable, ReceivedOutcome } from "./table.ts";
import "../table.ts";
import "./table.ts";

/** Integrations with what the list shows of each: when something came last, and how much of it fires. */
export const shownIntegrations = (db: DbOrTx) =>
  db
    .selectFrom("integrations")
    .leftJoin("services", "services.id", "integrations.service_id")
    .leftJoinLateral(
      (eb) =>
        eb
          .selectFrom("received_events")
          .select(["received_at as last_at", "outcome as last_outcome", "why as last_why"])
          .whereRef("integration_id", "=", "integrations.id")
          .orderBy("id", "desc")
          .limit(1)
          .as("last"),
      (join) => join.onTrue(),
    )
    .selectAll("integrations")
    .select(["last.last_at", "last.last_outcome", "last.last_why"])
    .select(["services.slug as service_slug", "services.name as service_name"])
    .select(["services.team_id as team", "services.visibility"])
    .select(
      sql<number>`(select count(*)::integer from alerts
        where alerts.source_id = integrations.id and alerts.status = 'firing')`.as("firing"),
    );

type Shown = Awaited<ReturnType<ReturnType<typeof shownIntegrations>["execute"]>>[number];

export function integrationJson(row: Shown, viewer: Actor): IntegrationJson {
  const source = findSource(row.kind);
  const last = row.last_at && row.last_outcome ? { at: row.last_at, outcome: row.last_outcome } : null;
  return {
    ...{ id: row.id, slug: row.slug, name: row.name, kind: row.kind, title: source?.title ?? row.kind },
    service: row.service_slug && row.service_name ? { slug: row.service_slug, name: row.service_name } : null,
    settings: shownSettings(row),
    ...{ severity: row.severity, urgency: row.urgency, severities: row.severities },
    auto_resolve_after: silenceOf(row),
    rate_limit: row.rate_limit,
    paused: row.paused_at !== null,
    state: stateOf(row, last),
    last_received: last && { at: last.at.toString(), outcome: last.outcome, why: row.last_why },
    firing: row.firing,
    managed_by: row.managed_by,
    may_edit: can(viewer, "edit", resourceOf(row)),
    created_at: row.created_at.toString(),
    updated_at: row.updated_at.toString(),
  };
}

function stateOf(row: Shown, last: { outcome: ReceivedOutcome } | null): IntegrationJson["state"] {
  if (row.paused_at !== null) return "paused";
  if (last === null) return "waiting";
  return row.not_understood_since === null ? "working" : "not_understood";
}

/** Where to send to, and how to set it up over there. */
export function setupOf(platform: Pick<Platform, "url">, source: AnySource, key: string) {
  const at: SetupAt = { home: platform.url, url: `${platform.url}/in/${key}`, key };
  return { url: at.url, setup: source.setup(at) };
}

export const kindJson = (platform: Pick<Platform, "url">, source: AnySource): IntegrationKindJson => ({
  ...{ kind: source.kind, title: source.title, docs: source.docs },
  setup: setupOf(platform, source, "KEY").setup,
  form: [...source.form],
  examples: source.examples.map(({ name, body, path = "", contentType }) => ({
    ...{ name, path },
    body: typeof body === "string" ? body : JSON.stringify(body, null, 2),
    content_type: contentType ?? (typeof body === "string" ? "text/plain" : "application/json"),
  })),
});

export const receivedJson = (row: Selectable<ReceivedEventTable>): ReceivedJson => ({
  ...{ id: row.id, received_at: row.received_at.toString(), method: row.method, path: row.path },
  content_type: row.content_type,
  size: row.body.length,
  ...{ outcome: row.outcome, why: row.why, events: row.events.map((event) => ({ ...event })) },
  headers: row.headers,
  body: row.body.toString("utf8"),
});
