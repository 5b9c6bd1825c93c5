import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { Refusal } from "../refusal.ts";
import { type CursorPart, decodeCursor, encodeCursor, toPage } from "./cursor.ts";

const ID = "0193588e-0000-7000-8000-00000000000a";

const decoded = (parts: unknown, ...kinds: CursorPart[]) =>
  decodeCursor(Buffer.from(JSON.stringify(parts)).toString("base64url"), kinds);

test("a list's cursor leads to where its page ended, whatever the row was called", () => {
  fc.assert(
    fc.property(
      fc.string({ unit: "grapheme" }).filter((name) => !name.includes("\0")),
      (name) => {
        const key = [name, ID];
        assert.deepEqual(decodeCursor(encodeCursor(key), ["text", "id"]), key);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});

test("sort keys of every kind come back as they were", () => {
  const at = "2026-11-23T09:00:00.000123Z";
  assert.deepEqual(decoded([at, ID], "instant", "id"), [at, ID]);
  assert.deepEqual(decoded(["9999-12-31", ID], "date", "id"), ["9999-12-31", ID]);
  for (const rank of [0.0607927106320858, 1e-7, 3, 0])
    assert.deepEqual(decoded([String(rank)], "number"), [String(rank)]);
});

test("a forged cursor is refused, whichever part was forged", () => {
  const forged: [unknown, CursorPart[]][] = [
    [
      ["2026-11-23T09:00:00Z", "7"],
      ["instant", "id"],
    ],
    [
      ["yesterday", ID],
      ["instant", "id"],
    ],
    [
      ["+275760-09-13T00:00:00Z", ID],
      ["instant", "id"],
    ],
    [
      ["2026-02-30", ID],
      ["date", "id"],
    ],
    [["NaN"], ["number"]],
    [["1e400"], ["number"]],
    [
      ["a\0b", "c"],
      ["text", "text"],
    ],
    [["a"], ["text", "text"]],
    [
      [1, 2],
      ["text", "text"],
    ],
    [{ 0: "a", length: 1 }, ["text"]],
    [null, ["text"]],
  ];
  for (const [parts, kinds] of forged)
    assert.throws(() => decoded(parts, ...kinds), isRefused, JSON.stringify(parts));
  for (const garbage of ["", "%%%", "!", "eyJ", "W10"])
    assert.throws(() => decodeCursor(garbage, ["text", "id"]), isRefused, garbage);
});

const isRefused = (error: unknown): boolean =>
  error instanceof Refusal && error.code === "invalid" && error.problems[0]?.pointer === "/cursor";

test("the last page has no cursor", () => {
  const page = (rows: string[]) => toPage(rows, { limit: 2, key: (row) => [row], item: (row) => row });
  assert.deepEqual(page(["a", "b"]), { items: ["a", "b"], next: null });
  assert.deepEqual(page(["a", "b", "c"]), { items: ["a", "b"], next: encodeCursor(["b"]) });
});
