import {
  fallbackLevel,
  type PolicyCopy,
  type Target,
  targetsAt,
  targetsOfCopy,
} from "../oncall/escalation/policy.ts";
import { describeWhy, peopleOf, type Why } from "../oncall/escalation/why.ts";
import { type By, SYSTEM } from "../org/actor.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { addEntry, type TimelineKind } from "./timeline.ts";
import "../org/table.ts";

const KIND_OF: Partial<Record<Why["kind"], TimelineKind>> = {
  level: "paged",
  fallback: "paged",
  newcomers: "paged",
  exhausted: "nobody",
  nobody: "nobody",
  unreached: "nobody",
};

interface Decided {
  why: Why;
  /** What the last step said: what only repeats it is not said again. */
  said: string | null;
  policy: PolicyCopy;
  /** Whom a target means although nothing can reach them. */
  unreachable: (target: Target) => readonly string[];
}

/** The decision as the timeline's sentence, and who was passed over for want of a contact method. */
export async function say(
  tx: Tx,
  by: By,
  incident: { id: string; round: number },
  { why, said, policy, unreachable }: Decided,
): Promise<void> {
  const kind = KIND_OF[why.kind];
  const repeats = why.kind === said && (why.kind === "nobody" || why.kind === "unreached");
  if (!kind || repeats) return;
  const people = [...peopleOf(why)];
  const passedOver = [...new Set(targetsTried(why, policy).flatMap(unreachable))];
  const names = await namesOf(tx, [...people, ...passedOver]);
  const nameOf = (person: string) => names.get(person) ?? "somebody";
  const lacking = passedOver.map((person) => `${nameOf(person)} has no contact method that works.`);
  await addEntry(tx, { ...by, actor: SYSTEM }, incident, {
    kind,
    text: [describeWhy(why, nameOf), ...lacking].join(" "),
    data: { why: why.kind, people, round: incident.round },
  });
}

/** The targets of the levels that this decision looked at and did not leave as they were. */
function targetsTried(why: Why, policy: PolicyCopy): Target[] {
  const fallback = fallbackLevel(policy);
  const of = (levels: readonly number[]) => levels.flatMap((level) => targetsAt(policy, level));
  switch (why.kind) {
    case "level":
      return of([...why.skipped, why.level]);
    case "exhausted":
      return of([...why.skipped, fallback]);
    case "nobody":
    case "fallback":
      return targetsOfCopy(policy);
    default:
      return [];
  }
}

export async function namesOf(db: DbOrTx, ids: readonly string[]): Promise<Map<string, string>> {
  if (ids.length === 0) return new Map();
  const rows = await db.selectFrom("users").select(["id", "name"]).where("id", "in", ids).execute();
  return new Map(rows.map((row) => [row.id, row.name]));
}
