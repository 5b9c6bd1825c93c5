import { deepEqual, equal, match } from "node:assert/strict";
import { test } from "node:test";
import { createBody, draftFrom, emptyDraft } from "./draft.ts";
import { slowWith, writtenSlow } from "./slow.ts";
import { readYaml, yamlOf } from "./yaml.ts";

const draft = {
  ...emptyDraft("shop"),
  slug: "shop-home",
  name: "Shop home",
  every: "20s",
  fields: { url: "https://shop.example.com/", expect: { status: "200-299" } },
};

test("a draft written as YAML reads back as the same draft", () => {
  deepEqual(readYaml(yamlOf(draft)), { ok: true, draft });
});

test("a limit on a percentile is chosen in the form, written as YAML and taken away again", () => {
  const slow = slowWith({ ...writtenSlow(null), percentile: "p99" });
  deepEqual(slow, { p99: "800ms", over: "10m" });
  match(yamlOf({ ...draft, slow }), /slow:\n +p99: 800ms\n +over: 10m/);
  deepEqual(readYaml(yamlOf({ ...draft, slow })), { ok: true, draft: { ...draft, slow } });
  equal(slowWith({ ...writtenSlow(slow), percentile: "" }), null);
});

test("YAML leaves out what is as usual", () => {
  const text = yamlOf(draft);
  match(text, /every: 20s/);
  equal(/timeout|confirm|severity|labels/.test(text), false);
});

test("broken YAML is refused with its line, and two monitors with what to do instead", () => {
  const broken = readYaml("keepwatch: 1\nmonitors:\n  - slug: [a\n");
  match(broken.ok ? "" : broken.problem, /^Line \d+: /);
  const two = readYaml("keepwatch: 1\nmonitors: [{slug: a}, {slug: b}]\n");
  match(two.ok ? "" : two.problem, /exactly one/);
});

test("what is left empty is left for the server to propose", () => {
  const body = createBody({ ...emptyDraft(), fields: { url: "https://a.example/" } });
  deepEqual(
    ["slug", "name", "service"].filter((key) => key in body),
    [],
  );
  equal(body.url, "https://a.example/");
});

test("an entry with only a URL takes every default", () => {
  deepEqual(draftFrom({ url: "https://a.example/" }), {
    ...emptyDraft(),
    fields: { url: "https://a.example/" },
  });
});
