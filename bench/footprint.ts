/**
 * Memory after start with 20 monitors, time to ready cold and warm, size of the install. Linux only (reads /proc).
 * Usage: `npm exec -- node bench/footprint.ts`. It stops by itself.
 */
import { execFileSync } from "node:child_process";
import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { eventually, freePort, startKeepwatch } from "../test/support/keepwatch.ts";
import { startTarget } from "../test/support/world.ts";

const root = resolve(import.meta.dirname, "..");
const MONITORS = 20;
const SETTLE_MS = 20_000;

/** Proportional set size of one process in MB: shared pages are split among those who share them. */
async function pssMb(pid: number): Promise<number> {
  const text = await readFile(`/proc/${pid}/smaps_rollup`, "utf8").catch(() => "");
  return Number(/^Pss:\s+(\d+) kB$/m.exec(text)?.[1] ?? 0) / 1024;
}

/** The postmaster and its backends: their working directory is the cluster. */
async function postgresPids(cluster: string): Promise<number[]> {
  const pids = (await readdir("/proc")).filter((name) => /^\d+$/.test(name)).map(Number);
  const found: number[] = [];
  for (const pid of pids) {
    try {
      const cwd = execFileSync("readlink", [`/proc/${pid}/cwd`], { stdio: ["ignore", "pipe", "ignore"] });
      if (cwd.toString().trim() === cluster) found.push(pid);
    } catch {
      // not ours to look at, or gone
    }
  }
  return found;
}

const timed = async <T>(work: () => Promise<T>): Promise<[T, number]> => {
  const started = performance.now();
  return [await work(), performance.now() - started];
};

const dataDir = await mkdtemp(join(tmpdir(), "keepwatch-footprint-"));
const settings = { dataDir, port: await freePort(), env: { KEEPWATCH_LOG: "error" } };
const target = await startTarget();
try {
  const [first, coldMs] = await timed(() => startKeepwatch(settings));
  for (let n = 0; n < MONITORS; n++) {
    await first.api("POST", "/monitors", {
      kind: "http",
      slug: `m${n}`,
      name: `Monitor ${n}`,
      url: `${target.url}?${n}`,
      every: "20s",
    });
  }
  await first.stop();
  const [second, warmMs] = await timed(() => startKeepwatch(settings));
  await eventually(
    "every monitor being up",
    async () => {
      const { items } = await second.api<{ items: { status: string }[] }>("GET", "/monitors?limit=100");
      return items.length === MONITORS && items.every((monitor) => monitor.status === "up");
    },
    60_000,
  );
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  const node = await pssMb(second.child.pid ?? 0);
  const pids = await postgresPids(join(dataDir, "pg-18"));
  const postgres = (await Promise.all(pids.map(pssMb))).reduce((sum, mb) => sum + mb, 0);
  await second.stop();
  const install = execFileSync("du", ["-sm", join(root, "node_modules")])
    .toString()
    .split("\t")[0];
  console.log(
    `memory (PSS) with ${MONITORS} monitors: Keepwatch ${node.toFixed(0)} MB + PostgreSQL ${postgres.toFixed(0)} MB (${pids.length} processes) = ${(node + postgres).toFixed(0)} MB`,
  );
  console.log(
    `time to ready: first start ${(coldMs / 1000).toFixed(2)} s, later start ${(warmMs / 1000).toFixed(2)} s`,
  );
  console.log(`install: node_modules ${install} MB`);
} finally {
  await target[Symbol.asyncDispose]();
  await rm(dataDir, { recursive: true, force: true });
}
