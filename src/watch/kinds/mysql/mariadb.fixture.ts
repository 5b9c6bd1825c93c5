import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { closedPort } from "../../fixtures/servers.ts";

const as = process.getuid?.() === 0 ? ["--user=root"] : [];
const INSTALL_FLAGS = ["--no-defaults", "--auth-root-authentication-method=normal", "--skip-test-db", ...as];
/** Of one server that holds three tables, not of a data centre. */
const SMALL = [
  "--innodb-buffer-pool-size=8M",
  "--innodb-log-file-size=4M",
  "--innodb-flush-log-at-trx-commit=0",
];
const LONGEST_START_MS = 20_000;

export interface MariaDb extends AsyncDisposable {
  port: number;
  /** What the server has written into its log so far. */
  log(): Promise<string>;
}

/** Why there is no MariaDB to test with; undefined where there is. */
export const whyNoMariaDb = (): string | undefined =>
  ["mariadbd", "mariadb-install-db"].some((name) => spawnSync(name, ["--version"]).error)
    ? "mariadbd and mariadb-install-db are not on the PATH"
    : undefined;

/** A MariaDB of its own, which offers TLS, and does as `setUp` says when it starts. */
export async function mariaDb(setUp: readonly string[]): Promise<MariaDb> {
  const folder = await mkdtemp(join(tmpdir(), "keepwatch-mariadb-"));
  const file = (name: string) => join(folder, name);
  await writeFile(file("setup.sql"), setUp.map((each) => `${each};\n`).join(""));
  await writeFile(file("key.pem"), KEY);
  await writeFile(file("cert.pem"), VALID);
  await ended(
    spawn("mariadb-install-db", [...INSTALL_FLAGS, `--datadir=${file("data")}`], { stdio: "ignore" }),
  );
  const port = await closedPort();
  const server = spawn(
    "mariadbd",
    [
      "--no-defaults",
      ...as,
      ...SMALL,
      `--datadir=${file("data")}`,
      `--socket=${file("sock")}`,
      `--pid-file=${file("pid")}`,
      `--log-error=${file("log.err")}`,
      `--init-file=${file("setup.sql")}`,
      `--ssl-key=${file("key.pem")}`,
      `--ssl-cert=${file("cert.pem")}`,
      "--bind-address=127.0.0.1",
      `--port=${port}`,
      "--log-warnings=4",
    ],
    { stdio: "ignore" },
  );
  const gone = once(server, "exit");
  const log = () => readFile(file("log.err"), "utf8");
  try {
    await Promise.race([listening(port), gone.then(async () => Promise.reject(new Error(await log())))]);
  } catch (error) {
    server.kill("SIGKILL");
    throw error;
  }
  return {
    port,
    log,
    async [Symbol.asyncDispose]() {
      server.kill("SIGKILL");
      await gone;
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ended(child: ChildProcess): Promise<void> {
  const [code] = await once(child, "exit");
  if (code !== 0) throw new Error(`${child.spawnfile} ended with ${code}`);
}

/** Asks again every 20 ms; a server has no other way to say that it is ready. */
async function listening(port: number): Promise<void> {
  const untilMs = performance.now() + LONGEST_START_MS;
  while (performance.now() < untilMs) {
    const socket = net.connect(port, "127.0.0.1");
    const answered = await new Promise<boolean>((resolve) => {
      socket.once("data", () => resolve(true)).once("error", () => resolve(false));
    });
    socket.destroy();
    if (answered) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error(`MariaDB was not ready within ${LONGEST_START_MS} ms`);
}
