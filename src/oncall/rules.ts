import type { z } from "zod";
import type { Urgency } from "../catalog/schema.ts";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { must } from "../org/can.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { formatDuration, parseDuration } from "../platform/duration.ts";
import { didYouMean } from "../platform/nearest.ts";
import type { Platform } from "../platform/platform.ts";
import { missing, type Problem } from "../platform/refusal.ts";
import { refuse } from "./definition.ts";
import type { notificationRules } from "./schema.ts";
import "../org/table.ts";
import "./table.ts";

/** When to use which contact method, as people write it: `{ via: "sms", after: "5m" }`. */
export type WrittenRules = z.output<typeof notificationRules>;

const URGENCIES: readonly Urgency[] = ["high", "low"];

/** A person's rules. Without any, every verified method is used at once. */
export async function notificationRulesOf(db: DbOrTx, userId: string): Promise<WrittenRules> {
  const rows = await db
    .selectFrom("notification_rules")
    .select(["urgency", "method", "after_ms"])
    .where("user_id", "=", userId)
    .orderBy("position")
    .execute();
  const written = (urgency: Urgency) =>
    rows
      .filter((row) => row.urgency === urgency)
      .map((row) => ({
        via: row.method,
        ...(row.after_ms > 0 ? { after: formatDuration(row.after_ms) } : {}),
      }));
  return { high: written("high"), low: written("low") };
}

export interface RulesInput {
  userId: string;
  rules: WrittenRules;
  /** Slugs of the person's contact methods: a rule for any other is refused. Absent: not asked. */
  methods?: readonly string[];
}

/** Replaces a person's rules: their own, or an administrator does it. */
export async function setNotificationRules(tx: Tx, by: By, input: RulesInput): Promise<void> {
  const { userId, rules } = input;
  must(by.actor, "edit", { type: "person", owner: userId });
  const user = await tx.selectFrom("users").select("name").where("id", "=", userId).executeTakeFirst();
  if (!user) throw missing(`user "${userId}"`);
  refuse(URGENCIES.flatMap((urgency) => checkRules(rules[urgency], urgency, input.methods)));
  const before = await notificationRulesOf(tx, userId);
  await tx.deleteFrom("notification_rules").where("user_id", "=", userId).execute();
  const rows = URGENCIES.flatMap((urgency) =>
    rules[urgency].map(({ via, after }, position) => ({
      ...{ user_id: userId, urgency, position, method: via },
      after_ms: after === undefined ? 0 : parseDuration(after)!,
    })),
  );
  if (rows.length > 0) await tx.insertInto("notification_rules").values(rows).execute();
  const after = await notificationRulesOf(tx, userId);
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const change = { action: "updated", type: "notification_rules", id: userId, name: user.name };
  await audit(tx, by, { ...change, before, after });
}

/** A day: a page that waits longer has long been answered, or the policy is exhausted. */
const LONGEST_AFTER_MS = 86_400_000;

function checkRules(
  rules: WrittenRules["high"],
  urgency: Urgency,
  methods: readonly string[] | undefined,
): Problem[] {
  return rules.flatMap(({ via, after }, i) => {
    const at = `/${urgency}/${i}`;
    const problems: Problem[] = [];
    if (methods && !methods.includes(via)) {
      const mend =
        didYouMean(via, methods) || ` There is: ${methods.join(", ") || "none yet; add one first"}.`;
      problems.push({ pointer: `${at}/via`, detail: `There is no contact method "${via}".${mend}` });
    }
    const afterMs = after === undefined ? 0 : parseDuration(after);
    if (afterMs === undefined)
      problems.push({
        pointer: `${at}/after`,
        detail: `"${after}" is not a duration; write one such as "30s" or "5m"`,
      });
    else if (afterMs > LONGEST_AFTER_MS)
      problems.push({ pointer: `${at}/after`, detail: `${after} is too long to wait; a day is the most` });
    return problems;
  });
}

/** The methods that a person chose for low urgency, in their order. */
export const lowMethodsOf =
  ({ db }: Pick<Platform, "db">) =>
  async (userId: string): Promise<string[]> =>
    (await notificationRulesOf(db, userId)).low.map((rule) => rule.via);
