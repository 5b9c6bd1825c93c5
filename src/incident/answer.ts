import { type By, by } from "../org/actor.ts";
import { actorForUser } from "../org/actor-load.ts";
import type { Resource } from "../org/can.ts";
import type { Answer, AnswerClaim, Brief } from "../page/answer.ts";
import type { Similar, Subject, SubjectAlert } from "../page/model.ts";
import { later } from "../platform/clock.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { formatDuration } from "../platform/duration.ts";
import type { Platform } from "../platform/platform.ts";
import { missing, Refusal } from "../platform/refusal.ts";
import type { Enrich } from "./enrich.ts";
import { pageUnreachable } from "./escalation.ts";
import { isAsked } from "./responders.ts";
import { acknowledge, addNote, escalateNow, type Outcome, reassign, resolve } from "./verbs.ts";
import "./table.ts";

/** A page goes without "seen before" rather than late. */
const ENRICH_LIMIT_MS = 100;
/** How much of a note sent from a telephone is kept. */
const MOST_NOTE = 4_000;

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
      if (page.purpose === "expiring" && row.status !== "acknowledged")
        return { yes: false, why: `the incident is ${row.status}` };
      const isOver = row.status === "resolved" && (page.purpose === "joined" || page.purpose === "answered");
      if (isOver) return { yes: false, why: "the incident is resolved" };
      if (page.purpose !== "page") return { yes: true };
      if (row.status !== "resolved" && (await isAsked(tx, page))) return { yes: true };
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
    briefs: readBriefs,
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

async function readBriefs(
  db: DbOrTx,
  which: { ids: readonly string[] } | { number: number },
): Promise<Brief[]> {
  if ("ids" in which && which.ids.length === 0) return [];
  return db
    .selectFrom("incidents")
    .select(["id", "number", "title", "status", "round"])
    .$if("ids" in which, (query) => query.where("id", "in", "ids" in which ? [...which.ids] : []))
    .$if("number" in which, (query) => query.where("number", "=", "number" in which ? which.number : 0))
    .orderBy("number")
    .execute();
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

/** A link or a button was pressed, or a few words were sent: in the name of the person it was made for. */
async function act(platform: Platform, claim: AnswerClaim): Promise<Outcome> {
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
    const { verb } = claim.action;
    if (verb === "note") return carryOut(tx, hand, claim);
    if (row.status === "resolved")
      return { done: false, text: `Incident #${row.number} is already resolved.` };
    const stale = row.round !== claim.round && verb !== "acknowledge" && verb !== "snooze";
    if (stale)
      return { done: false, text: "This link belongs to an earlier page; open the incident to act on it." };
    return carryOut(tx, hand, claim);
  });
}

async function carryOut(
  tx: Tx,
  hand: By,
  { subjectId: id, via: how, action }: AnswerClaim,
): Promise<Outcome> {
  switch (action.verb) {
    case "acknowledge":
      return acknowledge(tx, hand, { id, how });
    case "snooze":
      return snooze(tx, hand, { id, how, forMs: action.forMs });
    case "resolve":
      // From a message nobody can be asked back: a check that still fails opens a linked incident five minutes later.
      return resolve(tx, hand, { id, reallyFixed: true, how });
    case "escalate":
      return escalateNow(tx, hand, { id, how });
    case "decline":
      await addNote(tx, hand, { id, text: "I can't take this." });
      return escalateNow(tx, hand, { id, how });
    case "note":
      await addNote(tx, hand, { id, text: action.text.slice(0, MOST_NOTE) });
      return { done: true, text: "Noted." };
    case "reassign":
      return reassignTo(tx, hand, { id, to: action.to });
  }
}

async function snooze(
  tx: Tx,
  hand: By,
  { id, how, forMs }: { id: string; how: string; forMs: number },
): Promise<Outcome> {
  const outcome = await acknowledge(tx, hand, { id, how, until: later(hand.at, forMs) });
  return outcome.done ? { ...outcome, text: `Snoozed for ${formatDuration(forMs)}.` } : outcome;
}

/** To whoever one address or name means, or one policy; asks back when it is nobody or several. */
async function reassignTo(tx: Tx, hand: By, { id, to }: { id: string; to: string }): Promise<Outcome> {
  const word = to.trim().toLowerCase();
  const people = await tx
    .selectFrom("users")
    .select(["email", "name"])
    .where("deactivated_at", "is", null)
    .where((eb) =>
      eb.or([
        eb(eb.fn<string>("lower", ["email"]), "=", word),
        eb(eb.fn<string>("lower", ["name"]), "=", word),
        eb(eb.fn<string>("split_part", [eb.fn("lower", ["name"]), eb.val(" "), eb.val(1)]), "=", word),
      ]),
    )
    .execute();
  const [first, ...others] = people.length > 1 ? exactly(people, word) : people;
  if (first && others.length === 0) return reassign(tx, hand, { id, to: { user: first.email } });
  if (first)
    return {
      done: false,
      text: `Several people are called ${to}: ${people.map(({ email }) => email).join(", ")}.`,
    };
  return { done: false, text: `Nobody here is called "${to}". Write a name or an e-mail address.` };
}

/** Of several the one whose whole address or name it is, if there is one. */
function exactly<P extends { email: string; name: string }>(
  people: readonly P[],
  word: string,
): readonly P[] {
  const exact = people.filter(({ email, name }) => [email.toLowerCase(), name.toLowerCase()].includes(word));
  return exact.length === 1 ? exact : people;
}
