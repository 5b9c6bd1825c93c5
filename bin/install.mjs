/** Installs the dependencies when they are missing, incomplete or not those of package-lock.json. */
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
  utimes,
  writeFileSync,
} from "node:fs";
import { delimiter, dirname, join, sep } from "node:path";
import { runChild, Trouble } from "./runtime.mjs";
import { installStamp, whyInstall } from "./stale.mjs";

const NPM_CI = ["ci", "--include=dev", "--include=optional", "--no-audit", "--no-fund", "--loglevel=error"];

/** The manual page that npm adds to some of its errors. */
const NPM_USAGE = /npm error Clean install a project[\s\S]*?(?=npm error A complete log|$)/;

/** @param {string} path */
export function readOr(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return null;
  }
}

/** @param {string} text */
export const say = (text) => process.stderr.write(`${text}\n`);

/**
 * @param {string} root
 * @param {{ needDev: boolean }} options
 */
export async function ensureInstalled(root, { needDev }) {
  const lockText = readOr(join(root, "package-lock.json"));
  if (lockText === null) return;
  const stampFile = join(root, "node_modules", ".keepwatch-lock");
  const recordFile = join(root, "node_modules", ".package-lock.json");
  const stamp = installStamp(lockText, process);
  const look = () => {
    const it = { lockText, stamp: readOr(stampFile), installedText: readOr(recordFile), needDev };
    return { why: whyInstall({ ...it, system: process }), stamped: it.stamp === stamp };
  };
  const now = look();
  if (now.why === null) return now.stamped || !needDev ? undefined : writeQuietly(stampFile, stamp);

  await oneAtATime(join(root, "dist", ".installing"), async () => {
    const { why } = look();
    if (why === null) return; // another process has just done it
    say(`Installing what Keepwatch needs (${why}); this takes a minute or so …`);
    const began = performance.now();
    rmSync(stampFile, { force: true }); // npm removes them too, but not first
    rmSync(recordFile, { force: true });
    await npmCi(root);
    if (look().why === null) writeQuietly(stampFile, stamp);
    say(`Installed in ${Math.round((performance.now() - began) / 1000)} s.`);
  });
}

/** A stamp only saves time: without it, in a read-only checkout say, the next start compares again. */
export function writeQuietly(/** @type {string} */ path, /** @type {string} */ text) {
  try {
    writeFileSync(path, text);
  } catch {}
}

/**
 * Runs npm by a Node that isn't in node_modules, for npm empties that folder first. npm hands its own place to
 * the scripts it runs; outside of a script it is looked for on the path.
 * @param {string} root
 */
async function npmCi(root) {
  const ownModules = join(root, "node_modules");
  const PATH = (process.env.PATH ?? "")
    .split(delimiter)
    .filter((folder) => folder !== ownModules && !folder.startsWith(ownModules + sep))
    .join(delimiter);
  const npmCli = process.env.npm_execpath;
  const options = { cwd: root, env: { ...process.env, PATH }, stdio: /** @type {const} */ ("pipe") };
  const { code, signal, output } =
    npmCli && /\.c?js$/.test(npmCli) && existsSync(npmCli)
      ? await runChild(outerNode(ownModules), [npmCli, ...NPM_CI], options)
      : await runChild("npm", NPM_CI, { ...options, shell: process.platform === "win32" });
  if (code === 0) return;
  throw new Trouble(
    `${output.replace(NPM_USAGE, "").trimEnd()}\n\nnpm ci failed (${signal ?? `status ${code}`}), so Keepwatch can't start. ` +
      "Its complaint is above; most often the npm registry can't be reached. Nothing of your data was touched.",
  );
}

/** @param {string} ownModules */
function outerNode(ownModules) {
  const candidates = [process.env.npm_node_execpath, process.execPath];
  return candidates.find((path) => path && existsSync(path) && !path.startsWith(ownModules + sep)) ?? "node";
}

const BEAT_MS = 1_000;
const DEAD_AFTER_MS = 5_000;

/**
 * Runs `work` when no other process runs it. Whoever does keeps the file's date fresh; a pid in it would tell
 * less, for it may be a zombie's, another process's by now, or of another container.
 * @param {string} file
 * @param {() => Promise<void>} work
 */
async function oneAtATime(file, work) {
  mkdirSync(dirname(file), { recursive: true });
  if (existsSync(file)) say("Waiting for another process, which is installing …");
  while (!makeNew(file)) {
    const beat = statSync(file, { throwIfNoEntry: false })?.mtimeMs;
    if (beat !== undefined && Date.now() - beat > DEAD_AFTER_MS) rmSync(file, { force: true });
    else await new Promise((resolve) => setTimeout(resolve, 100));
  }
  const beating = setInterval(() => utimes(file, new Date(), new Date(), () => {}), BEAT_MS);
  try {
    await work();
  } finally {
    clearInterval(beating);
    rmSync(file, { force: true });
  }
}

/**
 * False if it was there already.
 * @param {string} file
 */
function makeNew(file) {
  try {
    closeSync(openSync(file, "wx"));
    return true;
  } catch (error) {
    if (/** @type {NodeJS.ErrnoException} */ (error).code === "EEXIST") return false;
    throw error;
  }
}
