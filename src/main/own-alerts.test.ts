import assert from "node:assert/strict";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { SYSTEM_SOURCE } from "../alert/system.ts";
import { applyFile } from "../config/apply.ts";
import type { Job } from "../platform/due/due.ts";
import { silentLog } from "../platform/log.ts";
import { startParts } from "../platform/parts.ts";
import { createOwnAlerts, deadJobsPart, type OwnAlerts } from "./own-alerts.ts";

const settle = async (loop: Loop, own: OwnAlerts): Promise<void> => {
  await own.settled();
  await loop.settle();
};
const incidents = async (loop: Loop) => {
  const { items } = await loop.ok("GET /incidents");
  return items.map((each: { title: string; urgency: string; status: string }) => [
    each.title,
    each.urgency,
    each.status,
  ]);
};
const alerts = async (loop: Loop) => {
  const rows = await loop.t.platform.db
    .selectFrom("alerts")
    .select(["reason", "status"])
    .orderBy("first_at")
    .orderBy("id")
    .execute();
  return rows.map(({ reason, status }) => `${status}: ${reason}`);
};
const job = (kind: string, key: string): Job => ({
  ...{ id: "0193588e-0000-7000-8000-0000000000ad", kind, key, payload: {}, attempt: 10 },
  dueAt: Temporal.Instant.from("2026-11-23T09:00:00Z"),
});

test("a job that dies opens one incident with its kind and error; it ends when no such job lies dead", async () => {
  await using loop = await startLoop();
  const { platform } = loop.t;
  const { due, db, clock } = platform;
  const own = createOwnAlerts(platform);
  const died = Promise.withResolvers<void>();
  let deaths = 0;
  due.onDead(own.jobDied);
  due.onDead(() => ++deaths === 2 && died.resolve());
  due.handle("hand_over", async () => {
    throw new Error("the schedule is gone");
  });
  for (const key of ["web", "shop"])
    await due.add(db, { kind: "hand_over", key, at: clock.now(), maxAttempts: 1 });
  await died.promise;
  await settle(loop, own);
  const title = 'Keepwatch gave up a job of kind "hand_over"';
  assert.deepEqual(await incidents(loop), [[title, "low", "triggered"]]);
  assert.match((await alerts(loop)).join(), /^firing: the schedule is gone \(job \w+, tried 1 times\)$/);

  const look = () => deadJobsPart(platform).run(AbortSignal.timeout(5_000));
  await look();
  await loop.settle();
  assert.match((await alerts(loop)).join(), /^firing/, "it lies dead still");
  await due.cancel(db, "hand_over", "web");
  await due.cancel(db, "hand_over", "shop");
  await look();
  await loop.settle();
  assert.match((await alerts(loop)).join(), /^resolved/);
});

test("after somebody resolved its incident, the next job that dies is told of anew", async () => {
  await using loop = await startLoop();
  const { platform } = loop.t;
  const own = createOwnAlerts(platform);
  await platform.due.stop(0);
  await platform.due.add(platform.db, { kind: "lost", key: "1", at: platform.clock.now() });
  await platform.db.updateTable("due_jobs").set({ dead_at: platform.clock.now() }).execute();
  platform.due.start();
  own.jobDied(job("lost", "1"), "no room");
  await settle(loop, own);
  await loop.ok("POST /incidents/1/resolve", undefined, { still_failing: "really_fixed" });
  await deadJobsPart(platform).run(AbortSignal.timeout(5_000));
  await loop.pass("10m");
  assert.equal((await incidents(loop)).length, 1, "what was called fixed isn't opened again");
  own.jobDied(job("lost", "2"), "no room");
  await settle(loop, own);
  assert.equal((await incidents(loop)).length, 2);
});

test("a dead job that pages is urgent; one of an alert about Keepwatch itself raises no further alert", async () => {
  await using loop = await startLoop();
  const own = createOwnAlerts(loop.t.platform);
  own.jobDied(job("intake", `${SYSTEM_SOURCE.id}:part:roll-ups`), "broken");
  await settle(loop, own);
  assert.deepEqual(await incidents(loop), []);
  own.jobDied(job("escalate", "an incident"), "broken");
  await settle(loop, own);
  assert.deepEqual(await incidents(loop), [
    ['Keepwatch gave up a job of kind "escalate"', "high", "triggered"],
  ]);
});

test("a part that keeps failing raises one alert, which ends when the part runs again", async () => {
  await using loop = await startLoop();
  const { platform, clock } = loop.t;
  const own = createOwnAlerts(platform);
  const failures = ["the disk is full", "the disk is full"];
  let ran = Promise.withResolvers<void>();
  const run = async () => {
    const failure = failures.shift();
    if (failure) throw new Error(failure);
  };
  const parts = startParts([{ name: "nightly backup", everyMs: 60_000, limitMs: 10_000, run }], {
    ...{ clock, log: silentLog },
    onFailure(name, error) {
      own.partFailed(name, error);
      ran.resolve();
    },
    onWell(name) {
      own.partWorks(name);
      ran.resolve();
    },
  });
  const pass = async (ms: number) => {
    ran = Promise.withResolvers<void>();
    clock.advance(ms);
    await ran.promise;
    // The part arms its next run in a turn of its own.
    await new Promise((done) => setImmediate(done));
    await settle(loop, own);
  };
  await pass(1_000);
  await pass(60_000);
  assert.deepEqual(await incidents(loop), [["Keepwatch's nightly backup failed", "low", "triggered"]]);
  assert.deepEqual(await alerts(loop), ["firing: the disk is full"]);
  await pass(60_000);
  assert.deepEqual(await alerts(loop), ["resolved: the disk is full"]);
  await parts.stop();
});

test("a bad configuration file opens an incident that quotes it; what was applied stays; a good one ends it", async () => {
  await using loop = await startLoop();
  const { platform } = loop.t;
  const own = createOwnAlerts(platform);
  const folder = await mkdtemp(join(tmpdir(), "keepwatch-config-"));
  const path = join(folder, "keepwatch.yaml");
  const start = async (text: string) => {
    await writeFile(path, text);
    own.configured(await applyFile(platform, path, {}));
    await settle(loop, own);
  };
  try {
    await start("keepwatch: 1\nteams: [{ slug: web }]\n");
    assert.deepEqual(await incidents(loop), []);
    await start("keepwatch: 1\nteams:\n  - { slug: shop, nam: Shop }\n");
    const title = "The configuration file could not be applied at start";
    assert.deepEqual(await incidents(loop), [[title, "low", "triggered"]]);
    assert.match((await alerts(loop)).join(), /firing: What .* in force\. .*yaml:3:19: unknown key "nam"/);
    const teams = await platform.db.selectFrom("teams").select("slug").execute();
    assert.deepEqual(teams, [{ slug: "web" }]);
    await rm(path);
    own.configured(await applyFile(platform, path, {}));
    await settle(loop, own);
    assert.match((await alerts(loop)).join(), /^firing: What .* in force\. ENOENT[^,]*,[^,]*$/, "said once");
    await start("keepwatch: 1\nteams: [{ slug: web }]\n");
    assert.match((await alerts(loop)).join(), /^resolved/);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a fall of the program before is told of, and is over when this one has run steadily", async () => {
  await using loop = await startLoop();
  const own = createOwnAlerts(loop.t.platform);
  own.fell("Error: a socket nobody listened to");
  await settle(loop, own);
  const title = "Keepwatch failed and started again";
  assert.deepEqual(await incidents(loop), [[title, "low", "triggered"]]);
  await loop.t.clock.advance(10 * 60_000);
  await settle(loop, own);
  assert.deepEqual(await incidents(loop), [[title, "low", "resolved"]]);
});
