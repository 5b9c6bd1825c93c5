/**
 * `npm test [-- --all] [FILE …]`: types, lint, then the tests against a PostgreSQL of its own.
 * `--all` runs whole sweeps (every time zone, long fault runs) instead of seeded slices.
 * With files, only those are run, without types and lint.
 */
import { spawn } from "node:child_process";
import { glob, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, relative, resolve } from "node:path";
import { run } from "node:test";
import { spec } from "node:test/reporters";
import { startEmbedded } from "../src/platform/postgres/embedded.ts";

const root = resolve(import.meta.dirname, "..");
const all = process.argv.includes("--all");
const files = process.argv.slice(2).filter((argument) => !argument.startsWith("--"));

/** Each group runs after the one before it. Those that start the whole product mostly wait: two at once use two cores. */
const GROUPS = [
  {
    name: "unit",
    patterns: ["src/**/*.test.ts", "bin/*.test.ts", "web/**/*.test.ts", "test/*.test.ts"],
    concurrency: 2,
  },
  { name: "conformance", patterns: ["test/conformance/**/*.test.ts"], concurrency: 2 },
  {
    name: "faults and journeys",
    patterns: ["test/faults/**/*.test.ts", "test/journeys/**/*.test.ts"],
    concurrency: 2,
  },
] as const;

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
    const groups = files.length > 0 ? [{ name: "chosen", files, concurrency: 1 }] : await found();
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

const found = () =>
  Promise.all(
    GROUPS.map(async ({ name, patterns, concurrency }) => ({
      name,
      concurrency,
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

async function runGroup(
  group: { name: string; files: string[]; concurrency: number },
  counts: Counts,
): Promise<void> {
  if (group.files.length === 0) return;
  console.log(`\n— ${group.name} (${group.files.length} files)`);
  const stream = run({
    files: group.files.map((file) => resolve(root, file)),
    concurrency: group.concurrency,
  });
  stream.on("test:pass", (event) => {
    // A file without tests passes under its own name; it proves nothing.
    if (event.details.type === "suite" || event.name === event.file) return;
    if (event.skip || event.todo) counts.skipped += 1;
    else counts.passed += 1;
  });
  stream.on("test:fail", (event) => {
    if (event.details.type === "suite") return;
    if (event.todo) counts.skipped += 1;
    else counts.failed += 1;
  });
  // A file is a test of its own name; it takes what its process takes, imports and all.
  stream.on("test:dequeue", ({ name, file }) => {
    if (file && name === file) counts.files.set(file, -performance.now());
  });
  stream.on("test:complete", ({ name, file }) => {
    if (file && name === file) counts.files.set(file, (counts.files.get(file) ?? 0) + performance.now());
  });
  stream.compose(new spec()).pipe(process.stdout, { end: false });
  await new Promise((done) => stream.on("end", done));
}

await main();
