import { type ChildProcess, spawn } from "node:child_process";
import { closeSync, openSync, readFileSync, realpathSync, statSync } from "node:fs";
import { connect } from "node:net";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { StartError } from "../start-error.ts";
import { type Address, addressIn } from "./address.ts";
import { type Site, spawnOptions } from "./cluster.ts";
import { explainPostgres, explainSpawn, logSince } from "./explain.ts";
import { clearStaleFiles, liveMembers, readPidFile } from "./members.ts";
import type { Log, Paths } from "./paths.ts";
import { argumentsOf, type Settings } from "./settings.ts";
import { signalAll } from "./stop.ts";

export interface Server extends Site {
  address: Address;
  settings: Settings;
  log: Log;
}

const POLL_MS = 5;
const SAY_EVERY_MS = 5_000;
/** How long the children of a dead postmaster may take to leave by themselves, and then when asked to. */
const ORPHANS_LEAVE_MS = 1_000;

/**
 * Makes sure that a postmaster is up and ready: the one that runs already, or a new one. Never starts one while
 * any process of the cluster lives, and never removes its files.
 */
export async function ensureRunning(server: Server): Promise<{ pid: number; started: boolean }> {
  const { paths } = server;
  const waiting = newWait(server.log);
  for (;;) {
    const members = liveMembers(paths);
    if (members.length === 0) return { pid: await start(server), started: true };
    const file = readPidFile(paths.cluster);
    const isLed = file !== undefined && members.includes(file.pid);
    if (isLed && file.status === "ready") return { pid: file.pid, started: false };
    const waitedMs = await waiting.poll(
      `PostgreSQL is ${isLed ? file.status : "ending its last processes"}.`,
    );
    if (!isLed && waitedMs > ORPHANS_LEAVE_MS) {
      signalAll(members, waitedMs > 2 * ORPHANS_LEAVE_MS ? "SIGKILL" : "SIGQUIT");
    }
  }
}

/** Waits a moment at a time, saying now and then what for. `poll` returns the milliseconds waited in all. */
function newWait(log: Log) {
  const began = performance.now();
  let saidAt = began;
  return {
    async poll(why: string): Promise<number> {
      await sleep(POLL_MS);
      if (performance.now() - saidAt > SAY_EVERY_MS) {
        saidAt = performance.now();
        log(`Waiting: ${why}`);
      }
      return performance.now() - began;
    },
  };
}

/** The postmaster that an earlier Keepwatch left running, if any. */
export function runningPostmaster(paths: Paths): { pid: number; address: Address } | undefined {
  const file = readPidFile(paths.cluster);
  return file && liveMembers(paths).includes(file.pid)
    ? { pid: file.pid, address: addressIn(file) }
    : undefined;
}

/** True if the running postmaster is of these binaries and settings, wherever it listens. */
export function isOfToday(site: Site, settings: Settings): boolean {
  try {
    const running = readFileSync(join(site.paths.cluster, "postmaster.opts"), "utf8").trim();
    const address = runningPostmaster(site.paths)?.address;
    if (!address) return false;
    const args = argumentsOf(site.paths, address, settings).map((each) => ` "${each}"`);
    return running === realpathSync(site.binaries.postgres) + args.join("");
  } catch {
    return false;
  }
}

async function start(server: Server): Promise<number> {
  const { paths } = server;
  await refuseUnseenServer(server);
  clearStaleFiles(paths);
  const logFrom = statSync(paths.log, { throwIfNoEntry: false })?.size ?? 0;
  const child = launch(server);
  let end: Error | true | undefined;
  child.once("error", (error) => (end = error));
  child.once("exit", () => (end = true));
  const waiting = newWait(server.log);
  for (;;) {
    const file = readPidFile(paths.cluster);
    if (file && file.pid === child.pid && file.status === "ready") return file.pid;
    await waiting.poll("PostgreSQL is starting; after a crash it replays its log first.");
    if (end instanceof Error) throw explainSpawn(end, paths, server.account);
    if (end) throw explainPostgres(logSince(paths.log, logFrom), paths);
  }
}

/** In a session of its own, so that Ctrl-C reaches us alone, and with a file for its log, which outlives us. */
function launch(server: Server): ChildProcess {
  const out = openSync(server.paths.log, "a", 0o600);
  try {
    const child = spawn(
      server.binaries.postgres,
      argumentsOf(server.paths, server.address, server.settings),
      {
        ...spawnOptions(server),
        detached: true,
        stdio: ["ignore", out, out],
        windowsHide: true,
      },
    );
    child.unref();
    return child;
  } finally {
    closeSync(out);
  }
}

/**
 * Two containers can share a data directory without seeing each other's processes. A socket that answers gives
 * the other one away; starting a second server beside it would destroy the data.
 */
async function refuseUnseenServer({ paths }: Server): Promise<void> {
  const file = readPidFile(paths.cluster);
  if (!file?.socketFolder || !(await answers(join(file.socketFolder, `.s.PGSQL.${file.port}`)))) return;
  if (liveMembers(paths).length > 0) return;
  throw new StartError(
    `A PostgreSQL that can't be seen from here, most likely in another container, is using ${paths.dataDir}.`,
    "Stop the other container first, or give each its own data directory (KEEPWATCH_DATA).",
  );
}

const answers = (path: string): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect(path);
    const done = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once("connect", () => done(true));
    socket.once("error", () => done(false));
  });
