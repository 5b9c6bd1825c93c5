import assert from "node:assert/strict";
import { fork } from "node:child_process";
import { once } from "node:events";
import { join } from "node:path";
import { test } from "node:test";
import { type Fixture, fixture, receiver } from "./testing.ts";

/** Runs a worker until nothing is due, or until it kills itself. */
async function worker(f: Fixture, afterMs: number, failpoint = ""): Promise<"done" | "killed"> {
  const at = f.t.clock.now().add({ milliseconds: afterMs }).toString();
  const child = fork(join(import.meta.dirname, "worker.fixture.ts"), [f.t.url, at, failpoint]);
  const [code, signal] = await once(child, "exit");
  if (signal === "SIGKILL") return "killed";
  assert.equal(code, 0);
  return "done";
}

/** Longer than the lease of whoever died. */
const LATER_MS = 5_000;

const boundaries = [
  { failpoint: "deliver:claimed", before: 0, after: 1, outcomes: ["sending", "accepted"] },
  { failpoint: "deliver:after-send", before: 1, after: 2, outcomes: ["sending", "accepted"] },
  { failpoint: "deliver:recorded", before: 1, after: 1, outcomes: ["accepted"] },
];
for (const { failpoint, before, after, outcomes } of boundaries)
  test(`a worker killed at ${failpoint} loses no page, and whatever comes twice has the same delivery_id`, async () => {
    await using hook = await receiver();
    await using f = await fixture();
    const ada = await f.person("Ada");
    const method = await f.method(ada.id, { url: hook.url });
    await f.page(f.subject(), ada.id, { plan: [{ method, afterMs: 0 }] });
    assert.equal(await worker(f, 0, failpoint), "killed");
    assert.equal(hook.received.length, before);
    assert.equal(await worker(f, LATER_MS), "done");
    assert.equal(hook.received.length, after);
    const [row] = await f.deliveries();
    assert.equal(row?.status, "sent");
    assert.deepEqual([...new Set(hook.received.map(({ json }) => json.delivery_id))], [row?.id]);
    const attempts = await f.t.platform.db
      .selectFrom("delivery_attempts")
      .select("outcome")
      .orderBy("number")
      .execute();
    assert.deepEqual(
      attempts.map(({ outcome }) => outcome),
      outcomes,
    );
  });
