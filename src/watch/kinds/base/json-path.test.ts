import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { atJsonPath, parseJsonPath } from "./json-path.ts";

for (const [text, path] of [
  ["$", []],
  ["$.a.b", ["a", "b"]],
  ['$.a.b[0]["c"]', ["a", "b", 0, "c"]],
  ["$['it''s']", null],
  ["$['it\\'s']", ["it's"]],
  ['$["a \\"b\\" \\\\"]', ['a "b" \\']],
  ["$[12]", [12]],
  ["$.größe.x-y.$z", ["größe", "x-y", "$z"]],
  ["", null],
  ["a.b", null],
  ["$a", null],
  ["$.", null],
  ["$..a", null],
  ["$.a[*]", null],
  ["$.a[-1]", null],
  ["$.a[?(@.b)]", null],
  ["$.a[0", null],
  ["$.1a", null],
  ["$.a ", null],
] as const)
  test(`"${text}" ${path ? `reads as ${JSON.stringify(path)}` : "is not a path"}`, () => {
    assert.deepEqual(parseJsonPath(text), path);
  });

const DOCUMENT = { a: { b: [{ c: 1 }, null] }, 0: "zero", "": "empty" };

for (const [text, expected] of [
  ["$", { found: true, value: DOCUMENT }],
  ["$.a.b[0].c", { found: true, value: 1 }],
  ["$.a.b[1]", { found: true, value: null }],
  ['$[""]', { found: true, value: "empty" }],
  ["$.a.b[2]", { found: false, value: undefined }],
  ["$.a.b[1].c", { found: false, value: undefined }],
  ["$.a.b.length", { found: false, value: undefined }],
  ["$[0]", { found: false, value: undefined }],
  ["$.a.toString", { found: false, value: undefined }],
  ["$.__proto__", { found: false, value: undefined }],
] as const)
  test(`${text} ${expected.found ? "is found" : "is not found"}`, () => {
    assert.deepEqual(atJsonPath(DOCUMENT, parseJsonPath(text) ?? ["not a path"]), expected);
  });

test("every value of any document is found at its written path", () => {
  const visit = (root: unknown, value: unknown, path: string) => {
    const parsed = parseJsonPath(path);
    assert.ok(parsed, path);
    assert.deepEqual(atJsonPath(root, parsed), { found: true, value });
    if (Array.isArray(value)) for (const [i, each] of value.entries()) visit(root, each, `${path}[${i}]`);
    else if (typeof value === "object" && value !== null)
      for (const [key, each] of Object.entries(value))
        visit(root, each, `${path}['${key.replace(/[\\']/g, "\\$&")}']`);
  };
  fc.assert(
    fc.property(fc.jsonValue(), (document) => visit(document, document, "$")),
    { seed: 7, numRuns: 200 },
  );
});
