import type { DbOrTx } from "../platform/database/database.ts";
import type { PolicyCopy, Target } from "./escalation/policy.ts";
import "../org/table.ts";

const ADMINISTRATORS_WAIT_MS = 5 * 60_000;

/** The active administrators, those of longest standing first. */
export async function administrators(db: DbOrTx): Promise<Target[]> {
  const rows = await db
    .selectFrom("users")
    .select(["id", "name"])
    .where("role", "=", "admin")
    .where("deactivated_at", "is", null)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  return rows.map(({ id, name }) => ({ kind: "user", id, name, administrator: true }));
}

/**
 * The policy with the administrators of today wherever those stand who were administrators when the round began: nobody
 * edits the last resort, so a copy of it protects nobody.
 */
export function withCurrentAdministrators(policy: PolicyCopy, admins: readonly Target[]): PolicyCopy {
  const current = (targets: readonly Target[]): readonly Target[] =>
    targets.length > 0 && targets.every((target) => target.administrator) ? admins : targets;
  return {
    ...policy,
    levels: policy.levels.map((level) => ({ ...level, targets: current(level.targets) })),
    fallback: current(policy.fallback),
    ...(policy.lastResort ? { lastResort: admins } : {}),
  };
}

/**
 * No policy, or one without a fallback, ends with the administrators: a page never finds nobody because of a blank. They
 * are also there for when a fallback doesn't help.
 */
export function withLastResort(policy: PolicyCopy | null, admins: readonly Target[]): PolicyCopy {
  if (policy && policy.fallback.length === 0) return { ...policy, fallback: admins };
  if (policy) return { ...policy, lastResort: admins };
  const levels = [{ targets: admins, waitMs: ADMINISTRATORS_WAIT_MS }];
  const name = "Administrators (no escalation policy)";
  return { slug: "administrators", name, repeat: 0, levels, fallback: [] };
}
