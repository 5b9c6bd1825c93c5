import { sql } from "kysely";
import type { By } from "../org/actor.ts";
import { later } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import type { JobResult } from "../platform/due/due.ts";
import { openFields } from "../platform/sealed-fields.ts";
import { findChannel } from "./channels/index.ts";
import type { DeliveryRow } from "./conditions.ts";
import type { ContactMethodRow } from "./contact-methods.ts";
import { publishDeliveries, wakeDelivery } from "./ledger.ts";
import { findProviderKind } from "./providers/index.ts";
import { type Line, lineOf, lockLines, slotsOf, takeRoom } from "./providers/pace.ts";
import { type OpenProvider, openProviders } from "./providers/providers.ts";
import type { Breaker } from "./providers/send-through.ts";

/** Has a line looked at: whoever is first in it goes when there is room. */
export const LINE = "line";
/** Whoever stands in line looks for themselves this often: the line's own job may lie dead. */
const LOOK_MS = 30_000;
/** A line faster than this is served in handfuls. */
const SHORTEST_LOOK_MS = 50;

/** The paces that a message to this method has to keep at a provider. */
export function linesAt(provider: OpenProvider, method: ContactMethodRow, by: By): Line[] {
  const channel = findChannel(method.channel);
  const kind = findProviderKind(provider.kind);
  if (!channel || !kind) return [];
  const address = openFields(channel, method.address, by.platform.secrets);
  return kind.paces(channel.id, address).map((pace) => lineOf(`${provider.id}:${channel.id}`, pace, address));
}

export type Place =
  /** The provider in whose lines a place was taken; null for a channel that needs none. */
  { kind: "go"; providerId: string | null } | { kind: "wait"; until: Temporal.Instant };

/**
 * The first provider with room for a message. When none has any, the delivery stands in line, urgent pages before others
 * and then by when they were due, and the ledger says so.
 */
export async function takePlace(
  tx: Tx,
  by: By,
  { seen, method, breaker }: { seen: DeliveryRow; method: ContactMethodRow; breaker: Breaker },
): Promise<Place> {
  const kinds = findChannel(method.channel)?.providers ?? [];
  if (kinds.length === 0) return { kind: "go", providerId: null };
  const providers = await openProviders(tx, by.platform.secrets, kinds);
  let full: { provider: OpenProvider; line: Line; until: Temporal.Instant } | undefined;
  for (const provider of breaker.order(providers, by.at.epochMilliseconds)) {
    const lines = linesAt(provider, method, by);
    const ahead = (key: string) => countAhead(tx, key, seen);
    const room =
      lines.length === 0 ? ({ kind: "go" } as const) : await takeRoom(tx, lines, { now: by.at, ahead });
    if (room.kind === "go") return { kind: "go", providerId: provider.id };
    full ??= { provider, ...room };
  }
  if (!full) return { kind: "go", providerId: null };
  const reason = `waits for its turn: ${full.provider.slug} takes one message each ${full.line.eachMs} ms`;
  await tx
    .updateTable("deliveries")
    .set({ waits_for: full.line.key, reason })
    .where("id", "=", seen.id)
    .where("waits_for", "is distinct from", full.line.key)
    .execute();
  if (seen.waits_for === null) await publishDeliveries(tx, by.platform, [seen]);
  const { line, until } = full;
  await by.platform.due.add(tx, {
    kind: LINE,
    key: line.key,
    at: until,
    payload: { line },
    maxAttempts: 1_000_000,
  });
  return { kind: "wait", until: later(by.at, LOOK_MS) };
}

const inLine = (tx: Tx, key: string) =>
  tx
    .selectFrom("deliveries as d")
    .leftJoin("pages as p", "p.id", "d.page_id")
    .where("d.waits_for", "=", key)
    .where("d.status", "=", "queued");

async function countAhead(tx: Tx, key: string, seen: DeliveryRow): Promise<number> {
  const { count } = await inLine(tx, key)
    .select((eb) => eb.fn.countAll<string>().as("count"))
    .where("d.id", "!=", seen.id)
    .where(
      sql<boolean>`(coalesce(p.urgency, 'low'), d.due_at, d.id) < (${seen.urgency}, ${seen.due_at}::timestamptz, ${seen.id}::uuid)`,
    )
    .executeTakeFirstOrThrow();
  return Number(count);
}

/** Wakes as many as may go now, and looks again while somebody is left. */
export async function serveLine(tx: Tx, by: By, line: Line): Promise<JobResult> {
  const paid = await lockLines(tx, [line], by.at);
  const { free, next } = slotsOf(line, paid.get(line.key) ?? by.at, by.at);
  const waiting = await inLine(tx, line.key)
    .select("d.id")
    // "high" before "low", as the alphabet has it.
    .orderBy(sql`coalesce(p.urgency, 'low')`)
    .orderBy("d.due_at")
    .orderBy("d.id")
    .limit(free + 1)
    .execute();
  for (const { id } of waiting.slice(0, free)) await wakeDelivery(tx, by.platform, { id, at: by.at });
  if (waiting.length === 0) return undefined;
  return { again: free === 0 ? next : later(by.at, Math.max(SHORTEST_LOOK_MS, line.eachMs)) };
}
