import type { Selectable } from "kysely";
import { joinIncident, openIncident, type ToldAlert } from "../incident/incidents.ts";
import type { By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { groupingKey } from "./model.ts";
import type { AlertTable } from "./table.ts";
import "./table.ts";

export type AlertRow = Selectable<AlertTable>;

/** An alert as its incident is told of it. */
export const toldAlert = (row: AlertRow): ToldAlert => ({
  id: row.id,
  title: row.title,
  reason: row.reason,
  cause: row.cause,
  severity: row.severity,
  urgency: row.urgency,
  serviceId: row.service_id,
  labels: row.labels,
  source: row.source,
  evidence: row.evidence,
  firstAt: row.first_at,
  lastAt: row.last_at,
});

export interface Entering {
  /** One or several that belong together; the first gives the incident its name. */
  alerts: readonly [AlertRow, ...AlertRow[]];
  /** The incident they were in when it was resolved. */
  followsId?: string | null;
  /** Why they come only now, e.g. `Still failing after maintenance`. */
  because?: string;
}

/** Joins the open incident of its grouping key, or opens one. The unique index lets only one be open. */
export async function intoIncident(tx: Tx, by: By, { alerts, followsId, because }: Entering): Promise<void> {
  const [first] = alerts;
  const key = groupingKey(first.service_id, first.id);
  const open = await tx
    .selectFrom("incidents")
    .select("id")
    .where("grouping_key", "=", key)
    .where("status", "<>", "resolved")
    .forUpdate()
    .executeTakeFirst();
  const told = alerts.map(toldAlert);
  if (open) {
    for (const alert of told) await joinIncident(tx, by, { incidentId: open.id, alert, because });
  }
  const { id } =
    open ??
    (await openIncident(tx, by, {
      title: first.title,
      severity: first.severity,
      urgency: first.urgency,
      serviceId: first.service_id,
      groupingKey: key,
      startedAt: first.started_at,
      followsId: followsId ?? undefined,
      because,
      alerts: told,
    }));
  const ids = alerts.map((alert) => alert.id);
  await tx.updateTable("alerts").set({ incident_id: id }).where("id", "in", ids).execute();
  for (const alert of ids) await publishAlert(tx, by, alert);
}

/** Tells open browsers of those who may see it that the alert changed. */
export async function publishAlert(tx: Tx, by: By, id: string): Promise<void> {
  const row = await tx
    .selectFrom("alerts")
    .leftJoin("services", "services.id", "alerts.service_id")
    .select(["services.team_id as team", "services.visibility"])
    .where("alerts.id", "=", id)
    .executeTakeFirstOrThrow();
  const visibility = row.visibility ?? "company";
  await by.platform.live.publish(tx, { type: "alert", id, team: row.team, visibility });
}
