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
  return rows.map(({ id, name }) => ({ kind: "user", id, name }));
}

/** No policy, or one without a fallback, ends with the administrators: a page never finds nobody because of a blank. */
export function withLastResort(policy: PolicyCopy | null, admins: readonly Target[]): PolicyCopy {
  if (policy) return policy.fallback.length > 0 ? policy : { ...policy, fallback: admins };
  const levels = [{ targets: admins, waitMs: ADMINISTRATORS_WAIT_MS }];
  const name = "Administrators (no escalation policy)";
  return { slug: "administrators", name, repeat: 0, levels, fallback: [] };
}
