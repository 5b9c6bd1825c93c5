import assert from "node:assert/strict";
import { test } from "node:test";
import { testPlatform } from "../../test/support/platform.ts";
import { alertEngine } from "../alert/engine.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { addContactMethod } from "../page/contact-methods.ts";
import { disableMethods, enableMethods } from "../page/replies/gone.ts";
import { mailbox } from "../page/testing.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { createMail } from "../platform/mail.ts";
import { methodDisabledEngine, methodsPart } from "./method-disabled.ts";

test("a number that wants no more messages is told of: its owner by mail, whoever looks after Keepwatch by an alert", async () => {
  await using box = await mailbox();
  await using t = await testPlatform();
  const { platform } = t;
  platform.mail = createMail({ url: box.url, from: "Keepwatch <keepwatch@example.com>" });
  const ada = await t.user({ name: "Ada", email: "ada@example.com" });
  const hand = { ...by(platform, SYSTEM), managedBy: "config" as const };
  const address = { phone: "+33612345678" };
  const run = <T>(work: Parameters<typeof inTransaction<T>>[1]) => inTransaction(platform.db, work);
  await run((tx) => addContactMethod(tx, hand, { userId: ada.id, channel: "sms", address }));
  alertEngine(platform);
  methodDisabledEngine(platform);
  platform.due.start();
  const settled = async () => {
    for (let tries = 0; tries < 400; tries++) {
      if ((await platform.db.selectFrom("due_jobs").select("id").execute()).length === 0) break;
      await new Promise((done) => setTimeout(done, 5));
    }
    const rows = await platform.db.selectFrom("alerts").select(["title", "status"]).execute();
    return rows.map(({ title, status }) => `${status}: ${title}`);
  };
  await run((tx) => disableMethods(tx, hand, { channel: "sms", address, why: 'its owner sent "STOP"' }));
  assert.deepEqual(await settled(), ["firing: Ada can no longer be paged by SMS"]);
  assert.equal(box.mails.length, 1);
  assert.match(box.mails[0]?.text ?? "", /its owner sent "STOP"/);
  await run((tx) => enableMethods(tx, hand, { channel: "sms", address }));
  await methodsPart(platform).run(AbortSignal.timeout(5_000));
  assert.deepEqual(await settled(), ["resolved: Ada can no longer be paged by SMS"]);
  platform.mail.close();
});
