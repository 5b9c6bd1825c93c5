import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { addContactMethod } from "../contact-methods.ts";
import { putProvider } from "../providers/providers.ts";
import { APP_LEVEL_TOKEN, BOT_TOKEN, fakeSlack } from "../providers/slack.fixture.ts";
import { startListening } from "../replies/listening.ts";
import { beginPairing } from "../replies/pairing.ts";
import { fixture, until } from "../testing.ts";
import { contract } from "./contract.fixture.ts";
import { slackChannel } from "./slack.ts";

contract({ channel: slackChannel.any, start: fakeSlack, secrets: [BOT_TOKEN, APP_LEVEL_TOKEN] });

/** Ada is paged in Slack, and Keepwatch holds a socket to it. */
async function paged() {
  const f = await fixture();
  const workspace = await fakeSlack();
  const { platform } = f.t;
  const hand = by(platform, SYSTEM);
  const { kind, settings } = workspace.provider!;
  await inTransaction(platform.db, (tx) => putProvider(tx, hand, { slug: "work", kind, settings }));
  platform.due.start();
  const ada = await f.person("Ada");
  const method = await inTransaction(platform.db, (tx) =>
    addContactMethod(
      tx,
      { ...hand, managedBy: "config" },
      { userId: ada.id, channel: "slack", address: workspace.address },
    ),
  );
  const listening = await startListening(platform, f.deps);
  await until(() => workspace.connections() === 1, "the socket");
  const page = async (subject: string) => {
    const seen = workspace.messages.length;
    await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
    await until(() => workspace.messages.length > seen, "the page");
    await until(async () => (await f.deliveries()).every(({ status }) => status === "sent"), "the ledger");
    return workspace.messages.at(-1)!;
  };
  return {
    ...{ f, workspace, ada, platform, page, method },
    async [Symbol.asyncDispose]() {
      await listening.stop();
      await f[Symbol.asyncDispose]();
      await platform.db.deleteFrom("providers").execute();
      await workspace[Symbol.asyncDispose]();
    },
  };
}

test("a button answers once, however often Slack tells of it, and the thread says what came of it", async () => {
  await using s = await paged();
  const message = await s.page(s.f.subject());
  s.workspace.press(message, "Acknowledge", 3);
  await until(() => s.workspace.messages.some(({ thread_ts }) => thread_ts === message.ts), "the answer");
  assert.deepEqual(
    s.f.acted.map(({ action, personId, via }) => [action.verb, personId === s.ada.id, via]),
    [["acknowledge", true, "slack"]],
  );
  assert.equal(s.workspace.messages.at(-1)?.text, "Acknowledged.");
});

test("/keepwatch answers from anywhere, in the name of whose account it is", async () => {
  await using s = await paged();
  await s.page(s.f.subject());
  const told = async (text: string, userId?: string) => {
    const id = s.workspace.command(text, userId);
    await until(() => s.workspace.replies.has(id), `a reply to ${text}`);
    return s.workspace.replies.get(id) ?? "";
  };
  assert.match(await told("list"), /^#1 Shop home is down/);
  assert.match(await told("ack 1", "U0STRANGER9"), /don't know whose/);
  assert.equal(await told("ack 1"), "#1: Acknowledged.");
  assert.equal(s.f.acted.length, 1);
});

test("what is written in an incident's thread answers that incident", async () => {
  await using s = await paged();
  await s.page(s.f.subject());
  await s.f.advance(31_000);
  const second = s.f.subject();
  const message = await s.page(second);
  s.workspace.write("resolve", { thread_ts: message.ts });
  await until(() => s.f.acted.length === 1, "the answer");
  assert.deepEqual([s.f.acted[0]?.subjectId, s.f.acted[0]?.action.verb], [second, "resolve"]);
});

test("a code makes an account somebody's; after Slack hangs up Keepwatch is there again", async () => {
  await using s = await paged();
  s.workspace.hangUp();
  await until(() => s.workspace.connections() === 0, "the old socket being gone");
  await until(() => s.workspace.connections() === 1, "another socket");
  const bo = await s.f.person("Bo");
  const { code } = await inTransaction(s.platform.db, (tx) =>
    beginPairing(tx, by(s.platform, SYSTEM), { userId: bo.id, channel: "slack" }),
  );
  const id = s.workspace.command(`link ${code}`, "U0BO1234567");
  await until(() => s.workspace.replies.has(id), "the reply");
  const [made] = await s.platform.db
    .selectFrom("contact_methods")
    .selectAll()
    .where("user_id", "=", bo.id)
    .execute();
  assert.deepEqual([made?.address, made?.channel], [{ user: "U0BO1234567" }, "slack"]);
});
