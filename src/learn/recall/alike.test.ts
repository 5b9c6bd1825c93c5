import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { fingerprintOf } from "../../alert/fingerprint.ts";
import { type Failure, failureAlikeness, incidentAlikeness, JUST_BEGUN, THRESHOLDS } from "./alike.ts";

function failure(monitor: string, cause: string, line: string): Failure {
  const identity = { source: `monitor:${monitor}`, cause, step: "", line, saidBy: "target" as const };
  return { fingerprint: fingerprintOf(identity), identity, sourceName: monitor };
}

const disk = failure("db", "status:500", "no space left on device");
const noise = failure("cache", "status:503", "upstream busy");

test("one more thing that fails by chance doesn't hide that it is the same", () => {
  assert.equal(incidentAlikeness([disk], [disk]).score, 1);
  assert.ok(incidentAlikeness([disk, noise], [disk]).score >= THRESHOLDS.same);
});

test("one symptom out of three, with the others missing, isn't called the same", () => {
  const before = [disk, failure("api", "status:500", "x"), failure("web", "status:500", "y")];
  assert.ok(incidentAlikeness([disk], before).score < THRESHOLDS.same);
  assert.ok(
    incidentAlikeness([disk], before, JUST_BEGUN).score >= THRESHOLDS.same,
    "but in its first moments what is missing may yet come",
  );
});

test("the same monitor with another message of the same code is another failure", () => {
  const quota = failure("db", "status:500", "quota of tenant exceeded");
  assert.ok(incidentAlikeness([disk], [quota]).score < THRESHOLDS.alike);
});

test("a monitor that was seen failing in two ways is known again by either", () => {
  const timeout = failure("db", "timeout:connect", "no connection");
  assert.equal(incidentAlikeness([timeout], [timeout, disk]).score, 1);
});

const anyFailure = fc
  .tuple(
    fc.constantFrom("a", "b", "c"),
    fc.constantFrom("status:500", "status:502"),
    fc.constantFrom("x y", "x z", "q", ""),
  )
  .map(([monitor, cause, line]) => failure(monitor, cause, line));

test("likeness lies between 0 and 1, an incident is like itself, and two failures are as like one way as the other", () => {
  fc.assert(
    fc.property(
      fc.array(anyFailure, { minLength: 1, maxLength: 5 }),
      fc.array(anyFailure, { maxLength: 5 }),
      (a, b) => {
        const { score } = incidentAlikeness(a, b);
        assert.ok(score >= 0 && score <= 1);
        assert.equal(incidentAlikeness(a, a).score, 1);
        for (const x of a) for (const y of b) assert.equal(failureAlikeness(x, y), failureAlikeness(y, x));
      },
    ),
    { seed: 7, numRuns: 200 },
  );
});
