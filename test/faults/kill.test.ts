import assert from "node:assert/strict";
import { suite, test } from "node:test";
import { eventually } from "../support/keepwatch.ts";
import { accountFor, finish, monitorIs, openIncidents, scenario } from "./scenario.ts";

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

// Each mostly waits for its own target, page and start: two at once take hardly longer than one.
suite("killed between any two transactions", { concurrency: 2 }, () => {
  for (const name of FAILPOINTS)
    test(`killed at ${name}, Keepwatch pages all the same once it runs again`, () => killedAt(name));
});

async function killedAt(name: string): Promise<void> {
  await using s = await scenario();
  await monitorIs(s, "up");
  await s.keepwatch.stop();
  s.target.answer.status = 502;
  s.spawn({ KEEPWATCH_FAILPOINT: name });
  await Promise.race([
    s.keepwatch.died(),
    new Promise((_, reject) => setTimeout(() => reject(new Error(`never came by ${name}`)), 20_000)),
  ]);
  assert.equal(s.keepwatch.child.signalCode, "SIGKILL", s.keepwatch.output());
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
