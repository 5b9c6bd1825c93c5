import type { PolicyCopy } from "../oncall/escalation/policy.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import type { PersonRef } from "../platform/http/schema.ts";
import { previewNext } from "./escalation.ts";
import { respondersOf } from "./responders.ts";
import type { Incident } from "./schema.ts";
import "./table.ts";

const groupBy = <T, K>(rows: readonly T[], key: (row: T) => K): Map<K, T[]> => Map.groupBy(rows, key);

/** What `learn` knows of an incident; incident itself knows none of it. */
export type Learned = Pick<Incident, "postmortem" | "problem">;
export type LearnedOf = (db: DbOrTx, incidentIds: readonly string[]) => Promise<Map<string, Learned>>;

/** Reads incidents in the shape of the API, a handful of queries for any number of them, in the order of `ids`. */
export async function incidentsJson(
  db: DbOrTx,
  ids: readonly string[],
  context: { url: string; now: Temporal.Instant; learnedOf: LearnedOf },
): Promise<Incident[]> {
  if (ids.length === 0) return [];
  const [rows, alerts, paged, learned, responders, reached] = await Promise.all([
    incidentRows(db, ids),
    alertRows(db, ids),
    pagedPeople(db, ids),
    context.learnedOf(db, ids),
    respondersOf(db, ids),
    reachedAmong(db, ids),
  ]);
  const alertsOf = groupBy(alerts, (row) => row.incident_id);
  const pagedOf = groupBy(paged, (row) => row.subject_id);
  const byId = new Map(rows.map((row) => [row.id, row]));
  const items: Incident[] = [];
  for (const id of ids) {
    const row = byId.get(id);
    if (!row) continue;
    items.push({
      ...plainFields(row, context.url),
      alerts: (alertsOf.get(id) ?? []).map(alertJson),
      paged: (pagedOf.get(id) ?? []).map(({ id, name, email }) => ({ id, name, email })),
      reached: reached.has(id),
      responders: responders.get(id) ?? [],
      next_escalation: row.status === "triggered" ? await previewNext(db, row, context.now) : null,
      ...(learned.get(id) ?? { postmortem: null, problem: null }),
      similar: [],
    });
  }
  return items;
}

type Row = Awaited<ReturnType<typeof incidentRows>>[number];

function plainFields(
  row: Row,
  url: string,
): Omit<
  Incident,
  "alerts" | "paged" | "reached" | "responders" | "next_escalation" | "postmortem" | "problem" | "similar"
> {
  return {
    id: row.id,
    number: row.number,
    title: row.title,
    summary: row.summary,
    status: row.status,
    severity: row.severity,
    urgency: row.urgency,
    service: row.service_slug && row.service_name ? { slug: row.service_slug, name: row.service_name } : null,
    team: row.team_slug && row.team_name ? { slug: row.team_slug, name: row.team_name } : null,
    runbook: row.runbook ?? null,
    acknowledged_by: person(row.ack_id, row.ack_name, row.ack_email),
    acknowledged_at: row.acknowledged_at?.toString() ?? null,
    acknowledged_until: row.acknowledged_until?.toString() ?? null,
    acknowledgement_expires_at: row.acknowledgement_expires_at?.toString() ?? null,
    resolved_by: person(row.res_id, row.res_name, row.res_email),
    resolution: row.resolution,
    started_at: row.started_at.toString(),
    opened_at: row.opened_at.toString(),
    resolved_at: row.resolved_at?.toString() ?? null,
    url: `${url}/incidents/${row.number}`,
    round: row.round,
    policy: row.policy && policyJson(row.policy),
    follows: row.follows_id && row.follows_number ? { id: row.follows_id, number: row.follows_number } : null,
  };
}

const policyJson = ({ slug, name, path, copiedAt, acknowledgeTimeoutMs }: PolicyCopy) => ({
  ...{ slug, name, path: path ?? null, copied_at: copiedAt ?? null },
  acknowledge_timeout_ms: acknowledgeTimeoutMs ?? null,
});

const person = (id: string | null, name: string | null, email: string | null): PersonRef | null =>
  id && name && email ? { id, name, email } : null;

const incidentRows = (db: DbOrTx, ids: readonly string[]) =>
  db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .leftJoin("teams", "teams.id", "services.team_id")
    .leftJoin("users as ack", "ack.id", "incidents.acknowledged_by")
    .leftJoin("users as res", "res.id", "incidents.resolved_by")
    .leftJoin("incidents as followed", "followed.id", "incidents.follows_id")
    .selectAll("incidents")
    .select([
      "services.slug as service_slug",
      "services.name as service_name",
      "services.runbook as runbook",
      "services.visibility as visibility",
      "services.team_id as team_id",
      "teams.slug as team_slug",
      "teams.name as team_name",
      "ack.id as ack_id",
      "ack.name as ack_name",
      "ack.email as ack_email",
      "res.id as res_id",
      "res.name as res_name",
      "res.email as res_email",
      "followed.number as follows_number",
    ])
    .where("incidents.id", "in", ids)
    .execute();

const alertRows = (db: DbOrTx, ids: readonly string[]) =>
  db
    .selectFrom("incident_alerts")
    .selectAll()
    .where("incident_id", "in", ids)
    .orderBy("first_at")
    .orderBy("alert_id")
    .execute();

const alertJson = (row: Awaited<ReturnType<typeof alertRows>>[number]): Incident["alerts"][number] => ({
  id: row.alert_id,
  status: row.status,
  title: row.title,
  reason: row.reason,
  source: row.source ?? null,
  evidence: row.evidence ?? null,
  first_at: row.first_at.toString(),
  last_at: row.last_at.toString(),
  resolved_at: row.resolved_at?.toString() ?? null,
});

const pagedPeople = (db: DbOrTx, ids: readonly string[]) =>
  db
    .selectFrom("pages")
    .innerJoin("users", "users.id", "pages.person_id")
    .select(["pages.subject_id", "users.id", "users.name", "users.email"])
    .distinct()
    .where("pages.subject_id", "in", ids)
    .orderBy("users.name")
    .execute();

/** The incidents of whose pages in this round a message was taken, or is on its way without any failure so far. */
async function reachedAmong(db: DbOrTx, ids: readonly string[]): Promise<Set<string>> {
  const rows = await db
    .selectFrom("pages as p")
    .innerJoin("incidents as i", (join) =>
      join.onRef("i.id", "=", "p.subject_id").onRef("i.round", "=", "p.round"),
    )
    .innerJoin("deliveries as d", "d.page_id", "p.id")
    .select("p.subject_id")
    .distinct()
    .where("p.subject_id", "in", ids)
    .where((eb) =>
      eb.or([
        eb("d.status", "in", ["sent", "delivered", "seen"]),
        eb.and([
          eb("d.status", "in", ["queued", "sending"]),
          eb.not(
            eb.exists(
              eb
                .selectFrom("delivery_attempts as a")
                .select("a.number")
                .whereRef("a.delivery_id", "=", "d.id")
                .where("a.outcome", "in", ["retry", "refused"]),
            ),
          ),
        ]),
      ]),
    )
    .execute();
  return new Set(rows.map((row) => row.subject_id));
}
