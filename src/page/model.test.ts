import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import {
  BUNDLE_MS,
  type DeliveryEvent,
  holdUntil,
  isOver,
  LONGEST_WAIT_MS,
  nextTry,
  type RecentMessage,
  transition,
  waitBefore,
} from "./model.ts";
import { type DeliveryStatus, deliveryStatus } from "./schema.ts";

const now = Temporal.Instant.from("2026-11-23T09:00:00Z");
const ago = (ms: number) => now.subtract({ milliseconds: ms });

const EVENTS: DeliveryEvent[] = [
  { kind: "claimed" },
  { kind: "accepted", detail: "" },
  { kind: "retry", why: "" },
  { kind: "refused", why: "" },
  { kind: "delivered" },
  { kind: "seen" },
  { kind: "unwanted" },
];

const table: Record<DeliveryStatus, (DeliveryStatus | null)[]> = {
  //          claimed    accepted retry     refused   delivered    seen    unwanted
  queued: ["sending", null, null, "failed", null, null, "cancelled"],
  sending: ["sending", "sent", "queued", "failed", "delivered", "seen", "cancelled"],
  sent: [null, null, null, "failed", "delivered", "seen", null],
  delivered: [null, null, null, null, null, "seen", null],
  seen: [null, null, null, null, null, null, null],
  failed: [null, null, null, null, null, null, null],
  cancelled: [null, null, null, null, null, null, null],
};

for (const status of deliveryStatus.options)
  test(`a delivery that is ${status} goes only where it may`, () => {
    assert.deepEqual(
      EVENTS.map((event) => transition(status, event)),
      table[status],
    );
  });

test("nothing brings back a delivery that has ended", () => {
  const over = deliveryStatus.options.filter(isOver);
  assert.deepEqual(over, ["sent", "delivered", "seen", "failed", "cancelled"]);
});

test("tries are 1, 2, 4 … seconds apart and never more than a minute", () => {
  const waits = [1, 2, 3, 4, 5, 6, 7, 8, 50, 5_000].map((attempt) => nextTry(attempt, 0));
  assert.deepEqual(waits, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000, 60_000, 60_000]);
});

test("chance takes off a fifth at most, so that what failed together doesn't come back together", () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 100 }),
      fc.double({ min: 0, max: 0.999, noNaN: true }),
      (n, random) => {
        const full = nextTry(n, 0);
        const wait = nextTry(n, random);
        assert.ok(wait <= full && wait >= full * 0.8 - 1);
      },
    ),
    { numRuns: 200, seed: 7 },
  );
});

test("a provider's wish to wait is heard, up to a minute", () => {
  assert.equal(waitBefore({ afterMs: 7_000 }, 1, 0), 7_000);
  assert.equal(waitBefore({ afterMs: 3_600_000 }, 1, 0), LONGEST_WAIT_MS);
  assert.equal(waitBefore({ afterMs: -5 }, 1, 0), 0);
  assert.equal(waitBefore({}, 3, 0), 4_000);
});

const recent = (some: Partial<RecentMessage>): RecentMessage => ({
  at: ago(10_000),
  urgency: "high",
  subjectId: "other",
  answered: false,
  ...some,
});

test("a page waits until 30 s after the last unanswered one about something else", () => {
  const page = { subjectId: "mine", urgency: "high" } as const;
  const until = holdUntil(page, [recent({}), recent({ at: ago(20_000) })], now);
  assert.equal(until?.toString(), ago(10_000).add({ milliseconds: BUNDLE_MS }).toString());
});

const atOnce: [string, RecentMessage[]][] = [
  ["nothing else was sent", []],
  ["the last one was 30 s ago", [recent({ at: ago(BUNDLE_MS) })]],
  ["it repeats the same demand", [recent({ subjectId: "mine" })]],
  ["the other one was answered", [recent({ answered: true })]],
  ["the other one is not urgent", [recent({ urgency: "low" })]],
];
for (const [when, messages] of atOnce)
  test(`an urgent page goes at once when ${when}`, () => {
    assert.equal(holdUntil({ subjectId: "mine", urgency: "high" }, messages, now), null);
  });

test("a page that is not urgent waits behind either kind", () => {
  const page = { subjectId: "mine", urgency: "low" } as const;
  assert.ok(holdUntil(page, [recent({ urgency: "low" })], now));
  assert.ok(holdUntil(page, [recent({ urgency: "high" })], now));
});
