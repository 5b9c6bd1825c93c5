import { sql } from "kysely";
import { type Clock, later, msBetween } from "../../platform/clock.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { newId } from "../../platform/ids.ts";
import type { Platform } from "../../platform/platform.ts";
import type { Gap } from "./model.ts";
import "./table.ts";

const BEAT_MS = 2_000;
/** Longer without a beat, and nobody can have been reached: a stalled process, a database that was away. */
const LONGEST_SILENCE_MS = 5_000;
const KEPT_MS = 800 * 86_400_000;

/**
 * Keeps the record of when this process could be pinged, to two seconds. It is what tells a missed ping from one that
 * nobody could hear.
 */
export function keepListening(platform: Pick<Platform, "db" | "clock" | "log">): { stop(): Promise<void> } {
  const { db, clock, log } = platform;
  let stretch: { id: string; heardAt: Temporal.Instant } | undefined;
  let stopped = false;
  let cancel = () => {};
  let writing: Promise<void> = Promise.resolve();

  async function write(): Promise<void> {
    const now = clock.now();
    try {
      const goesOn = stretch && msBetween(stretch.heardAt, now) <= LONGEST_SILENCE_MS;
      if (stretch && goesOn) await extend(db, stretch.id, now);
      else stretch = { id: await begin(db, clock, now), heardAt: now };
      stretch.heardAt = now;
    } catch (error) {
      log.warn({ error }, "could not note that heartbeats are listened to");
    }
  }
  const beat = () => {
    writing = write().finally(() => {
      if (!stopped) cancel = clock.at(later(clock.now(), BEAT_MS), beat);
    });
  };
  beat();
  return {
    async stop() {
      stopped = true;
      cancel();
      await writing;
      await write();
    },
  };
}

async function begin(db: DbOrTx, clock: Clock, now: Temporal.Instant): Promise<string> {
  const id = newId(clock);
  await db.insertInto("listening").values({ id, begun_at: now, heard_at: now }).execute();
  await db.deleteFrom("listening").where("heard_at", "<", later(now, -KEPT_MS)).execute();
  return id;
}

/** Waits for no disk: what a crash of the database takes back was not heard either. */
const extend = (db: DbOrTx, id: string, now: Temporal.Instant) =>
  db
    .updateTable("listening")
    .set({ heard_at: now })
    .where("id", "=", id)
    .where(sql<boolean>`(select set_config('synchronous_commit', 'off', true)) is not null`)
    .execute();

/** When nobody listened between `fromMs` and `nowMs`, oldest first. */
export async function readGaps(db: DbOrTx, fromMs: number, nowMs: number): Promise<Gap[]> {
  const stretches = await db
    .selectFrom("listening")
    .select(["begun_at", "heard_at"])
    .where("heard_at", ">=", Temporal.Instant.fromEpochMilliseconds(Math.floor(fromMs)))
    .orderBy("begun_at")
    .execute();
  const before = await db
    .selectFrom("listening")
    .select((eb) => eb.fn.max("heard_at").as("heard"))
    .where("heard_at", "<", Temporal.Instant.fromEpochMilliseconds(Math.floor(fromMs)))
    .executeTakeFirst();
  const heard = before?.heard as Temporal.Instant | null | undefined;
  return gapsBetween(
    stretches.map(({ begun_at, heard_at }) => ({
      from: begun_at.epochMilliseconds,
      to: heard_at.epochMilliseconds,
    })),
    { heardMs: heard?.epochMilliseconds ?? null, nowMs },
  );
}

/**
 * The times between stretches, which are in order of their beginning. Before the first record nothing is known, and
 * nothing is held against anybody's ping. Several processes listen as one.
 */
export function gapsBetween(
  stretches: readonly Gap[],
  { heardMs, nowMs }: { heardMs: number | null; nowMs: number },
): Gap[] {
  const gaps: Gap[] = [];
  let heard = heardMs;
  for (const { from, to } of stretches) {
    if (heard !== null && from > heard) gaps.push({ from: heard, to: from });
    heard = Math.max(heard ?? to, to);
  }
  if (heard !== null && nowMs - heard > LONGEST_SILENCE_MS) gaps.push({ from: heard, to: nowMs });
  return gaps;
}
