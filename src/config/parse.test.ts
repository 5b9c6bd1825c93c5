import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { parseConfig } from "./parse.ts";

const parse = (text: string, variables: Record<string, string> = {}) =>
  parseConfig([{ name: "keepwatch.yaml", text }], variables);

test("an unknown key is named with its line and the key that was probably meant", () => {
  const { problems } = parse(`keepwatch: 1
services:
  - slug: shop
    escalation_polcy: web
`);
  assert.equal(problems.length, 1);
  assert.deepEqual(
    { ...problems[0] },
    {
      file: "keepwatch.yaml",
      line: 4,
      column: 5,
      key: "services[0].escalation_polcy",
      message: 'unknown key "escalation_polcy"; did you mean "escalation_policy"?',
    },
  );
});

test("everything that is wrong is reported at once", () => {
  const { problems } = parse(`keepwatch: 1
teams: [{ slug: Web }]
users: [{ email: nobody }]
`);
  assert.deepEqual(
    problems.map((each) => each.line),
    [2, 3],
  );
});

test("a document without the version at its head is refused", () => {
  const { problems } = parse("teams: []\n");
  assert.match(problems[0]?.message ?? "", /keepwatch: 1/);
});

test("YAML that cannot be read names its line", () => {
  const { problems } = parse("keepwatch: 1\nteams: [\n");
  assert.equal(problems.length > 0, true);
  assert.ok(problems[0]!.line >= 2);
});

test("variables are put in, a missing one is a problem, and $${ is literal", () => {
  const text = `keepwatch: 1
services:
  - slug: shop
    name: "\${NAME} and $\${NOT_THIS}"
`;
  const good = parse(text, { NAME: "Shop" });
  assert.deepEqual(good.problems, []);
  assert.equal(good.document.services[0]?.name, "Shop and ${NOT_THIS}");
  const bad = parse(text);
  assert.equal(bad.problems[0]?.line, 4);
  assert.match(bad.problems[0]?.message ?? "", /NAME\} has no value/);
});

test("several documents and several files are one configuration", () => {
  const { document, problems, locate } = parseConfig(
    [
      {
        name: "a.yaml",
        text: "keepwatch: 1\nteams: [{ slug: web }]\n---\nkeepwatch: 1\nteams: [{ slug: ops }]\n",
      },
      { name: "b.yaml", text: "keepwatch: 1\nteams:\n  - slug: data\n" },
    ],
    {},
  );
  assert.deepEqual(problems, []);
  assert.deepEqual(
    document.teams.map((team) => team.slug),
    ["web", "ops", "data"],
  );
  assert.deepEqual(locate(["teams", 2, "slug"]), { file: "b.yaml", line: 3, column: 5 });
});

test("what is wrong in one entry does not hide what is wrong in another", () => {
  const { problems, document } = parse(`keepwatch: 1
services: [{ slug: Shop }, { slug: pay }]
monitors:
  - { slug: a, service: pay, kind: http, every: soon }
`);
  assert.deepEqual(
    problems.map((each) => each.key),
    ["services[0].slug", "monitors[0].every"],
  );
  assert.deepEqual(
    document.services.map((service) => service.slug),
    ["pay"],
  );
});

test("the tag for a stored secret takes nothing else", () => {
  const { problems } = parse("keepwatch: 1\nservices:\n  - { slug: a, description: !secret hush }\n");
  assert.equal(problems[0]?.key, "services[0].description");
  assert.match(problems[0]?.message ?? "", /write `!secret unchanged`/);
});

test("an alias that stands for too much is refused", () => {
  const levels = Array.from({ length: 9 }, (_, n) => `b${n + 1}: &b${n + 1} [${`*b${n}, `.repeat(9)}]`);
  const { problems } = parse(`b0: &b0 [x]\n${levels.join("\n")}\n`);
  assert.match(problems[0]?.message ?? "", /alias/i);
});

test("the manual's example is a right document", async () => {
  const manual = await readFile(join(import.meta.dirname, "../../docs/configuration.md"), "utf8");
  const example = /```yaml\n([\s\S]*?)```/.exec(manual)?.[1] ?? "";
  const { problems, document } = parse(example, { INES_BELL_SECRET: "x" });
  assert.deepEqual(problems, []);
  assert.equal(document.monitors.length, 1);
});
