import { sql } from "kysely";
import type { Severity } from "../catalog/schema.ts";
import type { Actor } from "../org/actor.ts";
import { can, must, type Resource } from "../org/can.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { missing } from "../platform/refusal.ts";
import type { PostmortemState, Sections } from "./schema.ts";
import type { StoredFacts } from "./table.ts";

/** A stored postmortem, with what `can` needs to know of it. */
export interface PostmortemRow {
  id: string;
  number: number;
  title: string;
  headline: string;
  state: PostmortemState;
  severity: Severity;
  service_id: string | null;
  service_slug: string | null;
  service_name: string | null;
  /** The id of the team that owns the service. */
  team: string | null;
  sections: Sections;
  facts: StoredFacts;
  tags: string[];
  author_id: string | null;
  author_name: string | null;
  author_email: string | null;
  visibility: "company" | "team";
  version: number;
  occurred_at: Temporal.Instant;
  created_at: Temporal.Instant;
  updated_at: Temporal.Instant;
  published_at: Temporal.Instant | null;
}

type Guarded = Pick<PostmortemRow, "state" | "team" | "visibility">;

const resourceOf = ({ team, visibility }: Guarded): Resource => ({ type: "postmortem", team, visibility });

/** Drafts are for those who respond; a published one is for everybody who may see its team's things. */
export const canRead = (actor: Actor, row: Guarded): boolean =>
  can(actor, row.state === "published" ? "read" : "respond", resourceOf(row));

/** Writing it is part of the response. */
export const canWrite = (actor: Actor, row: Guarded): boolean => can(actor, "respond", resourceOf(row));

/** What may not be read is said not to exist. */
export function mustRead(actor: Actor, row: Guarded & { id: string }): void {
  if (!canRead(actor, row)) throw missing(`postmortem ${row.id}`);
}

export function mustWrite(actor: Actor, row: Guarded & { id: string }): void {
  mustRead(actor, row);
  must(actor, "respond", resourceOf(row));
}

/** Throwing a draft away is for its author, its team and administrators. */
export function mustDelete(actor: Actor, row: Guarded & { id: string; author_id: string | null }): void {
  mustWrite(actor, row);
  must(actor, "edit", { ...resourceOf(row), owner: row.author_id });
}

/** Refuses an unknown id. `lock` takes the row until the transaction ends. */
export async function findPostmortem(db: DbOrTx, id: string, lock = false): Promise<PostmortemRow> {
  const { rows } = await sql<PostmortemRow>`
    select p.id, p.number, p.title, p.headline, p.state, p.severity, p.service_id, p.sections, p.facts, p.tags,
      p.author_id, p.visibility, p.version, p.occurred_at, p.created_at, p.updated_at, p.published_at,
      s.slug as service_slug, s.name as service_name, s.team_id as team,
      u.name as author_name, u.email as author_email
    from postmortems p
    left join services s on s.id = p.service_id
    left join users u on u.id = p.author_id
    where p.id = ${id} ${lock ? sql`for update of p` : sql``}`.execute(db);
  const [row] = rows;
  if (!row) throw missing(`postmortem ${id}`);
  return row;
}

export const lockPostmortem = (tx: Tx, id: string): Promise<PostmortemRow> => findPostmortem(tx, id, true);
