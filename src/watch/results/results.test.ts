import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { ByteReader, ByteWriter } from "./bytes.ts";
import { PHASES, packChecks, STATUSES, type StoredCheck, unpackChecks } from "./chunk.ts";
import { figuresOf, mergeFigures, packDay, unpackCounts, unpackDay } from "./day.ts";
import { bucketOf, histogramOf, mergeHistograms, percentile } from "./histogram.ts";

const HOUR_MS = 3_600_000;
const START = Temporal.Instant.from("2026-11-23T09:00:00Z").epochMilliseconds;

const hundredths = fc.option(fc.integer({ min: 0, max: 6_000_000 }).map((n) => n / 100));
const check: fc.Arbitrary<StoredCheck> = fc
  .record({
    at: fc.integer({ min: START, max: START + HOUR_MS - 1 }),
    status: fc.constantFrom(...STATUSES),
    dns: hundredths,
    connect: hundredths,
    tls: hundredths,
    first_byte: hundredths,
    transfer: hundredths,
    total: hundredths,
    reason: fc.option(fc.constantFrom("[status] 502, wanted 200–299", "[refused] nothing listens", "")),
  })
  .map((each) => ({ ...each, reason: each.status === "up" ? null : each.reason || null }));
const checks = fc.array(check, { maxLength: 80 });
const byTime = (list: readonly StoredCheck[]) => list.toSorted((a, b) => a.at - b.at);

test("numbers of any size and sign, and any text, are read as they were written", () => {
  fc.assert(
    fc.property(
      fc.array(fc.maxSafeInteger()),
      fc.array(fc.string({ unit: "grapheme" })),
      (numbers, texts) => {
        const writer = new ByteWriter();
        for (const n of numbers) writer.signed(Math.trunc(n / 2));
        for (const text of texts) writer.text(text);
        const reader = new ByteReader(writer.done());
        for (const n of numbers) assert.equal(reader.signed() + 0, Math.trunc(n / 2) + 0);
        for (const text of texts) assert.equal(reader.text(), text);
        assert.ok(reader.atEnd);
        assert.throws(() => reader.byte(), RangeError);
      },
    ),
    { seed: 7, numRuns: 100 },
  );
});

test("an hour of checks is unpacked as it was packed, in order of time", () => {
  fc.assert(
    fc.property(checks, (list) => assert.deepEqual(unpackChecks(packChecks(START, list)), byTime(list))),
    { seed: 7, numRuns: 150 },
  );
});

test("a healthy check takes some dozen bytes", () => {
  const list = Array.from({ length: 60 }, (_, n) => ({
    ...{ at: START + n * 60_000 + 137, status: "up" as const, reason: null },
    ...{
      dns: 0.41,
      connect: 12.3,
      tls: 25.07,
      first_byte: 81.5 + n / 10,
      transfer: 1.22,
      total: 120.5 + n / 10,
    },
  }));
  const { length } = packChecks(START, list);
  assert.ok(length <= 60 * 16, `${length / 60} bytes a check`);
});

test("bytes that are no packed checks are refused, not misread", () => {
  assert.throws(() => unpackChecks(Buffer.from([9, 1, 2])), /version 9/);
  const packed = packChecks(START, [
    {
      at: START,
      status: "down",
      reason: "[timeout]",
      dns: 1,
      connect: null,
      tls: null,
      first_byte: null,
      transfer: null,
      total: 1,
    },
  ]);
  for (let end = 1; end < packed.length; end++) {
    const cut = packed.subarray(0, end);
    try {
      assert.ok(unpackChecks(cut).length <= 1);
    } catch (error) {
      assert.ok(error instanceof RangeError);
    }
  }
});

test("a day's figures are unpacked as they were packed; hours merged are the hours of all their checks", () => {
  fc.assert(
    fc.property(checks, checks, (some, others) => {
      const day = unpackDay(
        packDay(
          new Map([
            [9, figuresOf(some)],
            [23, figuresOf(others)],
          ]),
        ),
      );
      assert.deepEqual(day.get(9)?.counts, figuresOf(some).counts);
      assert.deepEqual(
        day.get(9)?.histogram,
        new Map([...figuresOf(some).histogram].sort(([a], [b]) => a - b)),
      );
      const merged = mergeFigures([figuresOf(some), figuresOf(others)]);
      const whole = figuresOf([...some, ...others]);
      assert.deepEqual([merged.counts, merged.histogram], [whole.counts, whole.histogram]);
      for (const phase of PHASES) {
        if (phase === "total") continue;
        assert.equal(merged.means[phase].count, whole.means[phase].count);
        assert.ok(
          Math.abs(merged.means[phase].ms - whole.means[phase].ms) < 1e-6 * (1 + whole.means[phase].ms),
        );
      }
      assert.deepEqual([...unpackCounts(packDay(day).counts).keys()], [9, 23]);
    }),
    { seed: 7, numRuns: 100 },
  );
});

test("a percentile of a histogram is within two per cent of the exact one, merged or not", () => {
  fc.assert(
    fc.property(
      fc.array(fc.double({ min: 0.2, max: 60_000, noNaN: true }), { minLength: 1, maxLength: 300 }),
      fc.constantFrom(0.5, 0.95, 0.99, 1),
      (samples, p) => {
        const half = Math.floor(samples.length / 2);
        const merged = mergeHistograms([
          histogramOf(samples.slice(0, half)),
          histogramOf(samples.slice(half)),
        ]);
        assert.deepEqual(merged, histogramOf(samples));
        const sorted = samples.toSorted((a, b) => a - b);
        const exact = sorted[Math.max(0, Math.ceil(p * sorted.length) - 1)] ?? 0;
        const got = percentile(merged, p) ?? Number.NaN;
        assert.ok(Math.abs(got - exact) <= 0.02 * exact + 0.01, `${got} for ${exact}`);
      },
    ),
    { seed: 7, numRuns: 200 },
  );
  assert.equal(percentile(new Map(), 0.5), null);
  assert.equal(bucketOf(0), bucketOf(0.01), "what took no time at all has a bucket, too");
});
