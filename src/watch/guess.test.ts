import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { slug } from "../platform/http/schema.ts";
import { Refusal } from "../platform/refusal.ts";
import { guessMonitor, slugOf } from "./guess.ts";

test("whatever is pasted as a web address becomes one to watch, secure unless it is at home", () => {
  for (const [text, url, name] of [
    ["https://shop.example.com/health?x=1", "https://shop.example.com/health?x=1", "shop.example.com/health"],
    ["  www.example.com ", "https://www.example.com/", "example.com"],
    ["example.com:8443/a", "https://example.com:8443/a", "example.com:8443/a"],
    ["localhost:3000", "http://localhost:3000/", "localhost:3000"],
    ["127.0.0.1:8080/x", "http://127.0.0.1:8080/x", "127.0.0.1:8080/x"],
    ["192.168.1.7", "http://192.168.1.7/", "192.168.1.7"],
    ["nas/status", "http://nas/status", "nas/status"],
    ["http://bücher.example/", "http://xn--bcher-kva.example/", "xn--bcher-kva.example"],
  ] as const) {
    const guessed = guessMonitor(text);
    assert.deepEqual([guessed.config.url, guessed.name], [url, name], text);
    assert.ok(slug.safeParse(guessed.slug).success, guessed.slug);
  }
});

test("what is no web address is refused, at the field and in words", () => {
  for (const text of [
    "ftp://example.com",
    "mailto:ada@example.com",
    "https://ada:secret@example.com",
    "https://",
    "a b c",
    "javascript:alert(1)",
  ])
    assert.throws(
      () => guessMonitor(text),
      (error) => error instanceof Refusal && error.problems[0]?.pointer === "/text",
      text,
    );
});

test("any text makes a slug that is accepted", () => {
  assert.equal(slugOf("Zürich – Café №1"), "zurich-cafe-no1");
  fc.assert(
    fc.property(fc.string({ unit: "grapheme" }), (text) => slug.safeParse(slugOf(text)).success),
    { seed: 7, numRuns: 200 },
  );
});
