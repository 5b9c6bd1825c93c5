import assert from "node:assert/strict";
import { test } from "node:test";
import { eventually } from "../../test/support/keepwatch.ts";
import { testPlatform } from "../../test/support/platform.ts";
import { inTransaction } from "./database/transaction.ts";
import type { LiveEvent } from "./live.ts";

const event = (id: string): LiveEvent => ({ type: "incident", id, team: null, visibility: "company" });

test("what changed is told after the commit, and what was rolled back never", async () => {
  await using t = await testPlatform();
  const { db, live } = t.platform;
  const heard: LiveEvent[] = [];
  live.subscribe((each) => heard.push(each));
  await assert.rejects(
    inTransaction(db, async (tx) => {
      await live.publish(tx, event("undone"));
      throw new Error("no");
    }),
  );
  await inTransaction(db, async (tx) => {
    await live.publish(tx, event("first"));
    await live.publish(tx, event("second"));
    assert.deepEqual(heard, []);
  });
  await eventually("both", () => heard.length === 2);
  assert.deepEqual(heard, [event("first"), event("second")]);
});

test("a listener that fails keeps nothing from the others, and one that left hears nothing more", async () => {
  await using t = await testPlatform();
  const { db, live } = t.platform;
  const heard: string[] = [];
  live.subscribe(() => {
    throw new Error("broken browser");
  });
  const leave = live.subscribe(({ id }) => heard.push(`left ${id}`));
  live.subscribe(({ id }) => heard.push(id));
  leave();
  await live.publish(db, event("a"));
  await eventually("it", () => heard.length > 0);
  assert.deepEqual(heard, ["a"]);
});
