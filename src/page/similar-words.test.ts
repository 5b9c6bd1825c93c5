import assert from "node:assert/strict";
import { test } from "node:test";
import type { Similar } from "./model.ts";
import { similarWords } from "./similar-words.ts";

const similar = (more: Partial<Similar> = {}): Similar => ({
  likeness: "same",
  why: ["the monitor db-1 failed then too", "with the same cause, status:500"],
  times: 1,
  incident: { number: 42, title: "db-1 is down", url: "http://x/incidents/42", resolved_at: null },
  postmortem: null,
  fix: null,
  open_actions: [],
  ...more,
});
const action = (due: string | null) => ({ title: "Add a disk alert", due, url: "http://x" });

for (const [what, of, wanted] of [
  ["nothing was written", similar(), "the monitor db-1 failed then too; with the same cause, status:500"],
  ["it only looks alike", similar({ likeness: "alike", why: ["said the same"] }), "Alike: said the same"],
  ["it was fixed", similar({ fix: "Raised the pool.", times: 3 }), "3 times. Fix then: Raised the pool."],
  [
    "a promise is overdue",
    similar({ fix: "Freed the disk.", open_actions: [action("2026-09-01")] }),
    "Fix then: Freed the disk. — promised and still open: Add a disk alert, 83 days overdue",
  ],
  [
    "several are open",
    similar({ fix: "Freed it.", open_actions: [action("2026-12-01"), action(null)] }),
    "Fix then: Freed it. — promised and still open: Add a disk alert and 1 more, due 2026-12-01",
  ],
] as const)
  test(`a page says of an earlier failure when ${what}: ${wanted}`, () =>
    assert.equal(similarWords(of, Temporal.PlainDate.from("2026-11-23")), wanted));
