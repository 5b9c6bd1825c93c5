import type { DbOrTx, Tx } from "../platform/database/database.ts";
import type { PolicyCopy } from "./escalation/policy.ts";
import type { EscalationState } from "./escalation/state.ts";
import "./table.ts";

/** Longer ago than so many turns nobody remembers; who isn't remembered is served first. */
const REMEMBERED = 500;

/** Who had the turn on the levels that page in turn, the last one last, by level. */
export async function turnsOf(db: DbOrTx, policy: PolicyCopy): Promise<Map<number, string[]>> {
  const places = policy.levels.flatMap((level, i) => (level.roundRobin ? [i + 1] : []));
  if (policy.id === undefined || places.length === 0) return new Map();
  const rows = await db
    .selectFrom("escalation_turns")
    .select(["place", "served"])
    .where("policy_id", "=", policy.id)
    .where(
      "place",
      "in",
      places.map((level) => placeOf(policy, level)),
    )
    .execute();
  const served = new Map(rows.map((row) => [row.place, row.served]));
  return new Map(places.map((level) => [level, served.get(placeOf(policy, level)) ?? []]));
}

/**
 * Holds the turns of a policy until the transaction ends, so that two incidents that begin at once don't both go to the
 * same person. To be called before they are read.
 */
export async function holdTurns(tx: Tx, policy: PolicyCopy): Promise<void> {
  if (policy.id === undefined || !policy.levels.some((level) => level.roundRobin)) return;
  await tx
    .selectFrom("escalation_policies")
    .select("id")
    .where("id", "=", policy.id)
    .forNoKeyUpdate()
    .execute();
}

/** Keeps whose turn it was: whoever a step has newly chosen goes to the end. */
export async function recordTurns(
  tx: Tx,
  { policy, before, after }: { policy: PolicyCopy; before: EscalationState; after: EscalationState },
): Promise<void> {
  if (policy.id === undefined) return;
  const isNew = (turn: { level: number; person: string }) =>
    !before.chosen?.some((each) => each.level === turn.level && each.person === turn.person);
  const turns = (after.chosen ?? []).filter(isNew);
  if (turns.length === 0 || !(await exists(tx, policy.id))) return;
  const served = await turnsOf(tx, policy);
  for (const { level, person } of turns) {
    const others = (served.get(level) ?? []).filter((each) => each !== person);
    const row = { policy_id: policy.id, place: placeOf(policy, level) };
    const next = [...others, person].slice(-REMEMBERED);
    await tx
      .insertInto("escalation_turns")
      .values({ ...row, served: next })
      .onConflict((conflict) => conflict.columns(["policy_id", "place"]).doUpdateSet({ served: next }))
      .execute();
  }
}

/** The policy may have been deleted while its copy was in use. */
const exists = async (tx: Tx, id: string): Promise<boolean> =>
  (await tx.selectFrom("escalation_policies").select("id").where("id", "=", id).executeTakeFirst()) !==
  undefined;

/** The levels of each path have turns of their own. */
const placeOf = ({ path }: PolicyCopy, level: number): string =>
  path?.name ? `${path.name}/${level}` : String(level);
