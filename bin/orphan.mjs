/**
 * Stops Keepwatch when what started it is gone. A signal to npm reaches at most the shell between npm and us, so
 * without this, `kill` of an `npm start` would leave a Keepwatch behind that nobody sees.
 * Loaded by `--import` it watches over the process itself.
 */
import { readFileSync } from "node:fs";
import { isMainThread } from "node:worker_threads";

const LOOK_EVERY_MS = 500;

/** @param {() => void} stop runs once, when the parent process has ended, or the npm above the parent shell */
export function whenOrphaned(stop) {
  const look = isShell(process.ppid)
    ? () => `${parentOf(process.ppid)} ${process.ppid}`
    : () => `${process.ppid}`;
  const before = look();
  const timer = setInterval(() => {
    if (look() === before) return;
    clearInterval(timer);
    stop();
  }, LOOK_EVERY_MS);
  timer.unref();
}

/** True for `sh -c …`, where there is a /proc to tell. It waits for us even if npm is gone. */
const isShell = (/** @type {number} */ pid) => /sh\0-c\0/.test(readOr(`/proc/${pid}/cmdline`));

/** The fourth field; the second, in brackets, may hold anything. */
const parentOf = (/** @type {number} */ pid) => /.*\) \S (\d+)/s.exec(readOr(`/proc/${pid}/stat`))?.[1];

/** @param {string} path */
function readOr(path) {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return "";
  }
}

const isPreloaded = process.execArgv.some(
  (arg) => arg.startsWith("--import=") && arg.endsWith("/orphan.mjs"),
);
if (isPreloaded && isMainThread) whenOrphaned(() => process.kill(process.pid, "SIGTERM"));
