import assert from "node:assert/strict";
import { test } from "node:test";
import { didYouMean, nearest } from "./nearest.ts";

const emails = ["ada@example.com", "bo@example.com", "cy@example.org"];

test("a slip of the finger finds the word that was meant", () => {
  assert.equal(nearest("aad@example.com", emails), "ada@example.com");
  assert.equal(nearest("Bo@exampel.com", emails), "bo@example.com");
  assert.equal(nearest("web-primry", ["web-primary", "web-secondary"]), "web-primary");
});

test("a word that is nothing like the known ones gets no suggestion", () => {
  assert.equal(nearest("payments", ["web", "db"]), undefined);
  assert.equal(didYouMean("payments", ["web", "db"]), "");
  assert.equal(nearest("x", []), undefined);
});
