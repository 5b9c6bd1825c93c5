import { readFileSync, statSync } from "node:fs";
import { StartError } from "../start-error.ts";

/** A user of the system, as PostgreSQL is to run. */
export interface Account {
  uid: number;
  gid: number;
  name: string;
}

const PREFERRED = ["postgres", "nobody"];

/**
 * Who PostgreSQL runs as: whoever runs Keepwatch (undefined), unless that is root, which PostgreSQL refuses.
 * Then the owner of an existing cluster, so that a user added later changes nothing; else `postgres` or `nobody`.
 */
export function postgresAccount(cluster: string): Account | undefined {
  if (process.geteuid?.() !== 0) return undefined;
  const known = accountsIn(readPasswd());
  const owner = statSync(cluster, { throwIfNoEntry: false });
  if (owner && owner.uid !== 0) {
    const name = known.find((account) => account.uid === owner.uid)?.name ?? String(owner.uid);
    return { uid: owner.uid, gid: owner.gid, name };
  }
  for (const name of PREFERRED) {
    const account = known.find((each) => each.name === name);
    if (account) return account;
  }
  throw new StartError(
    "PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody to run it as.",
    "Start Keepwatch as an ordinary user, add one called postgres, or set DATABASE_URL.",
  );
}

/** The accounts of a passwd file, without root and without macOS's negative numbers, which chown refuses. */
export function accountsIn(passwd: string): Account[] {
  return passwd.split("\n").flatMap((line) => {
    const [name, , uid, gid] = line.split(":");
    const account = { name: name ?? "", uid: Number(uid), gid: Number(gid) };
    return account.uid > 0 && account.gid >= 0 ? [account] : [];
  });
}

function readPasswd(): string {
  try {
    return readFileSync("/etc/passwd", "utf8");
  } catch {
    return "";
  }
}
