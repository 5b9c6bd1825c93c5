import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { alertEngine } from "../alert/engine.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { addContactMethod } from "../page/contact-methods.ts";
import { createPages } from "../page/deliveries.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { newId } from "../platform/ids.ts";
import { lookForStuckPages } from "./stuck-pages.ts";

test("pages that don't leave raise one alert of Keepwatch's own, which ends when they have left", async () => {
  await using t = await testPlatform();
  const { platform } = t;
  const { db, due } = platform;
  const ada = await t.user({ name: "Ada", email: "ada@example.com" });
  const hand = { ...by(platform, SYSTEM), managedBy: "config" as const };
  await inTransaction(db, async (tx) => {
    const address = { url: "http://127.0.0.1:9/", secret: "s3cret" };
    const method = await addContactMethod(tx, hand, { userId: ada.id, channel: "webhook", address });
    await createPages(tx, hand, {
      subject: { type: "incident", id: newId(platform.clock) },
      pages: [{ personId: ada.id, round: 1, level: 1, repeat: 0, urgency: "high", reason: "on call" }],
      plan: () => [{ method, afterMs: 0 }],
    });
  });
  alertEngine(platform);
  due.start();
  const look = async () => {
    await lookForStuckPages(platform);
    for (let tries = 0; tries < 400 && (await intakes()) > 0; tries++)
      await new Promise((done) => setTimeout(done, 5));
    const rows = await db.selectFrom("alerts").select(["title", "reason", "status"]).execute();
    return rows.map(({ title, reason, status }) => `${status}: ${title}: ${reason}`);
  };
  const intakes = async () =>
    (await db.selectFrom("due_jobs").select("id").where("kind", "=", "intake").execute()).length;
  assert.deepEqual(await look(), []);
  t.clock.advance(61_000);
  const told = await look();
  assert.equal(told.length, 1);
  assert.match(told[0] ?? "", /^firing: Pages by Webhook are stuck: 1 of them, the oldest since /);
  assert.deepEqual(await look(), told);
  await db.updateTable("deliveries").set({ status: "sent" }).execute();
  assert.match((await look())[0] ?? "", /^resolved: /);
});
