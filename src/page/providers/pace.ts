import { createHash } from "node:crypto";
import { sql } from "kysely";
import { later, msBetween } from "../../platform/clock.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import type { Pace } from "./kind.ts";
import "./table.ts";

/** One pace that a message has to keep, by its name in the database. */
export interface Line {
  key: string;
  /** The least time between two messages in the long run. */
  eachMs: number;
  /** How far ahead of that a burst may run. */
  aheadMs: number;
}

/**
 * As a leaky bucket: a burst of a third of the count, the rest evenly, so that no window of that length ever holds more
 * than the count.
 * @param place the provider and the channel: messages and calls through one account have a pace each
 */
export function lineOf(place: string, pace: Pace, address: Readonly<Record<string, unknown>>): Line {
  const burst = Math.max(1, Math.floor(pace.count / 3));
  const eachMs = pace.count === 1 ? pace.withinMs : pace.withinMs / (pace.count - burst);
  const where = pace.per === "account" ? "" : hashOf(address);
  return {
    key: [place, `${pace.count}/${pace.withinMs}`, where].filter(Boolean).join(":"),
    eachMs: Math.ceil(eachMs),
    aheadMs: Math.ceil(eachMs) * (burst - 1),
  };
}

/** Addresses may be secret, and whoever reads the table needn't know them. */
const hashOf = (address: Readonly<Record<string, unknown>>): string =>
  createHash("sha256")
    .update(JSON.stringify(Object.entries(address).toSorted(([a], [b]) => (a < b ? -1 : 1))))
    .digest("base64url")
    .slice(0, 22);

/** How many messages may go by a line now, and from when on the next one may; `paidAt` is its row's. Pure. */
export function slotsOf(
  line: Line,
  paidAt: Temporal.Instant,
  now: Temporal.Instant,
): { free: number; next: Temporal.Instant } {
  const roomMs = line.aheadMs - Math.max(0, msBetween(now, paidAt));
  const free = Math.max(0, Math.floor(roomMs / line.eachMs) + 1);
  return { free, next: later(now, Math.max(0, -roomMs)) };
}

export type Room = { kind: "go" } | { kind: "wait"; line: Line; until: Temporal.Instant };

/**
 * Takes a place in all lines, or in none and says for which to wait. The rows stay locked until the transaction's end:
 * processes take their places one after the other. `ahead` counts who stands in a line before this one.
 */
export async function takeRoom(
  tx: DbOrTx,
  lines: readonly Line[],
  { now, ahead = async () => 0 }: { now: Temporal.Instant; ahead?: (key: string) => Promise<number> },
): Promise<Room> {
  const paid = await lockLines(tx, lines, now);
  for (const line of lines) {
    const { free, next } = slotsOf(line, paid.get(line.key) ?? now, now);
    const first = free === 0 ? false : (await ahead(line.key)) < free;
    if (!first) return { kind: "wait", line, until: free === 0 ? next : later(now, line.eachMs) };
  }
  for (const { key, eachMs } of lines)
    await tx
      .updateTable("provider_rates")
      .set({ paid_at: sql`greatest(paid_at, ${now}::timestamptz) + ${`${eachMs} ms`}::interval` })
      .where("key", "=", key)
      .execute();
  return { kind: "go" };
}

/** What has been paid by each line. */
export async function lockLines(
  tx: DbOrTx,
  lines: readonly Line[],
  now: Temporal.Instant,
): Promise<Map<string, Temporal.Instant>> {
  const keys = lines.map(({ key }) => key).toSorted();
  if (keys.length === 0) return new Map();
  await sql`insert into provider_rates (key, paid_at)
    select key, ${now}::timestamptz from unnest(${keys}::text[]) as key order by key
    on conflict do nothing`.execute(tx);
  const rows = await tx
    .selectFrom("provider_rates")
    .selectAll()
    .where("key", "in", keys)
    .orderBy("key")
    .forUpdate()
    .execute();
  return new Map(rows.map((row) => [row.key, row.paid_at]));
}

/** The provider asked for a pause: nothing goes by this line before. */
export async function holdLine(
  db: DbOrTx,
  line: Line,
  { now, forMs }: { now: Temporal.Instant; forMs: number },
): Promise<void> {
  const until = later(now, forMs + line.aheadMs);
  await db
    .insertInto("provider_rates")
    .values({ key: line.key, paid_at: until })
    .onConflict((conflict) =>
      conflict
        .column("key")
        .doUpdateSet({ paid_at: sql`greatest(provider_rates.paid_at, excluded.paid_at)` }),
    )
    .execute();
}
