/**
 * Gets Keepwatch ready to run and hands over to the Node it brings along: installs dependencies and builds the
 * web app where they are missing or stale, and does nothing when they aren't. Plain JavaScript without
 * dependencies that Node 20 can run. `node bin/bootstrap.mjs test [--all]` runs the tests.
 */
import { existsSync, realpathSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { ensureInstalled, say } from "./install.mjs";
import { findRuntime, handOver, Trouble } from "./runtime.mjs";
import { ensureWebBuilt } from "./web.mjs";

const root = dirname(dirname(fileURLToPath(import.meta.url)));

/**
 * Runs `entry`, a path in the project, with `args`.
 * @param {string} entry
 * @param {readonly string[]} args
 * @param {{ web: "required" | "wanted" | "unused" }} options "wanted": without the web app rather than not at all,
 *   because paging people matters more than showing them pages
 */
export async function bootstrap(entry, args, { web }) {
  try {
    await ensureInstalled(root, { needDev: web === "required" });
    const runtime = findRuntime(root);
    if (web !== "unused") {
      await ensureWebBuilt(root, runtime).catch((error) => {
        if (web === "required" || !(error instanceof Error)) throw error;
        const instead = existsSync(join(root, "dist", "web", "index.html"))
          ? "with the one before"
          : "without it";
        say(`${error.message}\nStarting ${instead}.`);
      });
    }
    // Half of what a start takes is compiling; Node keeps what it compiled when it is told where.
    process.env.NODE_COMPILE_CACHE ??= join(root, "cache", "compile");
    await handOver(runtime, [join(root, entry), ...args]);
  } catch (error) {
    const mine = error instanceof Trouble ? error.message : whyNotWritten(error);
    if (!mine) throw error;
    say(mine);
    process.exitCode = 1;
  }
}

/** @param {unknown} error */
function whyNotWritten(error) {
  const code = /** @type {NodeJS.ErrnoException} */ (error)?.code ?? "";
  if (!["EACCES", "EPERM", "EROFS", "ENOSPC"].includes(code)) return undefined;
  return `Keepwatch can't write to its own folder ${root} (${code}). Run npm ci as the user it belongs to, with space on its disk.`;
}

const isMain =
  process.argv[1] !== undefined && realpathSync(process.argv[1]) === fileURLToPath(import.meta.url);
if (isMain) {
  const [command, ...args] = process.argv.slice(2);
  if (command === "test") {
    await bootstrap("scripts/test.ts", args, { web: "required" });
  } else {
    say("Usage: node bin/bootstrap.mjs test [--all] [FILE …]");
    process.exitCode = 2;
  }
}
