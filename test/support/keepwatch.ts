import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { join, resolve } from "node:path";
import { compileCache } from "./compile-cache.ts";

const root = resolve(import.meta.dirname, "../..");
const NODE = process.execPath;

/** The token that every started Keepwatch accepts as an administrator's. */
export const ADMIN_TOKEN = "kw_test-administrator-token-0123456789";

/** A free port of the loopback address. */
export async function freePort(): Promise<number> {
  const server = createServer();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  server.close();
  await once(server, "close");
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
}

export interface KeepwatchOptions {
  dataDir: string;
  port: number;
  command?: string;
  env?: Record<string, string>;
  /** How long the start may take, in milliseconds. */
  startMs?: number;
}

export interface RunningKeepwatch extends AsyncDisposable {
  url: string;
  child: ChildProcess;
  /** All it printed so far. */
  output(): string;
  api<T = unknown>(method: string, path: string, body?: unknown): Promise<T>;
  /** As by kill -9. Resolves when it is gone. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit status. */
  stop(): Promise<number | null>;
  /** Resolves when it died by itself. */
  died(): Promise<void>;
}

/** Starts Keepwatch as a person would, in a process of its own, and waits until it says that it is ready. */
export async function startKeepwatch(options: KeepwatchOptions): Promise<RunningKeepwatch> {
  const running = spawnKeepwatch(options);
  const limit = performance.now() + (options.startMs ?? 30_000);
  for (;;) {
    if (running.child.exitCode !== null || running.child.signalCode !== null) {
      throw new Error(`Keepwatch did not start:\n${running.output()}`);
    }
    const ready = await fetch(`${running.url}/readyz`).then(
      (response) => response.ok,
      () => false,
    );
    if (ready) return running;
    if (performance.now() > limit) {
      await running.kill();
      throw new Error(`Keepwatch was not ready in time:\n${running.output()}`);
    }
    await new Promise((done) => setTimeout(done, 25));
  }
}

/** Starts it without waiting: a start that is meant to fail, or to be killed on the way. */
export function spawnKeepwatch(options: KeepwatchOptions): RunningKeepwatch {
  const url = `http://127.0.0.1:${options.port}`;
  const child = spawn(
    NODE,
    ["--disable-warning=ExperimentalWarning", join(root, "src/main.ts"), options.command ?? "serve"],
    {
      cwd: root,
      env: {
        PATH: process.env.PATH ?? "",
        HOME: process.env.HOME ?? "/tmp",
        KEEPWATCH_DATA: options.dataDir,
        KEEPWATCH_PORT: String(options.port),
        KEEPWATCH_API_TOKEN: ADMIN_TOKEN,
        KEEPWATCH_LOG: "warn",
        ...compileCache(),
        ...options.env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const gone = once(child, "exit").then(() => {});
  const end = async (signal: NodeJS.Signals) => {
    if (child.exitCode === null && child.signalCode === null) child.kill(signal);
    await gone;
  };
  return {
    url,
    child,
    output: () => output,
    api: (method, path, body) => callApi(url, { method, path, body }),
    kill: () => end("SIGKILL"),
    async stop() {
      await end("SIGTERM");
      return child.exitCode;
    },
    died: () => gone,
    async [Symbol.asyncDispose]() {
      await end("SIGTERM");
    },
  };
}

async function callApi<T>(url: string, call: { method: string; path: string; body?: unknown }): Promise<T> {
  const response = await fetch(`${url}/api/v1${call.path}`, {
    method: call.method,
    headers: {
      authorization: `Bearer ${ADMIN_TOKEN}`,
      ...(call.body === undefined ? {} : { "content-type": "application/json" }),
    },
    body: call.body === undefined ? undefined : JSON.stringify(call.body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${call.method} ${call.path} answered ${response.status}: ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}

/** Asks until the answer is there. The world outside is real, so this waits by the real clock. */
export async function eventually<T>(
  what: string,
  ask: () => Promise<T | undefined | false> | T | undefined | false,
  ms = 20_000,
): Promise<T> {
  const limit = performance.now() + ms;
  let last: unknown;
  while (performance.now() < limit) {
    try {
      const answer = await ask();
      if (answer !== undefined && answer !== false) return answer;
    } catch (error) {
      last = error;
    }
    await new Promise((done) => setTimeout(done, 20));
  }
  throw new Error(`${what} did not happen within ${ms} ms`, { cause: last });
}
