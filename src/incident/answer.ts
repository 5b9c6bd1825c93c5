import { by } from "../org/actor.ts";
import { actorForUser } from "../org/actor-load.ts";
import type { Resource } from "../org/can.ts";
import type { Answer, LinkClaim, Verb } from "../page/answer.ts";
import type { Similar, Subject, SubjectAlert } from "../page/model.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { missing, Refusal } from "../platform/refusal.ts";
import type { Enrich } from "./enrich.ts";
import { pageUnreachable } from "./escalation.ts";
import { acknowledge, escalateNow, type Outcome, resolve } from "./verbs.ts";
import "./table.ts";

/** A page goes without "seen before" rather than late. */
const ENRICH_LIMIT_MS = 100;

/** What pages are about, and what their answers do: the incident's side of the port that `page` declares. */
export function createAnswer(platform: Platform, enrich: Enrich): Answer {
  return {
    async wanted(tx, page) {
      const row = await tx
        .selectFrom("incidents")
        .select(["status", "round"])
        .where("id", "=", page.subjectId)
        .executeTakeFirst();
      if (!row) return { yes: false, why: "the incident is gone" };
      if (page.purpose !== "page") return { yes: true };
      if (row.status !== "triggered") return { yes: false, why: `the incident is ${row.status}` };
      if (row.round !== page.round) return { yes: false, why: "a newer round has begun" };
      return { yes: true };
    },
    async describe(db, subjectId, personId) {
      const [subject, similar] = await Promise.all([
        readSubject(db, { id: subjectId, personId, url: platform.url }),
        withinLimit(platform, enrich, subjectId),
      ]);
      return { ...subject, similar };
    },
    resource: readResource,
    act: (claim) => act(platform, claim),
    unreachable: (tx, hand, page) => pageUnreachable(tx, hand, page),
  };
}

async function readResource(db: DbOrTx, id: string): Promise<Resource | null> {
  const row = await db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .select(["services.team_id as team", "services.visibility"])
    .where("incidents.id", "=", id)
    .executeTakeFirst();
  return row ? { type: "incident", team: row.team, visibility: row.visibility ?? "company" } : null;
}

async function withinLimit(platform: Platform, enrich: Enrich, incidentId: string): Promise<Similar[]> {
  const limit = AbortSignal.timeout(ENRICH_LIMIT_MS);
  const late = new Promise<Similar[]>((done) => limit.addEventListener("abort", () => done([])));
  const found = enrich.similar({ incidentId, viewer: null }).catch((error: unknown) => {
    platform.log.warn(
      { error, incidentId },
      "could not look for what was seen before; the page goes without",
    );
    return [];
  });
  return Promise.race([found, late]);
}

async function readSubject(
  db: DbOrTx,
  { id, personId, url }: { id: string; personId: string; url: string },
): Promise<Omit<Subject, "similar">> {
  const [row, alerts, others] = await Promise.all([
    incidentRow(db, id),
    readAlerts(db, id),
    whoElse(db, { id, personId }),
  ]);
  if (!row) throw missing(`incident ${id}`);
  return {
    kind: "incident",
    id: row.id,
    number: row.number,
    title: row.title,
    severity: row.severity,
    urgency: row.urgency,
    status: row.status,
    url: `${url}/incidents/${row.number}`,
    service: row.service_slug && row.service_name ? { slug: row.service_slug, name: row.service_name } : null,
    alerts,
    since: row.started_at,
    runbook: row.runbook ?? null,
    whoElse: others,
    acknowledged: row.acknowledged_at ? { by: row.ack_name ?? "somebody", at: row.acknowledged_at } : null,
    resolved: row.resolved_at ? { at: row.resolved_at, how: row.resolution ?? "resolved" } : null,
  };
}

const incidentRow = (db: DbOrTx, id: string) =>
  db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .leftJoin("users as ack", "ack.id", "incidents.acknowledged_by")
    .selectAll("incidents")
    .select([
      "services.slug as service_slug",
      "services.name as service_name",
      "services.runbook",
      "ack.name as ack_name",
    ])
    .where("incidents.id", "=", id)
    .executeTakeFirst();

async function readAlerts(db: DbOrTx, incidentId: string): Promise<SubjectAlert[]> {
  const rows = await db
    .selectFrom("incident_alerts")
    .select(["alert_id", "title", "reason", "first_at", "status", "evidence"])
    .where("incident_id", "=", incidentId)
    .orderBy("status")
    .orderBy("first_at")
    .execute();
  return rows.map((row) => ({
    id: row.alert_id,
    title: row.title,
    reason: row.reason,
    since: row.first_at,
    status: row.status,
    evidence: evidenceLines(row.evidence),
  }));
}

interface Evidence {
  expectations?: { what: string; ok: boolean; wanted: string; got: string }[];
  location?: string;
  remote?: string | null;
}

/** The failing check line by line: what was wanted, what came, from where. */
export function evidenceLines(evidence: unknown): string[] {
  const { expectations = [], location, remote } = (evidence ?? {}) as Evidence;
  const lines = expectations
    .filter((each) => !each.ok)
    .map(({ what, wanted, got }) => `${what}: got ${got}, wanted ${wanted}`);
  if (remote) lines.push(`answered by ${remote}`);
  if (location) lines.push(`checked from ${location}`);
  return lines;
}

/** Who else is paged in the round that is on. */
const whoElse = (db: DbOrTx, { id, personId }: { id: string; personId: string }) =>
  db
    .selectFrom("pages")
    .innerJoin("users", "users.id", "pages.person_id")
    .innerJoin("incidents", (join) =>
      join.onRef("incidents.id", "=", "pages.subject_id").onRef("incidents.round", "=", "pages.round"),
    )
    .select(["users.name", "pages.level"])
    .distinct()
    .where("pages.subject_id", "=", id)
    .where("pages.person_id", "<>", personId)
    .orderBy("pages.level")
    .orderBy("users.name")
    .execute();

/** A link or a button was pressed: in the name of the person it was made for. */
async function act(platform: Platform, claim: LinkClaim): Promise<Outcome> {
  const person = await actorForUser(platform.db, claim.personId);
  if (!person) throw new Refusal("gone", "The person this link was made for is no longer active here.");
  const hand = by(platform, { ...person, type: "link" });
  return inTransaction(platform.db, async (tx) => {
    const row = await tx
      .selectFrom("incidents")
      .select(["round", "number", "status"])
      .where("id", "=", claim.subjectId)
      .forUpdate()
      .executeTakeFirst();
    if (!row) throw new Refusal("gone", "This incident no longer exists.");
    if (row.status === "resolved")
      return { done: false, text: `Incident #${row.number} is already resolved.` };
    const stale = row.round !== claim.round && claim.verb !== "acknowledge";
    if (stale)
      return { done: false, text: "This link belongs to an earlier page; open the incident to act on it." };
    return VERBS[claim.verb](tx, hand, claim);
  });
}

type Act = (
  tx: Parameters<typeof acknowledge>[0],
  hand: ReturnType<typeof by>,
  claim: LinkClaim,
) => Promise<Outcome>;

const VERBS: Record<Verb, Act> = {
  acknowledge: (tx, hand, claim) => acknowledge(tx, hand, { id: claim.subjectId, how: claim.via }),
  // From a message nobody can be asked back: a check that still fails opens a linked incident five minutes later.
  resolve: (tx, hand, claim) => resolve(tx, hand, { id: claim.subjectId, reallyFixed: true, how: claim.via }),
  escalate: (tx, hand, claim) => escalateNow(tx, hand, { id: claim.subjectId, how: claim.via }),
};
