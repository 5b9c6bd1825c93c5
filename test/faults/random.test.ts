import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { test } from "node:test";
import { randomFrom } from "../../src/platform/random.ts";
import { eventually } from "../support/keepwatch.ts";
import { accountFor, finish, monitorIs, openIncidents, type Scenario, scenario } from "./scenario.ts";

const ALL = process.env.KEEPWATCH_SWEEP === "all";
const SEEDS = ALL ? Array.from({ length: 40 }, (_, index) => index + 1) : [1];

const wait = (ms: number) => new Promise((done) => setTimeout(done, ms));

async function oneIncident(s: Scenario): Promise<{ id: string }> {
  const open = await eventually("an incident", async () => {
    const found = await openIncidents(s);
    return found.length > 0 && found;
  });
  assert.equal(open.length, 1, "one failure is one incident");
  return open[0]!;
}

const totals = { runs: 0, kills: 0, received: 0, extra: 0 };

for (const seed of SEEDS) {
  test(`killed at random moments (seed ${seed}), no page is lost and none is invented`, async () => {
    const random = randomFrom(seed);
    await using s = await scenario();
    await monitorIs(s, "up");
    s.target.answer.status = 502;
    for (let kill = 0; kill < 3; kill++) {
      await wait(random() * 3_500);
      await s.kill();
      await s.start();
    }
    const incident = await oneIncident(s);
    const { received, extra } = await accountFor(s, incident.id);
    await finish(s);
    totals.runs += 1;
    totals.kills += s.kills;
    totals.received += received;
    totals.extra += extra;
  });
}

const PG_SEEDS = ALL ? [1, 2, 3, 4, 5, 6, 7, 8, 9, 10] : [1];

for (const seed of PG_SEEDS) {
  test(`with PostgreSQL killed under it, and both at once (seed ${seed}), no page is lost`, async () => {
    const random = randomFrom(seed * 977);
    await using s = await scenario({ embedded: true });
    await monitorIs(s, "up");
    s.target.answer.status = 502;
    await wait(random() * 2_500);
    process.kill(postmaster(s), "SIGKILL");
    const incident = await oneIncident(s);
    await wait(random() * 500);
    const pid = postmaster(s);
    await s.kill();
    process.kill(pid, "SIGKILL");
    await s.start();
    await accountFor(s, incident.id);
    await finish(s);
  });
}

const postmaster = (s: Scenario): number =>
  Number(readFileSync(join(s.dataDir, "pg-18", "postmaster.pid"), "utf8").split("\n")[0]);

test("what the random kills came to", (t) => {
  t.diagnostic(
    `${totals.runs} runs, ${totals.kills} kills, ${totals.received} pages received, ${totals.extra} extra copies`,
  );
  assert.equal(totals.runs, SEEDS.length);
});
