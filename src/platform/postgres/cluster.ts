import { type SpawnOptions, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import {
  chownSync,
  closeSync,
  fsyncSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import type { Account } from "./account.ts";
import { ROLE } from "./address.ts";
import type { Binaries } from "./binaries.ts";
import { explainPostgres, explainSpawn } from "./explain.ts";
import type { Paths } from "./paths.ts";

/** The cluster's files and who runs its programs. */
export interface Site {
  paths: Paths;
  account: Account | undefined;
  binaries: Binaries;
}

export const hasCluster = (paths: Paths): boolean =>
  statSync(join(paths.cluster, "PG_VERSION"), { throwIfNoEntry: false }) !== undefined;

/**
 * Makes the cluster, under another name until it is whole. The locale is PostgreSQL's own, so that a new libc
 * can't change the order of text and with it corrupt an index.
 */
export async function initCluster(site: Site): Promise<void> {
  const { paths, account } = site;
  const passwordFile = `${paths.init}.password`;
  rmSync(paths.init, { recursive: true, force: true });
  mkdirSync(paths.init, { mode: 0o700 });
  writeFileSync(passwordFile, readPassword(paths), { mode: 0o600 });
  if (account) for (const path of [paths.init, passwordFile]) chownSync(path, account.uid, account.gid);
  try {
    const args = ["-D", paths.init, "-U", ROLE, `--pwfile=${passwordFile}`, "--auth=scram-sha-256"];
    const locale = ["--encoding=UTF8", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"];
    const { code, said } = await run(site, site.binaries.initdb, [...args, ...locale]);
    if (code !== 0) throw explainPostgres(said, paths);
    renameSync(paths.init, paths.cluster);
    syncFolder(paths.dataDir);
  } catch (error) {
    rmSync(paths.init, { recursive: true, force: true });
    throw error;
  } finally {
    rmSync(passwordFile, { force: true });
  }
}

/** Gives the role a new password, without one, by running PostgreSQL on the stopped cluster alone. */
export async function resetPassword(site: Site): Promise<void> {
  const statement = `alter role ${ROLE} password '${readPassword(site.paths)}'\n`;
  const args = ["--single", "-D", site.paths.cluster, "postgres"];
  const { code, said } = await run(site, site.binaries.postgres, args, statement);
  if (code !== 0 || /ERROR|FATAL/.test(said)) throw explainPostgres(said, site.paths);
}

export const readPassword = (paths: Paths): string => readFileSync(paths.password, "utf8").trim();

/** Makes a password of 192 bits if there is none. True if it did. */
export function ensurePassword(paths: Paths): boolean {
  if (statSync(paths.password, { throwIfNoEntry: false })?.size) return false;
  mkdirSync(paths.secret, { mode: 0o700, recursive: true });
  const fresh = `${paths.password}.new`;
  writeFileSync(fresh, `${randomBytes(24).toString("hex")}\n`, { mode: 0o600, flush: true });
  renameSync(fresh, paths.password);
  syncFolder(dirname(paths.password));
  return true;
}

/** How every program of PostgreSQL is run: as its user, in a folder it may enter, in English and UTC. */
export function spawnOptions({ account, binaries }: Site): SpawnOptions {
  const { PATH, SystemRoot, TEMP } = process.env;
  const env = { PATH, SystemRoot, TEMP, LC_ALL: "C", TZ: "UTC" };
  return { cwd: binaries.folder, env, ...(account && { uid: account.uid, gid: account.gid }) };
}

/** Runs a program to its end. `said` is all it wrote. */
async function run(site: Site, program: string, args: readonly string[], input = "") {
  const child = spawn(program, args, { ...spawnOptions(site), stdio: "pipe" });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once("error", (error) => reject(explainSpawn(error, site.paths, site.account)));
    child.once("close", resolve);
  });
  child.stdin?.on("error", () => {}); // it may end without reading
  child.stdin?.end(input);
  const [code, ...said] = await Promise.all([ended, text(child.stdout!), text(child.stderr!)]);
  return { code, said: said.join("\n") };
}

/** Makes a rename outlive a power cut. Windows can't open folders and doesn't need it. */
export function syncFolder(folder: string): void {
  if (process.platform === "win32") return;
  const handle = openSync(folder, "r");
  try {
    fsyncSync(handle);
  } finally {
    closeSync(handle);
  }
}
