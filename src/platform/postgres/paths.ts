import { createHash } from "node:crypto";
import { join, resolve } from "node:path";

/** Writes one line for the operator; `detail` is for machines. */
export type Log = (message: string, detail?: object) => void;

/** Where everything of one embedded PostgreSQL lies. `embedded.ts` says what each is for. */
export interface Paths {
  dataDir: string;
  bin: string;
  cluster: string;
  init: string;
  run: string;
  log: string;
  secret: string;
  password: string;
  ownerLock: string;
  ownerPid: string;
  /** Shown in the title of each of its processes, so that they can be told from another installation's. */
  clusterName: string;
}

export function pathsOf(dataDir: string, major: number): Paths {
  const root = resolve(dataDir);
  return {
    dataDir: root,
    bin: join(root, "bin"),
    cluster: join(root, `pg-${major}`),
    init: join(root, `pg-${major}.init`),
    run: join(root, "run"),
    log: join(root, "postgres.log"),
    secret: join(root, "secret"),
    password: join(root, "secret", "pg-password"),
    ownerLock: join(root, "owner.lock"),
    ownerPid: join(root, "owner.pid"),
    clusterName: `keepwatch-${shortHash(root)}`,
  };
}

export const shortHash = (text: string): string =>
  createHash("sha256").update(text).digest("hex").slice(0, 8);
