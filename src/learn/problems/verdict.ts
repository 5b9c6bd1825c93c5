import { sql } from "kysely";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { newId } from "../../platform/ids.ts";
import { invalid, missing } from "../../platform/refusal.ts";
import { recall } from "../similar.ts";
import { type IncidentRef, lockIncidents } from "./find.ts";
import { join, leave } from "./members.ts";
import { mergeInto } from "./merge.ts";
import type { Verdict, WhyAgain } from "./schema.ts";
import "./table.ts";

export interface SaidVerdict {
  incidentId: string;
  otherId: string;
  verdict: Verdict;
}

/**
 * What a person says of two incidents that look alike. `same_cause` makes them one problem's (and one problem of two);
 * the other two take the later one out of the earlier one's problem. Saying it again, or otherwise, replaces it.
 */
export async function sayVerdict(
  tx: Tx,
  by: By,
  { incidentId, otherId, verdict }: SaidVerdict,
): Promise<void> {
  if (incidentId === otherId) throw invalid("/other", "An incident can't be compared with itself.");
  const found = await lockIncidents(tx, by.actor, [incidentId, otherId]);
  const [incident, other] = [found.get(incidentId), found.get(otherId)];
  if (!incident || !other) throw missing("incident");
  await remember(tx, by, { incident, other, verdict });
  if (verdict === "same_cause") await oneProblem(tx, by, { incident, other });
  else if (incident.problem_id !== null && incident.problem_id === other.problem_id)
    await leave(tx, by, later(incident, other));
  await audit(tx, by, {
    action: "judged",
    type: "incident",
    id: incident.id,
    name: `#${incident.number} ${incident.title}`,
    after: { other: other.number, verdict },
  });
  for (const { id, team, visibility } of [incident, other])
    await by.platform.live.publish(tx, { type: "incident", id, team, visibility });
}

const later = (a: IncidentRef, b: IncidentRef): IncidentRef =>
  Temporal.Instant.compare(a.opened_at, b.opened_at) >= 0 ? a : b;

/** With how alike they were found, so that what is shown can be tuned by what people said. */
async function remember(
  tx: Tx,
  by: By,
  { incident, other, verdict }: { incident: IncidentRef; other: IncidentRef; verdict: Verdict },
): Promise<void> {
  const judged = await recall(tx, incident.id, by.at);
  const shown = judged.find(({ members }) => members.includes(other.id));
  const likeness = shown
    ? { likeness: shown.likeness, score: shown.alikeness.score, words: shown.candidate.share, why: shown.why }
    : {};
  await tx
    .deleteFrom("recall_verdicts")
    .where("incident_id", "=", other.id)
    .where("other_id", "=", incident.id)
    .execute();
  const said = { verdict, likeness: json(likeness), said_by: by.actor.name, said_at: by.at };
  await tx
    .insertInto("recall_verdicts")
    .values({ incident_id: incident.id, other_id: other.id, ...said })
    .onConflict((conflict) => conflict.columns(["incident_id", "other_id"]).doUpdateSet(said))
    .execute();
}

async function oneProblem(
  tx: Tx,
  by: By,
  { incident, other }: { incident: IncidentRef; other: IncidentRef },
): Promise<void> {
  if (incident.problem_id !== null && other.problem_id !== null) {
    if (incident.problem_id !== other.problem_id)
      await mergeInto(tx, by, { from: incident.problem_id, into: other.problem_id });
    return;
  }
  const known = incident.problem_id ?? other.problem_id;
  const first = later(incident, other) === incident ? other : incident;
  const problem = known ? await byId(tx, known) : await newProblem(tx, by, { incident: first });
  // The earlier one first: what follows is its repeat.
  for (const each of [first, later(incident, other)])
    if (each.problem_id === null) await join(tx, by, { problem, incident: each });
}

async function byId(tx: Tx, id: string): Promise<{ id: string; number: number; title: string }> {
  return tx
    .selectFrom("problems")
    .select(["id", "number", "title"])
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirstOrThrow();
}

/** A problem is called as the postmortem of its first incident is, or else as that incident. */
export async function newProblem(
  tx: Tx,
  by: By,
  input: { incident: IncidentRef; title?: string; cause?: string; trigger?: string },
): Promise<{ id: string; number: number; title: string }> {
  const { rows } = await sql<{ title: string }>`
    select p.title from postmortem_incidents pi join postmortems p on p.id = pi.postmortem_id
    where pi.incident_id = ${input.incident.id} order by p.created_at limit 1`.execute(tx);
  const id = newId(by.platform.clock);
  const made = await tx
    .insertInto("problems")
    .values({
      id,
      title: input.title ?? rows[0]?.title ?? input.incident.title,
      cause: input.cause,
      trigger: input.trigger,
      service_id: input.incident.service_id,
      created_by: by.actor.name,
      created_at: by.at,
      updated_at: by.at,
    })
    .returning(["id", "number", "title"])
    .executeTakeFirstOrThrow();
  await audit(tx, by, { action: "created", type: "problem", id, name: `${made.number} ${made.title}` });
  return made;
}

/** The answer to "why again?" of an incident that is a repeat. */
export async function sayWhyAgain(
  tx: Tx,
  by: By,
  { incidentId, why, text }: { incidentId: string; why: WhyAgain; text: string },
): Promise<void> {
  const incident = (await lockIncidents(tx, by.actor, [incidentId])).get(incidentId);
  const set = await tx
    .updateTable("problem_incidents")
    .set({ why_again: why, why_again_text: text })
    .where("incident_id", "=", incidentId)
    .where("repeat", "=", true)
    .executeTakeFirst();
  if (!incident || set.numUpdatedRows === 0n)
    throw invalid(
      "/why_again",
      "This incident isn't a repeat: say first which earlier one had the same cause.",
    );
  await audit(tx, by, {
    action: "why again",
    type: "incident",
    id: incidentId,
    name: `#${incident.number} ${incident.title}`,
    after: { why_again: why, text },
  });
  await by.platform.live.publish(tx, {
    type: "incident",
    id: incidentId,
    team: incident.team,
    visibility: incident.visibility,
  });
}
