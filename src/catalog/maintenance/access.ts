import type { By } from "../../org/actor.ts";
import { type Action, must, type Resource } from "../../org/can.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { type Problem, Refusal } from "../../platform/refusal.ts";
import type { MaintenancePorts } from "./ports.ts";

export interface NamedThing {
  slug: string;
  name: string;
  team_id: string | null;
  visibility: "company" | "team";
}

/** The services and monitors that something names, each with whose it is. */
export interface NamedThings {
  services: Map<string, NamedThing>;
  monitors: Map<string, NamedThing>;
}

export async function namedThings(
  db: DbOrTx,
  names: { services: readonly string[]; monitors: readonly string[] },
  ports: Pick<MaintenancePorts, "monitorsNamed">,
): Promise<NamedThings> {
  const services =
    names.services.length === 0
      ? []
      : await db
          .selectFrom("services")
          .select(["slug", "name", "team_id", "visibility"])
          .where("slug", "in", names.services)
          .execute();
  return {
    services: new Map(services.map((row) => [row.slug, row])),
    monitors: names.monitors.length === 0 ? new Map() : await ports.monitorsNamed(db, names.monitors),
  };
}

export const resourceOf = (type: string, { team_id: team, visibility }: NamedThing): Resource => ({
  type,
  team,
  visibility,
});

export interface Reach {
  /** What is being changed: a maintenance window, a silence. */
  type: string;
  action: Action;
  services: readonly string[];
  monitors: readonly string[];
  /** Whether it reaches beyond what it names: by labels, text, severity, or to everything. */
  wide: boolean;
  /** Refuse names that nothing has; what was stored may name what is gone. */
  strict: boolean;
}

/** Throws unless the actor may do that to all that is named; what reaches further is nobody's own. */
export async function mustReach(
  db: DbOrTx,
  by: By,
  { reach, ports }: { reach: Reach; ports: Pick<MaintenancePorts, "monitorsNamed"> },
): Promise<void> {
  const { type, action } = reach;
  const things = await namedThings(db, reach, ports);
  const problems: Problem[] = [];
  for (const list of ["services", "monitors"] as const) {
    const noun = list === "services" ? "service" : "monitor";
    for (const [index, slug] of reach[list].entries()) {
      const thing = things[list].get(slug);
      if (thing) must(by.actor, action, resourceOf(noun, thing));
      else if (reach.strict)
        problems.push({ pointer: `/${list}/${index}`, detail: `There is no ${noun} "${slug}".` });
    }
  }
  if (problems.length > 0)
    throw new Refusal("invalid", problems.map(({ detail }) => detail).join(" "), { problems });
  if (reach.wide) must(by.actor, action, { type, team: null });
}
