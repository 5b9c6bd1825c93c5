import type { z } from "zod";
import { policyChanges, policyLines } from "../oncall/escalation/differences.ts";
import { policyBySlug } from "../oncall/resolve.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { missing } from "../platform/refusal.ts";
import type { policyInUse as schema } from "./schema.ts";
import "./table.ts";

/** The policy as it was copied onto the incident, and what has been changed in it since. */
export async function policyInUse(db: DbOrTx, id: string): Promise<z.output<typeof schema>> {
  const row = await db.selectFrom("incidents").select("policy").where("id", "=", id).executeTakeFirst();
  const policy = row?.policy;
  if (!policy) throw missing(`policy of incident ${id}`);
  // One that nobody wrote has no other version: the administrators, or a person to whom it was handed.
  const changes = policy.id === undefined ? [] : policyChanges(policy, await policyBySlug(db, policy.slug));
  return {
    ...{ slug: policy.slug, name: policy.name },
    ...{ copied_at: policy.copiedAt ?? null, path: policy.path ?? null },
    ...{ lines: policyLines(policy), changes },
  };
}
