import type { Actor, By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { can, must } from "../org/can.ts";
import { isBefore } from "../platform/clock.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { isId, newId } from "../platform/ids.ts";
import { missing, type Problem, Refusal } from "../platform/refusal.ts";
import { refuse } from "./definition.ts";
import { scheduleChanged } from "./engine.ts";
import { findEmails, peopleById } from "./people.ts";
import { checkSchedule } from "./schedule/check.ts";
import { conflictingOverride, resolveOverride } from "./schedule/overrides.ts";
import type { Override } from "./schedule/types.ts";
import { scheduleResource } from "./schedules.ts";
import type { OverrideInput } from "./schema.ts";
import { mentions } from "./seats.ts";
import { lockSchedule, type OverrideRow, type StoredSchedule } from "./stored.ts";
import "./table.ts";

/** Adds an override; its local times are read in the schedule's zone. Answers with its id. */
export async function createOverride(
  tx: Tx,
  by: By,
  { slug, ...input }: OverrideInput & { slug: string },
): Promise<string> {
  const stored = await lockSchedule(tx, slug, by.at);
  const override = await readOverride(tx, stored, { input, at: "" });
  mustOverride(by.actor, stored, override);
  const clash = conflictingOverride(stored.rules.overrides, override);
  if (clash)
    throw new Refusal(
      "conflict",
      `The same override is already there from ${clash.from} to ${clash.to}. Delete that one first, or choose other times.`,
    );
  const id = await insertOverride(tx, by, { scheduleId: stored.id, override });
  await scheduleChanged(tx, by, stored.id);
  return id;
}

/** Whoever may edit the schedule makes any override; everybody who is on it may come in for somebody else. */
function mustOverride(actor: Actor, stored: StoredSchedule, override: Override): void {
  const comesIn = override.kind === "remove" ? null : override.user;
  const isOn = mentions(stored.rules.versions.flatMap((version) => version.definition.layers)).some(
    (mention) => mention.user === actor.id,
  );
  if (actor.type === "user" && comesIn === actor.id && isOn) return;
  must(actor, "edit", scheduleResource(stored.team?.id ?? null));
}

/** From e-mails and local times to ids and instants. Pointers begin with `at`. */
async function readOverride(
  db: DbOrTx,
  { timeZone }: Pick<StoredSchedule, "timeZone">,
  { input, at }: { input: OverrideInput; at: string },
): Promise<Override> {
  const prefix = "/overrides/0";
  const problems = checkSchedule({ time_zone: timeZone, layers: [], overrides: [input] });
  const named = (["user", "replaces", "removes"] as const).flatMap((field) => {
    const email = input[field];
    return email === undefined ? [] : [{ pointer: `${at}/${field}`, email }];
  });
  const people = await findEmails(db, named);
  refuse([
    ...problems.map(
      ({ pointer, detail }): Problem => ({ pointer: at + pointer.slice(prefix.length), detail }),
    ),
    ...people.problems,
  ]);
  const idOf = (email: string | undefined) => (email === undefined ? undefined : people.idOf(email));
  const { user, replaces, removes, ...rest } = input;
  return resolveOverride(
    { ...rest, user: idOf(user), replaces: idOf(replaces), removes: idOf(removes) },
    timeZone,
  );
}

export interface NewOverride {
  scheduleId: string;
  override: Override;
  /** Where it stands among the others: overrides act in the order of this. Now, unless told. */
  createdAt?: Temporal.Instant;
}

export async function insertOverride(tx: Tx, by: By, input: NewOverride): Promise<string> {
  const { scheduleId: schedule_id, override, createdAt: created_at = by.at } = input;
  const id = newId(by.platform.clock);
  const row: OverrideRow = {
    ...{ id, schedule_id, ...columnsOf(override), created_at },
    managed_by: by.managedBy,
    created_by: by.actor.type === "user" && by.actor.id ? by.actor.id : by.actor.name,
  };
  await tx.insertInto("schedule_overrides").values(row).execute();
  await auditOverride(tx, by, { action: "created", row });
  return id;
}

const columnsOf = (override: Override) => ({
  user_id: override.kind === "remove" ? null : override.user,
  replaces_id: override.kind === "replace" ? override.replaces : null,
  removes_id: override.kind === "remove" ? override.removes : null,
  adds: override.kind === "add",
  from_at: override.from,
  to_at: override.to,
});

/** Takes an override back: one that runs ends now, since what was, was. Whoever made it may, and who may edit the schedule. */
export async function deleteOverride(tx: Tx, by: By, input: { slug: string; id: string }): Promise<void> {
  const stored = await lockSchedule(tx, input.slug, by.at);
  const row = await overrideRow(tx, stored.id, input.id);
  const isMine = by.actor.type === "user" && by.actor.id !== null && row.created_by === by.actor.id;
  const resource = scheduleResource(stored.team?.id ?? null);
  if (!isMine || !can(by.actor, "read", resource)) must(by.actor, "edit", resource);
  if (Temporal.Instant.compare(row.to_at, by.at) <= 0)
    throw new Refusal("conflict", "That override is over; it stays as the record of who was on call.");
  await endOverride(tx, by, row);
  await scheduleChanged(tx, by, stored.id);
}

async function overrideRow(tx: Tx, scheduleId: string, id: string): Promise<OverrideRow> {
  const row = isId(id)
    ? await tx
        .selectFrom("schedule_overrides")
        .selectAll()
        .where("id", "=", id)
        .where("schedule_id", "=", scheduleId)
        .executeTakeFirst()
    : undefined;
  if (!row) throw missing(`override ${id} of this schedule`);
  return row;
}

/** Ends an override now; one that has not begun goes altogether. */
export async function endOverride(tx: Tx, by: By, row: OverrideRow): Promise<void> {
  if (isBefore(row.from_at, by.at)) {
    await tx.updateTable("schedule_overrides").set({ to_at: by.at }).where("id", "=", row.id).execute();
    await auditOverride(tx, by, { action: "ended", row });
  } else {
    await tx.deleteFrom("schedule_overrides").where("id", "=", row.id).execute();
    await auditOverride(tx, by, { action: "deleted", row });
  }
}

async function auditOverride(
  tx: Tx,
  by: By,
  { action, row }: { action: "created" | "ended" | "deleted"; row: OverrideRow },
): Promise<void> {
  const schedule = await tx
    .selectFrom("schedules")
    .select(["slug", "name"])
    .where("id", "=", row.schedule_id)
    .executeTakeFirstOrThrow();
  const people = await peopleById(tx, [row.user_id, row.replaces_id, row.removes_id]);
  const email = (id: string | null) => (id === null ? undefined : people.get(id)?.email);
  const value = {
    schedule: schedule.slug,
    ...{ user: email(row.user_id), replaces: email(row.replaces_id), removes: email(row.removes_id) },
    ...(row.adds ? { adds: true } : {}),
    ...{ from: row.from_at.toString(), to: row.to_at.toString() },
  };
  const change = { action, type: "override", id: row.id, name: `Override of ${schedule.name}` };
  if (action === "created") return audit(tx, by, { ...change, after: value });
  if (action === "deleted") return audit(tx, by, { ...change, before: value });
  return audit(tx, by, { ...change, before: value, after: { ...value, to: by.at.toString() } });
}

/**
 * Makes a schedule's overrides from configuration those that are listed. Overrides made by hand are left alone, and so
 * are those that are over.
 */
export async function setConfiguredOverrides(
  tx: Tx,
  by: By,
  { slug, overrides }: { slug: string; overrides: readonly OverrideInput[] },
): Promise<void> {
  const stored = await lockSchedule(tx, slug, by.at);
  must(by.actor, "edit", scheduleResource(stored.team?.id ?? null));
  const wanted: Override[] = [];
  for (const [i, input] of overrides.entries())
    wanted.push(await readOverride(tx, stored, { input, at: `/overrides/${i}` }));
  const rows = await tx
    .selectFrom("schedule_overrides")
    .selectAll()
    .where("schedule_id", "=", stored.id)
    .where("managed_by", "=", "config")
    .execute();
  const isThere = new Set(rows.map(signature));
  const isWanted = new Set(wanted.map((override) => signature(columnsOf(override))));
  for (const row of rows)
    if (!isWanted.has(signature(row)) && isBefore(by.at, row.to_at)) await endOverride(tx, by, row);
  for (const [i, override] of wanted.entries())
    if (!isThere.has(signature(columnsOf(override))))
      await insertOverride(
        tx,
        { ...by, managedBy: "config" },
        {
          scheduleId: stored.id,
          override,
          createdAt: by.at.add({ microseconds: i }),
        },
      );
  await scheduleChanged(tx, by, stored.id);
}

/** What an override does and when, to tell whether two are the same. */
const signature = (row: ReturnType<typeof columnsOf>): string =>
  JSON.stringify([row.user_id, row.replaces_id, row.removes_id, row.adds, `${row.from_at}`, `${row.to_at}`]);
