import { isDeepStrictEqual } from "node:util";
import { mustReach } from "../../catalog/maintenance/access.ts";
import type { MaintenancePorts } from "../../catalog/maintenance/ports.ts";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { isBefore, later } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { parseDuration } from "../../platform/duration.ts";
import { isId, newId } from "../../platform/ids.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { judgeHolds } from "../holds.ts";
import type { Matchers } from "./model.ts";
import { type SilenceRow, silencesOn } from "./store.ts";
import { silenceInWords } from "./words.ts";
import "./table.ts";

/** The job that looks again when a silence ends by itself. */
export const SILENCE_JOB = "silence";

export type SilencePorts = Pick<MaintenancePorts, "monitorsNamed">;

export interface HowLong {
  for?: string;
  until?: string;
}

const MOST_MS = 366 * 86_400_000;

/** When it ends; refuses what is past, too far, or said twice. */
export function endOf(at: Temporal.Instant, { for: length, until }: HowLong): Temporal.Instant {
  if ((length === undefined) === (until === undefined))
    throw invalid("/for", 'Say how long: either `for`, such as "30m", or `until`, an instant.');
  const ms = length === undefined ? 0 : parseDuration(length);
  if (ms === undefined) throw invalid("/for", `"${length}" is not a duration such as 30m or 2h.`);
  const end = until === undefined ? later(at, ms) : Temporal.Instant.from(until);
  const pointer = until === undefined ? "/for" : "/until";
  if (!isBefore(at, end)) throw invalid(pointer, "A silence must end in the future.");
  if (isBefore(later(at, MOST_MS), end))
    throw invalid(pointer, "A silence lasts a year at the most; what is never wanted is better deleted.");
  return end;
}

const mustRespond = (tx: Tx, by: By, { matchers, strict, ports }: Reached) => {
  const { services = [], monitors = [] } = matchers;
  const wide = services.length + monitors.length === 0 && !matchers.problems;
  const reach = { type: "silence", action: "respond", services, monitors, wide, strict } as const;
  return mustReach(tx, by, { reach, ports });
};

interface Reached {
  matchers: Matchers;
  strict: boolean;
  ports: SilencePorts;
}

export interface NewSilence {
  matchers: Matchers;
  until: Temporal.Instant;
  reason: string;
}

/** From now on what matches pages nobody; what fires already and has an incident goes on there. */
export async function createSilence(
  tx: Tx,
  by: By,
  { matchers, until, reason, ports }: NewSilence & { ports: SilencePorts },
): Promise<string> {
  await mustRespond(tx, by, { matchers, strict: true, ports });
  return insertSilence(tx, by, { matchers, until, reason });
}

async function insertSilence(tx: Tx, by: By, { matchers, until, reason }: NewSilence): Promise<string> {
  const id = newId(by.platform.clock);
  await tx
    .insertInto("silences")
    .values({ id, matchers: json(matchers), reason, until, created_by: by.actor.name, created_at: by.at })
    .execute();
  const after = { matchers, until: until.toString(), reason };
  await audit(tx, by, { action: "created", type: "silence", id, name: silenceInWords(matchers), after });
  await changed(tx, by, { id, until });
  return id;
}

/** The silence, taken for this transaction. */
async function lockSilence(tx: Tx, id: string): Promise<SilenceRow> {
  const row = isId(id)
    ? await tx.selectFrom("silences").selectAll().where("id", "=", id).forUpdate().executeTakeFirst()
    : undefined;
  if (!row) throw missing(`silence ${id}`);
  return row;
}

const refuseOver = (row: SilenceRow, at: Temporal.Instant): void => {
  if (row.ended_at === null && isBefore(at, row.until)) return;
  throw new Refusal("conflict", "This silence is over. Make a new one.");
};

/** Gives a silence that is on another end or reason. */
export async function changeSilence(
  tx: Tx,
  by: By,
  { id, ports, ...change }: { id: string; until?: Temporal.Instant; reason?: string; ports: SilencePorts },
): Promise<void> {
  const row = await lockSilence(tx, id);
  await mustRespond(tx, by, { matchers: row.matchers, strict: false, ports });
  refuseOver(row, by.at);
  const after = { until: change.until ?? row.until, reason: change.reason ?? row.reason };
  await tx.updateTable("silences").set(after).where("id", "=", id).execute();
  await audit(tx, by, {
    ...{ action: "updated", type: "silence", id, name: silenceInWords(row.matchers) },
    before: { until: row.until.toString(), reason: row.reason },
    after: { until: after.until.toString(), reason: after.reason },
  });
  await changed(tx, by, { id, until: after.until });
}

/** Ends a silence before its time: what it held and still fires pages now. */
export async function endSilence(
  tx: Tx,
  by: By,
  { id, ports }: { id: string; ports: SilencePorts },
): Promise<void> {
  const row = await lockSilence(tx, id);
  await mustRespond(tx, by, { matchers: row.matchers, strict: false, ports });
  refuseOver(row, by.at);
  await tx
    .updateTable("silences")
    .set({ ended_at: by.at, ended_by: by.actor.name })
    .where("id", "=", id)
    .execute();
  await audit(tx, by, { action: "ended early", type: "silence", id, name: silenceInWords(row.matchers) });
  await changed(tx, by, { id, until: null });
}

export type Mutable = { service: string } | { monitor: string };

const ofWhat = (what: Mutable): Matchers =>
  "service" in what ? { services: [what.service] } : { monitors: [what.monitor] };

/** Mutes one service or monitor; muting it again sets the end anew. */
export async function mute(
  tx: Tx,
  by: By,
  { what, ports, ...input }: { what: Mutable; until: Temporal.Instant; reason: string; ports: SilencePorts },
): Promise<string> {
  const matchers = ofWhat(what);
  const [there] = await mutesOf(tx, by, what);
  if (!there) return createSilence(tx, by, { matchers, ...input, ports });
  const reason = input.reason || undefined;
  await changeSilence(tx, by, { id: there.id, until: input.until, reason, ports });
  return there.id;
}

/** Ends every mute of exactly this service or monitor. */
export async function unmute(
  tx: Tx,
  by: By,
  { what, ports }: { what: Mutable; ports: SilencePorts },
): Promise<void> {
  await mustRespond(tx, by, { matchers: ofWhat(what), strict: true, ports });
  const there = await mutesOf(tx, by, what);
  if (there.length === 0) {
    const [slug] = Object.values(what);
    throw new Refusal(
      "conflict",
      `"${slug}" is not muted by itself. What else silences it is under Silences.`,
    );
  }
  for (const { id } of there) await endSilence(tx, by, { id, ports });
}

const mutesOf = async (tx: Tx, by: By, what: Mutable): Promise<SilenceRow[]> =>
  (await silencesOn(tx, by.at)).filter(({ matchers }) => isDeepStrictEqual(matchers, ofWhat(what)));

/** Silences what still fires of an incident that is being resolved: these very problems, nothing else. */
export async function silenceIncident(
  tx: Tx,
  by: By,
  { incidentId, until, reason }: { incidentId: string; until: Temporal.Instant; reason: string },
): Promise<void> {
  const end = endOf(by.at, { until: until.toString() });
  const firing = await tx
    .selectFrom("alerts")
    .select(["source_id", "dedup_key"])
    .where("incident_id", "=", incidentId)
    .where("status", "=", "firing")
    .orderBy("id")
    .execute();
  if (firing.length === 0) return;
  const problems = firing.map((row) => `${row.source_id} ${row.dedup_key}`);
  await insertSilence(tx, by, { matchers: { problems }, until: end, reason });
}

async function changed(
  tx: Tx,
  by: By,
  { id, until }: { id: string; until: Temporal.Instant | null },
): Promise<void> {
  await by.platform.due.cancel(tx, SILENCE_JOB, id);
  if (until)
    await by.platform.due.add(tx, {
      ...{ kind: SILENCE_JOB, key: id, at: until, maxAttempts: 1_000_000 },
      payload: { silenceId: id },
    });
  await by.platform.live.publish(tx, { type: "silence", id });
  await judgeHolds(tx, by);
}
