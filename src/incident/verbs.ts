import type { Severity, Urgency } from "../catalog/schema.ts";
import { policyBySlug, policyForUser } from "../oncall/resolve.ts";
import { type By, SYSTEM } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { cancelRinging, tellThose } from "../page/deliveries.ts";
import { isBefore, later } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import { humanDuration } from "../platform/duration.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import { armWake, beginRound } from "./escalation.ts";
import { tellOver } from "./events.ts";
import { firingAlerts, type IncidentRow, lockIncident, publishIncident } from "./incidents.ts";
import { acknowledgement, warningMs } from "./model.ts";
import { answerAsked, RESPONDER_LEVEL } from "./responders.ts";
import { addEntry } from "./timeline.ts";
import "./table.ts";

/** After "really fixed" Keepwatch looks again: what still fails then opens a new, linked incident. */
export const REALLY_FIXED_AFTER_MS = 5 * 60_000;

/** What a verb did, in words that are true even when somebody else was quicker. */
export interface Outcome {
  done: boolean;
  text: string;
}

const nameOf = async (tx: Tx, userId: string | null): Promise<string> => {
  if (!userId) return "somebody";
  const row = await tx.selectFrom("users").select("name").where("id", "=", userId).executeTakeFirst();
  return row?.name ?? "somebody";
};

const personOf = (by: By): string | null =>
  by.actor.type === "user" || by.actor.type === "link" ? by.actor.id : null;

const refuseResolved = (incident: IncidentRow, doing: string): void => {
  if (incident.status !== "resolved") return;
  throw new Refusal(
    "conflict",
    `Incident #${incident.number} is resolved; it cannot be ${doing}. Declare a new one if it is back.`,
  );
};

/**
 * Takes the incident on: everything that still rings is cancelled and escalation stops, in this transaction.
 * @param until when it rings again (a snooze); null for good.
 * @param how the channel or screen it was answered on, e.g. `email link`.
 */
export async function acknowledge(
  tx: Tx,
  by: By,
  input: { id: string; until?: Temporal.Instant | null; how: string },
): Promise<Outcome> {
  const incident = await lockIncident(tx, input.id);
  const helps =
    incident.status !== "resolved" && (await answerAsked(tx, by, { incident, answer: "accepted" }));
  const until = input.until ?? null;
  if (until && !isBefore(by.at, until))
    throw invalid("/until", "An acknowledgement cannot end in the past; choose a later time.");
  const result = acknowledgement(
    {
      status: incident.status,
      acknowledgedBy: incident.acknowledged_by,
      acknowledgedUntil: incident.acknowledged_until,
      runsOut: incident.acknowledgement_expires_at !== null,
    },
    { until, person: personOf(by) },
  );
  if (result.kind === "resolved")
    return { done: false, text: `Incident #${incident.number} is already resolved.` };
  if (result.kind === "already") {
    const name = await nameOf(tx, result.by);
    if (helps) await publishIncident(tx, by, incident);
    return helps
      ? { done: true, text: `You are helping ${name}.` }
      : { done: false, text: `Already acknowledged by ${name}.` };
  }
  const timeoutMs = until ? null : await acknowledgeTimeoutMs(tx, input.id);
  const expires = timeoutMs === null ? null : later(by.at, timeoutMs);
  const renewed =
    incident.status === "acknowledged" && incident.acknowledgement_expires_at !== null && !until;
  await tx
    .updateTable("incidents")
    .set((eb) => ({
      status: "acknowledged",
      acknowledged_at: by.at,
      first_acknowledged_at: eb.fn.coalesce("first_acknowledged_at", eb.val(by.at)),
      acknowledged_by: personOf(by),
      acknowledged_until: until,
      acknowledgement_expires_at: expires,
      acknowledgement_warned: false,
      next_escalation_at: until ?? expires,
      updated_at: by.at,
    }))
    .where("id", "=", input.id)
    .execute();
  await cancelRinging(tx, by, input.id, {
    ...{ reason: `acknowledged by ${by.actor.name}`, how: input.how },
    // Who was asked for help is still needed.
    exceptLevel: RESPONDER_LEVEL,
  });
  const warnAt = timeoutMs === null ? null : later(by.at, timeoutMs - warningMs(timeoutMs));
  await armWake(tx, by, { incidentId: input.id, at: until ?? warnAt });
  await addEntry(tx, by, incident, {
    kind: until ? "snoozed" : "acknowledged",
    text: until
      ? `Snoozed until ${until.toString({ smallestUnit: "second" })}`
      : acknowledgedWords({ renewed, timeoutMs }),
    data: { how: input.how, until: (until ?? expires)?.toString() ?? null },
  });
  await auditVerb(tx, by, incident, until ? "snoozed" : "acknowledged");
  await publishIncident(tx, by, incident);
  return { done: true, text: "Acknowledged." };
}

/** How long an acknowledgement lasts by the policy in use; null: until it is resolved. */
async function acknowledgeTimeoutMs(tx: Tx, id: string): Promise<number | null> {
  const row = await tx.selectFrom("incidents").select("policy").where("id", "=", id).executeTakeFirst();
  return row?.policy?.acknowledgeTimeoutMs ?? null;
}

function acknowledgedWords({ renewed, timeoutMs }: { renewed: boolean; timeoutMs: number | null }): string {
  const word = renewed ? "Still on it" : "Acknowledged";
  return timeoutMs === null
    ? word
    : `${word}; unless that is renewed within ${humanDuration(timeoutMs)}, it pages again`;
}

export interface ResolveInput {
  id: string;
  note?: string;
  /** An answer to "something still fails": really fixed. Without an answer: refused while an alert fires. */
  reallyFixed?: boolean;
  /** The other answer: what still fires has been silenced until then. */
  silencedUntil?: Temporal.Instant;
  how: string;
}

/** Ends the incident by hand. While an alert fires the caller must say that it is really fixed. */
export async function resolve(tx: Tx, by: By, input: ResolveInput): Promise<Outcome> {
  const incident = await lockIncident(tx, input.id);
  if (incident.status === "resolved")
    return { done: false, text: `Incident #${incident.number} is already resolved.` };
  const firing = await firingAlerts(tx, input.id);
  if (firing > 0 && !input.reallyFixed && !input.silencedUntil) {
    throw new Refusal(
      "conflict",
      `${firing} alert${firing === 1 ? " is" : "s are"} still firing. Resolve it as really fixed, silence it for a while, or wait until the check recovers.`,
      {
        problems: [
          {
            pointer: "/still_failing",
            detail: 'send "really_fixed", or "silence" with silence_until, although a check still fails',
          },
        ],
      },
    );
  }
  if (input.note) await addEntry(tx, by, incident, { kind: "note", text: input.note });
  await finishIncident(tx, by, { incident, how: firing > 0 ? howAlthough(input) : "resolved by hand" });
  if (firing > 0 && !input.silencedUntil) {
    const at = later(by.at, REALLY_FIXED_AFTER_MS);
    await by.platform.due.add(tx, {
      kind: "still_failing",
      key: input.id,
      at,
      payload: { incidentId: input.id },
      maxAttempts: 1_000_000,
    });
  }
  await auditVerb(tx, by, incident, "resolved");
  await publishIncident(tx, by, incident);
  return { done: true, text: "Resolved." };
}

const howAlthough = ({ silencedUntil }: ResolveInput): string =>
  silencedUntil
    ? `silenced until ${silencedUntil.toString({ smallestUnit: "minute" })} while a check still failed`
    : "called fixed while a check still failed";

/** Ends it: nothing rings any more, and those who were paged are told. */
export async function finishIncident(
  tx: Tx,
  by: By,
  { incident, how }: { incident: IncidentRow; how: string },
): Promise<void> {
  await tx
    .updateTable("incidents")
    .set({
      status: "resolved",
      resolved_at: by.at,
      resolved_by: personOf(by),
      resolution: how,
      next_escalation_at: null,
      acknowledgement_expires_at: null,
      updated_at: by.at,
    })
    .where("id", "=", incident.id)
    .execute();
  await cancelRinging(tx, by, incident.id, { reason: "resolved", how: "resolved" });
  await by.platform.due.cancel(tx, "escalate", incident.id);
  await tellOver(tx, by, incident.id);
  await addEntry(tx, by, incident, { kind: "resolved", text: `Resolved: ${how}` });
  const told = await tellThose(tx, by, {
    subject: { type: "incident", id: incident.id },
    purpose: "resolved",
  });
  if (told.length > 0) {
    const names = told.map((person) => person.name).join(", ");
    await addEntry(tx, { ...by, actor: SYSTEM }, incident, {
      kind: "told",
      text: `Telling ${names} that it is over`,
    });
  }
}

/** Wakes the next level at once, in a new round: whoever was paged before may be paged again. */
export async function escalateNow(tx: Tx, by: By, input: { id: string; how: string }): Promise<Outcome> {
  const incident = await lockIncident(tx, input.id);
  refuseResolved(incident, "escalated");
  await addEntry(tx, by, incident, {
    kind: "escalated",
    text: "Waking the next person",
    data: { how: input.how },
  });
  await reopenForPaging(tx, by, incident);
  await beginRound(tx, by, { incidentId: input.id, reason: "escalated" });
  await auditVerb(tx, by, incident, "escalated");
  await publishIncident(tx, by, incident);
  return { done: true, text: "The next person is being woken." };
}

/** Hands the incident to a person or to another policy; a new round begins there. */
export async function reassign(
  tx: Tx,
  by: By,
  input: { id: string; to: { user: string } | { escalation_policy: string } },
): Promise<Outcome> {
  const incident = await lockIncident(tx, input.id);
  refuseResolved(incident, "reassigned");
  const { policy, name } = await targetPolicy(tx, input.to);
  await cancelRinging(tx, by, input.id, {
    ...{ reason: `reassigned to ${name}`, how: "reassigned" },
    exceptLevel: RESPONDER_LEVEL,
  });
  await addEntry(tx, by, incident, { kind: "reassigned", text: `Reassigned to ${name}` });
  await reopenForPaging(tx, by, incident);
  await beginRound(tx, by, { incidentId: input.id, reason: "reassigned", policy });
  await auditVerb(tx, by, incident, "reassigned", { to: name });
  await publishIncident(tx, by, incident);
  return { done: true, text: `Reassigned to ${name}.` };
}

async function targetPolicy(tx: Tx, to: { user: string } | { escalation_policy: string }) {
  if ("escalation_policy" in to) {
    const policy = await policyBySlug(tx, to.escalation_policy);
    if (!policy)
      throw invalid("/escalation_policy", `There is no escalation policy "${to.escalation_policy}".`);
    return { policy, name: policy.name };
  }
  const user = await tx
    .selectFrom("users")
    .select(["id", "name"])
    .where((eb) => eb(eb.fn<string>("lower", ["email"]), "=", to.user.toLowerCase()))
    .where("deactivated_at", "is", null)
    .executeTakeFirst();
  if (!user) throw invalid("/user", `There is no active person with the address ${to.user}.`);
  return { policy: await policyForUser(tx, user.id), name: user.name };
}

/** An acknowledged incident that is handed on rings again until the new hands take it. */
async function reopenForPaging(tx: Tx, by: By, incident: IncidentRow): Promise<void> {
  if (incident.status !== "acknowledged") return;
  await tx
    .updateTable("incidents")
    .set({
      status: "triggered",
      acknowledged_by: null,
      acknowledged_at: null,
      acknowledged_until: null,
      acknowledgement_expires_at: null,
      updated_at: by.at,
    })
    .where("id", "=", incident.id)
    .execute();
}

export async function addNote(tx: Tx, by: By, input: { id: string; text: string }): Promise<void> {
  const incident = await lockIncident(tx, input.id);
  await addEntry(tx, by, incident, { kind: "note", text: input.text });
}

export interface IncidentChange {
  id: string;
  title?: string;
  summary?: string;
  severity?: Severity;
  urgency?: Urgency;
}

/** Corrects what the incident is called or how bad it is. Raising the urgency pages anew. */
export async function changeIncident(tx: Tx, by: By, { id, ...change }: IncidentChange): Promise<void> {
  const incident = await lockIncident(tx, id);
  const before = { title: incident.title, severity: incident.severity, urgency: incident.urgency };
  await tx
    .updateTable("incidents")
    .set({ ...change, updated_at: by.at })
    .where("id", "=", id)
    .execute();
  const said = [
    change.severity && change.severity !== before.severity
      ? `severity ${before.severity} → ${change.severity}`
      : "",
    change.urgency && change.urgency !== before.urgency
      ? `urgency ${before.urgency} → ${change.urgency}`
      : "",
    change.title && change.title !== before.title ? `title → ${change.title}` : "",
    change.summary !== undefined ? "summary edited" : "",
  ].filter(Boolean);
  if (said.length > 0)
    await addEntry(tx, by, incident, { kind: "changed", text: `Changed ${said.join(", ")}` });
  await audit(tx, by, {
    action: "updated",
    type: "incident",
    id,
    name: `#${incident.number}`,
    before,
    after: { ...before, ...change },
  });
  const raised = change.urgency === "high" && before.urgency === "low" && incident.status !== "resolved";
  if (raised) await beginRound(tx, by, { incidentId: id, reason: "raised" });
  await publishIncident(tx, by, incident);
}

async function auditVerb(
  tx: Tx,
  by: By,
  incident: IncidentRow,
  action: string,
  after?: unknown,
): Promise<void> {
  if (["system", "monitor", "integration"].includes(by.actor.type)) return;
  await audit(tx, by, {
    action,
    type: "incident",
    id: incident.id,
    name: `#${incident.number} ${incident.title}`,
    after,
  });
}
