import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import type { ReplaceIn } from "../org/people.ts";
import { isBefore } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { Refusal } from "../platform/refusal.ts";
import { scheduleChanged } from "./engine.ts";
import { schedulesMentioning } from "./on-call.ts";
import { endOverride, insertOverride } from "./overrides.ts";
import { policyChanged } from "./policies.ts";
import { type PolicyDefinition, targetsOf, writtenPolicy } from "./policy-definition.ts";
import { shifts } from "./schedule/shifts.ts";
import type { Override, ScheduleDefinition, Span } from "./schedule/types.ts";
import { addVersion, snapshot } from "./schedules.ts";
import { mentions, renamed } from "./seats.ts";
import {
  currentVersions,
  lockSchedule,
  type OverrideRow,
  type StoredSchedule,
  toOverride,
} from "./stored.ts";
import { type StoredTarget, targetKey, targetNames } from "./targets.ts";
import "./table.ts";

interface Replacement {
  from: string;
  /** Null: nobody; their seats stay, vacant, so that nobody else's turns move. */
  to: string | null;
}

/** Puts another person, or nobody, in every place that somebody who leaves has in schedules, overrides and policies. */
export const replaceInSchedules: ReplaceIn = async (tx, by, from, to) => {
  const replacement = { from, to };
  for (const { slug } of await schedulesMentioning(tx, from, by.at)) {
    const stored = await lockSchedule(tx, slug, by.at);
    await replaceInOverrides(tx, by, stored, replacement);
    await replaceInLayers(tx, by, stored, replacement);
    await scheduleChanged(tx, by, stored.id);
  }
  await replaceInPolicies(tx, by, replacement);
};

/**
 * Only the person's own seats change, so a new version from now on touches nobody else's turn: if they are on call it
 * hands over at once, otherwise nothing is different before their next turn. What was stays as it was.
 */
async function replaceInLayers(
  tx: Tx,
  by: By,
  stored: StoredSchedule,
  replacement: Replacement,
): Promise<void> {
  const [inForce, ...waiting] = currentVersions(stored.rules, by.at);
  if (inForce && names(inForce.definition, replacement.from))
    await addVersion(tx, by, {
      scheduleId: stored.id,
      from: by.at,
      definition: replaced(inForce.definition, replacement),
    });
  for (const { from, definition } of waiting)
    if (names(definition, replacement.from))
      await addVersion(tx, by, {
        scheduleId: stored.id,
        from,
        definition: replaced(definition, replacement),
      });
  const before = await snapshot(tx, stored);
  const after = await snapshot(tx, await lockSchedule(tx, stored.slug, by.at));
  if (JSON.stringify(before) === JSON.stringify(after)) return;
  const { id, name } = stored;
  await audit(tx, by, { action: "updated", type: "schedule", id, name, before, after });
}

const names = ({ layers }: ScheduleDefinition, user: string): boolean =>
  mentions(layers).some((mention) => mention.user === user);

const replaced = (
  { time_zone, layers }: ScheduleDefinition,
  { from, to }: Replacement,
): ScheduleDefinition => ({
  time_zone,
  layers: renamed(layers, (user) => (user === from ? (to ?? undefined) : user)),
});

async function replaceInOverrides(
  tx: Tx,
  by: By,
  stored: StoredSchedule,
  replacement: Replacement,
): Promise<void> {
  const { from } = replacement;
  for (const row of stored.overrides) {
    if (![row.user_id, row.replaces_id, row.removes_id].includes(from)) continue;
    const instead =
      row.user_id === from ? covering(row, replacement) : covered(stored, row, by.at, replacement);
    await endOverride(tx, by, row);
    for (const override of instead) {
      const later = isBefore(override.from, by.at) ? { ...override, from: by.at } : override;
      // In the place of the old one among the others, since overrides act one after the other.
      await insertOverride(
        tx,
        { ...by, managedBy: row.managed_by },
        { scheduleId: stored.id, override: later, createdAt: row.created_at },
      );
    }
  }
}

/** Somebody who was to come in: whoever takes their places does, unless it is whom they would have come in for. */
function covering(row: OverrideRow, { to }: Replacement): Override[] {
  const override = toOverride(row);
  if (to === null || override.kind === "remove") return [];
  return to === row.replaces_id ? [] : [{ ...override, user: to }];
}

/** Somebody whom another covers: the promise holds for just the turns that would have been theirs. */
function covered(
  { rules }: StoredSchedule,
  row: OverrideRow,
  now: Temporal.Instant,
  { from, to }: Replacement,
): Override[] {
  const user = row.user_id;
  // Whoever was off needs no leave any more; whoever takes their places isn't off.
  if (user === null || user === to) return [];
  const begins = isBefore(row.from_at, now) ? now : row.from_at;
  const turns: Span[] = shifts({ ...rules, overrides: [] }, begins, row.to_at).items.filter(
    (shift) => shift.user === from,
  );
  return turns.map((turn) => ({
    ...(to === null ? { kind: "add" as const, user } : { kind: "replace" as const, user, replaces: to }),
    from: turn.from,
    to: turn.to,
  }));
}

async function replaceInPolicies(tx: Tx, by: By, { from, to }: Replacement): Promise<void> {
  const rows = await tx.selectFrom("escalation_policies").selectAll().orderBy("id").forUpdate().execute();
  const gone: StoredTarget = { kind: "user", id: from };
  for (const { id, slug, name, team_id, definition } of rows) {
    if (!targetsOf(definition).some((target) => targetKey(target) === targetKey(gone))) continue;
    const changed = withoutTarget(definition, gone, to === null ? null : { kind: "user", id: to });
    if (changed.levels.length === 0)
      throw new Refusal(
        "conflict",
        `Escalation policy "${slug}" pages nobody else. Say who takes this person's place, or change the policy first.`,
      );
    await tx
      .updateTable("escalation_policies")
      .set({ definition: json(changed), updated_at: by.at })
      .where("id", "=", id)
      .execute();
    const targets = await targetNames(tx, [...targetsOf(definition), ...targetsOf(changed)]);
    const before = { ...writtenPolicy(definition, targets) };
    const after = { ...writtenPolicy(changed, targets) };
    await audit(tx, by, { action: "updated", type: "escalation_policy", id, name, before, after });
    await policyChanged(tx, by, { id, team_id });
  }
}

/** Another target in place of one; with null none, and a level that is left without any goes. */
function withoutTarget(
  definition: PolicyDefinition,
  gone: StoredTarget,
  instead: StoredTarget | null,
): PolicyDefinition {
  const swap = (targets: readonly StoredTarget[]): StoredTarget[] => {
    const swapped = targets.flatMap((each) => (targetKey(each) === targetKey(gone) ? (instead ?? []) : each));
    return [...new Map(swapped.map((each) => [targetKey(each), each])).values()];
  };
  const within = <C extends Pick<PolicyDefinition, "levels" | "fallback">>(course: C): C => ({
    ...course,
    levels: course.levels
      .map(({ targets, ...level }) => ({ ...level, targets: swap(targets) }))
      .filter(({ targets }) => targets.length > 0),
    fallback: swap(course.fallback),
  });
  const { paths, ...own } = definition;
  // A path that pages nobody any more gives way to the next one that fits.
  const left = (paths ?? []).map(within).filter(({ levels }) => levels.length > 0);
  return { ...within(own), ...(left.length > 0 ? { paths: left } : {}) };
}
