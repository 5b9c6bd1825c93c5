import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { type Meaning, readAnswer } from "./grammar.ts";

const verb = (
  verb: "acknowledge" | "resolve" | "escalate" | "decline",
  about: number | "all" | null,
): Meaning => ({
  kind: "answer",
  action: { verb },
  about,
});

const said: [string, Meaning][] = [
  ["ack 12", verb("acknowledge", 12)],
  ["4 12", verb("acknowledge", 12)],
  ["a", verb("acknowledge", null)],
  ["A", verb("acknowledge", null)],
  ["1a", verb("acknowledge", 1)],
  ["1 a", verb("acknowledge", 1)],
  ["'1c'", verb("resolve", 1)],
  ["close 4", verb("resolve", 4)],
  ["ack198", verb("acknowledge", 198)],
  ["ack #12", verb("acknowledge", 12)],
  ["  ACK   12 ", verb("acknowledge", 12)],
  ["“ack 12”", verb("acknowledge", 12)],
  ["Acknowledge.", verb("acknowledge", null)],
  ["4", verb("acknowledge", null)],
  ["6 7", verb("resolve", 7)],
  ["5", verb("escalate", null)],
  ["ack all", verb("acknowledge", "all")],
  ["aa", verb("acknowledge", "all")],
  ["I can’t, next!", verb("decline", null)],
  ["can't 12", verb("decline", 12)],
  ["next", verb("decline", null)],
  ["snooze 30m", { kind: "answer", action: { verb: "snooze", forMs: 1_800_000 }, about: null }],
  ["Snooze 12 2h", { kind: "answer", action: { verb: "snooze", forMs: 7_200_000 }, about: 12 }],
  ["s 1h 12", { kind: "answer", action: { verb: "snooze", forMs: 3_600_000 }, about: 12 }],
  ["snooze", { kind: "answer", action: { verb: "snooze", forMs: 1_800_000 }, about: null }],
  [
    "note 12 Restarting the DB",
    { kind: "answer", action: { verb: "note", text: "Restarting the DB" }, about: 12 },
  ],
  ["Note: on my way", { kind: "answer", action: { verb: "note", text: "on my way" }, about: null }],
  ["reassign 12 to Bo", { kind: "answer", action: { verb: "reassign", to: "Bo" }, about: 12 }],
  ["STOP", { kind: "stop" }],
  ["start", { kind: "start" }],
  ["list", { kind: "list" }],
  ["?", { kind: "list" }],
  ["help", { kind: "help" }],
  ["", { kind: "unknown" }],
  ["12", { kind: "unknown" }],
  ["what is this", { kind: "unknown" }],
  ["snooze tomorrow", { kind: "unknown" }],
];
for (const [text, meaning] of said)
  test(`"${text}" is understood`, () => assert.deepEqual(readAnswer(text), meaning));

test("case, spaces and quotes around an answer change nothing", () => {
  const verbs = fc.constantFrom("ack", "resolve", "e", "4", "6", "can't");
  const pad = fc.constantFrom("", " ", "  ", "\n", "\u00a0");
  fc.assert(
    fc.property(
      verbs,
      fc.integer({ min: 1, max: 99_999 }),
      pad,
      pad,
      fc.boolean(),
      (word, number, a, b, upper) => {
        const plain = `${word} ${number}`;
        assert.deepEqual(readAnswer(`${a}${upper ? plain.toUpperCase() : plain}${b}`), readAnswer(plain));
        assert.notEqual(readAnswer(plain).kind, "unknown");
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test("whatever is said, reading it ends", () => {
  fc.assert(
    fc.property(fc.string({ unit: "binary", maxLength: 300 }), (text) => void readAnswer(text)),
    { numRuns: 200, seed: 7 },
  );
});
