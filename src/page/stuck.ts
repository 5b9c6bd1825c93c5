import { sql } from "kysely";
import type { By } from "../org/actor.ts";
import { pagingPausedUntil } from "../org/installation.ts";
import { later } from "../platform/clock.ts";
import type { DbOrTx, Tx } from "../platform/database/database.ts";
import { bringForward } from "./next-method.ts";
import "./table.ts";

/** A page that is due has left by then, unless something is wrong: with its worker, its line, or its provider. */
const OVERDUE_MS = 60_000;
/** So long a page may be tried in vain before somebody hears of the channel. */
const TRIED_MS = 120_000;
const LOOK_BACK_MS = 86_400_000;

export interface StuckPage {
  id: string;
  pageId: string;
  channel: string;
  since: Temporal.Instant;
  /** What the ledger says of it. */
  reason: string | null;
}

/** Unanswered pages that should have left and have not, the oldest first. */
export async function stuckPages(db: DbOrTx, now: Temporal.Instant): Promise<StuckPage[]> {
  if (await pagingPausedUntil(db, now)) return [];
  const { rows } = await sql<StuckPage>`
    select d.id, d.page_id as "pageId", d.channel, d.reason, least(d.due_at, t.first) as since
    from deliveries d
    join pages p on p.id = d.page_id and p.answered_at is null
    cross join lateral (select min(at) as first from delivery_attempts a where a.delivery_id = d.id) t
    where d.status in ('queued', 'sending') and d.purpose = 'page' and d.created_at > ${later(now, -LOOK_BACK_MS)}
      and (d.due_at < ${later(now, -OVERDUE_MS)} or t.first < ${later(now, -TRIED_MS)})
    order by since, d.id limit 500`.execute(db);
  return rows;
}

/** Channels that carry nothing just now: who is paged by one of them is paged by another one, too. */
export async function stuckChannels(db: DbOrTx, now: Temporal.Instant): Promise<ReadonlySet<string>> {
  return new Set((await stuckPages(db, now)).map(({ channel }) => channel));
}

/** People whose page is stuck are rung by their next method. */
export async function moveOn(tx: Tx, by: By, rows: readonly StuckPage[]): Promise<void> {
  for (const { id, pageId, channel } of rows)
    await bringForward(tx, by, { page_id: pageId, notById: id }, `${channel} is stuck`);
}
