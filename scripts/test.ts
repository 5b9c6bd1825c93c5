/**
 * `npm test [-- --all] [FILE …]`: types, lint, then the tests against a PostgreSQL of its own.
 * `--all` runs whole sweeps (every time zone, long fault runs) instead of seeded slices.
 * With files, only those are run, without types and lint.
 */
import { fork, spawn } from "node:child_process";
import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { startEmbedded } from "../src/platform/postgres/embedded.ts";
import type { Outcome } from "./test-files.ts";

const root = resolve(import.meta.dirname, "..");
const all = process.argv.includes("--all");
const files = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

/**
 * Each group runs after the one before it. Neighbours share a process, and with it what they import; those that start
 * the whole product have one each, and more at once, since they wait for most of their time.
 */
const GROUPS = [
  {
    name: "unit",
    patterns: [
      ...["src/**/*.test.ts", "bin/*.test.ts", "web/**/*.test.ts", "test/*.test.ts"],
      "test/conformance/**/*.test.ts",
    ],
    filesPerProcess: 12,
    processes: 2,
  },
  {
    name: "faults and journeys",
    patterns: ["test/faults/**/*.test.ts", "test/journeys/**/*.test.ts"],
    filesPerProcess: 1,
    processes: 3,
  },
] as const;

interface Group {
  name: string;
  files: string[];
  filesPerProcess: number;
  processes: number;
}

interface Counts {
  passed: number;
  failed: number;
  skipped: number;
  /** How long each file took, in milliseconds. */
  files: Map<string, number>;
}

const SHOWN_SLOWEST = 10;

async function main(): Promise<void> {
  const started = performance.now();
  if (files.length === 0 && !(await checks())) {
    process.exitCode = 1;
    return;
  }
  const dir = await mkdtemp(join(tmpdir(), "keepwatch-test-"));
  const postgres = await startEmbedded({
    dataDir: dir,
    log: () => {},
    // The tests' own server may forget on a power cut; the fault tests start servers that may not.
    settings: { fsync: "off", full_page_writes: "off", max_connections: "150" },
  });
  process.env.KEEPWATCH_TEST_DATABASE_URL = postgres.url;
  if (all) process.env.KEEPWATCH_SWEEP = "all";
  const counts: Counts = { passed: 0, failed: 0, skipped: 0, files: new Map() };
  const cleanUp = async () => {
    await postgres.stop();
    await rm(dir, { recursive: true, force: true });
  };
  // PostgreSQL runs in a session of its own, so that it would outlive a Ctrl-C.
  for (const signal of ["SIGINT", "SIGTERM"] as const)
    process.once(signal, () => void cleanUp().finally(() => process.exit(1)));
  try {
    const groups =
      files.length > 0
        ? [{ name: "chosen", files, filesPerProcess: files.length, processes: 1 }]
        : await found();
    for (const group of groups) await runGroup(group, counts);
  } finally {
    await cleanUp();
  }
  printSlowest(counts);
  const seconds = ((performance.now() - started) / 1000).toFixed(0);
  console.log(`\nAll of it took ${seconds} s.`);
  console.log(`${counts.passed} passed, ${counts.failed} failed, ${counts.skipped} skipped`);
  if (counts.failed > 0 || counts.passed === 0) process.exitCode = 1;
}

function printSlowest({ files }: Counts): void {
  const slowest = [...files].sort(([, a], [, b]) => b - a).slice(0, SHOWN_SLOWEST);
  if (files.size > SHOWN_SLOWEST) console.log("\nSlowest files:");
  else console.log("");
  for (const [file, ms] of slowest)
    console.log(`${(ms / 1000).toFixed(1).padStart(6)} s  ${relative(root, file)}`);
}

const found = (): Promise<Group[]> =>
  Promise.all(
    GROUPS.map(async ({ patterns, ...group }) => ({
      ...group,
      files: (await Array.fromAsync(glob([...patterns], { cwd: root, exclude: ["node_modules/**"] }))).sort(),
    })),
  );

/** Types and lint, side by side; prints only what is wrong. */
async function checks(): Promise<boolean> {
  const bin = (name: string) => join(root, "node_modules/.bin", name);
  const results = await Promise.all([
    command("types", bin("tsc"), ["--noEmit"]),
    command("types of the web app", bin("tsc"), ["--noEmit", "-p", "web"]),
    command("lint", bin("biome"), ["check", "--diagnostic-level=warn", "."]),
  ]);
  return results.every(Boolean);
}

function command(name: string, program: string, args: string[]): Promise<boolean> {
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: root });
    let output = "";
    child.stdout.on("data", (chunk) => (output += chunk));
    child.stderr.on("data", (chunk) => (output += chunk));
    child.on("close", (code) => {
      console.log(code === 0 ? `✔ ${name}` : `✖ ${name}\n${output}`);
      done(code === 0);
    });
  });
}

async function runGroup({ name, files, filesPerProcess, processes }: Group, counts: Counts): Promise<void> {
  if (files.length === 0) return;
  console.log(`\n— ${name} (${files.length} files)`);
  const waiting = inParts(files, filesPerProcess);
  const worker = async () => {
    for (let part = waiting.shift(); part; part = waiting.shift()) await runFiles(part, counts);
  };
  await Promise.all(Array.from({ length: processes }, worker));
}

function inParts(files: readonly string[], size: number): string[][] {
  const count = Math.ceil(files.length / size);
  return Array.from({ length: count }, (_, i) => files.slice(i * size, (i + 1) * size));
}

/** A process that ends before it has told that it is done is a failure, whatever its tests said until then. */
function runFiles(files: readonly string[], counts: Counts): Promise<void> {
  const child = fork(
    join(import.meta.dirname, "test-files.ts"),
    files.map((file) => resolve(root, file)),
  );
  let saidWhy = false;
  child.on("message", ({ outcome, file, ms = 0 }: Outcome) => {
    if (outcome) counts[outcome] += 1;
    saidWhy ||= outcome === "failed";
    if (file) counts.files.set(file, (counts.files.get(file) ?? 0) + ms);
  });
  return new Promise((done) =>
    child.on("close", (code, signal) => {
      if (code !== 0 && !saidWhy) {
        counts.failed += 1;
        console.log(`✖ the process of ${files.join(", ")} ended with ${signal ?? code}`);
      }
      done();
    }),
  );
}

await main();
