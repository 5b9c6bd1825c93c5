import assert from "node:assert/strict";
import { glob, readFile } from "node:fs/promises";
import { dirname, join, relative, resolve } from "node:path";
import { test } from "node:test";

const root = resolve(import.meta.dirname, "..");

/** What each folder of src/ may import, beside itself. `schema.ts` files hold only the HTTP contract and are free to all. */
const MAY_IMPORT: Record<string, readonly string[]> = {
  platform: [],
  org: ["platform"],
  catalog: ["org", "platform"],
  page: ["org", "platform"],
  oncall: ["catalog", "org", "platform"],
  incident: ["page", "oncall", "catalog", "org", "platform"],
  alert: ["incident", "catalog", "org", "platform"],
  watch: ["alert", "catalog", "org", "platform"],
  learn: ["watch", "alert", "incident", "page", "catalog", "org", "platform"],
  status: ["watch", "alert", "incident", "page", "catalog", "org", "platform"],
  views: ["watch", "org", "platform"],
};
/** These join everything. */
const FREE = new Set(["config", "cli", "demo", "main", "main.ts", "version.ts"]);

interface Source {
  path: string;
  text: string;
  imports: string[];
}

async function sources(): Promise<Source[]> {
  const paths = await Array.fromAsync(glob("src/**/*.ts", { cwd: root }));
  return Promise.all(
    paths.sort().map(async (path) => {
      const text = await readFile(join(root, path), "utf8");
      const imports = [...text.matchAll(/(?:from|import)\s*\(?\s*"([^"]+)"/g)].map((match) => match[1]!);
      return { path, text, imports };
    }),
  );
}

const all = await sources();
const production = all.filter(({ path }) => !path.endsWith(".test.ts"));
const folderOf = (path: string): string => path.split("/")[1]!;

test("folders import only what the architecture allows", () => {
  const wrong: string[] = [];
  for (const { path, imports } of production) {
    const folder = folderOf(path);
    if (FREE.has(folder)) continue;
    const allowed = MAY_IMPORT[folder];
    assert.ok(allowed, `${path}: src/${folder} has no place in the architecture`);
    for (const specifier of imports.filter((each) => each.startsWith("."))) {
      const target = relative(root, resolve(root, dirname(path), specifier));
      if (!target.startsWith("src/") || target.endsWith("schema.ts")) continue;
      const to = folderOf(target);
      if (to !== folder && !allowed.includes(to)) wrong.push(`${path} imports ${target}`);
    }
  }
  assert.deepEqual(wrong, []);
});

test("pure files import no I/O and read no clock", () => {
  const wrong: string[] = [];
  const pure = production.filter(
    ({ path }) =>
      path.endsWith("model.ts") ||
      /^src\/oncall\/(schedule|escalation)\//.test(path) ||
      path === "src/watch/judge.ts",
  );
  assert.ok(pure.length > 5, "the pure core is where this test looks for it");
  for (const { path, text, imports } of pure) {
    for (const specifier of imports) {
      if (/^node:(fs|net|http|https|dns|tls|child_process|worker_threads|timers)/.test(specifier))
        wrong.push(`${path}: ${specifier}`);
      if (["pg", "kysely", "fastify", "nodemailer", "pino"].includes(specifier))
        wrong.push(`${path}: ${specifier}`);
    }
    if (/Math\.random|process\.env|setTimeout/.test(text))
      wrong.push(`${path}: randomness, environment or timers`);
  }
  assert.deepEqual(wrong, []);
});

const AMBIENT_CLOCK = /Date\.now\(|new Date\(\)|Temporal\.Now\./;

test("nothing outside platform/ reads the ambient clock", () => {
  const wrong = production
    .filter(({ path, text }) => folderOf(path) !== "platform" && AMBIENT_CLOCK.test(withoutComments(text)))
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

test("the environment is read in one place", () => {
  const wrong = production
    .filter(
      ({ path, text }) =>
        path !== "src/main.ts" &&
        path !== "src/platform/programs.ts" &&
        !path.startsWith("src/platform/postgres/") &&
        /process\.env\b/.test(withoutComments(text)),
    )
    .map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

test("no file grows past what one sitting can read", () => {
  const wrong = all.filter(({ text }) => text.split("\n").length > 400).map(({ path }) => path);
  assert.deepEqual(wrong, []);
});

const withoutComments = (text: string): string =>
  text.replace(/\/\*[\s\S]*?\*\//g, "").replace(/\/\/.*$/gm, "");
