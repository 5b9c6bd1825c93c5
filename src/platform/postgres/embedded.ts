import { chmodSync, mkdirSync, statSync } from "node:fs";
import { postgresAccount } from "./account.ts";
import { type Address, chooseAddress, DATABASE, urlOf } from "./address.ts";
import { type BinaryPackage, findPackage, installBinaries, removeOtherBinaries } from "./binaries.ts";
import {
  ensurePassword,
  hasCluster,
  initCluster,
  readPassword,
  resetPassword,
  type Site,
} from "./cluster.ts";
import { codeOf, inDataDir } from "./explain.ts";
import { ensureDatabase, type Keeper, NotOwner, openKeeper } from "./keeper.ts";
import { keepLogShort } from "./log-file.ts";
import { type CarryOver, moveFromOtherMajor } from "./move.ts";
import { taken, takeOwnership } from "./ownership.ts";
import { type Log, type Paths, pathsOf } from "./paths.ts";
import { ensureRunning, isOfToday, runningPostmaster, type Server } from "./postmaster.ts";
import type { Settings } from "./settings.ts";
import { stopPostmaster } from "./stop.ts";
import { type PostgresChange, supervise } from "./supervise.ts";

export type { PostgresChange } from "./supervise.ts";

export interface EmbeddedPostgres {
  /** For `pg`. Stays the same when PostgreSQL is brought back after a crash. */
  url: string;
  /** True if it was left running by a Keepwatch that was killed. */
  adopted: boolean;
  /** True if this start made the cluster. */
  firstStart: boolean;
  /**
   * Tells when PostgreSQL goes away and when it is back (within 5 s, unless something lasting is wrong, which is
   * logged). Every session is gone then: pools make new ones by themselves, a LISTEN must be said again.
   * Returns the function that stops telling.
   */
  onChange(listener: (change: PostgresChange) => void): () => void;
  /** Stops PostgreSQL, sessions or not, and gives the data directory free. To be called last of all. */
  stop(): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

export interface EmbeddedOptions {
  dataDir: string;
  log: Log;
  /** Settings of postgresql.conf that differ from ours. */
  settings?: Settings;
  /** How data of an older major version is moved; without it, it is refused. */
  carryOver?: CarryOver;
}

/**
 * Starts the PostgreSQL that comes with Keepwatch, or takes over the one that a killed Keepwatch left running.
 * One process owns a data directory at a time. Everything lies in it:
 *
 *     bin/pg-<version>-<system>/   the programs, readable by the user that PostgreSQL runs as
 *     pg-<major>/                  the cluster: the data (while it is being made, pg-<major>.init/)
 *     pg-<old>.moved/              a cluster of an older version, after its data was moved
 *     run/                         the Unix socket (in the temporary directory if the path is too long for one)
 *     secret/pg-password           the password of the role `keepwatch`
 *     postgres.log, postgres.log.1 what PostgreSQL says
 *     owner.lock, owner.pid        the lock of the process that owns the directory, and its number
 *
 * Throws `StartError`.
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedPostgres> {
  const pack = findPackage();
  const paths = pathsOf(options.dataDir, pack.major);
  const account = postgresAccount(paths.cluster);
  const ownership = await inDataDir(paths, () => {
    makeDataDir(paths, account !== undefined);
    return takeOwnership(paths);
  });
  try {
    return await startOwned({ ...options, paths, pack, account, release: () => ownership[Symbol.dispose]() });
  } catch (error) {
    ownership[Symbol.dispose]();
    throw error;
  }
}

interface Owned extends EmbeddedOptions, Pick<Site, "paths" | "account"> {
  pack: BinaryPackage;
  release(): void;
}

async function startOwned(owned: Owned): Promise<EmbeddedPostgres> {
  const { paths, log, settings = {} } = owned;
  const { site, firstStart } = await inDataDir(paths, () => prepare(owned));
  const address = await addressFor(site, settings, log);
  const server: Server = { ...site, address, settings, log };
  const { started } = await ensureRunning(server);
  const url = urlOf(address, readPassword(paths));
  const first = await connectFirst(server, url, firstStart).catch(async (error) => {
    // Not ours to stop if somebody else owns it; otherwise don't leave behind what this call started.
    if (started) await stopPostmaster(site, log);
    throw error;
  });
  await inDataDir(paths, () => removeOtherBinaries(paths.bin, site.binaries));
  return supervised({ server, url, first, release: owned.release, adopted: !started, firstStart });
}

/** Programs, password and cluster in place; nothing runs yet, except what an earlier process left. */
async function prepare({
  paths,
  account,
  pack,
  log,
  carryOver,
}: Owned): Promise<{ site: Site; firstStart: boolean }> {
  const site: Site = { paths, account, binaries: installBinaries(pack, paths.bin) };
  const isPasswordNew = ensurePassword(paths);
  await moveFromOtherMajor({ ...site, major: pack.major, log, carryOver });
  if (!hasCluster(paths)) {
    log("Making a new database; this takes a few seconds.", { cluster: paths.cluster });
    await initCluster(site);
    return { site, firstStart: true };
  }
  if (isPasswordNew) {
    log("The database's password was missing; setting a new one.", { password: paths.password });
    await stopPostmaster(site, log);
    await resetPassword(site);
  }
  return { site, firstStart: false };
}

/** Other users must be able to pass through it to the cluster, if PostgreSQL runs as another user. */
function makeDataDir(paths: Paths, othersPass: boolean): void {
  mkdirSync(paths.dataDir, { recursive: true, mode: othersPass ? 0o711 : 0o700 });
  mkdirSync(paths.bin, { recursive: true });
  if (!othersPass) return;
  for (const folder of [paths.dataDir, paths.bin]) chmodSync(folder, statSync(folder).mode | 0o111);
}

/** Where the server left running listens, if it is of today's version and settings; it is stopped if not. */
async function addressFor(site: Site, settings: Settings, log: Log): Promise<Address> {
  const left = runningPostmaster(site.paths);
  if (left && isOfToday(site, settings)) {
    log("Taking over the PostgreSQL that an earlier Keepwatch left running.", { pid: left.pid });
    return left.address;
  }
  if (left) {
    log("Restarting the PostgreSQL that an earlier Keepwatch left running: its version or settings differ.");
    await stopPostmaster(site, log);
  }
  return await chooseAddress(site.paths, site.account);
}

const UNKNOWN_DATABASE = "3D000";

async function connectFirst(server: Server, url: string, firstStart: boolean): Promise<Keeper> {
  const { paths, address } = server;
  const makeDatabase = () => ensureDatabase(urlOf(address, readPassword(paths), "postgres"), DATABASE);
  try {
    if (firstStart) await makeDatabase();
    return await openKeeper(url);
  } catch (error) {
    if (error instanceof NotOwner) throw taken(paths.dataDir, error.message);
    if (codeOf(error) !== UNKNOWN_DATABASE) throw error;
    await makeDatabase(); // the first start was cut short before it did
    return await openKeeper(url);
  }
}

interface Running extends Pick<EmbeddedPostgres, "url" | "adopted" | "firstStart"> {
  server: Server;
  first: Keeper;
  release(): void;
}

function supervised({ server, first, release, ...facts }: Running): EmbeddedPostgres {
  const listeners = new Set<(change: PostgresChange) => void>();
  const stopping = new AbortController();
  const stopShortening = keepLogShort(server.paths.log);
  const supervision = supervise(first, {
    log: server.log,
    stopping: stopping.signal,
    tell(change) {
      for (const listener of listeners) listener(change);
    },
    async revive() {
      await ensureRunning(server);
      return await openKeeper(facts.url);
    },
  });
  const shutDown = async () => {
    stopping.abort();
    stopShortening();
    await (await supervision)?.close();
    await stopPostmaster(server, server.log);
    release();
  };
  let stopped: Promise<void> | undefined;
  const stop = () => {
    stopped ??= shutDown();
    return stopped;
  };
  return {
    ...facts,
    onChange(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    stop,
    [Symbol.asyncDispose]: stop,
  };
}
