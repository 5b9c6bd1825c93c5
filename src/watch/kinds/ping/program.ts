import { spawn } from "node:child_process";
import { isIP } from "node:net";
import { programEnvironment } from "../../../platform/programs.ts";
import { Failure } from "../base/failure.ts";

/** What is asked of the program; the address is one that was resolved and guarded before. */
export interface Errand {
  address: string;
  count: number;
  /** Undefined leaves it to the program, which sends one a second. */
  intervalMs: number | undefined;
  /** Bytes of payload; undefined leaves it to the program. */
  size: number | undefined;
  /** To wait for an answer to the last request, in whole seconds. */
  waitSeconds: number;
}

/** Kept of what it prints; twenty answers are a tenth of it. */
const MOST_BYTES = 65_536;

/** The program's name and arguments on this platform, for a spawn without a shell. */
export function commandLine(errand: Errand, platform: NodeJS.Platform): [file: string, args: string[]] {
  const { address, count, intervalMs, size, waitSeconds } = errand;
  const args = (option: string, value: number | undefined): string[] =>
    value === undefined ? [] : [option, String(value)];
  if (platform === "win32") {
    // It has no interval to set.
    return ["ping", [...args("-n", count), ...args("-w", waitSeconds * 1_000), ...args("-l", size), address]];
  }
  const common = [
    "-n",
    ...args("-c", count),
    ...args("-i", intervalMs && intervalMs / 1_000),
    ...args("-s", size),
  ];
  if (platform === "linux") return ["ping", [...common, ...args("-W", waitSeconds), address]];
  // The others have a program for each version of IP, and that of IPv6 has no such option.
  if (isIP(address) === 6) return ["ping6", [...common, address]];
  return ["ping", [...common, ...args("-W", waitSeconds * 1_000), address]];
}

export interface Ran {
  printed: string;
  /** It was still at it when its time was over. */
  isCut: boolean;
}

/** After its end, for what it printed last to be read. */
const DRAIN_MS = 20;

/**
 * Runs it and answers what it printed, its complaints included; what isn't there by `limitMs` is killed.
 * @param file in place of the system's program
 */
export function runPing(errand: Errand, limitMs: number, file?: string): Promise<Ran> {
  return new Promise((resolve, reject) => {
    const child = started(errand, limitMs, file);
    let printed = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        printed = (printed + text).slice(0, MOST_BYTES);
      });
    }
    const done = () => {
      for (const stream of [child.stdout, child.stderr]) stream.destroy();
      resolve({ printed, isCut: child.killed });
    };
    child.once("error", (error) => reject(cannotRun(error)));
    // What it started itself, as a script may, could hold the pipes open for long after.
    child.once("exit", () => setTimeout(done, DRAIN_MS)).once("close", done);
  });
}

function started(errand: Errand, limitMs: number, file?: string) {
  const [own, args] = commandLine(errand, process.platform);
  try {
    return spawn(file ?? own, args, {
      env: programEnvironment(),
      stdio: ["ignore", "pipe", "pipe"],
      timeout: Math.floor(limitMs),
      killSignal: "SIGKILL",
      windowsHide: true,
    });
  } catch (error) {
    // Some reasons come as an event, some at once.
    throw cannotRun(error instanceof Error ? error : new Error(String(error)));
  }
}

const INSTALL =
  "install it (Debian and Ubuntu: apt install iputils-ping; Alpine: apk add iputils; Fedora: dnf install iputils)";

function cannotRun(error: Error): Failure {
  const code = "code" in error ? String(error.code) : "";
  const reason =
    code === "ENOENT"
      ? `[unknown] this machine has no ping program: ${INSTALL}`
      : code === "EPERM" || code === "EACCES"
        ? "[unknown] Keepwatch may not run this machine's ping program: give it the capability NET_RAW"
        : `[unknown] this machine's ping program did not start: ${error.message}`;
  return new Failure({ reason, code: `own:ping:${code}`, status: "unknown", hard: false });
}
