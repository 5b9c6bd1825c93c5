import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { eventually } from "../support/keepwatch.ts";
import { accountFor, finish, monitorIs, openIncidents, type Scenario, scenario } from "./scenario.ts";

/** One at each side of every transaction between "the target breaks" and "the page is answered". */
const FAILPOINTS = [
  "watch:before-transition",
  "watch:transition-committed",
  "intake:before-commit",
  "intake:applied",
  "escalate:stepped",
  "deliver:claimed",
  "deliver:after-send",
  "deliver:recorded",
  "due:before-done",
];

const ALL = process.env.KEEPWATCH_SWEEP === "all";

// Each mostly waits for its own target, page and start: several at once take hardly longer than one.
suite("killed between any two transactions", { concurrency: 3 }, () => {
  test("killed at one boundary after the other during one outage, it pages all the same", async () => {
    await using s = await scenario();
    await monitorIs(s, "up");
    await s.keepwatch.stop();
    s.target.answer.status = 502;
    for (const name of FAILPOINTS) await diesAt(s, name);
    await recovers(s);
  });

  // One death alone meets states that a row of deaths passes by, and the other way round.
  const alone = ALL ? FAILPOINTS : (["intake:before-commit", "deliver:after-send"] as const);
  for (const name of alone)
    test(`killed at ${name} alone, it pages all the same once it runs again`, () => killedAt(name));
});

async function killedAt(name: string): Promise<void> {
  await using s = await scenario();
  await monitorIs(s, "up");
  await s.keepwatch.stop();
  s.target.answer.status = 502;
  await diesAt(s, name);
  await recovers(s);
}

async function diesAt(s: Scenario, name: string): Promise<void> {
  s.spawn({ KEEPWATCH_FAILPOINT: name });
  await Promise.race([
    s.keepwatch.died(),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`never came by ${name}`)), 20_000).unref()),
  ]);
  assert.equal(s.keepwatch.child.signalCode, "SIGKILL", s.keepwatch.output());
}

/** Started again without a death in wait: one incident, every page accounted for, and the loop still works. */
async function recovers(s: Scenario): Promise<void> {
  await s.start();
  const [incident, ...others] = await eventually("an incident", async () => {
    const open = await openIncidents(s);
    return open.length > 0 && open;
  });
  assert.ok(incident);
  assert.deepEqual(others, [], "one failure is one incident");
  await accountFor(s, incident.id);
  await finish(s);
}
