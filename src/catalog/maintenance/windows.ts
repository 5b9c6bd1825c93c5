import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { isUniqueViolation } from "../../platform/database/transaction.ts";
import { formatDuration, parseDuration } from "../../platform/duration.ts";
import { newId } from "../../platform/ids.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { mustReach } from "./access.ts";
import { readTiming } from "./definition.ts";
import { currentOf, nextChange } from "./model.ts";
import { cutPeriods, recordedFrom, recordFromNow, recordPeriods } from "./periods.ts";
import type { MaintenancePorts } from "./ports.ts";
import type { MaintenanceChange, MaintenanceInput } from "./schema.ts";
import { type WindowRow, windowOf } from "./store.ts";

/** The job that looks at a window when it begins or ends. */
export const MAINTENANCE_JOB = "maintenance";

type Written = Omit<MaintenanceInput, "slug">;
type With<T> = T & { ports: MaintenancePorts };

/** The columns of what is written; refuses what can't be a window. */
function columns(by: By, written: Written) {
  const timing = readTiming(written);
  const { name, description, everything, services, monitors, labels, exclude_from_uptime } = written;
  if (!everything && services.length + monitors.length + Object.keys(labels).length === 0)
    throw invalid("/services", "Say what is worked on: services, monitors, labels, or everything: true.");
  return {
    ...{
      name,
      description,
      everything,
      exclude_from_uptime,
      services: [...services],
      monitors: [...monitors],
    },
    labels: json(labels),
    time_zone: timing.zone,
    starts: written.starts,
    ends: written.ends,
    rrule: written.rrule,
    duration_ms: written.duration === null ? null : (parseDuration(written.duration) ?? null),
    updated_at: by.at,
  };
}

export const writtenOf = (row: WindowRow): Written => ({
  name: row.name,
  description: row.description,
  everything: row.everything,
  services: row.services,
  monitors: row.monitors,
  labels: row.labels,
  time_zone: row.time_zone,
  starts: row.starts,
  ends: row.ends,
  rrule: row.rrule,
  duration: row.duration_ms === null ? null : formatDuration(row.duration_ms),
  exclude_from_uptime: row.exclude_from_uptime,
});

const mustEdit = (tx: Tx, by: By, { window, strict, ports }: With<{ window: Written; strict: boolean }>) => {
  const { services, monitors } = window;
  const wide = window.everything || Object.keys(window.labels).length > 0;
  const reach = { type: "maintenance window", action: "edit", services, monitors, wide, strict } as const;
  return mustReach(tx, by, { reach, ports });
};

/** Plans work. One that has begun already holds from now on, and counts in uptime from its start. */
export async function createWindow(
  tx: Tx,
  by: By,
  { input, ports }: With<{ input: MaintenanceInput }>,
): Promise<string> {
  const { slug: given, ...written } = input;
  await mustEdit(tx, by, { window: written, strict: true, ports });
  const slug = given ?? (await freeSlug(tx, written.name));
  const values = {
    id: newId(by.platform.clock),
    slug,
    ...columns(by, written),
    recorded_until: by.at,
    managed_by: by.managedBy,
    created_by: by.actor.name,
    created_at: by.at,
  };
  try {
    await tx.insertInto("maintenance_windows").values(values).execute();
  } catch (error) {
    if (!isUniqueViolation(error)) throw error;
    throw new Refusal("conflict", `There is a maintenance window "${slug}" already. Choose another slug.`);
  }
  const row = await lockWindow(tx, slug);
  await recordPeriods(tx, by, { ...row, recorded_until: recordedFrom(row, by.at) });
  await audit(tx, by, {
    action: "created",
    type: "maintenance window",
    id: row.id,
    name: slug,
    after: written,
  });
  await changed(tx, by, { row, ports });
  return slug;
}

async function freeSlug(tx: Tx, name: string): Promise<string> {
  const plain = name
    .normalize("NFKD")
    .toLowerCase()
    .replace(/\p{M}+/gu, "");
  const wanted =
    plain
      .replace(/[^a-z0-9]+/g, "-")
      .replace(/^-|-$/g, "")
      .slice(0, 60) || "maintenance";
  const rows = await tx.selectFrom("maintenance_windows").select("slug").execute();
  const taken = new Set(rows.map(({ slug }) => slug));
  let slug = wanted;
  for (let number = 2; taken.has(slug); number++) slug = `${wanted}-${number}`;
  return slug;
}

/** The window, taken for this transaction. */
export async function lockWindow(tx: Tx, slug: string): Promise<WindowRow> {
  const row = await tx
    .selectFrom("maintenance_windows")
    .selectAll()
    .where("slug", "=", slug)
    .forUpdate()
    .executeTakeFirst();
  if (!row) throw missing(`maintenance window "${slug}"`);
  return row;
}

const TIMING = ["time_zone", "starts", "ends", "rrule", "duration"] as const;

/** Changes what is given, from now on: what has been stays as it was. */
export async function updateWindow(
  tx: Tx,
  by: By,
  { slug, change, ports }: With<{ slug: string; change: MaintenanceChange }>,
): Promise<void> {
  const before = await lockWindow(tx, slug);
  const was = writtenOf(before);
  await mustEdit(tx, by, { window: was, strict: false, ports });
  const written: Written = { ...was, ...given(change) };
  await mustEdit(tx, by, {
    window: written,
    strict: change.services !== undefined || change.monitors !== undefined,
    ports,
  });
  await recordPeriods(tx, by, before);
  await cutPeriods(tx, by, before.id);
  const moved = TIMING.some((field) => written[field] !== was[field]);
  await tx
    .updateTable("maintenance_windows")
    .set({
      ...columns(by, written),
      ...(moved ? { ended_at: null } : {}),
      recorded_until: by.at,
      managed_by: by.managedBy === "config" ? "config" : before.managed_by,
    })
    .where("id", "=", before.id)
    .execute();
  const row = await lockWindow(tx, slug);
  await recordFromNow(tx, by, row);
  await audit(tx, by, {
    ...{ action: "updated", type: "maintenance window", id: row.id, name: slug },
    before: was,
    after: written,
  });
  await changed(tx, by, { row, ports });
}

const given = (change: MaintenanceChange): MaintenanceChange =>
  Object.fromEntries(Object.entries(change).filter(([, value]) => value !== undefined));

/** Ends what goes on now. A window that recurs comes again as planned. */
export async function endWindow(tx: Tx, by: By, { slug, ports }: With<{ slug: string }>): Promise<void> {
  const before = await lockWindow(tx, slug);
  await mustEdit(tx, by, { window: writtenOf(before), strict: false, ports });
  if (!currentOf(windowOf(before), by.at))
    throw new Refusal("conflict", `Maintenance window "${slug}" is not on now; there is nothing to end.`);
  await recordPeriods(tx, by, before);
  await cutPeriods(tx, by, before.id);
  await tx
    .updateTable("maintenance_windows")
    .set({ ended_at: by.at, updated_at: by.at })
    .where("id", "=", before.id)
    .execute();
  await audit(tx, by, { action: "ended early", type: "maintenance window", id: before.id, name: slug });
  await changed(tx, by, { row: await lockWindow(tx, slug), ports });
}

/** Deletes a window; what it was in the past stays in the record. */
export async function deleteWindow(tx: Tx, by: By, { slug, ports }: With<{ slug: string }>): Promise<void> {
  const row = await lockWindow(tx, slug);
  await mustEdit(tx, by, { window: writtenOf(row), strict: false, ports });
  await recordPeriods(tx, by, row);
  await cutPeriods(tx, by, row.id);
  await tx.deleteFrom("maintenance_windows").where("id", "=", row.id).execute();
  await by.platform.due.cancel(tx, MAINTENANCE_JOB, row.id);
  await audit(tx, by, {
    ...{ action: "deleted", type: "maintenance window", id: row.id, name: slug },
    before: writtenOf(row),
  });
  await told(tx, by, { id: row.id, ports });
}

/** After a change: the next look at it, and what it holds, are as the window is now. */
async function changed(tx: Tx, by: By, { row, ports }: With<{ row: WindowRow }>): Promise<void> {
  await by.platform.due.cancel(tx, MAINTENANCE_JOB, row.id);
  const at = await lookAgainAt(tx, by, row);
  if (at)
    await by.platform.due.add(tx, {
      ...{ kind: MAINTENANCE_JOB, key: row.id, at, maxAttempts: 1_000_000 },
      payload: { windowId: row.id },
    });
  await told(tx, by, { id: row.id, ports });
}

/** When the window is to be looked at next; one that never comes again is marked as over. */
export async function lookAgainAt(tx: Tx, by: By, row: WindowRow): Promise<Temporal.Instant | undefined> {
  const at = nextChange(windowOf(row), by.at);
  const over = at === undefined;
  if (over !== row.over)
    await tx.updateTable("maintenance_windows").set({ over }).where("id", "=", row.id).execute();
  return at;
}

/** Browsers are told, and alerts are judged by what holds now. */
export async function told(tx: Tx, by: By, { id, ports }: With<{ id: string }>): Promise<void> {
  await by.platform.live.publish(tx, { type: "maintenance", id });
  await ports.judgeHolds(tx, by);
}
