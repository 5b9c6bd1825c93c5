/**
 * What of an installation is out of date: pure functions over file contents and dates.
 * Plain JavaScript for Node 20, like all of bin/: this runs before anything is installed.
 */
import { createHash } from "node:crypto";

/** @param {string | Uint8Array} content */
export const sha256 = (content) => createHash("sha256").update(content).digest("hex");

/**
 * @typedef {{ platform: string, arch: string }} System
 * @typedef {{ optional?: boolean, dev?: boolean, version?: string, integrity?: string, os?: string[], cpu?: string[],
 *   optionalDependencies?: Record<string, string> }} LockedPackage
 * @typedef {{ packages: Record<string, LockedPackage> }} Lock
 */

/**
 * Written into node_modules after a complete install: of which lockfile and for which system it is.
 * @param {string} lockText
 * @param {System} system
 */
export const installStamp = (lockText, { platform, arch }) => `${sha256(lockText)} ${platform}-${arch}\n`;

/**
 * Why dependencies have to be installed, or null. npm writes its own record, `installedText`, last of all, so an
 * install that was cut short has none. Without our stamp somebody ran npm by hand, and the record is compared.
 * @param {{ lockText: string, stamp: string | null, installedText: string | null, system: System, needDev: boolean }} it
 */
export function whyInstall({ lockText, stamp, installedText, system, needDev }) {
  if (installedText === null) return "its dependencies aren't installed, or not completely";
  if (stamp === installStamp(lockText, system)) return null;
  const wrong = firstDifference(JSON.parse(lockText), JSON.parse(installedText), { system, needDev });
  return wrong === null ? null : `${wrong} isn't installed as package-lock.json has it`;
}

/**
 * The first package of the lockfile that is missing or another version. Optional ones may be missing, except
 * those that the project itself lists for this system: they are the runtime and the database.
 * @param {Lock} lock
 * @param {Lock} installed
 * @param {{ system: System, needDev: boolean }} options
 */
function firstDifference(lock, installed, { system, needDev }) {
  const wanted = lock.packages[""]?.optionalDependencies ?? {};
  for (const [path, locked] of Object.entries(lock.packages)) {
    if (path === "") continue;
    const name = path.slice("node_modules/".length);
    const found = installed.packages[path];
    if (found) {
      if (found.version !== locked.version || found.integrity !== locked.integrity) return name;
      continue;
    }
    if (locked.dev && !needDev) continue;
    if (!locked.optional || (name in wanted && isFor(locked, system))) return name;
  }
  return null;
}

/**
 * @param {LockedPackage} locked
 * @param {System} system
 */
const isFor = ({ os = [], cpu = [] }, { platform, arch }) =>
  [os].flat().includes(platform) && [cpu].flat().includes(arch);

/**
 * @typedef {{ size: number, mtimeMs: number, ctimeMs: number }} Dates
 * @typedef {Dates & { sha: string }} Source
 * @typedef {{ hash: string, at: number, files: Record<string, Source> }} Manifest
 */

/** A file changed again within this time may show the same dates: file systems count in steps. */
const COARSEST_DATES_MS = 2_000;

/**
 * Describes the sources of a build. A file is read only if its size or dates aren't those of `previous`, or are
 * so close to when that was written that a later change might not show.
 * @param {{ files: Map<string, Dates>, lockText: string, at: number, read: (path: string) => Uint8Array }} now
 *   `at`: when the dates were taken, Unix milliseconds
 * @param {Manifest | null} previous
 * @returns {Manifest}
 */
export function describeSources({ files, lockText, at, read }, previous) {
  /** @type {Record<string, Source>} */
  const described = {};
  const whole = createHash("sha256").update(sha256(lockText));
  for (const path of [...files.keys()].sort((a, b) => (a < b ? -1 : 1))) {
    const { size, mtimeMs, ctimeMs } = /** @type {Dates} */ (files.get(path));
    const before = previous?.files[path];
    const isSame =
      previous &&
      before &&
      before.size === size &&
      before.mtimeMs === mtimeMs &&
      before.ctimeMs === ctimeMs &&
      Math.max(mtimeMs, ctimeMs) < previous.at - COARSEST_DATES_MS;
    const sha = isSame ? before.sha : sha256(read(path));
    described[path] = { size, mtimeMs, ctimeMs, sha };
    whole.update(`\n${sha} ${path}`);
  }
  return { hash: whole.digest("hex"), at, files: described };
}

/** Commands that show the web app; without a command `serve` is meant. */
const WITH_WEB = new Set(["serve", "demo"]);
const ONLY_PRINTS = new Set(["--help", "-h", "--version", "-v"]);

/** @param {readonly string[]} args of the command line */
export function needsWeb(args) {
  if (args.some((arg) => ONLY_PRINTS.has(arg))) return false;
  const command = args[0];
  return command === undefined || command.startsWith("-") || WITH_WEB.has(command);
}
