import { sql } from "kysely";
import type { z } from "zod";
import type { Actor } from "../org/actor.ts";
import { allowedRows } from "../org/visible.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { decodeCursor, encodeCursor } from "../platform/http/cursor.ts";
import { isId } from "../platform/ids.ts";
import { invalid, missing } from "../platform/refusal.ts";
import { SEVERITIES } from "./model.ts";
import { type incidentQuery, incidentStatus } from "./schema.ts";
import "./table.ts";

export interface ListInput extends z.infer<typeof incidentQuery> {
  limit: number;
  cursor?: string;
}

/** Words of a comma-separated filter, each checked against what may stand there. */
function words<T extends string>(
  text: string | undefined,
  allowed: readonly T[],
  pointer: string,
): T[] | undefined {
  if (!text) return undefined;
  return text.split(",").map((word) => {
    const known = allowed.find((each) => each === word.trim());
    if (!known) throw invalid(pointer, `"${word}" is not one of ${allowed.join(", ")}.`);
    return known;
  });
}

/** Ids of the incidents that the actor may see, newest first. What is a team's alone is left out in SQL. */
export async function listIncidents(
  db: DbOrTx,
  actor: Actor,
  input: ListInput,
): Promise<{ ids: string[]; next: string | null }> {
  const statuses = words(input.status, incidentStatus.options, "/status");
  const severities = words(input.severity, SEVERITIES, "/severity");
  const after = decodeCursor(input.cursor, ["instant", "id"]);
  const number = /^#?(\d{1,9})$/.exec(input.q?.trim() ?? "")?.[1];
  let query = visible(db, actor).select(["incidents.id", "incidents.opened_at"]);
  if (statuses) query = query.where("incidents.status", "in", statuses);
  if (severities) query = query.where("incidents.severity", "in", severities);
  if (input.service) query = query.where("services.slug", "=", input.service);
  if (number) query = query.where("incidents.number", "=", Number(number));
  else if (input.q)
    query = query.where("incidents.title", "ilike", `%${input.q.replace(/[\\%_]/g, "\\$&")}%`);
  if (after) {
    query = query.where(
      sql<boolean>`(incidents.opened_at, incidents.id) < (${after[0]}::timestamptz, ${after[1]}::uuid)`,
    );
  }
  const rows = await query
    .orderBy("incidents.opened_at", "desc")
    .orderBy("incidents.id", "desc")
    .limit(input.limit + 1)
    .execute();
  const kept = rows.slice(0, input.limit);
  const last = kept.at(-1);
  const next = rows.length > input.limit && last ? encodeCursor([last.opened_at.toString(), last.id]) : null;
  return { ids: kept.map((row) => row.id), next };
}

const visible = (db: DbOrTx, actor: Actor) =>
  db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .where(
      allowedRows(actor, "read", {
        type: "incident",
        team: "services.team_id",
        visibility: "services.visibility",
      }),
    );

/** Finds an incident by its id or its number, with what `can` needs to know of it. */
export async function findIncident(
  db: DbOrTx,
  ref: string,
): Promise<{ id: string; number: number; team: string | null; visibility: "company" | "team" }> {
  const query = db
    .selectFrom("incidents")
    .leftJoin("services", "services.id", "incidents.service_id")
    .select(["incidents.id", "incidents.number", "services.team_id as team", "services.visibility"]);
  const row = isId(ref)
    ? await query.where("incidents.id", "=", ref).executeTakeFirst()
    : /^\d{1,9}$/.test(ref)
      ? await query.where("incidents.number", "=", Number(ref)).executeTakeFirst()
      : undefined;
  if (!row) throw missing(`incident "${ref}"`);
  return { ...row, visibility: row.visibility ?? "company" };
}
