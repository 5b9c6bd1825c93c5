import { type RawBuilder, type SqlBool, sql } from "kysely";
import type { Actor } from "./actor.ts";
import { type Action, can } from "./can.ts";

/** Stands for every team that the actor has nothing to do with: `can` tells teams apart by the actor's own alone. */
const ANOTHER_TEAM = "00000000-0000-0000-0000-000000000000";

export interface ResourceColumns {
  type: string;
  /** The column with the owning team's id, e.g. `services.team_id`. */
  team: string;
  /** The column with the visibility; null there means the whole company. */
  visibility: string;
}

/**
 * What `can(actor, action, …)` allows, as a condition for a list's `where`. It asks `can` itself about each kind of
 * team there is for this actor (none, their own, any other), so the rules stand in one place.
 */
export function allowedRows(actor: Actor, action: Action, columns: ResourceColumns): RawBuilder<SqlBool> {
  const known = [...new Set([...actor.teams, ...(actor.teamScope ? [actor.teamScope] : [])])];
  const team = sql.ref(columns.team);
  const allowed = (["company", "team"] as const).map((visibility) => {
    const may = (id: string | null) => can(actor, action, { type: columns.type, team: id, visibility });
    const own = known.filter(may);
    const [others, none] = [may(ANOTHER_TEAM), may(null)];
    const matches = sql`coalesce(${sql.ref(columns.visibility)}, 'company') = ${visibility}`;
    if (others && none && own.length === known.length) return matches;
    const notKnown = others ? sql`not ${team} = any(${known}::uuid[])` : sql`false`;
    return sql`(${matches} and
      case when ${team} is null then ${none}::boolean else ${team} = any(${own}::uuid[]) or ${notKnown} end)`;
  });
  return sql<SqlBool>`(${allowed[0]} or ${allowed[1]})`;
}
