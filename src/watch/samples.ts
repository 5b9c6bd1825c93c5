import { sql } from "kysely";
import type { Clock } from "../platform/clock.ts";
import { later } from "../platform/clock.ts";
import type { Db, DbOrTx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Live } from "../platform/live.ts";
import type { Log } from "../platform/log.ts";
import type { Check } from "./schema.ts";
import "./table.ts";

/** What is kept of one check beside the monitor's own state. */
export interface Sample {
  monitorId: string;
  check: Check;
  /** The judge's state after it, plain JSON. */
  judge: unknown;
}

export interface Samples {
  add(sample: Sample): void;
  /** Writes what waits; resolves when it is stored. */
  flush(): Promise<void>;
  stop(): Promise<void>;
}

const FLUSH_MS = 1_000;
/** More waiting than this are let go, oldest first, and said so: history may suffer, the pager may not. */
const MOST_WAITING = 50_000;

/**
 * Healthy samples in batches, once a second: a history row each, and the monitors' last check and judge in one
 * statement. Transitions do not come this way; they commit by themselves at once.
 */
export function createSamples(options: { db: Db; clock: Clock; live: Live; log: Log }): Samples {
  const { db, clock, live, log } = options;
  let waiting: Sample[] = [];
  let flushing: Promise<void> = Promise.resolve();
  let stopped = false;
  let cancel = () => {};

  async function write(): Promise<void> {
    const batch = waiting;
    waiting = [];
    if (batch.length === 0) return;
    try {
      await inTransaction(db, async (tx) => {
        await insertHistory(tx, batch);
        await updateMonitors(tx, batch);
        const touched = [...new Set(batch.map((sample) => sample.monitorId))];
        for (const check of await audiences(tx, touched.slice(0, 100)))
          await live.publish(tx, { type: "check", ...check });
      });
    } catch (error) {
      log.error({ error, samples: batch.length }, "samples could not be stored yet");
      waiting = [...batch, ...waiting].slice(-MOST_WAITING);
    }
  }

  const flush = () => {
    flushing = flushing.then(write);
    return flushing;
  };
  const arm = () => {
    cancel = clock.at(later(clock.now(), FLUSH_MS), () => {
      flush().finally(() => {
        if (!stopped) arm();
      });
    });
  };
  arm();
  return {
    add: (sample) => void waiting.push(sample),
    flush,
    async stop() {
      stopped = true;
      cancel();
      await flush();
    },
  };
}

/** Who may be told of a monitor's check: whoever may see its service. */
const audiences = (db: DbOrTx, monitorIds: readonly string[]) =>
  db
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select(["monitors.id", "services.team_id as team", "services.visibility"])
    .where("monitors.id", "in", monitorIds)
    .execute();

async function insertHistory(db: Db, batch: readonly Sample[]): Promise<void> {
  const rows = batch.map(({ monitorId, check }) => ({
    monitor_id: monitorId,
    at: check.at,
    status: check.status,
    dns_ms: check.timings.dns,
    connect_ms: check.timings.connect,
    tls_ms: check.timings.tls,
    first_byte_ms: check.timings.first_byte,
    transfer_ms: check.timings.transfer,
    total_ms: check.timings.total,
    reason: check.status === "up" ? null : check.reason,
  }));
  // The monitor may have been deleted meanwhile: its samples go with it.
  await sql`
    insert into check_results (monitor_id, at, status, dns_ms, connect_ms, tls_ms, first_byte_ms, transfer_ms, total_ms, reason)
    select r.monitor_id, r.at, r.status, r.dns_ms, r.connect_ms, r.tls_ms, r.first_byte_ms, r.transfer_ms, r.total_ms, r.reason
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as r(monitor_id uuid, at timestamptz, status text, dns_ms real,
      connect_ms real, tls_ms real, first_byte_ms real, transfer_ms real, total_ms real, reason text)
    join monitors on monitors.id = r.monitor_id
    on conflict do nothing`.execute(db);
}

/** The last check of each monitor in the batch; a healthy one is kept without headers and body. */
async function updateMonitors(db: Db, batch: readonly Sample[]): Promise<void> {
  const latest = new Map(batch.map((sample) => [sample.monitorId, sample]));
  const rows = [...latest.values()].map(({ monitorId, check, judge }) => ({
    id: monitorId,
    at: check.at,
    last_check:
      check.status === "up" ? { ...check, evidence: { ...check.evidence, headers: {}, body: "" } } : check,
    last_failure: check.status === "up" ? null : check,
    judge,
  }));
  await sql`
    update monitors set last_check = r.last_check, judge = r.judge,
      last_failure = coalesce(nullif(r.last_failure, 'null'::jsonb), monitors.last_failure)
    from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb)
      as r(id uuid, at timestamptz, last_check jsonb, last_failure jsonb, judge jsonb)
    where monitors.id = r.id
      and (monitors.last_check is null or (monitors.last_check->>'at')::timestamptz <= r.at)`.execute(db);
}
