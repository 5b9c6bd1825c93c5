import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { after, before, test } from "node:test";
import pg from "pg";
import { StartError } from "../start-error.ts";
import { accountsIn, postgresAccount } from "./account.ts";
import { type EmbeddedOptions, startEmbedded } from "./embedded.ts";
import { keepLogShort } from "./log-file.ts";
import { liveMembers, membersByPs, readPidFile } from "./members.ts";
import { type Paths, pathsOf } from "./paths.ts";

const isRoot = process.geteuid?.() === 0;
const NOBODY = 65534;
const MAJOR = 18;

/** Everything of this file; each test that needs a cluster carries on with the one in `shared`. */
let folder: string;
let shared: Paths;

before(() => {
  folder = mkdtempSync(join(tmpdir(), "kw-pg-"));
  chmodSync(folder, 0o755);
  shared = pathsOf(join(folder, "data"), MAJOR);
});

after(() => {
  rmSync(folder, { recursive: true, force: true });
});

const start = (dataDir: string, more: Partial<EmbeddedOptions> = {}) =>
  startEmbedded({ dataDir, log: () => {}, ...more });

async function query(url: string, sql: string): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(sql)).rows;
  } finally {
    await client.end();
  }
}

interface Line {
  ready?: { url: string; adopted: boolean; firstStart: boolean };
  committed?: number;
  change?: { kind: string };
  refused?: { message: string; mend: string };
}

/** A Keepwatch in a process of its own, and what it said so far. */
class Child implements AsyncDisposable {
  readonly process: ChildProcess;
  readonly committed: number[] = [];
  readonly #said: Line[] = [];
  readonly #exit: Promise<unknown>;
  #heard: () => void = () => {};

  constructor(dataDir: string, options: { uid?: number; gid?: number; env?: NodeJS.ProcessEnv } = {}) {
    this.process = spawn(process.execPath, [join(import.meta.dirname, "embedded.child.ts"), dataDir], {
      ...options,
      env: { ...process.env, ...options.env },
      stdio: ["ignore", "pipe", "inherit"],
    });
    this.#exit = once(this.process, "exit");
    createInterface({ input: this.process.stdout! }).on("line", (text) => {
      const line: Line = JSON.parse(text);
      if (line.committed) this.committed.push(line.committed);
      else this.#said.push(line);
      this.#heard();
    });
  }

  /** Waits until something true of this child is so; fails after 10 s. */
  async until<T>(find: (said: Line[]) => T | undefined): Promise<T> {
    const late = AbortSignal.timeout(10_000);
    for (;;) {
      const found = find(this.#said);
      if (found) return found;
      await new Promise<void>((resolve, reject) => {
        this.#heard = resolve;
        late.addEventListener("abort", () => reject(new Error(`heard only ${JSON.stringify(this.#said)}`)));
      });
    }
  }

  ready = () => this.until((said) => said.find((line) => line.ready)?.ready);
  refused = () => this.until((said) => said.find((line) => line.refused)?.refused);
  hasCommitted(count: number) {
    const goal = this.committed.length + count;
    return this.until(() => this.committed.length >= goal);
  }

  async end(signal: NodeJS.Signals = "SIGTERM"): Promise<void> {
    this.process.kill(signal);
    await this.#exit;
  }

  async [Symbol.asyncDispose]() {
    if (this.process.exitCode === null && this.process.signalCode === null) await this.end();
  }
}

/** Every row that was said to be committed by now is there. */
async function assertKept(url: string, saidSoFar: readonly number[]): Promise<void> {
  const committed = [...saidSoFar];
  const rows = await query(url, "select id from kept");
  const kept = new Set(rows.map((row) => Number(row.id)));
  assert.ok(committed.length > 0);
  assert.deepEqual(
    committed.filter((id) => !kept.has(id)),
    [],
  );
}

test("the first start makes a database that only its owner can reach", async () => {
  await using database = await start(shared.dataDir);
  assert.deepEqual([database.firstStart, database.adopted], [true, false]);
  const [row] = await query(
    database.url,
    `select current_database() as name, current_setting('server_encoding') as encoding,
            current_setting('TimeZone') as zone, current_setting('fsync') as fsync,
            current_setting('listen_addresses') as addresses, datlocale, datlocprovider
     from pg_database where datname = current_database()`,
  );
  assert.deepEqual(row, {
    name: "keepwatch",
    encoding: "UTF8",
    zone: "UTC",
    fsync: "on",
    addresses: "",
    datlocale: "C.UTF-8",
    datlocprovider: "b",
  });
  assert.equal(statSync(shared.password).mode & 0o777, 0o600);
  assert.equal(statSync(shared.run).mode & 0o777, 0o700);
  const wrong = new URL(database.url);
  wrong.password = "wrong";
  await assert.rejects(query(wrong.href, "select 1"), { code: "28P01" });
});

test("the second start finds what the first one wrote, at the same address", async () => {
  const first = await start(shared.dataDir);
  await query(first.url, "create table note as select 'remember' as text");
  await first.stop();
  assert.deepEqual(liveMembers(shared), []);
  await using second = await start(shared.dataDir);
  assert.deepEqual([second.firstStart, second.adopted, second.url], [false, false, first.url]);
  assert.deepEqual(await query(second.url, "select text from note"), [{ text: "remember" }]);
});

test("a second Keepwatch on the same data directory is refused with the directory and the first one's pid", async () => {
  await using _first = await start(shared.dataDir);
  await using second = new Child(shared.dataDir);
  const { message, mend } = await second.refused();
  assert.ok(message.includes(shared.dataDir), message);
  assert.match(message, new RegExp(`process ${process.pid}\\b`));
  assert.match(mend, /KEEPWATCH_DATA/);
  await assert.rejects(start(shared.dataDir), StartError, "nor twice in one process");
});

test("after kill -9 of Keepwatch the next one takes over the running PostgreSQL with every committed row", async () => {
  await using killed = new Child(shared.dataDir);
  await killed.hasCommitted(50);
  const postmaster = readPidFile(shared.cluster)?.pid;
  await killed.end("SIGKILL");
  await using next = await start(shared.dataDir);
  assert.equal(next.adopted, true);
  assert.equal(readPidFile(shared.cluster)?.pid, postmaster);
  await assertKept(next.url, killed.committed);
});

test("a PostgreSQL left running with other settings is restarted, not taken over", async () => {
  await using killed = new Child(shared.dataDir);
  await killed.hasCommitted(1);
  await killed.end("SIGKILL");
  await using next = await start(shared.dataDir, { settings: { work_mem: "5MB" } });
  assert.equal(next.adopted, false);
  assert.deepEqual(await query(next.url, "show work_mem"), [{ work_mem: "5MB" }]);
});

test("after kill -9 of the postmaster under a live Keepwatch it is back within 5 s with every committed row", async () => {
  await using keepwatch = new Child(shared.dataDir);
  const { url } = await keepwatch.ready();
  await keepwatch.hasCommitted(50);
  const killedAt = performance.now();
  process.kill(readPidFile(shared.cluster)!.pid, "SIGKILL");
  await keepwatch.until((said) => said.find((line) => line.change?.kind === "back"));
  assert.ok(performance.now() - killedAt < 5_000);
  await keepwatch.hasCommitted(20);
  await assertKept(url, keepwatch.committed);
});

test("a crash of one session of PostgreSQL ends all of them, and Keepwatch carries on", async () => {
  await using keepwatch = new Child(shared.dataDir);
  const { url } = await keepwatch.ready();
  await keepwatch.hasCommitted(10);
  const [row] = await query(
    url,
    "select pid from pg_stat_activity where query like 'insert into kept%' limit 1",
  );
  process.kill(Number(row?.pid), "SIGKILL");
  await keepwatch.until((said) => said.find((line) => line.change?.kind === "back"));
  await keepwatch.hasCommitted(10);
  await assertKept(url, keepwatch.committed);
});

test("after kill -9 of everything the next start recovers every committed row", async () => {
  await using killed = new Child(shared.dataDir);
  await killed.hasCommitted(50);
  killed.process.kill("SIGKILL");
  for (const pid of liveMembers(shared)) process.kill(pid, "SIGKILL");
  await using next = await start(shared.dataDir);
  assert.equal(next.adopted, false);
  await assertKept(next.url, killed.committed);
});

test("a stale pid file doesn't stop the start when its pid is by now another live process", async () => {
  const account = postgresAccount(shared.cluster);
  const other = spawn("sleep", ["60"], { ...(account && { uid: account.uid, gid: account.gid }) });
  try {
    await once(other, "spawn");
    const lines = [
      other.pid,
      shared.cluster,
      1_790_000_000,
      5432,
      shared.run,
      "",
      "  1234567   1",
      "ready   ",
    ];
    writeFileSync(join(shared.cluster, "postmaster.pid"), `${lines.join("\n")}\n`);
    if (account) chownSync(join(shared.cluster, "postmaster.pid"), account.uid, account.gid);
    writeFileSync(join(shared.run, ".s.PGSQL.5432.lock"), `${other.pid}\n`);
    await using database = await start(shared.dataDir);
    assert.deepEqual([database.adopted, database.firstStart], [false, false]);
    assert.equal(other.exitCode, null, "the other process is left alone");
  } finally {
    other.kill();
  }
});

test("ps finds the same processes as /proc", {
  skip: process.platform !== "linux" && "has no /proc",
}, async () => {
  await using _database = await start(shared.dataDir);
  const ps = execFileSync("ps", ["-axwwo", "pid=,state=,args="], { encoding: "utf8" });
  assert.deepEqual(membersByPs(ps, shared), liveMembers(shared));
  assert.ok(liveMembers(shared).length >= 4);
});

test("ps lines of the dead, of other clusters and of editors are no members", () => {
  const paths = { cluster: "/d/pg-18", clusterName: "keepwatch-1" };
  const lines = [
    "   10 S    /d/bin/postgres -D /d/pg-18 -c port=5432",
    "   11 Ss   postgres: keepwatch-1: checkpointer ",
    "   12 Z    postgres: keepwatch-1: walwriter ",
    "   13 S    /d/bin/postgres -D /d/pg-18.init -c port=5432",
    "   14 S    postgres: keepwatch-2: checkpointer ",
    "   15 S    vi /d/pg-18/postgresql.conf",
  ];
  assert.deepEqual(membersByPs(lines.join("\n"), paths), [10, 11]);
});

test("a lost password is replaced by a new one", async () => {
  const before = await start(shared.dataDir);
  await before.stop();
  rmSync(shared.password);
  await using database = await start(shared.dataDir);
  assert.notEqual(database.url, before.url);
  assert.deepEqual(await query(database.url, "select text from note"), [{ text: "remember" }]);
});

test("data of another major version is refused rather than left aside", async () => {
  const dataDir = join(folder, "older");
  mkdirSync(join(dataDir, "pg-15"), { recursive: true });
  await assert.rejects(start(dataDir), { name: "StartError", message: /PostgreSQL 15/, mend: /backup/ });
});

test("a data directory that can't be made or written is refused in plain words", async () => {
  const file = join(folder, "file");
  writeFileSync(file, "");
  await assert.rejects(start(join(file, "data")), {
    name: "StartError",
    message: `Keepwatch can't write to its data directory ${join(file, "data")}: it is not a directory and can't be made one.`,
    mend: /KEEPWATCH_DATA/,
  });
});

test("as root: a parent that PostgreSQL's user can't pass is named", {
  skip: !isRoot && "needs root",
}, async () => {
  const closed = join(folder, "closed");
  mkdirSync(closed, { mode: 0o700 });
  await assert.rejects(start(join(closed, "data")), {
    name: "StartError",
    message: new RegExp(`can't pass through ${closed}\\.$`),
    mend: /chmod o\+x/,
  });
});

test("as root: a full disk is called a full disk", { skip: !isRoot && "needs root" }, async (t) => {
  const disk = join(folder, "disk");
  mkdirSync(disk);
  try {
    execFileSync("mount", ["-t", "tmpfs", "-o", "size=90m", "tmpfs", disk], { stdio: "pipe" });
  } catch {
    return t.skip("mounting isn't allowed here");
  }
  try {
    await assert.rejects(start(join(disk, "data")), {
      name: "StartError",
      message: /is full/,
      mend: /df -h/,
    });
  } finally {
    execFileSync("umount", [disk]);
  }
});

test("an ordinary user can run it, on loopback where no path is short enough for a socket", {
  skip: !isRoot && "the other tests are that already",
}, async () => {
  const home = join(folder, "home");
  const long = join(home, "x".repeat(100));
  for (const path of [home, long]) {
    mkdirSync(path);
    chownSync(path, NOBODY, NOBODY);
  }
  await using child = new Child(join(long, "data"), {
    uid: NOBODY,
    gid: NOBODY,
    env: { HOME: home, TMPDIR: long },
  });
  const { url, firstStart } = await child.ready();
  assert.equal(firstStart, true);
  assert.match(url, /@127\.0\.0\.1:\d+\/keepwatch$/);
  await child.hasCommitted(5);
  process.kill(readPidFile(join(long, "data", `pg-${MAJOR}`))!.pid, "SIGKILL");
  await child.until((said) => said.find((line) => line.change?.kind === "back"));
  await child.hasCommitted(5);
  await assertKept(url, child.committed);
});

test("an ordinary user is told whose directory it isn't", {
  skip: !isRoot && "needs another user",
}, async () => {
  await using child = new Child(shared.dataDir, { uid: NOBODY, gid: NOBODY });
  const { message, mend } = await child.refused();
  assert.match(message, /permission denied for the user "nobody"/);
  assert.match(mend, /chown/);
});

test("root and users with negative numbers aren't users to run PostgreSQL as", () => {
  const passwd = "root:x:0:0::/root:/bin/sh\nnobody:*:-2:-2::/:/bin/false\npostgres:x:101:104::/:/bin/sh\n";
  assert.deepEqual(accountsIn(passwd), [{ name: "postgres", uid: 101, gid: 104 }]);
});

test("a long log is put aside and begun again", () => {
  const log = join(folder, "long.log");
  writeFileSync(log, "x".repeat(200));
  keepLogShort(log, 100)();
  assert.equal(readFileSync(log, "utf8"), "");
  assert.equal(readFileSync(`${log}.1`, "utf8").length, 200);
});
