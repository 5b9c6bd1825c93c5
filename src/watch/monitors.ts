import type { z } from "zod";
import { receive } from "../alert/intake.ts";
import type { By } from "../org/actor.ts";
import { audit } from "../org/audit.ts";
import { must } from "../org/can.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { isUniqueViolation } from "../platform/database/transaction.ts";
import { formatDuration, parseDuration } from "../platform/duration.ts";
import { newId } from "../platform/ids.ts";
import { invalid, Refusal } from "../platform/refusal.ts";
import { groupsWith, wakeGroups } from "./group/wake.ts";
import { openConfig, parseKindConfig, sealConfig, shownConfig } from "./kind-config.ts";
import { kindById, type MonitorKind, monitorKinds } from "./kinds/index.ts";
import type { monitorCommon } from "./schema.ts";
import { slowJson, slowOf } from "./slow.ts";
import type { Confirm, SlowLimit } from "./table.ts";
import { toldKind } from "./told.ts";
import "./table.ts";

type Common = z.infer<typeof monitorCommon>;

/** A monitor's definition: the common fields, and the kind's own in `fields`. */
export type MonitorInput = Common & { fields: Record<string, unknown> };

const COMMON = [
  "slug",
  "name",
  "kind",
  "service",
  "every",
  "timeout",
  "confirm",
  "slow",
  "severity",
  "urgency",
  "labels",
  "keep",
  "paused",
];

/** The kind's own fields of a definition. */
export const kindFields = (input: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(input).filter(([key]) => !COMMON.includes(key)));

export function kindOf(id: string): MonitorKind {
  const kind = kindById(id);
  if (kind) return kind;
  throw invalid(
    "/kind",
    `There is no monitor kind "${id}". Known: ${monitorKinds.map((each) => each.id).join(", ")}.`,
  );
}

const ms = (pointer: string, text: string): number => {
  const value = parseDuration(text);
  if (value === undefined || value < 1)
    throw invalid(pointer, `"${text}" is not a duration such as 20s or 5m.`);
  return value;
};

/** Retries longer than the list repeat its last wait. */
export function confirmOf(input: z.infer<typeof monitorCommon>["confirm"]): Confirm {
  const list = typeof input.retry_every === "string" ? [input.retry_every] : input.retry_every;
  return {
    failures: input.failures,
    retryEveryMs: list.map((text) => ms("/confirm/retry_every", text)),
    recoveries: input.recoveries,
  };
}

export const confirmJson = (confirm: Confirm) => {
  const list = confirm.retryEveryMs.map(formatDuration);
  const [only] = list;
  return {
    failures: confirm.failures,
    retry_every: list.length === 1 && only ? only : list,
    recoveries: confirm.recoveries,
  };
};

function timing(input: { every: string; timeout: string }): { every_ms: number; timeout_ms: number } {
  const everyMs = ms("/every", input.every);
  const timeoutMs = ms("/timeout", input.timeout);
  if (everyMs < 1000)
    throw invalid("/every", "A monitor runs at most once a second: 1s is the shortest interval.");
  if (timeoutMs > 120_000) throw invalid("/timeout", "A check may take 2 minutes at the most.");
  return { every_ms: everyMs, timeout_ms: timeoutMs };
}

function slowLimit(kind: MonitorKind, input: Common["slow"], everyMs: number): SlowLimit | null {
  if (input !== null && kind.probed === false)
    throw invalid("/slow", `A monitor of kind ${kind.id} has no response times; leave slow out.`);
  return slowOf(input, everyMs);
}

interface ServiceRef {
  id: string;
  name: string;
  team: string | null;
  visibility: "company" | "team";
}

async function serviceRef(db: DbOrTx, slug: string): Promise<ServiceRef> {
  const row = await db
    .selectFrom("services")
    .select(["id", "name", "team_id as team", "visibility"])
    .where("slug", "=", slug)
    .executeTakeFirst();
  if (!row) throw invalid("/service", `There is no service "${slug}".`);
  return row;
}

/** Makes a monitor. It is checked for the first time within a second or so. */
export async function createMonitor(
  tx: Tx,
  by: By,
  input: MonitorInput,
): Promise<{ id: string; slug: string }> {
  const service = await serviceRef(tx, input.service);
  must(by.actor, "edit", { type: "monitor", team: service.team, visibility: service.visibility });
  const kind = kindOf(input.kind);
  const config = parseKindConfig(kind, input.fields);
  const times = timing(input);
  const slow = slowLimit(kind, input.slow, times.every_ms);
  const id = newId(by.platform.clock);
  try {
    await tx
      .insertInto("monitors")
      .values({
        id,
        slug: input.slug,
        name: input.name,
        service_id: service.id,
        kind: kind.id,
        config: json(sealConfig(kind, config, by.platform.secrets)),
        ...times,
        confirm: json(confirmOf(input.confirm)),
        slow: slow && json(slow),
        severity: input.severity,
        urgency: input.urgency,
        labels: json(input.labels),
        keep: input.keep,
        status_since: by.at,
        managed_by: by.managedBy,
        created_at: by.at,
        updated_at: by.at,
      })
      .execute();
  } catch (error) {
    if (!isUniqueViolation(error, "monitors_slug_key")) throw error;
    throw new Refusal("conflict", `There is a monitor "${input.slug}" already.`, {
      problems: [{ pointer: "/slug", detail: "taken; choose another" }],
    });
  }
  await toldKind(kind.id)?.made(tx, by, { id, config });
  const after = { ...input, fields: shownConfig(kind, config) };
  await audit(tx, by, { action: "created", type: "monitor", id, name: input.slug, after });
  await publish(tx, by, { ...service, id });
  return { id, slug: input.slug };
}

const publish = (
  tx: Tx,
  by: By,
  monitor: { id: string; team: string | null; visibility: "company" | "team" },
) =>
  by.platform.live.publish(tx, {
    type: "monitor",
    id: monitor.id,
    team: monitor.team,
    visibility: monitor.visibility,
  });

/** Finds a monitor by slug with what `can` needs; locked for the transaction's sake. */
async function lockMonitor(tx: Tx, slug: string) {
  const row = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .selectAll("monitors")
    .select(["services.team_id as team", "services.visibility", "services.slug as service_slug"])
    .where("monitors.slug", "=", slug)
    .forUpdate("monitors")
    .executeTakeFirst();
  if (!row) throw new Refusal("missing", `There is no monitor "${slug}".`);
  return row;
}

/** What of a monitor changes; what is absent stays. `fields` replace the kind's whole configuration. */
export type MonitorChange = Partial<Omit<MonitorInput, "slug" | "kind">>;

export async function updateMonitor(
  tx: Tx,
  by: By,
  { slug, change }: { slug: string; change: MonitorChange },
): Promise<void> {
  const row = await lockMonitor(tx, slug);
  must(by.actor, "edit", { type: "monitor", team: row.team, visibility: row.visibility });
  const service = change.service ? await serviceRef(tx, change.service) : undefined;
  if (service)
    must(by.actor, "edit", { type: "monitor", team: service.team, visibility: service.visibility });
  const kind = kindOf(row.kind);
  const stored = openConfig(kind, row.config, by.platform.secrets);
  const config = change.fields ? parseKindConfig(kind, change.fields, stored) : stored;
  const times = timing({
    every: change.every ?? formatDuration(row.every_ms),
    timeout: change.timeout ?? formatDuration(row.timeout_ms),
  });
  // Also the stored one: it must make sense beside a new interval.
  const slow = slowLimit(kind, change.slow === undefined ? slowJson(row.slow) : change.slow, times.every_ms);
  await tx
    .updateTable("monitors")
    .set({
      name: change.name ?? row.name,
      service_id: service?.id ?? row.service_id,
      config: json(sealConfig(kind, config, by.platform.secrets)),
      ...times,
      confirm: json(change.confirm ? confirmOf(change.confirm) : row.confirm),
      slow: slow && json(slow),
      severity: change.severity ?? row.severity,
      urgency: change.urgency === undefined ? row.urgency : change.urgency,
      labels: json(change.labels ?? row.labels),
      keep: change.keep ?? row.keep,
      managed_by: by.managedBy === "config" ? "config" : row.managed_by,
      updated_at: by.at,
    })
    .where("id", "=", row.id)
    .execute();
  await toldKind(kind.id)?.changed(tx, by, { id: row.id, before: stored, after: config });
  await audit(tx, by, {
    action: "updated",
    type: "monitor",
    id: row.id,
    name: slug,
    before: { ...plain(row), fields: shownConfig(kind, stored) },
    after: { ...plain({ ...row, ...times, slow }), ...change, fields: shownConfig(kind, config) },
  });
  await publish(tx, by, row);
}

const plain = (row: {
  name: string;
  every_ms: number;
  timeout_ms: number;
  slow: SlowLimit | null;
  severity: string;
  urgency: string | null;
  keep: string;
  service_slug: string;
}) => ({
  name: row.name,
  service: row.service_slug,
  every: formatDuration(row.every_ms),
  timeout: formatDuration(row.timeout_ms),
  slow: slowJson(row.slow),
  severity: row.severity,
  urgency: row.urgency,
  keep: row.keep,
});

/** Stops or resumes checking. A pause resolves the monitor's alert, saying so. */
export async function pauseMonitor(
  tx: Tx,
  by: By,
  { slug, paused }: { slug: string; paused: boolean },
): Promise<void> {
  const row = await lockMonitor(tx, slug);
  must(by.actor, "edit", { type: "monitor", team: row.team, visibility: row.visibility });
  if ((row.paused_at !== null) === paused) return;
  await tx
    .updateTable("monitors")
    .set({
      paused_at: paused ? by.at : null,
      paused_by: paused ? by.actor.name : null,
      judge: null,
      updated_at: by.at,
    })
    .where("id", "=", row.id)
    .execute();
  await becomeUnknown(tx, by, { row, reason: paused ? `paused by ${by.actor.name}` : "resumed" });
  await toldKind(row.kind)?.paused(tx, by, { id: row.id, paused });
  await audit(tx, by, { action: paused ? "paused" : "resumed", type: "monitor", id: row.id, name: slug });
  await publish(tx, by, row);
}

/** Deletes a monitor with its history. Its alert is resolved first, saying why. */
export async function deleteMonitor(tx: Tx, by: By, slug: string): Promise<void> {
  const row = await lockMonitor(tx, slug);
  must(by.actor, "edit", { type: "monitor", team: row.team, visibility: row.visibility });
  const groups = await groupsWith(tx, slug);
  if (groups.length > 0)
    throw new Refusal(
      "conflict",
      `"${slug}" is a member of ${groups.map((group) => `the group "${group.slug}"`).join(" and ")}. Take it out there first.`,
    );
  await removeRow(tx, by, row);
}

/** Puts another of the same slug in its place, as when it becomes another kind: groups keep it as their member. */
export async function replaceMonitor(tx: Tx, by: By, input: MonitorInput): Promise<void> {
  const row = await lockMonitor(tx, input.slug);
  must(by.actor, "edit", { type: "monitor", team: row.team, visibility: row.visibility });
  await removeRow(tx, by, row);
  await createMonitor(tx, by, input);
  await wakeGroups(tx, by.platform, input.slug);
}

async function removeRow(tx: Tx, by: By, row: LockedMonitor): Promise<void> {
  const { slug } = row;
  await endAlert(tx, by, { row, reason: `the monitor was deleted by ${by.actor.name}` });
  await tx.deleteFrom("monitors").where("id", "=", row.id).execute();
  const kind = kindOf(row.kind);
  const before = {
    ...plain(row),
    config: shownConfig(kind, openConfig(kind, row.config, by.platform.secrets)),
  };
  await audit(tx, by, { action: "deleted", type: "monitor", id: row.id, name: slug, before });
  await publish(tx, by, row);
}

type LockedMonitor = Awaited<ReturnType<typeof lockMonitor>>;

/** While nothing is checked nothing is known: the time stays out of uptime. */
async function becomeUnknown(
  tx: Tx,
  by: By,
  { row, reason }: { row: LockedMonitor; reason: string },
): Promise<void> {
  await endAlert(tx, by, { row, reason: `the monitor was ${reason}` });
  await wakeGroups(tx, by.platform, row.slug);
  if (row.status === "unknown") return;
  await tx
    .updateTable("monitors")
    .set({ status: "unknown", status_since: by.at })
    .where("id", "=", row.id)
    .execute();
  await tx
    .insertInto("monitor_transitions")
    .values({
      id: newId(by.platform.clock),
      monitor_id: row.id,
      at: by.at,
      from_status: row.status,
      to_status: "unknown",
      reason,
    })
    .execute();
}

async function endAlert(
  tx: Tx,
  by: By,
  { row, reason }: { row: LockedMonitor; reason: string },
): Promise<void> {
  // Whatever its status: one that went blind while it was down still has its alert. Without an alert nothing happens.
  const source = { type: "monitor" as const, id: row.id, slug: row.slug, name: row.name };
  await receive(tx, by, {
    dedupKey: row.id,
    event: { action: "resolve", source, reason, at: by.at.toString() },
  });
}
