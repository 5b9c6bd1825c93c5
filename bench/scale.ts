/**
 * Many monitors: `node bench/scale.ts [monitors]` (20,000, each every minute). How long after a restart until each has
 * been checked again, whether checks are on time, and what it takes.
 */
import { sql } from "kysely";
import { HOSTS, metrics, startAside, startFleet } from "./support/fleet.ts";

const MONITORS = Number(process.argv[2] ?? 20_000);
const EVERY_MS = 60_000;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

const { told, process: targets } = await startAside<{ port: number }>("targets.ts");
const urls = Array.from(
  { length: MONITORS },
  (_, n) => `http://127.0.1.${1 + (n % HOSTS)}:${told.port}/${n}`,
);
try {
  await using fleet = await startFleet({ everyMs: EVERY_MS, timeoutMs: 10_000, urls });
  const checkedSince = async (ms: number) => {
    const { rows } = await sql<{ count: number }>`
      select count(*) as count from monitors
      where (last_check->>'at')::timestamptz >= ${Temporal.Instant.fromEpochMilliseconds(ms)}`.execute(
      fleet.db,
    );
    return rows[0]?.count ?? 0;
  };
  const allChecked = async (since: number) => {
    for (;;) {
      const count = await checkedSince(since);
      if (count >= MONITORS || Date.now() - since > 4 * EVERY_MS)
        return { count, seconds: (Date.now() - since) / 1000 };
      await wait(500);
    }
  };
  const first = await allChecked(Date.now());
  console.log(
    `first start: ${first.count} of ${MONITORS} checked ${first.seconds.toFixed(0)} s after it was ready`,
  );
  const stopped = Date.now();
  const ready = await fleet.restart();
  console.log(`restart: ready after ${((ready - stopped) / 1000).toFixed(1)} s`);
  const again = await allChecked(ready);
  console.log(
    `restart: ${again.count} of ${MONITORS} checked again ${again.seconds.toFixed(0)} s after it was ready`,
  );
  const before = await metrics(fleet.keepwatch);
  await wait(EVERY_MS);
  const after = await metrics(fleet.keepwatch);
  const spent = after("process_cpu_seconds_total") - before("process_cpu_seconds_total");
  const { keepwatch, postgres } = await fleet.memory();
  const lag = after("nodejs_eventloop_lag_p99_seconds");
  const coverage = after("keepwatch_check_coverage_ratio");
  console.log(
    `a minute of it: CPU ${((100 * spent) / 60).toFixed(0)} % of one core, ${(spent / (MONITORS / 1000)).toFixed(2)} s per 1,000 checks`,
  );
  console.log(
    `coverage ${(100 * coverage).toFixed(2)} % on time; main loop delay p99 ${(lag * 1000).toFixed(1)} ms`,
  );
  console.log(`memory (PSS): Keepwatch ${keepwatch.toFixed(0)} MB + PostgreSQL ${postgres.toFixed(0)} MB`);
} finally {
  targets.kill();
}
