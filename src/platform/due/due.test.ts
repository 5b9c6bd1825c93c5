import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../../test/support/platform.ts";
import { later } from "../clock.ts";
import type { Job } from "./due.ts";

const until = async (met: () => boolean) => {
  for (let tries = 0; tries < 400 && !met(); tries++) await new Promise((resolve) => setTimeout(resolve, 5));
  assert.ok(met(), "what was waited for did not happen within 2 s");
};

test("a job that is due runs as soon as its transaction commits", async () => {
  await using t = await testPlatform();
  const { db, due, clock } = t.platform;
  const ran: Job[] = [];
  due.handle("page", async (job) => void ran.push(job));
  due.start();
  await db
    .transaction()
    .execute((tx) => due.add(tx, { kind: "page", key: "a", at: clock.now(), payload: { n: 1 } }));
  await until(() => ran.length === 1);
  assert.deepEqual(ran[0]?.payload, { n: 1 });
  await until(() => due.running() === 0);
  assert.equal((await db.selectFrom("due_jobs").selectAll().execute()).length, 0);
});

test("a job of a transaction that rolled back never runs", async () => {
  await using t = await testPlatform();
  const { db, due, clock } = t.platform;
  const ran: string[] = [];
  due.handle("page", async (job) => void ran.push(job.key));
  due.start();
  await assert.rejects(
    db.transaction().execute(async (tx) => {
      await due.add(tx, { kind: "page", key: "lost", at: clock.now() });
      throw new Error("no");
    }),
  );
  await due.add(db, { kind: "page", key: "kept", at: clock.now() });
  await until(() => ran.length > 0);
  assert.deepEqual(ran, ["kept"]);
});

test("a job for later waits for its instant", async () => {
  await using t = await testPlatform();
  const { db, due, clock } = t.platform;
  const ran: string[] = [];
  due.handle("page", async () => void ran.push(clock.now().toString()));
  due.start();
  await due.add(db, { kind: "page", key: "a", at: later(clock.now(), 60_000) });
  await new Promise((resolve) => setTimeout(resolve, 30));
  assert.equal(ran.length, 0);
  for (let second = 0; second < 61; second++) {
    t.clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 4));
  }
  await until(() => ran.length === 1);
  assert.ok(ran[0]! >= "2026-11-23T09:01:00Z");
});

test("a job whose worker died runs elsewhere once its lease is over", async () => {
  await using t = await testPlatform();
  const { db, due, clock } = t.platform;
  await due.add(db, { kind: "page", key: "a", at: clock.now() });
  await db
    .updateTable("due_jobs")
    .set({ lease: "00000000-0000-7000-8000-000000000000", due_at: later(clock.now(), 3000), attempts: 1 })
    .execute();
  const attempts: number[] = [];
  due.handle("page", async (job) => void attempts.push(job.attempt));
  due.start();
  for (let second = 0; second < 4; second++) {
    t.clock.advance(1000);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  await until(() => attempts.length === 1);
  assert.deepEqual(attempts, [2]);
});

test("a job added again while it runs runs once more", async () => {
  await using t = await testPlatform();
  const { db, due, clock } = t.platform;
  let release = () => {};
  const gate = new Promise<void>((resolve) => {
    release = resolve;
  });
  const seen: unknown[] = [];
  due.handle("intake", async (job) => {
    seen.push(job.payload);
    if (seen.length === 1) await gate;
  });
  due.start();
  await due.add(db, { kind: "intake", key: "k", at: clock.now(), payload: 1 });
  await until(() => seen.length === 1);
  await due.add(db, { kind: "intake", key: "k", at: clock.now(), payload: 2 });
  release();
  await until(() => seen.length === 2);
  assert.deepEqual(seen, [1, 2]);
});

test("a job that keeps failing is tried with growing waits, then lies dead and is told of", async () => {
  await using t = await testPlatform();
  const { db, due, clock } = t.platform;
  const dead: string[] = [];
  let tries = 0;
  due.handle("page", async () => {
    tries += 1;
    throw new Error("the provider is on fire");
  });
  due.onDead((job, error) => dead.push(`${job.key}: ${error}`));
  due.start();
  await due.add(db, { kind: "page", key: "a", at: clock.now(), maxAttempts: 3 });
  for (let step = 0; step < 12 && dead.length === 0; step++) {
    await new Promise((resolve) => setTimeout(resolve, 25));
    t.clock.advance(500);
  }
  await until(() => dead.length === 1);
  assert.equal(tries, 3);
  assert.deepEqual(dead, ["a: the provider is on fire"]);
  const row = await db.selectFrom("due_jobs").selectAll().executeTakeFirstOrThrow();
  assert.equal(row.last_error, "the provider is on fire");
});
