import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { addContactMethod } from "../contact-methods.ts";
import { fakeNtfy, NTFY_TOKEN } from "../providers/ntfy.fixture.ts";
import { putProvider } from "../providers/providers.ts";
import { startListening } from "../replies/listening.ts";
import { fixture, messageAbout, until } from "../testing.ts";
import { contract } from "./contract.fixture.ts";
import { ntfy, ntfyMessage } from "./ntfy.ts";

contract({
  channel: ntfy.any,
  start: fakeNtfy,
  secrets: [NTFY_TOKEN],
  // Nobody has to be subscribed to a topic.
  without: ["gone"],
});

test("high urgency rings at the highest priority; that it is over does not ring", () => {
  assert.equal(ntfyMessage("t", messageAbout(), {}).priority, 5);
  assert.equal(ntfyMessage("t", messageAbout({ urgency: "low" }), {}).priority, 3);
  assert.equal(ntfyMessage("t", messageAbout({}, "resolved"), {}).priority, 2);
});

test("without an answer topic the buttons call Keepwatch itself", () => {
  const { actions } = ntfyMessage("t", messageAbout(), {});
  assert.deepEqual(
    actions.map(({ label, url }) => [label, url]),
    [
      ["Acknowledge", "http://keepwatch.test/a/acknowledge"],
      ["I can't, next!", "http://keepwatch.test/a/escalate"],
      ["Resolve", "http://keepwatch.test/a/resolve"],
    ],
  );
});

test("with one, a button answers from a telephone that can't reach Keepwatch, also after the line was cut", async () => {
  await using f = await fixture();
  await using server = await fakeNtfy();
  const { platform } = f.t;
  const hand = by(platform, SYSTEM);
  const { kind, settings } = server.provider!;
  await inTransaction(platform.db, (tx) => putProvider(tx, hand, { slug: "push", kind, settings }));
  platform.due.start();
  const ada = await f.person("Ada");
  const method = await inTransaction(platform.db, (tx) =>
    addContactMethod(
      tx,
      { ...hand, managedBy: "config" },
      { userId: ada.id, channel: "ntfy", address: server.address },
    ),
  );
  const subject = f.subject();
  await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
  await until(() => server.messages.length === 1, "the page");
  const [message] = server.messages;
  assert.ok(message);
  // Pressed while nobody listens: it is heard by whoever begins to.
  await server.press(message, "Acknowledge");
  const listening = await startListening(platform, f.deps);
  try {
    await until(() => f.acted.length === 1, "the answer");
    assert.deepEqual(
      f.acted.map(({ action, personId, via }) => [action.verb, personId === ada.id, via]),
      [["acknowledge", true, "ntfy"]],
    );
    await fetch(`${settings.server}/${settings.reply_topic}`, { method: "POST", body: "forged.token" });
    await server.press(message, "Resolve");
    await until(() => f.acted.length === 2, "the second answer");
    assert.equal(f.acted[1]?.action.verb, "resolve");
  } finally {
    await listening.stop();
    await platform.db.deleteFrom("providers").execute();
  }
});
