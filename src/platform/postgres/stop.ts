import { execFile } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import type { Site } from "./cluster.ts";
import { liveMembers, readPidFile } from "./members.ts";
import type { Log } from "./paths.ts";

const POLL_MS = 5;

interface Step {
  afterMs: number;
  signal: NodeJS.Signals;
  say?: string;
}

/** Fast: open transactions are rolled back, everything is written. Then immediate: the next start recovers. */
const STEPS: readonly Step[] = [
  { afterMs: 0, signal: "SIGINT" },
  { afterMs: 10_000, signal: "SIGQUIT", say: "PostgreSQL doesn't stop; asking it to stop at once." },
  { afterMs: 20_000, signal: "SIGKILL", say: "PostgreSQL still doesn't stop; ending its processes." },
];

/** Stops what runs of the cluster, ever more firmly, and returns when no process of it is left. */
export async function stopPostmaster(site: Site, log: Log): Promise<void> {
  const { cluster } = site.paths;
  const began = performance.now();
  const left = [...STEPS];
  for (;;) {
    const members = liveMembers(site.paths);
    if (members.length === 0) return;
    const next = left[0];
    if (next && performance.now() - began >= next.afterMs) {
      left.shift();
      if (next.say) log(next.say);
      const leader = readPidFile(cluster)?.pid;
      const isLed = leader !== undefined && members.includes(leader) && next.signal !== "SIGKILL";
      ask(site, isLed ? [leader] : members, next.signal);
    }
    await sleep(POLL_MS);
  }
}

function ask({ paths, binaries }: Site, pids: readonly number[], signal: NodeJS.Signals): void {
  if (process.platform === "win32") {
    // There are no signals on Windows; pg_ctl speaks PostgreSQL's own. What comes of it is seen by waiting.
    const mode = signal === "SIGINT" ? "fast" : "immediate";
    execFile(binaries.pgCtl, ["stop", "-W", "-m", mode, "-D", paths.cluster], () => {});
  } else {
    signalAll(pids, signal);
  }
}

export function signalAll(pids: readonly number[], signal: NodeJS.Signals): void {
  for (const pid of pids) {
    try {
      process.kill(pid, signal);
    } catch {
      // gone meanwhile
    }
  }
}
