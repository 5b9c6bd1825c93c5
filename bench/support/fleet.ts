import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { chmod, mkdtemp, readdir, readFile, readlink, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { sql } from "kysely";
import { type Db, openDatabase } from "../../src/platform/database/database.ts";
import { migrate, readMigrations } from "../../src/platform/database/migrate.ts";
import { startEmbedded } from "../../src/platform/postgres/embedded.ts";
import { freePort, type RunningKeepwatch, startKeepwatch } from "../../test/support/keepwatch.ts";

/** A database of its own with many monitors in it, and a Keepwatch process that watches them. */
export interface Fleet extends AsyncDisposable {
  db: Db;
  keepwatch: RunningKeepwatch;
  /** Stops Keepwatch and starts it again; answers when it was ready, epoch ms. */
  restart(): Promise<number>;
  /** Proportional set size in MB of Keepwatch and of its PostgreSQL. */
  memory(): Promise<{ keepwatch: number; postgres: number }>;
}

export interface FleetOptions {
  everyMs: number;
  timeoutMs: number;
  /** One monitor each. */
  urls: readonly string[];
}

/** 1,000 addresses of the loopback range take turns, since checks of one host are bounded. */
export const HOSTS = 250;

export async function startFleet({ everyMs, timeoutMs, urls }: FleetOptions): Promise<Fleet> {
  const dataDir = await mkdtemp(join(tmpdir(), "keepwatch-fleet-"));
  // As root, PostgreSQL runs as somebody else, who must get through.
  await chmod(dataDir, 0o711);
  const cluster = join(dataDir, "pg");
  const postgres = await startEmbedded({ dataDir: cluster, log: () => {} });
  const { db, close } = openDatabase({ url: postgres.url });
  const migrations = await readMigrations(join(import.meta.dirname, "../../migrations"));
  const now = () => Temporal.Now.instant();
  await migrate({ url: postgres.url, migrations, now });
  await sql`insert into services (id, slug, name, created_at, updated_at)
    values (gen_random_uuid(), 'fleet', 'Fleet', ${now()}, ${now()})`.execute(db);
  await sql`
    insert into monitors (id, slug, name, service_id, kind, config, every_ms, timeout_ms, confirm, status_since, created_at, updated_at)
    select gen_random_uuid(), 'm' || n, 'Monitor ' || n, s.id, 'http', jsonb_build_object('url', url), ${everyMs}::integer,
      ${timeoutMs}::integer, ${JSON.stringify({ failures: 3, retryEveryMs: [1000, 2000, 4000], recoveries: 1 })}::jsonb,
      ${now()}, ${now()}, ${now()}
    from unnest(${[...urls]}::text[]) with ordinality as u(url, n), services s`.execute(db);
  const settings = {
    ...{ dataDir, port: await freePort(), startMs: 120_000 },
    env: {
      DATABASE_URL: postgres.url,
      KEEPWATCH_SECRET: "a secret for the benchmark",
      KEEPWATCH_LOG: "warn",
    },
  };
  const state = { keepwatch: await startKeepwatch(settings) };
  return {
    db,
    get keepwatch() {
      return state.keepwatch;
    },
    async restart() {
      await state.keepwatch.stop();
      state.keepwatch = await startKeepwatch(settings);
      return Date.now();
    },
    async memory() {
      const pids = await processesIn(cluster);
      const sizes = await Promise.all(pids.map(pssMb));
      return {
        keepwatch: await pssMb(state.keepwatch.child.pid ?? 0),
        postgres: sizes.reduce((sum, mb) => sum + mb, 0),
      };
    },
    async [Symbol.asyncDispose]() {
      await state.keepwatch.stop();
      await close();
      await postgres.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Linux only; 0 elsewhere. */
async function pssMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024;
}

/** The postmaster and its backends: their working directory is below the cluster's. */
async function processesIn(folder: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const where = await Promise.all(pids.map((pid) => readlink(`/proc/${pid}/cwd`).catch(() => "")));
  return pids.filter((_pid, index) => where[index]?.startsWith(folder));
}

/** Starts a file of this folder in a process of its own and waits for what it says first. */
export async function startAside<T>(file: string): Promise<{ told: T; process: ChildProcess }> {
  const process = fork(join(import.meta.dirname, file));
  const [told] = (await once(process, "message")) as [T];
  return { told, process };
}

/** What a process's `/metrics` says now; the loop's delay is since the last time it was asked. */
export async function metrics(keepwatch: RunningKeepwatch): Promise<(name: string) => number> {
  const lines = (await (await fetch(`${keepwatch.url}/metrics`)).text()).split("\n");
  return (name) =>
    Number(
      lines
        .find((line) => line.startsWith(`${name} `))
        ?.split(" ")
        .at(-1) ?? Number.NaN,
    );
}

export const percentile = (sorted: readonly number[], p: number): number =>
  sorted[Math.min(sorted.length - 1, Math.max(0, Math.ceil(p * sorted.length) - 1))] ?? Number.NaN;
