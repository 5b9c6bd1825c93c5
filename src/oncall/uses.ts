import type { Use, UsesOf } from "../org/people.ts";
import type { TeamUsesOf } from "../org/teams.ts";
import type { Clock } from "../platform/clock.ts";
import { schedulesMentioning } from "./on-call.ts";
import { type PolicyUse, policiesNaming } from "./policy-uses.ts";
import type { LayerDefinition } from "./schedule/types.ts";
import { mentions } from "./seats.ts";
import { currentVersions, type OverrideRow, type StoredSchedule } from "./stored.ts";
import "./table.ts";

export { replaceInSchedules } from "./replace.ts";

/** Where a person is needed: seats of rotations, overrides that aren't over, targets of policies. */
export const usesInSchedules =
  (clock: Pick<Clock, "now">): UsesOf =>
  async (db, userId) => {
    const at = clock.now();
    const schedules = await schedulesMentioning(db, userId, at);
    const policies = (await policiesNaming(db, "user", [userId])).get(userId) ?? [];
    return [
      ...schedules.flatMap((stored) => seatUses(stored, userId, at)),
      ...schedules.flatMap((stored) => overrideUses(stored, userId)),
      ...policies.map(policyUse),
    ];
  };

/** The policies that page a team, and the schedules and policies that it owns. */
export const usesOfTeam: TeamUsesOf = async (db, teamId) => {
  const named = (await policiesNaming(db, "team", [teamId])).get(teamId) ?? [];
  const owned = async (table: "schedules" | "escalation_policies") =>
    db.selectFrom(table).select(["slug", "name"]).where("team_id", "=", teamId).orderBy("slug").execute();
  const [schedules, policies] = [await owned("schedules"), await owned("escalation_policies")];
  return [
    ...named.map(policyUse),
    ...schedules.map((row): Use => ({ type: "schedule", ...row, detail: "owner" })),
    ...policies.map((row): Use => ({ type: "escalation_policy", ...row, detail: "owner" })),
  ];
};

function seatUses(stored: StoredSchedule, userId: string, at: Temporal.Instant): Use[] {
  const seats = currentVersions(stored.rules, at).flatMap(({ definition }) =>
    seatsOf(definition.layers, userId),
  );
  if (seats.length === 0) return [];
  return [{ type: "schedule", slug: stored.slug, name: stored.name, detail: [...new Set(seats)].join(", ") }];
}

/** "layer 1, seat 3 of 4" for each seat of a person; "layer 2, a listed shift" however many are theirs. */
const seatsOf = (layers: readonly LayerDefinition[], userId: string): string[] =>
  mentions(layers)
    .filter((mention) => mention.user === userId)
    .map(({ pointer }) => {
      const [, , layer, , seat] = pointer.split("/").map(Number);
      const { users } = layers[layer!]!;
      return `layer ${layer! + 1}, ${users ? `seat ${seat! + 1} of ${users.length}` : "a listed shift"}`;
    });

const overrideUses = ({ slug, name, timeZone, overrides }: StoredSchedule, userId: string): Use[] =>
  overrides.flatMap((row): Use[] => {
    const part = partOf(row, userId);
    if (!part) return [];
    const local = (at: Temporal.Instant) =>
      at
        .toZonedDateTimeISO(timeZone)
        .toPlainDateTime()
        .toString({ smallestUnit: "minute" })
        .replace("T", " ");
    const detail = `${part} from ${local(row.from_at)} to ${local(row.to_at)} (${timeZone})`;
    return [{ type: "override", slug, name, detail }];
  });

function partOf(row: OverrideRow, userId: string): string | undefined {
  if (row.user_id === userId) return row.adds ? "joins" : "covers";
  if (row.replaces_id === userId) return "is covered";
  return row.removes_id === userId ? "is off" : undefined;
}

function policyUse({ slug, name, levels }: PolicyUse): Use {
  const places = levels.map((level) => (level === null ? "fallback" : `level ${level}`));
  return { type: "escalation_policy", slug, name, detail: places.join(", ") };
}
