import { receive } from "../alert/intake.ts";
import type { AlertEvent, Source } from "../alert/model.ts";
import type { Severity, Urgency } from "../catalog/schema.ts";
import { type Actor, by } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { failpoint } from "../platform/failpoint.ts";
import { newId } from "../platform/ids.ts";
import type { Platform } from "../platform/platform.ts";
import { wakeGroups } from "./group/wake.ts";
import {
  FLAPPING_CHANGES,
  FLAPPING_WINDOW_MS,
  type JudgeState,
  type Transition,
  UNWATCHED,
} from "./judge.ts";
import type { Check } from "./schema.ts";
import "./table.ts";

/** What a transition needs to know of its monitor and its service, as they are when it is committed. */
export interface Watched {
  id: string;
  slug: string;
  name: string;
  serviceId: string;
  serviceName: string;
  team: string | null;
  visibility: "company" | "team";
  severity: Severity;
  /** The monitor's own, or else the service's. */
  urgency: Urgency;
  labels: Record<string, string>;
}

export const monitorActor = (monitor: { id: string; name: string }): Actor => ({
  type: "monitor",
  id: monitor.id,
  name: monitor.name,
  role: "admin",
  teams: [],
  teamScope: null,
});

/** Degraded is a lesser matter than down: one severity lower, and it wakes nobody. */
const lower: Record<Severity, Severity> = {
  SEV1: "SEV2",
  SEV2: "SEV3",
  SEV3: "SEV4",
  SEV4: "SEV5",
  SEV5: "SEV5",
};

/** What and where, once: a monitor that is named after its service needs no service in front. */
const titleOf = ({ name, serviceName }: Watched): string =>
  name.toLowerCase().startsWith(serviceName.toLowerCase()) ? name : `${serviceName}: ${name}`;

/** The event a transition sends through the same door as every other source; none while nothing is known. */
export function eventOf(monitor: Watched, transition: Moved, check: Check): AlertEvent | undefined {
  const source: Source = { type: "monitor", id: monitor.id, slug: monitor.slug, name: monitor.name };
  const at = Temporal.Instant.fromEpochMilliseconds(transition.at).toString();
  if (transition.to === "unknown" || (transition.to === "up" && transition.flapping === "continues"))
    return undefined;
  // Said once: what follows, recoveries too, is part of it, until it has been steady for a while.
  const flaps = transition.flapping === "begins" || transition.flapping === "continues";
  if (transition.to === "up" && !flaps)
    return { action: "resolve", source, reason: "the check recovered", at };
  const degraded = transition.to === "degraded" && !flaps;
  return {
    action: "trigger",
    source,
    title: `${titleOf(monitor)} is ${flaps ? "flapping" : transition.to}`,
    reason: flaps
      ? `${FLAPPING_CHANGES} changes or more in ${FLAPPING_WINDOW_MS / 60_000} minutes; last seen: ${check.reason}`
      : check.reason,
    cause: flaps ? "flapping" : check.cause,
    severity: degraded ? lower[monitor.severity] : monitor.severity,
    urgency: degraded ? "low" : monitor.urgency,
    labels: monitor.labels,
    evidence: check.evidence,
    serviceId: monitor.serviceId,
    startedAt: Temporal.Instant.fromEpochMilliseconds(transition.since).toString(),
    at,
  };
}

const readWatched = (tx: Tx, id: string): Promise<Watched> =>
  tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select([
      "monitors.id",
      "monitors.slug",
      "monitors.name",
      "services.id as serviceId",
      "services.name as serviceName",
      "services.team_id as team",
      "services.visibility",
      "monitors.severity",
      "monitors.labels",
    ])
    .select((eb) => eb.fn.coalesce("monitors.urgency", "services.urgency").as("urgency"))
    .where("monitors.id", "=", id)
    .executeTakeFirstOrThrow();

/** What of a transition is written down. */
type Moved = Pick<Transition, "from" | "to" | "at" | "since" | "reason"> &
  Partial<Pick<Transition, "flapping">>;

/** A change of status with the check that showed it. `judge` is what the prober's judge remembers; null where none judges. */
export interface Change {
  id: string;
  transition: Moved;
  check: Check;
  judge: JudgeState | null;
}

/**
 * Commits a transition together with its event: after that, whatever dies, the page will come.
 * A monitor that was paused or deleted meanwhile changes nothing.
 */
export async function commitTransition(
  platform: Platform,
  { id }: { id: string },
  change: Omit<Change, "id">,
): Promise<void> {
  failpoint("watch:before-transition");
  await inTransaction(platform.db, (tx) => writeTransition(tx, platform, { ...change, id }));
  failpoint("watch:transition-committed");
}

/** The same inside the caller's transaction. */
export async function writeTransition(
  tx: Tx,
  platform: Platform,
  { id, transition, check, judge }: Change,
): Promise<void> {
  const at = Temporal.Instant.fromEpochMilliseconds(transition.at);
  const updated = await tx
    .updateTable("monitors")
    .set({
      status: transition.to,
      status_since: Temporal.Instant.fromEpochMilliseconds(transition.since),
      judge: judge === null ? null : json(judge),
      last_check: json(check),
      // That nobody looked is no failure to show.
      ...(check.status === "up" || check.cause === UNWATCHED ? {} : { last_failure: json(check) }),
    })
    .where("id", "=", id)
    .where("paused_at", "is", null)
    .executeTakeFirst();
  if (updated.numUpdatedRows === 0n) return;
  const monitor = await readWatched(tx, id);
  const hand = by(platform, monitorActor(monitor));
  await tx
    .insertInto("monitor_transitions")
    .values({
      id: newId(platform.clock),
      monitor_id: monitor.id,
      at: Temporal.Instant.fromEpochMilliseconds(transition.since),
      from_status: transition.from,
      to_status: transition.to,
      reason: transition.reason,
      evidence: check.status === "up" ? null : json(check.evidence),
    })
    .execute();
  const event = eventOf(monitor, transition, check);
  if (event) await receive(tx, { ...hand, at }, { dedupKey: monitor.id, event });
  await wakeGroups(tx, platform, monitor.slug);
  await platform.live.publish(tx, {
    type: "monitor",
    id: monitor.id,
    team: monitor.team,
    visibility: monitor.visibility,
  });
}

/** The status stays and something else is said of it: an alert that fires says so, too. In the caller's transaction. */
export async function writeNews(
  tx: Tx,
  platform: Platform,
  { id, check }: { id: string; check: Check },
): Promise<void> {
  const { status, reason } = check;
  const monitor = await readWatched(tx, id);
  const hand = by(platform, monitorActor(monitor));
  const at = hand.at.epochMilliseconds;
  const event = eventOf(monitor, { from: status, to: status, at, since: at, reason }, check);
  if (event?.action === "trigger") await receive(tx, hand, { dedupKey: id, event });
  const { team, visibility } = monitor;
  await platform.live.publish(tx, { type: "monitor", id, team, visibility });
}

/** The flapping is over: its alert ends, or says what is the matter now. */
export async function commitSteady(
  platform: Platform,
  { id }: { id: string },
  { check, judge }: { check: Check; judge: JudgeState },
): Promise<void> {
  const now = platform.clock.now();
  await inTransaction(platform.db, async (tx) => {
    const updated = await tx
      .updateTable("monitors")
      .set({ judge: json(judge) })
      .where("id", "=", id)
      .where("paused_at", "is", null)
      .executeTakeFirst();
    if (updated.numUpdatedRows === 0n) return;
    const monitor = await readWatched(tx, id);
    const { status, since } = judge;
    const moved = { from: status, to: status, at: now.epochMilliseconds, since, reason: check.reason };
    const event = eventOf(monitor, moved, check);
    if (event?.action === "resolve") event.reason = "it has been steady for 15 minutes";
    if (event) await receive(tx, by(platform, monitorActor(monitor)), { dedupKey: id, event });
  });
}
