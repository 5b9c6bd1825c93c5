import { readFileSync, statfsSync, statSync } from "node:fs";
import { userInfo } from "node:os";
import { dirname } from "node:path";
import { StartError } from "../start-error.ts";
import type { Paths } from "./paths.ts";

const OTHER_DIRECTORY = "or choose another data directory with KEEPWATCH_DATA";

export const codeOf = (error: unknown): string | undefined =>
  typeof error === "object" && error !== null && "code" in error ? String(error.code) : undefined;

/** Runs a step that touches files; what goes wrong becomes a sentence about the data directory. */
export async function inDataDir<T>(paths: Paths, step: () => T | Promise<T>): Promise<T> {
  try {
    return await step();
  } catch (error) {
    throw error instanceof StartError ? error : (explainFileError(error, paths.dataDir) ?? error);
  }
}

function explainFileError(cause: unknown, dataDir: string): StartError | undefined {
  const what = `Keepwatch can't write to its data directory ${dataDir}`;
  switch (codeOf(cause)) {
    case "EACCES":
    case "EPERM":
      return new StartError(
        `${what}: permission denied for the user "${userName()}".`,
        `Make the directory belong to that user (chown -R ${userName()} ${dataDir}), ${OTHER_DIRECTORY}.`,
        { cause },
      );
    case "EROFS":
      return new StartError(
        `${what}: the file system is read-only.`,
        `Mount it writable, ${OTHER_DIRECTORY}.`,
        { cause },
      );
    case "ENOTDIR":
    case "EEXIST":
    case "ENOENT":
      return new StartError(
        `${what}: it is not a directory and can't be made one.`,
        `Move away the file that is in its place, ${OTHER_DIRECTORY}.`,
        { cause },
      );
    case "ENOSPC":
    case "EDQUOT":
      return diskFull(dataDir, cause);
  }
}

export const diskFull = (dataDir: string, cause?: unknown): StartError =>
  new StartError(
    `The disk that holds ${dataDir} is full.`,
    `Free some space on it (df -h ${dataDir} shows how much there is; a first start takes about 150 MB). Nothing that was saved is lost.`,
    { cause },
  );

function isDiskFull(path: string): boolean {
  const { bavail, bsize } = statfsSync(path);
  return bavail * bsize < 1024 * 1024;
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return String(process.getuid?.() ?? "unknown"); // a container's user needs no entry in /etc/passwd
  }
}

/** What PostgreSQL's own words mean, first match wins. `said` is what it wrote during this attempt. */
export function explainPostgres(said: string, paths: Paths): StartError {
  const cause = new Error(said.trim());
  if (/No space left on device|Disk quota exceeded/.test(said)) return diskFull(paths.dataDir, cause);
  if (said.trim() === "" && isDiskFull(paths.dataDir)) return diskFull(paths.dataDir, cause); // as is its log
  for (const [pattern, message, mend] of MEANINGS) {
    if (pattern.test(said)) return new StartError(message(paths), mend(paths), { cause });
  }
  const line = lastComplaint(said);
  return new StartError(
    `PostgreSQL didn't start${line ? `. It says: ${line}` : " and didn't say why."}`,
    `${paths.log} has the details. If its data can't be saved, restore a backup into a new data directory.`,
    { cause },
  );
}

type Meaning = [RegExp, (paths: Paths) => string, (paths: Paths) => string];

const MEANINGS: readonly Meaning[] = [
  [
    /Read-only file system/,
    ({ dataDir }) => `The file system of ${dataDir} is read-only.`,
    () => `Mount it writable, ${OTHER_DIRECTORY}.`,
  ],
  [
    /Cannot allocate memory|out of memory/i,
    () => "There isn't enough memory for PostgreSQL, which wants about 80 MB.",
    () => "Give the machine or the container more memory, then start again.",
  ],
  [
    /incompatible with server|was initialized (by|with)/,
    ({ cluster }) => `${cluster} was made by another version of PostgreSQL.`,
    () => "Start it with the version of Keepwatch that made it, take a backup, and restore that here.",
  ],
  [
    /has (group or world access|wrong ownership|invalid permissions)|Permission denied|Operation not permitted/,
    ({ cluster }) => `PostgreSQL may not use its own files in ${cluster}: their owner or mode was changed.`,
    ({ cluster }) =>
      `Give everything in ${cluster} back to the user it belongs to (chown -R), with mode 0700 on the directory.`,
  ],
  [
    /Address already in use|could not bind|lock file ".*" already exists/,
    ({ dataDir }) => `Another PostgreSQL is using ${dataDir} or its address.`,
    ({ dataDir }) =>
      `Stop the other one, or give each its own data directory (KEEPWATCH_DATA, here ${dataDir}).`,
  ],
  [
    /error while loading shared libraries|GLIBC_|not found \(required by/,
    () => "The PostgreSQL that comes with Keepwatch doesn't run on this system.",
    () => "Set DATABASE_URL to a PostgreSQL server of version 15 or newer.",
  ],
];

const lastComplaint = (said: string): string | undefined =>
  said
    .split("\n")
    .filter((line) => /(FATAL|PANIC|ERROR|error):/.test(line))
    .at(-1)
    ?.replace(/^.*?(FATAL|PANIC|ERROR|error):\s*/, "");

/** Why a program in the data directory couldn't be run as `who`. */
export function explainSpawn(
  cause: unknown,
  paths: Paths,
  who: { uid: number; gid: number; name: string } | undefined,
) {
  const code = codeOf(cause);
  const barrier = who && firstBarrier(paths.bin, who);
  if (code === "EACCES" && barrier) {
    return new StartError(
      `PostgreSQL refuses to run as root, so it runs as "${who.name}", and that user can't pass through ${barrier}.`,
      `Allow it to (chmod o+x ${barrier}), ${OTHER_DIRECTORY}.`,
      { cause },
    );
  }
  if (code === "EPERM" && who) {
    return new StartError(
      `PostgreSQL refuses to run as root, and Keepwatch isn't allowed to run it as "${who.name}".`,
      "Start Keepwatch as an ordinary user (in a container: --user 1000), or set DATABASE_URL.",
      { cause },
    );
  }
  if (code === "EACCES") {
    return new StartError(
      `Programs can't be run from ${paths.bin}; its file system is probably mounted noexec.`,
      `Mount it without noexec, ${OTHER_DIRECTORY}.`,
      { cause },
    );
  }
  if (code === "ENOENT") {
    return new StartError(
      "The PostgreSQL that comes with Keepwatch doesn't run on this system (it needs glibc, which Alpine lacks).",
      "Set DATABASE_URL to a PostgreSQL server of version 15 or newer.",
      { cause },
    );
  }
  return new StartError(
    `PostgreSQL couldn't be run: ${cause instanceof Error ? cause.message : String(cause)}.`,
    "Set DATABASE_URL to a PostgreSQL server of version 15 or newer if this can't be mended.",
    { cause },
  );
}

/** The outermost directory on the way to `path` that the user may not pass through, going by its mode. */
export function firstBarrier(path: string, who: { uid: number; gid: number }): string | undefined {
  const parent = dirname(path);
  const above = parent === path ? undefined : firstBarrier(parent, who);
  if (above) return above;
  const { uid, gid, mode } = statSync(path);
  const bit = uid === who.uid ? 0o100 : gid === who.gid ? 0o010 : 0o001;
  return mode & bit ? undefined : path;
}

/** What the log file has beyond `from` bytes. */
export function logSince(path: string, from: number): string {
  try {
    return readFileSync(path).subarray(from).toString("utf8");
  } catch {
    return "";
  }
}
