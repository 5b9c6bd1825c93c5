import { sql } from "kysely";
import { maintenanceOf, windowsOn } from "../../catalog/maintenance/store.ts";
import type { By } from "../../org/actor.ts";
import { must } from "../../org/can.ts";
import { later } from "../../platform/clock.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { invalid } from "../../platform/refusal.ts";
import { type GroupConfig, groupConfig, membersOf } from "../kinds/group/group.ts";
import type { Evidence } from "../schema.ts";
import { settleStatus } from "../settle-status.ts";
import { circleOf, groupStanding, type Member } from "./model.ts";
import { wakeGroup } from "./wake.ts";

/** Members that go in or out of maintenance change no status of their own: groups look at them by themselves, too. */
const LOOK_EVERY_MS = 60_000;
const LOCK = [7243, 103] as const;

/** What groups do later: follow their members. */
export function groupEngine(platform: Platform): void {
  platform.due.handle(
    "group",
    async (job) => {
      const { monitorId } = job.payload as { monitorId: string };
      const exists = await inTransaction(platform.db, (tx) => judgeGroup(tx, platform, monitorId));
      return exists ? { again: later(platform.clock.now(), LOOK_EVERY_MS) } : undefined;
    },
    { concurrency: 4 },
  );
}

async function judgeGroup(tx: Tx, platform: Platform, monitorId: string): Promise<boolean> {
  const row = await tx
    .selectFrom("monitors")
    .select(["id", "config", "status", "last_check", "paused_at"])
    .where("id", "=", monitorId)
    .where("kind", "=", "group")
    .forUpdate()
    .executeTakeFirst();
  if (!row || row.paused_at !== null) return false;
  const config = groupConfig.parse(row.config);
  const members = await readMembers(tx, config.members, platform.clock.now());
  await settleStatus(tx, platform, {
    ...{ id: row.id, before: row, ...groupStanding(members, config) },
    evidence: evidenceOf(members),
  });
  return true;
}

async function readMembers(
  tx: Tx,
  slugs: readonly string[],
  now: Temporal.Instant,
): Promise<(Member & { reason: string })[]> {
  const rows = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select([
      ...(["monitors.slug", "monitors.status", "monitors.labels", "monitors.paused_at"] as const),
      ...(["monitors.last_check", "services.slug as service"] as const),
    ])
    .where("monitors.slug", "in", slugs)
    .orderBy("monitors.slug")
    .execute();
  const on = await windowsOn(tx, now);
  return rows.map(({ slug, status, labels, service, paused_at, last_check }) => ({
    ...{ slug, status, reason: last_check?.reason ?? "" },
    leftOut: paused_at !== null || maintenanceOf(on, { monitor: slug, service, labels }) !== null,
  }));
}

const evidenceOf = (members: readonly (Member & { reason: string })[]): Evidence => ({
  expectations: members.map(({ slug, status, leftOut, reason }) => ({
    what: slug,
    ok: leftOut || status === "up",
    wanted: leftOut ? "nothing: paused or in maintenance" : "up",
    got: status === "up" || reason === "" ? status : `${status}: ${reason}`,
  })),
});

/** A group was made or changed: its members must be there, and it must not hold itself. */
export async function groupChanged(
  tx: Tx,
  by: By,
  { id, config }: { id: string; config: GroupConfig },
): Promise<void> {
  const group = await audienceOf(tx, id);
  const members = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select(["monitors.slug", "services.team_id as team", "services.visibility"])
    .where("monitors.slug", "in", config.members)
    // Whoever deletes one meanwhile waits, and finds this group.
    .forKeyShare("monitors")
    .execute();
  const known = new Map(members.map((each) => [each.slug, each]));
  config.members.forEach((member, index) => {
    const found = known.get(member);
    if (!found) throw invalid(`/members/${index}`, `There is no monitor "${member}".`);
    must(by.actor, "read", { type: "monitor", team: found.team, visibility: found.visibility });
    // A group says of its members how they are: nobody may learn that from it who could not from them.
    if (found.visibility === "team" && !(group.visibility === "team" && group.team === found.team))
      throw invalid(
        `/members/${index}`,
        `"${member}" is for its own team to see, and this group is seen by more people. Put the group into a service that only that team sees.`,
      );
  });
  // Two groups that take each other in at the same moment would each see no circle.
  await sql`select pg_advisory_xact_lock(${LOCK[0]}, ${LOCK[1]})`.execute(tx);
  const circle = circleOf(group.slug, config.members, await otherGroups(tx, id));
  if (circle) throw invalid("/members", `The group would hold itself: ${circle.join(" → ")}.`);
  await wakeGroup(tx, by.platform, { id, at: by.at });
}

const audienceOf = (tx: Tx, id: string) =>
  tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select(["monitors.slug", "services.team_id as team", "services.visibility"])
    .where("monitors.id", "=", id)
    .executeTakeFirstOrThrow();

async function otherGroups(db: DbOrTx, but: string): Promise<Map<string, readonly string[]>> {
  const rows = await db
    .selectFrom("monitors")
    .select(["slug", "config"])
    .where("kind", "=", "group")
    .where("id", "<>", but)
    .execute();
  return new Map(rows.map(({ slug, config }) => [slug, membersOf(config)]));
}

/** Resumed: it follows its members again. */
export async function groupPaused(
  tx: Tx,
  by: By,
  { id, paused }: { id: string; paused: boolean },
): Promise<void> {
  if (paused) await by.platform.due.cancel(tx, "group", id);
  else await wakeGroup(tx, by.platform, { id, at: by.at });
}
