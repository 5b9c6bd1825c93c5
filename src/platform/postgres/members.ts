import { execFileSync } from "node:child_process";
import { readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { join } from "node:path";
import type { Paths } from "./paths.ts";

/**
 * The live processes of a cluster: the postmaster and its children, which may outlive it for a moment. The pid
 * in `postmaster.pid` proves nothing by itself: it may be a zombie, or by now belong to somebody else.
 */
export function liveMembers(paths: Paths): number[] {
  if (process.platform === "linux") return membersByProc(paths.cluster);
  if (process.platform === "win32") return membersByFile(paths.cluster);
  const ps = execFileSync("ps", ["-axwwo", "pid=,state=,args="], { encoding: "utf8", maxBuffer: 1 << 26 });
  return membersByPs(ps, paths);
}

/** Every process of PostgreSQL has the cluster as its working directory. */
function membersByProc(cluster: string): number[] {
  const folder = statSync(cluster, { throwIfNoEntry: false });
  if (!folder) return [];
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .filter((pid) => {
      try {
        const cwd = statSync(`/proc/${pid}/cwd`);
        return cwd.ino === folder.ino && cwd.dev === folder.dev && isLivePostgres(pid);
      } catch {
        return false; // gone meanwhile, or another user's
      }
    })
    .map(Number);
}

/** `12 (postgres) S 1 …`: the name in brackets is the program's, and Z and X are the dead. */
function isLivePostgres(pid: string): boolean {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  return /^\d+ \(postgres\) [^ZX]/.test(stat);
}

/** Where there is no /proc: lines of `pid state args`. The postmaster shows its folder, its children the name. */
export function membersByPs(ps: string, paths: Pick<Paths, "cluster" | "clusterName">): number[] {
  return ps.split("\n").flatMap((line) => {
    const [, pid, state, args] = /^\s*(\d+)\s+(\S+)\s+(.*)$/.exec(line) ?? [];
    if (!pid || !state || !args || /^[ZX]/.test(state)) return [];
    const isPostmaster = /^\S*postgres\s/.test(args) && `${args} `.includes(` -D ${paths.cluster} `);
    const isChild = args.startsWith(`postgres: ${paths.clusterName}: `);
    return isPostmaster || isChild ? [Number(pid)] : [];
  });
}

function membersByFile(cluster: string): number[] {
  const pid = readPidFile(cluster)?.pid;
  try {
    return pid !== undefined && process.kill(pid, 0) ? [pid] : [];
  } catch {
    return [];
  }
}

export interface PidFile {
  pid: number;
  port: number;
  /** Empty when it listens on loopback only. */
  socketFolder: string;
  /** `starting`, `ready`, `stopping`, … */
  status: string;
}

/** What the postmaster says of itself, or undefined when there is no file or it isn't written to the end. */
export function readPidFile(cluster: string): PidFile | undefined {
  try {
    const lines = readFileSync(join(cluster, "postmaster.pid"), "utf8").split("\n");
    const [pid, , , port, socketFolder] = lines;
    if (!pid || !port) return undefined;
    return {
      pid: Number(pid),
      port: Number(port),
      socketFolder: socketFolder?.trim() ?? "",
      status: lines[7]?.trim() ?? "",
    };
  } catch {
    return undefined;
  }
}

/**
 * Removes what a killed postmaster left. Its pid may meanwhile be another process's, at which PostgreSQL would
 * refuse to start. Only when no member lives: this very file is what keeps two servers off one cluster.
 */
export function clearStaleFiles(paths: Paths): void {
  const left = readPidFile(paths.cluster);
  rmSync(join(paths.cluster, "postmaster.pid"), { force: true });
  if (!left?.socketFolder) return;
  for (const suffix of ["", ".lock"]) {
    rmSync(join(left.socketFolder, `.s.PGSQL.${left.port}${suffix}`), { force: true });
  }
}
