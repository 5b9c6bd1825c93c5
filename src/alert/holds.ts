import { sql } from "kysely";
import { covers } from "../catalog/maintenance/model.ts";
import { windowsOn } from "../catalog/maintenance/store.ts";
import { supportBegins } from "../catalog/support-hours.ts";
import { refreshAlert } from "../incident/incidents.ts";
import { type By, SYSTEM } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { type AlertRow, intoIncident, publishAlert, toldAlert } from "./into-incident.ts";
import { matches, problemKey } from "./silence/model.ts";
import { silencesOn } from "./silence/store.ts";
import "./table.ts";

/** Why a firing alert pages nobody, and until when. */
export interface Hold {
  by: "maintenance" | "silence" | "support_hours";
  until: Temporal.Instant;
  /** The window's name, why it was silenced, or the service's name. */
  name: string;
  /** The window's slug, the silence's id, or the service's slug. */
  ref: string;
}

/** The job that judges one held alert again when its hold ends. */
export const HELD_JOB = "held";

/** Whoever takes events in shares it; whoever changes what holds takes it alone, so that neither misses the other. */
const LOCK = [7243, 102] as const;

/** To be taken before any alert is: from here to the end of the transaction no hold is edited. */
export const shareHolds = async (tx: Tx): Promise<void> => {
  await sql`select pg_advisory_xact_lock_shared(${LOCK[0]}, ${LOCK[1]})`.execute(tx);
};

export type HoldOf = (alert: AlertRow) => Hold | null;

/** What holds an alert as things stand now; of several holds the one that lasts longest. */
export async function readHolds(tx: Tx, by: By): Promise<HoldOf> {
  // Not the call's own instant: it may be older than the lock, and an edit may have come between.
  const now = by.platform.clock.now();
  const [windows, silences] = [await windowsOn(tx, now), await silencesOn(tx, now)];
  const services = await tx.selectFrom("services").select(["id", "slug", "name", "support_hours"]).execute();
  const supported = services.some(({ support_hours }) => support_hours !== null);
  if (windows.length + silences.length === 0 && !supported) return () => null;
  const underWay = supported ? await openIncidents(tx) : new Set<string>();
  const serviceOf = new Map(services.map((row) => [row.id, row]));
  return (alert) => {
    const row = alert.service_id === null ? undefined : serviceOf.get(alert.service_id);
    const service = row?.slug ?? null;
    const monitor = alert.source_type === "monitor" ? (alert.source?.slug ?? null) : null;
    const subject = { ...alert, service, monitor, problem: problemKey(alert.source_id, alert.dedup_key) };
    // What Keepwatch says about itself is never planned work.
    const window =
      alert.source_type === "system" ? undefined : windows.find(({ scope }) => covers(scope, subject));
    const silence = silences.find(({ matchers }) => matches(matchers, subject));
    const holds: Hold[] = [];
    if (window) holds.push({ by: "maintenance", until: window.until, name: window.name, ref: window.slug });
    if (silence) holds.push({ by: "silence", until: silence.until, name: silence.reason, ref: silence.id });
    // What people are at work on already is not put off.
    const waits = alert.urgency === "low" && !underWay.has(alert.incident_id ?? "");
    const begins = waits && row?.support_hours ? supportBegins(row.support_hours, now) : null;
    if (row && begins) holds.push({ by: "support_hours", until: begins, name: row.name, ref: row.slug });
    return holds.toSorted((a, b) => Temporal.Instant.compare(b.until, a.until))[0] ?? null;
  };
}

async function openIncidents(tx: Tx): Promise<ReadonlySet<string>> {
  const rows = await tx.selectFrom("incidents").select("id").where("status", "<>", "resolved").execute();
  return new Set(rows.map(({ id }) => id));
}

/** The hold in the alert's columns. */
export const holdColumns = (hold: Hold | null) => ({
  held_by: hold?.by ?? null,
  held_until: hold?.until ?? null,
  held_name: hold?.name ?? null,
  held_ref: hold?.ref ?? null,
});

/** Writes down what holds the alert, and looks again when that ends. */
export async function hold(tx: Tx, by: By, { id, hold }: { id: string; hold: Hold }): Promise<void> {
  await tx.updateTable("alerts").set(holdColumns(hold)).where("id", "=", id).execute();
  await by.platform.due.add(tx, {
    ...{ kind: HELD_JOB, key: id, at: hold.until, maxAttempts: 1_000_000 },
    payload: { alertId: id },
  });
  await publishAlert(tx, by, id);
}

/**
 * Judges every firing alert by what holds now, in the transaction that changed it. What begins to be held is marked:
 * an incident that is open already goes on. What is held no longer and still fires pages.
 */
export async function judgeHolds(tx: Tx, by: By): Promise<void> {
  await sql`select pg_advisory_xact_lock(${LOCK[0]}, ${LOCK[1]})`.execute(tx);
  const firing = await tx
    .selectFrom("alerts")
    .selectAll()
    .where("status", "=", "firing")
    .orderBy("id")
    .forUpdate()
    .execute();
  if (firing.length === 0) return;
  const holdOf = await readHolds(tx, by);
  for (const alert of firing) await judge(tx, by, { alert, holdOf });
}

/** The hold of one alert has come to its end, or moved. Answers with when to look again. */
export async function judgeHeld(tx: Tx, by: By, alertId: string): Promise<Temporal.Instant | undefined> {
  await shareHolds(tx);
  const alert = await tx
    .selectFrom("alerts")
    .selectAll()
    .where("id", "=", alertId)
    .where("status", "=", "firing")
    .forUpdate()
    .executeTakeFirst();
  if (!alert) return undefined;
  return (await judge(tx, by, { alert, holdOf: await readHolds(tx, by) }))?.until;
}

async function judge(
  tx: Tx,
  by: By,
  { alert, holdOf }: { alert: AlertRow; holdOf: HoldOf },
): Promise<Hold | null> {
  const now = holdOf(alert);
  if (now) {
    if (!isSame(now, alert)) await hold(tx, by, { id: alert.id, hold: now });
  } else if (alert.held_by !== null) await release(tx, by, alert);
  return now;
}

const isSame = (hold: Hold, alert: AlertRow): boolean =>
  hold.by === alert.held_by &&
  hold.ref === alert.held_ref &&
  hold.name === alert.held_name &&
  alert.held_until !== null &&
  hold.until.equals(alert.held_until);

/** Nothing holds it any more, and it still fires: it pages, or raises the incident that has gone on meanwhile. */
export async function release(tx: Tx, by: By, alert: AlertRow): Promise<void> {
  const hand = { ...by, actor: SYSTEM };
  await tx.updateTable("alerts").set(holdColumns(null)).where("id", "=", alert.id).execute();
  const incident =
    alert.incident_id === null
      ? undefined
      : await tx
          .selectFrom("incidents")
          .select("status")
          .where("id", "=", alert.incident_id)
          .executeTakeFirst();
  if (alert.incident_id !== null && incident && incident.status !== "resolved") {
    const told = { incidentId: alert.incident_id, alert: toldAlert(alert), calledBefore: alert.title };
    await refreshAlert(tx, hand, told);
    await publishAlert(tx, by, alert.id);
    return;
  }
  await intoIncident(tx, hand, {
    alerts: [alert],
    followsId: alert.incident_id,
    because: stillFailing(alert),
  });
}

function stillFailing({ held_by, held_name }: AlertRow): string {
  if (held_by === "maintenance") return `Still failing after maintenance (${held_name})`;
  if (held_by === "support_hours")
    return `Still failing when the support hours of ${held_name} allow it to page`;
  return "Still failing after its silence ended";
}
