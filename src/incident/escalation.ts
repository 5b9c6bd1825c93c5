import { sql } from "kysely";
import type { Severity } from "../catalog/schema.ts";
import { next, type Step } from "../oncall/escalation/next.ts";
import { choosePath } from "../oncall/escalation/paths.ts";
import { type PolicyCopy, type Target, targetsOfCopy } from "../oncall/escalation/policy.ts";
import { type EscalationState, levelAfter, startRound } from "../oncall/escalation/state.ts";
import { describeWhy, type Why } from "../oncall/escalation/why.ts";
import { administrators, withCurrentAdministrators, withLastResort } from "../oncall/last-resort.ts";
import { afterQuietHours, planNotifications } from "../oncall/notification-rules.ts";
import { policyBySlug, policyOfService, resolveAll, rulesFor, targetKey } from "../oncall/resolve.ts";
import { holdTurns, recordTurns, turnsOf } from "../oncall/turns.ts";
import { type By, SYSTEM } from "../org/actor.ts";
import { pagingPause } from "../org/installation.ts";
import { quietHoursOf } from "../org/quiet-hours.ts";
import { usableMethods } from "../page/contact-methods.ts";
import { createPages } from "../page/deliveries.ts";
import { tellThose } from "../page/tell.ts";
import { isBefore, later, msBetween } from "../platform/clock.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { humanDuration } from "../platform/duration.ts";
import { failpoint } from "../platform/failpoint.ts";
import { audienceOf } from "./audience.ts";
import { type RoundReason, warningMs } from "./model.ts";
import { namesOf, say } from "./say.ts";
import { addEntry } from "./timeline.ts";
import "./table.ts";

/** What is kept with the incident between steps. `said` keeps a step that repeats itself from filling the timeline. */
export interface EscalationRecord {
  state: EscalationState;
  said: Why["kind"] | "paused" | null;
}

/** How far one round has come, as its row says. */
interface Running {
  id: string;
  number: number;
  status: "triggered" | "acknowledged" | "resolved";
  urgency: "high" | "low";
  severity: Severity;
  service_id: string | null;
  policy: PolicyCopy | null;
  escalation: EscalationRecord | null;
  round: number;
}

const readRunning = (tx: DbOrTx, id: string) =>
  tx
    .selectFrom("incidents")
    .select(["id", "number", "status", "urgency", "severity", "service_id", "policy", "escalation", "round"])
    .where("id", "=", id);

export interface NewRound {
  incidentId: string;
  reason: RoundReason;
  /** The policy of this round; without it the one in use, as it stands now, or else the service's. */
  policy?: PolicyCopy;
  policySlug?: string;
}

/** Starts a round and takes its first step, in the caller's transaction, which holds the incident. */
export async function beginRound(tx: Tx, by: By, input: NewRound): Promise<void> {
  const incident = await readRunning(tx, input.incidentId).executeTakeFirstOrThrow();
  const policy = await policyFor(tx, incident, { ...input, at: by.at });
  const round = input.reason === "opened" ? 1 : incident.round + 1;
  const fromLevel = input.reason === "escalated" ? levelAfter(policy, incident.escalation?.state ?? null) : 1;
  const state = startRound(policy, { round, fromLevel });
  await tx
    .updateTable("incidents")
    .set({ round, policy: json(policy), updated_at: by.at })
    .where("id", "=", input.incidentId)
    .execute();
  const status = incident.status === "resolved" ? "resolved" : "triggered";
  if (incident.status === "acknowledged") await ringAgain(tx, input.incidentId);
  await step(tx, by, { ...incident, status, policy, round, escalation: { state, said: null } });
}

/** A new round is one that nobody has taken on. */
const ringAgain = (tx: Tx, id: string) =>
  tx
    .updateTable("incidents")
    .set({
      ...{ status: "triggered", acknowledged_by: null, acknowledged_at: null },
      ...{ acknowledged_until: null, acknowledgement_expires_at: null },
    })
    .where("id", "=", id)
    .execute();

async function policyFor(
  tx: Tx,
  incident: Running,
  { at, ...input }: NewRound & { at: Temporal.Instant },
): Promise<PolicyCopy> {
  const slug = input.policySlug ?? incident.policy?.slug;
  const chosen =
    input.policy ??
    (slug ? await policyBySlug(tx, slug) : null) ??
    incident.policy ??
    (incident.service_id ? await policyOfService(tx, incident.service_id) : null);
  const path = chosen && choosePath(chosen, { ...(await circumstances(tx, incident)), at });
  return { ...withLastResort(path, await administrators(tx)), copiedAt: at.toString() };
}

/** What the paths of a policy ask about: the incident as it is when its round starts. */
async function circumstances(tx: Tx, { id, urgency, severity }: Running) {
  const alerts = await tx
    .selectFrom("incident_alerts")
    .select("labels")
    .where("incident_id", "=", id)
    .where("status", "=", "firing")
    .execute();
  return { urgency, severity, labels: alerts.map((alert) => alert.labels) };
}

/** Asks the state machine for the next step and does what it says, all in the caller's transaction. */
export async function step(tx: Tx, by: By, incident: Running): Promise<void> {
  const { escalation } = incident;
  if (!incident.policy || !escalation) return;
  const policy = withCurrentAdministrators(incident.policy, await administrators(tx));
  const pause = await pagingPause(tx, by.at);
  if (pause) return waitForPause(tx, by, { incident, until: pause.until, pausedBy: pause.by });
  await holdTurns(tx, policy);
  const { methods, unreachable, ...situation } = await situationOf(tx, {
    incident,
    policy,
    state: escalation.state,
    at: by.at,
  });
  const decision = next(situation);
  await recordTurns(tx, { policy, before: escalation.state, after: decision.state });
  if (decision.pages.length > 0) await page(tx, by, incident, { decision, methods });
  await say(tx, by, incident, { why: decision.why, said: escalation.said, policy, unreachable });
  await keep(tx, by, {
    id: incident.id,
    record: { state: decision.state, said: decision.why.kind },
    wakeAt: decision.wakeAt,
  });
  failpoint("escalate:stepped");
}

async function situationOf(
  db: DbOrTx,
  {
    incident,
    policy,
    state,
    at,
  }: { incident: Running; policy: PolicyCopy; state: EscalationState; at: Temporal.Instant },
) {
  const { people, leaderless } = await resolveAll(db, targetsOfCopy(policy), at);
  const served = await turnsOf(db, policy);
  const everybody = [...new Set([...people.values()].flat())];
  const methods = await usableMethods(db, everybody);
  const reachable = (person: string) => (methods.get(person)?.length ?? 0) > 0;
  return {
    policy,
    state,
    incident: { status: incident.status, urgency: incident.urgency },
    resolve: (target: Target) => (people.get(targetKey(target)) ?? []).filter(reachable),
    unreachable: (target: Target) =>
      (people.get(targetKey(target)) ?? []).filter((person) => !reachable(person)),
    leaderless: (target: Target) => leaderless.has(target.id),
    served: (level: number) => served.get(level) ?? [],
    // A round that has yet to begin has reached nobody.
    reached:
      state.phase !== "begin" &&
      (await wasReached(db, { subjectId: incident.id, round: state.round, run: state.run, at })),
    now: at,
    methods,
  };
}

/**
 * Whether any channel has accepted a delivery for the pages of this round and run. One of low urgency that waits for
 * its time, with nothing of its page tried before, counts too: quiet hours are no reason to look for somebody else.
 */
async function wasReached(
  db: DbOrTx,
  { subjectId, round, run, at }: { subjectId: string; round: number; run: number; at: Temporal.Instant },
) {
  const { rows } = await sql<{ reached: boolean }>`
    select exists (select 1 from pages p join deliveries d on d.page_id = p.id
      where p.subject_id = ${subjectId} and p.round = ${round} and p.repeat = ${run} and p.level > 0
        and (d.status in ('sent', 'delivered', 'seen') or (p.urgency = 'low' and d.status = 'queued' and d.due_at > ${at}
          and not exists (select 1 from deliveries o join delivery_attempts a on a.delivery_id = o.id
            where o.page_id = p.id)))) as reached`.execute(db);
  return rows[0]?.reached ?? false;
}

type Methods = Awaited<ReturnType<typeof usableMethods>>;

async function page(
  tx: Tx,
  by: By,
  incident: Running,
  { decision, methods }: { decision: Step; methods: Methods },
): Promise<void> {
  const people = decision.pages.map((each) => each.person);
  const rules = await rulesFor(tx, people, incident.urgency);
  const quiet = incident.urgency === "low" ? await quietHoursOf(tx, people) : new Map();
  await createPages(tx, by, {
    subject: { type: "incident", id: incident.id },
    pages: decision.pages.map(({ person, round, level, repeat, reason }) => ({
      personId: person,
      round,
      level,
      repeat,
      reason,
      urgency: incident.urgency,
    })),
    plan: (person) => {
      const { steps } = planNotifications(rules.get(person) ?? [], methods.get(person) ?? []);
      return afterQuietHours(steps, quiet.get(person), by.at);
    },
  });
}

async function waitForPause(
  tx: Tx,
  by: By,
  { incident, until, pausedBy }: { incident: Running; until: Temporal.Instant; pausedBy: string },
): Promise<void> {
  const record = incident.escalation;
  if (!record) return;
  if (record.said !== "paused") {
    const text = `Paging is paused by ${pausedBy} until ${until.toString({ smallestUnit: "second" })}: nobody is paged before then.`;
    await addEntry(tx, { ...by, actor: SYSTEM }, incident, { kind: "paging_paused", text });
  }
  await keep(tx, by, { id: incident.id, record: { ...record, said: "paused" }, wakeAt: until });
}

async function keep(
  tx: Tx,
  by: By,
  { id, record, wakeAt }: { id: string; record: EscalationRecord; wakeAt: Temporal.Instant | null },
): Promise<void> {
  await tx
    .updateTable("incidents")
    .set({ escalation: json(record), next_escalation_at: wakeAt })
    .where("id", "=", id)
    .execute();
  await armWake(tx, by, { incidentId: id, at: wakeAt });
}

/** Sets the one instant at which the incident is looked at again; null: never. */
export async function armWake(
  tx: Tx,
  by: By,
  { incidentId, at }: { incidentId: string; at: Temporal.Instant | null },
): Promise<void> {
  const { due } = by.platform;
  await due.cancel(tx, "escalate", incidentId);
  if (at)
    await due.add(tx, {
      kind: "escalate",
      key: incidentId,
      at,
      payload: { incidentId },
      maxAttempts: 1_000_000,
    });
}

/** The time has come: a wait is over, a snooze ended, or a pause of all paging. */
export async function wake(tx: Tx, by: By, incidentId: string): Promise<void> {
  const incident = await readRunning(tx, incidentId)
    .select(["acknowledged_until", "acknowledged_by"])
    .select(["acknowledgement_expires_at", "acknowledgement_warned"])
    .forUpdate()
    .executeTakeFirst();
  if (!incident || incident.status === "resolved") return;
  if (incident.status === "triggered") return step(tx, by, incident);
  const until = incident.acknowledged_until;
  if (!until) return acknowledgementRunsOut(tx, by, incident);
  if (Temporal.Instant.compare(by.at, until) < 0) return armWake(tx, by, { incidentId, at: until });
  await addEntry(tx, by, incident, {
    kind: "acknowledgement_expired",
    text: "The snooze is over and nobody resolved it",
  });
  await beginRound(tx, by, { incidentId, reason: "snooze_ended" });
}

type Acknowledged = Running & {
  acknowledged_by: string | null;
  acknowledgement_expires_at: Temporal.Instant | null;
  acknowledgement_warned: boolean;
};

/** Tells whoever has it that their acknowledgement runs out soon; when it has, pages all over again. */
async function acknowledgementRunsOut(tx: Tx, by: By, incident: Acknowledged): Promise<void> {
  const { id, acknowledgement_expires_at: expires, acknowledged_by: personId, policy } = incident;
  if (!expires) return;
  const hand = { ...by, actor: SYSTEM };
  const name = (await namesOf(tx, personId ? [personId] : [])).get(personId ?? "") ?? "whoever acknowledged";
  if (!isBefore(by.at, expires)) {
    const text = `The acknowledgement by ${name} ran out and was not renewed; paging again`;
    await addEntry(tx, hand, incident, { kind: "acknowledgement_expired", text });
    await beginRound(tx, by, { incidentId: id, reason: "acknowledgement_expired" });
    return publishIncident(tx, by, id);
  }
  const warnAt = later(expires, -warningMs(policy?.acknowledgeTimeoutMs ?? 0));
  if (incident.acknowledgement_warned || isBefore(by.at, warnAt))
    return armWake(tx, by, { incidentId: id, at: isBefore(by.at, warnAt) ? warnAt : expires });
  await tx.updateTable("incidents").set({ acknowledgement_warned: true }).where("id", "=", id).execute();
  const left = humanDuration(msBetween(by.at, expires));
  const text = `The acknowledgement by ${name} runs out in ${left}; unless it is renewed, it pages again`;
  await addEntry(tx, hand, incident, { kind: "acknowledgement_expiring", text });
  if (personId)
    await tellThose(tx, hand, {
      subject: { type: "incident", id },
      purpose: "expiring",
      personIds: [personId],
    });
  await armWake(tx, by, { incidentId: id, at: expires });
}

const publishIncident = async (tx: Tx, by: By, id: string): Promise<void> =>
  by.platform.live.publish(tx, { type: "incident", id, ...(await audienceOf(tx, id)) });

/** Every method of a page's person was refused. If that leaves its level without anybody, the next one is due at once. */
export async function pageUnreachable(
  tx: Tx,
  by: By,
  page: { subjectId: string; round: number; level: number; repeat: number; personName: string },
): Promise<void> {
  const incident = await readRunning(tx, page.subjectId).forUpdate().executeTakeFirst();
  if (!incident?.escalation || incident.status !== "triggered") return;
  const text = `${page.personName} could not be reached: every contact method was refused.`;
  await addEntry(tx, { ...by, actor: SYSTEM }, incident, { kind: "delivery_failed", text });
  const { state } = incident.escalation;
  const current = state.round === page.round && state.run === page.repeat && state.level === page.level;
  if (!current || state.phase !== "waiting" || (await levelAlive(tx, page))) return;
  await step(tx, by, {
    ...incident,
    escalation: { ...incident.escalation, state: { ...state, dueAt: by.at.toString() } },
  });
}

async function levelAlive(tx: Tx, page: { subjectId: string; round: number; level: number; repeat: number }) {
  const { rows } = await sql<{ alive: boolean }>`
    select exists (select 1 from pages p join deliveries d on d.page_id = p.id
      where p.subject_id = ${page.subjectId} and p.round = ${page.round} and p.level = ${page.level}
        and p.repeat = ${page.repeat} and d.status not in ('failed', 'cancelled')) as alive`.execute(tx);
  return rows[0]?.alive ?? false;
}

/** Whom the next step would page, and when: the very same function, asked ahead of time. */
export async function previewNext(
  db: DbOrTx,
  incident: Running & { next_escalation_at: Temporal.Instant | null },
  now: Temporal.Instant,
) {
  const { policy, escalation, next_escalation_at: due } = incident;
  if (!policy || !escalation || !due) return null;
  const at = Temporal.Instant.compare(due, now) < 0 ? now : due;
  const current = withCurrentAdministrators(policy, await administrators(db));
  const situation = await situationOf(db, { incident, policy: current, state: escalation.state, at });
  const decision = next({ ...situation, now: later(at, 0) });
  const people = [...new Set(decision.pages.map((each) => each.person))];
  const rows =
    people.length > 0
      ? await db.selectFrom("users").select(["id", "name", "email"]).where("id", "in", people).execute()
      : [];
  const names = new Map(rows.map((row) => [row.id, row.name]));
  return {
    at: due.toString(),
    level: decision.pages[0]?.level ?? decision.state.level,
    people: rows,
    text: describeWhy(decision.why, (person) => names.get(person) ?? "somebody"),
  };
}
