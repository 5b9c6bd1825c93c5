import { planNotifications } from "../oncall/notification-rules.ts";
import { resolveTargets, rulesFor } from "../oncall/resolve.ts";
import type { TargetInput } from "../oncall/schema.ts";
import { findTargets, targetKey } from "../oncall/targets.ts";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { usableMethods } from "../page/contact-methods.ts";
import { cancelRinging, createPages } from "../page/deliveries.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { newId } from "../platform/ids.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import { type IncidentRow, lockIncident, publishIncident } from "./incidents.ts";
import { namesOf } from "./say.ts";
import type { Incident } from "./schema.ts";
import { addEntry } from "./timeline.ts";
import "./table.ts";

/** The pages of people who are asked for help carry this level: they belong to none of the policy's. */
export const RESPONDER_LEVEL = 0;

export interface NewResponders {
  id: string;
  users?: readonly string[];
  teams?: readonly string[];
  schedules?: readonly string[];
  message?: string;
}

/**
 * Asks people for help and pages them at once, in the round that is on; the escalation goes on as it would have. Asked
 * again, a person is paged again. Refused when it is resolved, and when those named are nobody.
 */
export async function addResponders(
  tx: Tx,
  by: By,
  { id, message = "", ...named }: NewResponders,
): Promise<void> {
  const incident = await lockIncident(tx, id);
  if (incident.status === "resolved")
    throw new Refusal(
      "conflict",
      `Incident #${incident.number} is resolved; nobody needs to help with it any more.`,
    );
  const people = await peopleNamed(tx, named, by.at);
  for (const person of people) await ask(tx, by, { incident, person, message });
  const lacking = await pageThem(tx, by, { incident, people, message });
  const names = await namesOf(tx, people);
  const list = (ids: readonly string[]) => ids.map((person) => names.get(person) ?? "somebody").join(", ");
  const text = [
    `Asked ${list(people)} for help${message === "" ? "." : `: ${message}`}`,
    ...lacking.map((person) => `${list([person])} has no contact method that works.`),
  ].join(" ");
  await addEntry(tx, by, incident, { kind: "responders_asked", text, data: { people } });
  await audit(tx, by, {
    ...{ action: "responders_asked", type: "incident", id, name: `#${incident.number} ${incident.title}` },
    after: { people: list(people) },
  });
  await publishIncident(tx, by, incident);
}

async function peopleNamed(
  tx: Tx,
  { users = [], teams = [], schedules = [] }: Pick<NewResponders, "users" | "teams" | "schedules">,
  at: Temporal.Instant,
): Promise<string[]> {
  const written = [
    ...users.map((user, i) => ({ pointer: `/users/${i}`, target: { user } })),
    ...teams.map((team, i) => ({ pointer: `/teams/${i}`, target: { team } })),
    ...schedules.map((schedule, i) => ({ pointer: `/schedules/${i}`, target: { schedule } })),
  ] satisfies { pointer: string; target: TargetInput }[];
  if (written.length === 0) throw invalid("/users", "Name at least one person, team or schedule.");
  const { find, problems } = await findTargets(tx, written);
  if (problems.length > 0)
    throw new Refusal("invalid", problems.map(({ detail }) => detail).join(" "), {
      // What is named stands right in the list, not in an object of its own.
      problems: problems.map((each) => ({ ...each, pointer: each.pointer.replace(/\/[a-z]+$/, "") })),
    });
  const targets = written.map(({ target }) => find(target));
  const found = await resolveTargets(tx, targets, at);
  targets.forEach((target, i) => {
    if (found.get(targetKey(target))?.length) return;
    const [word] = Object.values(written[i]!.target);
    throw invalid(written[i]!.pointer, `There is nobody to ask in "${word}" at the moment.`);
  });
  return [...new Set([...found.values()].flat())];
}

async function ask(
  tx: Tx,
  by: By,
  { incident, person, message }: { incident: IncidentRow; person: string; message: string },
): Promise<void> {
  const asked = { asked_by: by.actor.name, asked_at: by.at, round: incident.round, message };
  await tx
    .insertInto("incident_responders")
    .values({ id: newId(by.platform.clock), incident_id: incident.id, person_id: person, ...asked })
    .onConflict((conflict) =>
      conflict
        .columns(["incident_id", "person_id"])
        .doUpdateSet({ ...asked, answer: null, answered_at: null }),
    )
    .execute();
}

/** Answers with those whom nothing can reach. */
async function pageThem(
  tx: Tx,
  by: By,
  { incident, people, message }: { incident: IncidentRow; people: readonly string[]; message: string },
): Promise<string[]> {
  const methods = await usableMethods(tx, people);
  const rules = await rulesFor(tx, people, incident.urgency);
  const before = await pagesBefore(tx, incident);
  const reason = `asked for help by ${by.actor.name}${message === "" ? "" : `: ${message}`}`;
  await createPages(tx, by, {
    subject: { type: "incident", id: incident.id },
    pages: people.map((personId) => ({
      ...{ personId, round: incident.round, level: RESPONDER_LEVEL, repeat: before.get(personId) ?? 0 },
      ...{ reason, urgency: incident.urgency },
    })),
    plan: (person) => planNotifications(rules.get(person) ?? [], methods.get(person) ?? []).steps,
  });
  return people.filter((person) => (methods.get(person)?.length ?? 0) === 0);
}

/** How often people have been asked in this round. */
async function pagesBefore(tx: Tx, { id, round }: IncidentRow): Promise<Map<string, number>> {
  const rows = await tx
    .selectFrom("pages")
    .select("person_id")
    .where("subject_id", "=", id)
    .where("round", "=", round)
    .where("level", "=", RESPONDER_LEVEL)
    .execute();
  return new Map([...Map.groupBy(rows, (row) => row.person_id)].map(([person, all]) => [person, all.length]));
}

/** Whoever was asked says yes or no; their own pages stop. False when nobody asked them, or they have answered. */
export async function answerAsked(
  tx: Tx,
  by: By,
  { incident, answer }: { incident: IncidentRow; answer: "accepted" | "declined" },
): Promise<boolean> {
  const person = by.actor.type === "user" || by.actor.type === "link" ? by.actor.id : null;
  if (person === null) return false;
  const asked = await tx
    .updateTable("incident_responders")
    .set({ answer, answered_at: by.at })
    .where("incident_id", "=", incident.id)
    .where("person_id", "=", person)
    .where((eb) => eb.or([eb("answer", "is", null), eb("answer", "<>", answer)]))
    .returning("id")
    .executeTakeFirst();
  if (!asked) return false;
  await cancelRinging(tx, by, incident.id, {
    ...{ onlyPerson: person, onlyLevel: RESPONDER_LEVEL },
    ...{ reason: `${answer} by ${by.actor.name}`, how: answer },
  });
  const text = answer === "accepted" ? `${by.actor.name} is helping` : `${by.actor.name} can't help`;
  await addEntry(tx, by, incident, { kind: "responder_answered", text, data: { answer } });
  return true;
}

/** The same as a verb of its own. */
export async function answerRequest(
  tx: Tx,
  by: By,
  { id, answer }: { id: string; answer: "accepted" | "declined" },
): Promise<void> {
  const incident = await lockIncident(tx, id);
  if (incident.status === "resolved")
    throw new Refusal(
      "conflict",
      `Incident #${incident.number} is resolved; there is nothing to answer any more.`,
    );
  if (!(await answerAsked(tx, by, { incident, answer })) && !(await wasAsked(tx, id, by.actor.id)))
    throw new Refusal("conflict", `Nobody asked you to help with incident #${incident.number}.`);
  await publishIncident(tx, by, incident);
}

const wasAsked = async (tx: Tx, id: string, person: string | null): Promise<boolean> =>
  person !== null &&
  (await tx
    .selectFrom("incident_responders")
    .select("id")
    .where("incident_id", "=", id)
    .where("person_id", "=", person)
    .executeTakeFirst()) !== undefined;

/** Whether a person has been asked for help and has not answered: they are paged whatever the escalation does. */
export const isAsked = async (
  db: DbOrTx,
  { subjectId, personId }: { subjectId: string; personId: string },
): Promise<boolean> =>
  (await db
    .selectFrom("incident_responders")
    .select("id")
    .where("incident_id", "=", subjectId)
    .where("person_id", "=", personId)
    .where("answer", "is", null)
    .executeTakeFirst()) !== undefined;

/** Those asked for help, in order, by incident. */
export async function respondersOf(
  db: DbOrTx,
  ids: readonly string[],
): Promise<Map<string, Incident["responders"]>> {
  const rows = await db
    .selectFrom("incident_responders as r")
    .innerJoin("users", "users.id", "r.person_id")
    .select(["r.incident_id", "users.id", "users.name", "users.email"])
    .select(["r.asked_by", "r.asked_at", "r.message", "r.answer", "r.answered_at"])
    .where("r.incident_id", "in", ids)
    .orderBy("r.asked_at")
    .orderBy("users.name")
    .execute();
  const byIncident = Map.groupBy(rows, (row) => row.incident_id);
  const shown = (row: (typeof rows)[number]): Incident["responders"][number] => ({
    person: { id: row.id, name: row.name, email: row.email },
    ...{ asked_by: row.asked_by, asked_at: row.asked_at.toString(), message: row.message },
    ...{ answer: row.answer, answered_at: row.answered_at?.toString() ?? null },
  });
  return new Map([...byIncident].map(([id, all]) => [id, all.map(shown)]));
}
