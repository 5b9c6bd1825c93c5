import { sql } from "kysely";
import type { DbOrTx } from "./database.ts";

interface Notice {
  channel: string;
  payload: string;
}

/** What open transactions have to say; each says it in one statement, just before it commits. */
const waiting = new WeakMap<DbOrTx, Notice[]>();

/**
 * Tells all listeners of `channel` once the transaction has committed; outside of one, at once.
 * Within `inTransaction` it costs no round trip of its own.
 */
export async function notify(tx: DbOrTx, channel: string, payload: string): Promise<void> {
  const notices = waiting.get(tx);
  if (notices) notices.push({ channel, payload });
  else await send(tx, [{ channel, payload }]);
}

/** Runs `work` and says what was to be said in it, in the order in which it was said. */
export async function withNotices<T>(tx: DbOrTx, work: () => Promise<T>): Promise<T> {
  const notices: Notice[] = [];
  waiting.set(tx, notices);
  try {
    const result = await work();
    if (notices.length > 0) await send(tx, notices);
    return result;
  } finally {
    waiting.delete(tx);
  }
}

async function send(tx: DbOrTx, notices: readonly Notice[]): Promise<void> {
  const channels = notices.map(({ channel }) => channel);
  const payloads = notices.map(({ payload }) => payload);
  await sql`
    select pg_notify(channel, payload)
    from unnest(${channels}::text[], ${payloads}::text[]) as notice(channel, payload)`.execute(tx);
}
