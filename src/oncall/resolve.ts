import type { Urgency } from "../catalog/schema.ts";
import type { DbOrTx } from "../platform/database/database.ts";
import { missing } from "../platform/refusal.ts";
import type { PolicyCopy, Target } from "./escalation/policy.ts";
import { policyCopy, targetsOf } from "./policy-definition.ts";
import { onCallAt, usersOnCall } from "./schedule/on-call.ts";
import type { Schedule } from "./schedule/types.ts";
import { scheduleRows, toOverride, withRules } from "./stored.ts";
import { type StoredTarget, targetKey, targetNames } from "./targets.ts";
import "../org/table.ts";
import "./table.ts";

export { targetKey } from "./targets.ts";

/** How long one person, to whom an incident was handed, has to answer before it is paged again. */
const REASSIGNED_WAIT_MS = 5 * 60_000;

/** The service's policy as it stands, to be copied onto an incident; null when it has none. */
export async function policyOfService(db: DbOrTx, serviceId: string): Promise<PolicyCopy | null> {
  const row = await policyRow(db)
    .innerJoin("service_policies", "service_policies.escalation_policy_id", "escalation_policies.id")
    .where("service_policies.service_id", "=", serviceId)
    .executeTakeFirst();
  return row ? copyOf(db, row) : null;
}

export async function policyBySlug(db: DbOrTx, slug: string): Promise<PolicyCopy | null> {
  const row = await policyRow(db).where("escalation_policies.slug", "=", slug).executeTakeFirst();
  return row ? copyOf(db, row) : null;
}

/** A policy that pages one person only: for an incident that is handed to them. `missing` when nobody has that id. */
export async function policyForUser(db: DbOrTx, userId: string): Promise<PolicyCopy> {
  const user = await db
    .selectFrom("users")
    .select(["id", "name", "email"])
    .where("id", "=", userId)
    .executeTakeFirst();
  if (!user) throw missing(`user ${userId}`);
  const { id, name, email } = user;
  const levels = [{ targets: [{ kind: "user" as const, id, name }], waitMs: REASSIGNED_WAIT_MS }];
  return { slug: email, name, repeat: 0, levels, fallback: [] };
}

const policyRow = (db: DbOrTx) =>
  db
    .selectFrom("escalation_policies")
    .select("escalation_policies.id")
    .select(["escalation_policies.slug", "escalation_policies.name", "escalation_policies.definition"]);

type PolicyRow = Awaited<ReturnType<ReturnType<typeof policyRow>["executeTakeFirstOrThrow"]>>;

const copyOf = async (db: DbOrTx, row: PolicyRow): Promise<PolicyCopy> =>
  policyCopy(row, await targetNames(db, targetsOf(row.definition)));

/** Whom targets mean, and the teams asked for their lead that have none. */
export interface Resolved {
  /** By `targetKey`. */
  people: Map<string, string[]>;
  leaderless: ReadonlySet<string>;
}

/**
 * Whom each target means at an instant: of a schedule who is on call, or who is next; of a team all members, or its
 * leads. Only people who are active; nobody twice for one target; a target that means nobody has an empty list.
 */
export async function resolveAll(
  db: DbOrTx,
  targets: readonly StoredTarget[],
  at: Temporal.Instant,
): Promise<Resolved> {
  const idsOf = (...kinds: Target["kind"][]) => [
    ...new Set(targets.filter((target) => kinds.includes(target.kind)).map((target) => target.id)),
  ];
  const onCall = await onCallBySchedule(db, idsOf("schedule"), at);
  const following = await nextBySchedule(db, idsOf("next"), at);
  const teams = await membersOfTeams(db, idsOf("team", "lead"));
  const candidates = ({ kind, id }: StoredTarget): readonly string[] => {
    if (kind === "user") return [id];
    if (kind === "schedule") return onCall.get(id) ?? [];
    if (kind === "next") return following.get(id) ?? [];
    return (teams.get(id) ?? []).map((member) => member.person);
  };
  const active = await activeAmong(db, targets.flatMap(candidates));
  const leadsOf = (id: string) =>
    (teams.get(id) ?? []).flatMap(({ person, lead }) => (lead && active.has(person) ? [person] : []));
  const leaderless = new Set(idsOf("lead").filter((id) => leadsOf(id).length === 0));
  const peopleOf = (target: StoredTarget) => {
    const led = target.kind === "lead" && !leaderless.has(target.id);
    const people = led ? leadsOf(target.id) : candidates(target);
    return [...new Set(people)].filter((person) => active.has(person));
  };
  return { people: new Map(targets.map((target) => [targetKey(target), peopleOf(target)])), leaderless };
}

/** The people alone. */
export const resolveTargets = async (
  db: DbOrTx,
  targets: readonly StoredTarget[],
  at: Temporal.Instant,
): Promise<Map<string, string[]>> => (await resolveAll(db, targets, at)).people;

/** Who comes after those on call now, by schedule id. Rarely asked, so it may read all of a schedule's rules. */
async function nextBySchedule(
  db: DbOrTx,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const rows = await scheduleRows(db).where("schedules.id", "in", ids).execute();
  return new Map((await withRules(db, rows, { at })).map(({ id, rules }) => [id, onCallAt(rules, at).next]));
}

/** Who is on call by schedule id. Reads only the version in force and the overrides of the moment. */
async function onCallBySchedule(
  db: DbOrTx,
  ids: readonly string[],
  at: Temporal.Instant,
): Promise<Map<string, string[]>> {
  if (ids.length === 0) return new Map();
  const versions = await db
    .selectFrom("schedule_versions")
    .distinctOn("schedule_id")
    .select(["schedule_id", "definition"])
    .where("schedule_id", "in", ids)
    .where((eb) => eb.or([eb("valid_from", "is", null), eb("valid_from", "<=", at)]))
    .orderBy("schedule_id")
    .orderBy("valid_from", (order) => order.desc().nullsLast())
    .execute();
  const overrides = await db
    .selectFrom("schedule_overrides")
    .selectAll()
    .where("schedule_id", "in", ids)
    .where("from_at", "<=", at)
    .where("to_at", ">", at)
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  const overridesOf = Map.groupBy(overrides, (row) => row.schedule_id);
  return new Map(
    versions.map(({ schedule_id: id, definition }) => {
      const mine = (overridesOf.get(id) ?? []).map(toOverride);
      const rules: Schedule = { versions: [{ from: null, definition }], overrides: mine };
      return [id, usersOnCall(rules, at)];
    }),
  );
}

export interface Member {
  person: string;
  lead: boolean;
}

/** Members by team id, in the team's order. */
export async function membersOfTeams(db: DbOrTx, ids: readonly string[]): Promise<Map<string, Member[]>> {
  if (ids.length === 0) return new Map();
  const rows = await db
    .selectFrom("team_members")
    .select(["team_id", "user_id", "lead"])
    .where("team_id", "in", ids)
    .orderBy("position")
    .orderBy("user_id")
    .execute();
  const teams = Map.groupBy(rows, (row) => row.team_id);
  return new Map(
    [...teams].map(([id, members]) => [
      id,
      members.map((member) => ({ person: member.user_id, lead: member.lead })),
    ]),
  );
}

export async function activeAmong(db: DbOrTx, ids: readonly string[]): Promise<Set<string>> {
  const wanted = [...new Set(ids)];
  if (wanted.length === 0) return new Set();
  const rows = await db
    .selectFrom("users")
    .select("id")
    .where("id", "in", wanted)
    .where("deactivated_at", "is", null)
    .execute();
  return new Set(rows.map((row) => row.id));
}

/** People's rules for an urgency, in their order. Somebody without rules isn't in the map. */
export async function rulesFor(
  db: DbOrTx,
  userIds: readonly string[],
  urgency: Urgency,
): Promise<Map<string, { method: string; afterMs: number }[]>> {
  if (userIds.length === 0) return new Map();
  const rows = await db
    .selectFrom("notification_rules")
    .select(["user_id", "method", "after_ms"])
    .where("user_id", "in", userIds)
    .where("urgency", "=", urgency)
    .orderBy("user_id")
    .orderBy("position")
    .execute();
  const people = Map.groupBy(rows, (row) => row.user_id);
  return new Map(
    [...people].map(([id, rules]) => [
      id,
      rules.map(({ method, after_ms: afterMs }) => ({ method, afterMs })),
    ]),
  );
}
