import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import type { ReadUrl } from "../../platform/net/read-url.ts";
import type { Platform } from "../../platform/platform.ts";
import { readCalendar } from "../calendar/parse.ts";
import { keepFailure, keepReading, READ } from "./imports.ts";

const EVERY_MS = 15 * 60_000;
const AHEAD_DAYS = 366;

/** Reads each calendar every quarter of an hour, on its own. */
export function importEngine(platform: Platform, readUrl: ReadUrl): void {
  platform.due.handle(
    READ,
    async ({ key }, signal) =>
      (await readImport(platform, { id: key, readUrl, signal }))
        ? { again: platform.clock.now().add({ milliseconds: EVERY_MS }) }
        : undefined,
    { concurrency: 4 },
  );
}

/** One reading. Where it fails, what was read before stays in force and the reason is kept. False: there is none of that id. */
export async function readImport(
  platform: Platform,
  { id, readUrl, signal }: { id: string; readUrl: ReadUrl; signal?: AbortSignal },
): Promise<boolean> {
  const { db, clock, secrets } = platform;
  const row = await db
    .selectFrom("calendar_imports as i")
    .leftJoin("users as u", "u.id", "i.user_id")
    .select(["i.url_sealed", "u.time_zone"])
    .where("i.id", "=", id)
    .executeTakeFirst();
  if (!row) return false;
  const hand = () => by(platform, SYSTEM);
  const now = clock.now();
  const range = { from: now, to: now.add({ hours: 24 * AHEAD_DAYS }) };
  try {
    const text = await readUrl(secrets.open(row.url_sealed), signal);
    const spans = readCalendar(text, { timeZone: row.time_zone ?? "UTC", range });
    await inTransaction(db, (tx) => keepReading(tx, hand(), { id, spans }));
  } catch (error) {
    if (signal?.aborted) throw error;
    const failure = error instanceof Error ? error.message || error.name : String(error);
    await inTransaction(db, (tx) => keepFailure(tx, hand(), { id, failure }));
  }
  return true;
}
