/**
 * Whether checks begin when they are due: `node bench/lateness.ts [monitors] [seconds] [bad targets]`.
 * As many monitors a second as there are (1,000), against a target on this machine, stored as always, with ten more
 * monitors whose targets misbehave. The whole product runs: its database, its judge, its web server.
 */
import { sql } from "kysely";
import { nextDue } from "../src/watch/grid.ts";
import { HOSTS, metrics, percentile, startAside, startFleet } from "./support/fleet.ts";

const MONITORS = Number(process.argv[2] ?? 1_000);
const SECONDS = Math.min(600, Number(process.argv[3] ?? 300));
const BAD = Number(process.argv[4] ?? 10);
const EVERY_MS = 1_000;
const WARM_UP_MS = 15_000;
const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

const { told, process: targets } = await startAside<{ port: number; bad: string[] }>("targets.ts");
const urls = [
  ...Array.from({ length: MONITORS }, (_, n) => `http://127.0.1.${1 + (n % HOSTS)}:${told.port}/${n}`),
  ...told.bad.slice(0, BAD),
];
try {
  await using fleet = await startFleet({ everyMs: EVERY_MS, timeoutMs: 900, urls });
  await wait(WARM_UP_MS);
  const from = Temporal.Now.instant();
  const memory = [await fleet.memory()];
  const before = await metrics(fleet.keepwatch);
  for (let n = 0; n < 4; n++) {
    await wait((SECONDS * 1000) / 4);
    memory.push(await fleet.memory());
  }
  const to = Temporal.Now.instant();
  const after = await metrics(fleet.keepwatch);
  const spent = after("process_cpu_seconds_total") - before("process_cpu_seconds_total");
  const lag = after("nodejs_eventloop_lag_p99_seconds");
  await wait(2_000);
  const { rows } = await sql<{ id: string; at: number }>`
    select r.monitor_id as id, (extract(epoch from r.at) * 1000)::bigint as at
    from check_results r join monitors m on m.id = r.monitor_id
    where m.config->>'url' like 'http://127.0.1.%' and r.at >= ${from} and r.at < ${to}`.execute(fleet.db);
  // The two clocks differ by a fraction of a millisecond: a check can seem to begin a moment before its time.
  const lateness = (since: number) => (since > EVERY_MS - 20 ? 0 : since);
  const late = rows
    .map(({ id, at }) => lateness((at - nextDue(id, EVERY_MS, at) + EVERY_MS) % EVERY_MS))
    .sort((a, b) => a - b);
  const planned = MONITORS * SECONDS;
  const shown = (share: number) => `${percentile(late, share).toFixed(0)} ms`;
  console.log(`${MONITORS} checks a second for ${SECONDS} s, ${BAD} misbehaving targets beside`);
  console.log(
    `begun after their due time: p50 ${shown(0.5)}, p99 ${shown(0.99)}, p99.9 ${shown(0.999)}, max ${shown(1)}`,
  );
  console.log(
    `performed ${rows.length} of ${planned} planned (${((100 * rows.length) / planned).toFixed(2)} %)`,
  );
  console.log(
    `main loop delay p99 ${(lag * 1000).toFixed(1)} ms; CPU ${(spent / (rows.length / 1000)).toFixed(2)} s per 1,000 checks, storing included`,
  );
  console.log(
    `memory (PSS, Keepwatch + PostgreSQL) in MB: ${memory.map(({ keepwatch, postgres }) => `${keepwatch.toFixed(0)}+${postgres.toFixed(0)}`).join(", ")}`,
  );
} finally {
  targets.kill();
}
