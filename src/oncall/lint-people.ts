import { quietHoursOf } from "../org/quiet-hours.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { type Finding, type LintedMethod, lintPerson } from "./lint.ts";
import { rulesFor } from "./resolve.ts";

/** All contact methods of people, verified or not, in their order. `main` hands it in: this folder knows no channels. */
export type LintedMethodsOf = (
  db: DbOrTx,
  userIds: readonly string[],
) => Promise<Map<string, LintedMethod[]>>;

/** What is wrong with how each of these people is paged; people without a finding are absent. */
export async function lintPeople(
  db: DbOrTx,
  userIds: readonly string[],
  lintedMethodsOf: LintedMethodsOf,
): Promise<Map<string, Finding[]>> {
  const methods = await lintedMethodsOf(db, userIds);
  const [high, low] = [await rulesFor(db, userIds, "high"), await rulesFor(db, userIds, "low")];
  const quiet = await quietHoursOf(db, userIds);
  return new Map(
    userIds.flatMap((id) => {
      const findings = lintPerson({
        methods: methods.get(id) ?? [],
        rules: { high: high.get(id) ?? [], low: low.get(id) ?? [] },
        quietHours: quiet.get(id)?.hours ?? null,
      });
      return findings.length > 0 ? [[id, findings] as const] : [];
    }),
  );
}
