import type { By } from "../../org/actor.ts";
import { by as handOf } from "../../org/actor.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { Platform } from "../../platform/platform.ts";
import { redactText } from "../kinds/base/redact.ts";
import { keepResult } from "../settle-status.ts";
import { monitorActor } from "../transition.ts";
import { durationOf, LONGEST_RUN_MS, type Signal, type SignalKind, take } from "./model.ts";
import { checkOfStanding, policyIn, standingNow, writeStanding } from "./stand.ts";
import { type LockedHeartbeat, lockHeartbeat } from "./store.ts";

/** So much of what is sent along is kept. */
export const BODY_LIMIT = 10_000;
/** Pings kept of each heartbeat. */
const KEPT_PINGS = 200;
const LINE_LIMIT = 200;
const USER_AGENT_LIMIT = 200;
const EVIDENCE_LIMIT = 4_096;

/** A signal as it came in. */
export interface Incoming {
  kind: SignalKind;
  rid: string | null;
  exitStatus: number | null;
  body: Buffer | null;
  method: string;
  remote: string | null;
  userAgent: string | null;
  /** What the sender measured itself, in ms; null where only the start tells. */
  tookMs?: number | null;
}

export type Taken = "taken" | "paused" | "gone";

/** Takes one signal: when this has answered, it is on disk, with all that follows from it. */
export function takeSignal(platform: Platform, monitorId: string, incoming: Incoming): Promise<Taken> {
  return inTransaction(platform.db, async (tx) => {
    const heartbeat = await lockHeartbeat(tx, monitorId);
    if (!heartbeat) return "gone";
    const by = handOf(platform, monitorActor(heartbeat));
    const counted = heartbeat.paused_at === null;
    const signal: Signal = {
      kind: incoming.kind,
      at: by.at.epochMilliseconds,
      rid: incoming.rid,
      exitStatus: incoming.exitStatus,
      line: firstLine(incoming.body),
    };
    const durationMs =
      incoming.tookMs ?? durationOf(heartbeat.facts, signal) ?? (await durationOfRun(tx, monitorId, signal));
    await keepPing(tx, by, { heartbeat, incoming, counted, durationMs });
    if (!counted) return "paused";
    await follow(tx, by, { heartbeat, signal, durationMs, body: incoming.body });
    return "taken";
  });
}

/** Runs may overlap: one that began before the latest is found by its id among the pings. */
async function durationOfRun(tx: Tx, monitorId: string, signal: Signal): Promise<number | null> {
  if (signal.rid === null || (signal.kind !== "success" && signal.kind !== "fail")) return null;
  const pings = await tx
    .selectFrom("heartbeat_pings")
    .select(["kind", "at"])
    .where("monitor_id", "=", monitorId)
    .where("rid", "=", signal.rid)
    .where("kind", "in", ["start", "success", "fail"])
    .orderBy("number", "desc")
    .limit(1)
    .execute();
  // A run that has ended already has not begun again.
  const [last] = pings;
  if (last?.kind !== "start") return null;
  const ms = signal.at - last.at.epochMilliseconds;
  return ms >= 0 && ms < LONGEST_RUN_MS ? ms : null;
}

async function follow(
  tx: Tx,
  by: By,
  {
    heartbeat,
    signal,
    durationMs,
    body,
  }: { heartbeat: LockedHeartbeat; signal: Signal; durationMs: number | null; body: Buffer | null },
): Promise<void> {
  const policy = policyIn(by, heartbeat);
  const now = signal.at;
  const before = await standingNow(tx, { facts: heartbeat.facts, policy, now });
  const facts = take(heartbeat.facts, signal, before);
  const standing = await standingNow(tx, { facts, policy, now });
  const text = body && textOf(body);
  const check = checkOfStanding(standing, { at: by.at, totalMs: durationMs, body: text });
  await writeStanding(tx, by, { heartbeat, facts, standing, check });
  if (signal.kind === "success" || signal.kind === "fail") await keepResult(tx, { id: heartbeat.id, check });
  const { id, team, visibility } = heartbeat;
  await by.platform.live.publish(tx, { type: "check", id, team, visibility });
}

async function keepPing(
  tx: Tx,
  by: By,
  {
    heartbeat,
    incoming,
    counted,
    durationMs,
  }: { heartbeat: LockedHeartbeat; incoming: Incoming; counted: boolean; durationMs: number | null },
): Promise<void> {
  const number = heartbeat.pings + 1;
  await tx.updateTable("heartbeats").set({ pings: number }).where("monitor_id", "=", heartbeat.id).execute();
  await tx
    .insertInto("heartbeat_pings")
    .values({
      ...{ monitor_id: heartbeat.id, number, at: by.at, kind: incoming.kind, counted },
      exit_status: incoming.exitStatus,
      rid: incoming.rid,
      duration_ms: durationMs === null ? null : Math.round(durationMs),
      method: incoming.method,
      remote: incoming.remote,
      user_agent: incoming.userAgent?.slice(0, USER_AGENT_LIMIT) ?? null,
      body: incoming.body?.subarray(0, BODY_LIMIT) ?? null,
    })
    .execute();
  await tx
    .deleteFrom("heartbeat_pings")
    .where("monitor_id", "=", heartbeat.id)
    .where("number", "<=", number - KEPT_PINGS)
    .execute();
}

/** A job's output is any bytes; what is shown of it is text that can be stored, without credentials. */
const textOf = (body: Buffer): string => redactText(body.subarray(0, EVIDENCE_LIMIT).toString("utf8"));

function firstLine(body: Buffer | null): string | null {
  const lines = body ? textOf(body).split("\n") : [];
  const line = lines.map((each) => each.trim()).find((each) => each !== "");
  // The cut may go through a pair of surrogates.
  return line?.slice(0, LINE_LIMIT).toWellFormed() ?? null;
}
