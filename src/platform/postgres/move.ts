import { createReadStream, createWriteStream, readdirSync, renameSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { StartError } from "../start-error.ts";
import { chooseAddress, DATABASE, urlOf } from "./address.ts";
import { type Binaries, binariesIn } from "./binaries.ts";
import { hasCluster, initCluster, readPassword, type Site, syncFolder } from "./cluster.ts";
import { ensureDatabase } from "./keeper.ts";
import { type Log, type Paths, pathsOf } from "./paths.ts";
import { ensureRunning } from "./postmaster.ts";
import { stopPostmaster } from "./stop.ts";

/** How the data is carried from one server to the next: a format that depends on no version of PostgreSQL. */
export interface CarryOver {
  save(url: string): Readable;
  /** Into an empty database. Answers how many rows. */
  restore(source: Readable, url: string): Promise<number>;
}

export interface Moving extends Site {
  major: number;
  log: Log;
  carryOver: CarryOver | undefined;
}

/**
 * Data that an earlier Keepwatch wrote with another major version of PostgreSQL is moved to this one's: saved by the old
 * programs, which lie in the data directory still, and restored beside it. The old cluster is renamed only when the
 * new one is whole, and kept; a move that was cut short is begun again. Nothing to move: nothing is done.
 * Throws `StartError` where it can't be moved, and then leaves everything as it was.
 */
export async function moveFromOtherMajor(moving: Moving): Promise<void> {
  const { paths, major, log } = moving;
  const old = otherMajor(paths, major);
  if (old === undefined) return;
  if (!hasCluster(paths)) await move(moving, old);
  renameSync(join(paths.dataDir, `pg-${old}`), keptName(paths, old));
  syncFolder(paths.dataDir);
  log(`The data is PostgreSQL ${major}'s now. The old cluster is kept; delete it when all is well.`, {
    old: keptName(paths, old),
  });
}

function otherMajor(paths: Paths, major: number): number | undefined {
  const others = readdirSync(paths.dataDir)
    .filter((name) => /^pg-\d+$/.test(name))
    .map((name) => Number(name.slice(3)))
    .filter((each) => each !== major);
  return others.sort((a, b) => b - a)[0];
}

function keptName({ dataDir }: Paths, old: number): string {
  const taken = new Set(readdirSync(dataDir));
  for (let n = 1; ; n++) {
    const name = n === 1 ? `pg-${old}.moved` : `pg-${old}.moved-${n}`;
    if (!taken.has(name)) return join(dataDir, name);
  }
}

async function move(moving: Moving, old: number): Promise<void> {
  const { paths, account, major, log, carryOver } = moving;
  const programs = old < major ? programsOf(paths, old) : undefined;
  if (!programs || !carryOver) throw cannotMove(paths, old, major);
  log(`Moving the data from PostgreSQL ${old} to ${major}; this can take a while.`);
  const file = join(paths.dataDir, `pg-${old}.backup`);
  const source: Site = { account, binaries: programs, paths: pathsOf(paths.dataDir, old) };
  await withServer(source, log, (url) =>
    pipeline(carryOver.save(url), createWriteStream(file, { mode: 0o600 })),
  );
  // Under another name until it is whole.
  const cluster = `${paths.cluster}.move`;
  rmSync(cluster, { recursive: true, force: true });
  const target: Site = { ...moving, paths: { ...paths, cluster, init: `${cluster}.init` } };
  await initCluster(target);
  const rows = await withServer(target, log, async (url, admin) => {
    await ensureDatabase(admin, DATABASE);
    return await carryOver.restore(createReadStream(file), url);
  });
  renameSync(cluster, paths.cluster);
  syncFolder(paths.dataDir);
  rmSync(file);
  log("Moved.", { rows });
}

/** The newest programs of that major that an earlier start left in the data directory. */
function programsOf({ bin }: Paths, major: number): Binaries | undefined {
  const folders = readdirSync(bin).filter(
    (name) => name.startsWith(`pg-${major}.`) && !name.includes(".new-"),
  );
  return folders
    .sort()
    .reverse()
    .map((name) => binariesIn(join(bin, name)))
    .find(({ postgres }) => statSync(postgres, { throwIfNoEntry: false }) !== undefined);
}

const cannotMove = ({ dataDir }: Paths, old: number, major: number): StartError =>
  new StartError(
    `The data in ${dataDir} is of PostgreSQL ${old}; this version of Keepwatch brings ${major}.`,
    old > major
      ? "Start the newer Keepwatch that wrote it."
      : "Take a backup with the version that wrote it (keepwatch backup FILE), then restore it into a new data directory with this one.",
  );

/** Runs the cluster's server for as long as `work` takes. `url` is of Keepwatch's database, `admin` of the server's own. */
async function withServer<T>(
  site: Site,
  log: Log,
  work: (url: string, admin: string) => Promise<T>,
): Promise<T> {
  const address = await chooseAddress(site.paths, site.account);
  await stopPostmaster(site, log);
  await ensureRunning({ ...site, address, settings: {}, log });
  try {
    const password = readPassword(site.paths);
    return await work(urlOf(address, password), urlOf(address, password, "postgres"));
  } finally {
    await stopPostmaster(site, log);
  }
}
