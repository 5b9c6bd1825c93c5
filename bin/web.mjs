/** Builds the web app into dist/web when its sources aren't those it was built from. */
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { join, relative, sep } from "node:path";
import { readOr, say, writeQuietly } from "./install.mjs";
import { runChild, Trouble } from "./runtime.mjs";
import { describeSources } from "./stale.mjs";

/**
 * Throws `Trouble` if the web app can't be built.
 * @param {string} root
 * @param {string} runtime
 */
export async function ensureWebBuilt(root, runtime) {
  const web = join(root, "web");
  if (!existsSync(join(web, "index.html"))) {
    say("There is no web/index.html, so the web app isn't built; the API works without it.");
    return;
  }
  const out = join(root, "dist", "web");
  const manifestFile = join(out, ".source-hash");
  const built = existsSync(join(out, "index.html")) ? readManifest(manifestFile) : null;
  const lockText = readOr(join(root, "package-lock.json")) ?? "";
  const at = Date.now();
  const now = describeSources(
    { files: datesUnder(web), lockText, at, read: (path) => readFileSync(join(web, path)) },
    built,
  );
  if (now.hash !== built?.hash) await build({ root, runtime, out, manifest: JSON.stringify(now) });
  else if (hasOtherDates(now, built)) writeQuietly(manifestFile, JSON.stringify(now));
}

/** @typedef {import("./stale.mjs").Manifest} Manifest */

/**
 * @param {string} path
 * @returns {Manifest | null}
 */
function readManifest(path) {
  try {
    return JSON.parse(readFileSync(path, "utf8"));
  } catch {
    return null;
  }
}

/** @param {Manifest} a @param {Manifest} b */
const hasOtherDates = (a, b) => JSON.stringify(a.files) !== JSON.stringify(b.files);

/** @param {string} folder */
function datesUnder(folder) {
  /** @type {Map<string, import("./stale.mjs").Dates>} */
  const files = new Map();
  /** @param {string} inside */
  const walk = (inside) => {
    for (const entry of readdirSync(inside, { withFileTypes: true })) {
      const path = join(inside, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== "node_modules") walk(path);
      } else if (entry.isFile() && entry.name !== ".DS_Store") {
        files.set(relative(folder, path).replaceAll(sep, "/"), statSync(path));
      }
    }
  };
  walk(folder);
  return files;
}

/**
 * Builds beside the old one and then swaps, so that a running server and a second build never see half of one.
 * @param {{ root: string, runtime: string, out: string, manifest: string }} it
 */
async function build({ root, runtime, out, manifest }) {
  const vite = join(root, "node_modules", "vite", "bin", "vite.js");
  if (!existsSync(vite))
    throw new Trouble("The web app's build tool, vite, isn't installed. Run: npm ci --include=dev");
  say("Building the web app …");
  const fresh = `${out}.new-${process.pid}`;
  const old = `${out}.old-${process.pid}`;
  try {
    const args = [vite, "build", "web", "--outDir", fresh, "--emptyOutDir", "--logLevel", "warn"];
    const env = { ...process.env, NODE_ENV: "production" };
    const { code, signal, output } = await runChild(runtime, args, { cwd: root, env, stdio: "pipe" });
    if (code !== 0)
      throw new Trouble(
        `${output.trimEnd()}\n\nThe web app couldn't be built (${signal ?? `status ${code}`}).`,
      );
    writeFileSync(join(fresh, ".source-hash"), manifest);
    mkdirSync(out, { recursive: true });
    renameSync(out, old);
    renameSync(fresh, out);
  } finally {
    for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
  }
}
