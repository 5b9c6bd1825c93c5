import assert from "node:assert/strict";
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { text } from "node:stream/consumers";
import { after, before, test } from "node:test";

/** A project of its own around a copy of bin/: a main that prints or waits, and a vite that only copies. */
let root: string;

const PROJECT = {
  name: "copy",
  version: "1.0.0",
  private: true,
  type: "module",
  dependencies: { vite: "file:vite" },
};
const PACKAGES = {
  "": PROJECT,
  vite: { version: "1.0.0" },
  "node_modules/vite": { resolved: "vite", link: true },
};
const FILES = {
  "package.json": JSON.stringify(PROJECT),
  "package-lock.json": JSON.stringify({
    name: "copy",
    version: "1.0.0",
    lockfileVersion: 3,
    packages: PACKAGES,
  }),
  "scripts/test.ts": `console.log("tests", ...process.argv.slice(2));`,
  "src/main.ts": `
    const args: string[] = process.argv.slice(2);
    console.log("main", ...args);
    if (args[0] === "wait") {
      setInterval(() => {}, 1_000);
      process.on("SIGTERM", () => { console.log("told to stop"); process.exit(3); });
      console.log("pid", process.pid);
    }`,
  "vite/package.json": JSON.stringify({ name: "vite", version: "1.0.0", type: "module" }),
  "vite/bin/vite.js": `
    import { cpSync, mkdirSync, readFileSync } from "node:fs";
    const out = process.argv[process.argv.indexOf("--outDir") + 1];
    if (/broken/.test(readFileSync("web/index.html", "utf8"))) throw new Error("toy build failed");
    mkdirSync(out, { recursive: true });
    cpSync("web/index.html", out + "/index.html");`,
};

before(() => {
  root = mkdtempSync(join(tmpdir(), "kw-bin-"));
  cpSync(import.meta.dirname, join(root, "bin"), { recursive: true });
  mkdirSync(join(root, "web"));
  for (const [path, content] of Object.entries(FILES)) {
    mkdirSync(dirname(join(root, path)), { recursive: true });
    writeFileSync(join(root, path), content);
  }
});

after(() => rmSync(root, { recursive: true, force: true }));

interface Start {
  flags?: string[];
  script?: string;
}

function start(args: string[], { flags = [], script = "keepwatch.mjs" }: Start = {}): ChildProcess {
  const { NODE_TEST_CONTEXT, npm_lifecycle_event, ...env } = process.env;
  return spawn(process.execPath, [...flags, join(root, "bin", script), ...args], {
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
}

async function run(args: string[], options: Start = {}) {
  const child = start(args, options);
  const closed = once(child, "close");
  const [out, err] = await Promise.all([text(child.stdout!), text(child.stderr!)]);
  const [status] = await closed;
  return { out, err, status };
}

test("the first start installs, the next one goes straight on, and one cut short is installed again", async () => {
  const first = await run(["version", "--json"]);
  assert.match(first.err, /^Installing what Keepwatch needs .*\nInstalled in \d+ s\.\n$/);
  assert.equal(first.out, "main version --json\n");
  assert.deepEqual(await run(["version"]), { out: "main version\n", err: "", status: 0 });
  rmSync(join(root, "node_modules", ".package-lock.json"));
  assert.match((await run(["version"])).err, /^Installing/);
});

test("when npm fails its words are shown and nothing is started", async () => {
  const file = join(root, "package.json");
  writeFileSync(file, JSON.stringify({ ...PROJECT, dependencies: { scripts: "file:scripts" } }));
  rmSync(join(root, "node_modules"), { recursive: true });
  const { out, err, status } = await run(["version"]);
  assert.deepEqual([out, status], ["", 1]);
  assert.match(err, /npm error/);
  assert.match(err, /npm ci failed \(status 1\), so Keepwatch can't start/);
  writeFileSync(file, FILES["package.json"]);
  assert.equal((await run(["version"])).status, 0);
});

test("the web app is built when its sources changed, and only then", async () => {
  const page = join(root, "web", "index.html");
  assert.match((await run(["serve"])).err, /no web\/index\.html/);
  writeFileSync(page, "one");
  assert.equal((await run(["version"])).err, "", "not for a command that doesn't show it");
  assert.equal((await run(["serve"])).err, "Building the web app …\n");
  assert.equal((await run(["serve"])).err, "");
  utimesSync(page, 1, 1);
  assert.equal((await run([])).err, "", "the same content with another date");
  writeFileSync(page, "two");
  assert.equal((await run(["demo"])).err, "Building the web app …\n");
  assert.ok(existsSync(join(root, "dist", "web", "index.html")));
});

test("a web app that can't be built stops the tests but not the pager", async () => {
  writeFileSync(join(root, "web", "index.html"), "broken");
  const served = await run(["serve"]);
  assert.match(served.err, /toy build failed[\s\S]*Starting with the one before\.\n$/);
  assert.equal(served.out, "main serve\n");
  const tested = await run(["test"], { script: "bootstrap.mjs" });
  assert.deepEqual([tested.out, tested.status], ["", 1]);
  writeFileSync(join(root, "web", "index.html"), "three");
  const mended = await run(["test", "--all"], { script: "bootstrap.mjs" });
  assert.deepEqual([mended.out, mended.status], ["tests --all\n", 0]);
});

/** As under a Node that can't replace a process by another. */
const AS_CHILD = ["--import", "data:text/javascript,delete process.execve"];

/** Collects what a process prints, from the moment it has said the pid of a main that waits. */
async function untilWaiting(child: ChildProcess) {
  let heard = "";
  child.stdout!.on("data", (chunk) => (heard += chunk));
  const signal = AbortSignal.timeout(10_000);
  while (!/pid \d+\n/.test(heard)) await once(child.stdout!, "data", { signal });
  return { pid: Number(/pid (\d+)/.exec(heard)![1]), heard: () => heard };
}

test("a signal reaches the server once, and its exit status comes back", async () => {
  for (const flags of [AS_CHILD, []]) {
    const child = start(["wait"], { flags });
    const { pid, heard } = await untilWaiting(child);
    assert.equal(pid === child.pid, flags.length === 0, "in place where Node can");
    child.kill("SIGTERM");
    if (flags.length > 0) child.kill("SIGTERM");
    const [status] = await once(child, "close");
    assert.equal(status, 3);
    assert.equal(heard().match(/told to stop/g)?.length, 1);
  }
});

test("a server whose wrapper was killed stops by itself", async () => {
  const child = start(["wait"], { flags: AS_CHILD });
  const { heard } = await untilWaiting(child);
  child.kill("SIGKILL");
  await once(child, "close"); // the output stays open until the server, too, is gone
  assert.match(heard(), /told to stop/);
});

const NPM = `require("child_process").spawn("sh", ["-c", process.argv[1]], { stdio: "inherit" })`;

test("a server whose npm was killed stops by itself", {
  skip: process.platform !== "linux" && "needs /proc",
}, async () => {
  const script = `${process.execPath} ${join(root, "bin", "keepwatch.mjs")} wait; true`;
  const npm = spawn(process.execPath, ["-e", NPM, script], {
    env: { ...process.env, npm_lifecycle_event: "start" },
    stdio: ["ignore", "pipe", "inherit"],
  });
  const { heard } = await untilWaiting(npm);
  npm.kill("SIGKILL");
  await once(npm, "close");
  assert.match(heard(), /told to stop/);
});
