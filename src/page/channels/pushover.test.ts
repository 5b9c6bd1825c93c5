import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { addContactMethod } from "../contact-methods.ts";
import { putProvider } from "../providers/providers.ts";
import { APP_TOKEN, fakePushover } from "../providers/pushover.fixture.ts";
import { startListening } from "../replies/listening.ts";
import { fixture, until } from "../testing.ts";
import { contract } from "./contract.fixture.ts";
import { pushoverChannel } from "./pushover.ts";

contract({ channel: pushoverChannel.any, start: fakePushover, secrets: [APP_TOKEN] });

test("acknowledged in the app, it is acknowledged here; answered here, it stops ringing there", async () => {
  await using f = await fixture();
  await using server = await fakePushover();
  const { platform, clock } = { ...f.t, clock: f.t.clock };
  const hand = by(platform, SYSTEM);
  const { kind, settings } = server.provider!;
  await inTransaction(platform.db, (tx) => putProvider(tx, hand, { slug: "push", kind, settings }));
  platform.due.start();
  const ada = await f.person("Ada");
  const method = await inTransaction(platform.db, (tx) =>
    addContactMethod(
      tx,
      { ...hand, managedBy: "config" },
      { userId: ada.id, channel: "pushover", address: server.address },
    ),
  );
  const listening = await startListening(platform, f.deps);
  try {
    await f.page(f.subject(), ada.id, { plan: [{ method, afterMs: 0 }] });
    await until(() => server.messages.length === 1, "the page");
    assert.equal(server.messages[0]?.priority, "2");
    server.acknowledge(0);
    await f.advance(7_000);
    await until(() => f.acted.length === 1, "the answer");
    assert.deepEqual(
      f.acted.map(({ action, personId, via }) => [action.verb, personId === ada.id, via]),
      [["acknowledge", true, "pushover"]],
    );
    await until(async () => (await f.deliveries())[0]?.status === "seen", "the receipt on the ledger");
    clock.advance(31_000);
    const second = f.subject();
    await f.page(second, ada.id, { plan: [{ method, afterMs: 0 }] });
    await until(() => server.messages.length === 2, "the second page");
    await f.advance(7_000);
    await f.acknowledge(second, ada);
    await f.advance(7_000);
    await until(() => server.cancelled.includes("r1"), "the ringing being cancelled");
  } finally {
    await listening.stop();
    await platform.db.deleteFrom("providers").execute();
  }
});
