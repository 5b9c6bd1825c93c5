import { chmodSync, chownSync, lstatSync, mkdirSync, rmSync } from "node:fs";
import { createServer, type ListenOptions } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Account } from "./account.ts";
import type { PidFile } from "./members.ts";
import { type Paths, shortHash } from "./paths.ts";

export const ROLE = "keepwatch";
export const DATABASE = "keepwatch";

/** Where PostgreSQL listens: a Unix socket that only its user may open, or 127.0.0.1 where that can't be. */
export type Address = { kind: "socket"; folder: string; port: number } | { kind: "loopback"; port: number };

/** Part of the socket's file name, nothing more: nobody listens on the TCP port of that number. */
const SOCKET_PORT = 5432;

/** What `sun_path` holds, less its final zero. */
const LONGEST_SOCKET_PATH = process.platform === "darwin" ? 103 : 107;

const socketPath = (folder: string, port: number): string => join(folder, `.s.PGSQL.${port}`);

/** Below the data directory if its path is short enough and its file system has sockets, else in the temporary one. */
export async function chooseAddress(paths: Paths, account: Account | undefined): Promise<Address> {
  if (process.platform !== "win32") {
    const elsewhere = join(tmpdir(), `keepwatch-${shortHash(paths.dataDir)}`);
    for (const folder of [paths.run, elsewhere]) {
      if (await canHoldSocket(folder, account)) return { kind: "socket", folder, port: SOCKET_PORT };
    }
  }
  return { kind: "loopback", port: await freePort() };
}

export const addressIn = (file: PidFile): Address =>
  file.socketFolder
    ? { kind: "socket", folder: file.socketFolder, port: file.port }
    : { kind: "loopback", port: file.port };

/** For `pg`, and for psql: `host` in the query is the socket's folder and wins over the name before it. */
export function urlOf(address: Address, password: string, database = DATABASE): string {
  const where = address.kind === "loopback" ? `127.0.0.1:${address.port}` : "localhost";
  const query =
    address.kind === "socket" ? `?host=${encodeURIComponent(address.folder)}&port=${address.port}` : "";
  return `postgresql://${ROLE}:${encodeURIComponent(password)}@${where}/${database}${query}`;
}

async function canHoldSocket(folder: string, account: Account | undefined): Promise<boolean> {
  if (Buffer.byteLength(socketPath(folder, SOCKET_PORT)) > LONGEST_SOCKET_PATH) return false;
  if (!isOurs(folder, account)) return false;
  const probe = join(folder, "probe");
  rmSync(probe, { force: true });
  return (await listenOnce({ path: probe })) !== undefined;
}

/** Makes the folder for PostgreSQL's user alone. False if there already is one that somebody else may change. */
function isOurs(folder: string, account: Account | undefined): boolean {
  try {
    mkdirSync(folder, { mode: 0o700, recursive: true });
    const { uid } = lstatSync(folder);
    const owners = [process.geteuid?.(), account?.uid];
    if (!lstatSync(folder).isDirectory() || !owners.includes(uid)) return false;
    chmodSync(folder, 0o700);
    if (account) chownSync(folder, account.uid, account.gid);
    return true;
  } catch {
    return false;
  }
}

const freePort = async (): Promise<number> => (await listenOnce({ host: "127.0.0.1", port: 0 })) ?? 0;

/** Opens a listener and closes it again. The port it got (0 for a socket), or undefined if it can't be opened. */
function listenOnce(where: ListenOptions): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen(where, () => {
      const at = server.address();
      server.close(() => resolve(typeof at === "object" && at ? at.port : 0));
    });
  });
}
