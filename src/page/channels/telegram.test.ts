import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../../org/actor.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { addContactMethod } from "../contact-methods.ts";
import { putProvider } from "../providers/providers.ts";
import { fakeTelegram, TELEGRAM_TOKEN } from "../providers/telegram.fixture.ts";
import { startListening } from "../replies/listening.ts";
import { beginPairing } from "../replies/pairing.ts";
import { type Fixture, fixture, until } from "../testing.ts";
import { contract } from "./contract.fixture.ts";
import { telegram } from "./telegram.ts";

contract({ channel: telegram.any, start: fakeTelegram, secrets: [TELEGRAM_TOKEN] });

/** Ada is paged through a bot that Keepwatch asks for answers. */
async function paged() {
  const f: Fixture = await fixture();
  const { platform } = f.t;
  const bot = await fakeTelegram();
  const hand = by(platform, SYSTEM);
  const { kind, settings } = bot.provider!;
  const provider = await inTransaction(platform.db, (tx) =>
    putProvider(tx, hand, { slug: "bot", kind, settings }),
  );
  platform.due.start();
  const ada = await f.person("Ada");
  const method = await inTransaction(platform.db, (tx) =>
    addContactMethod(
      tx,
      { ...hand, managedBy: "config" },
      { userId: ada.id, channel: "telegram", address: bot.address },
    ),
  );
  const listening = await startListening(platform, f.deps);
  const page = async (subject: string) => {
    await f.page(subject, ada.id, { plan: [{ method, afterMs: 0 }] });
    const seen = bot.messages.length;
    await until(() => bot.messages.length > seen, "the page");
    await until(async () => (await f.deliveries()).every(({ status }) => status === "sent"), "the ledger");
    return bot.messages.at(-1)!;
  };
  return {
    ...{ f, bot, ada, method, page, provider, platform },
    verbs: () => f.acted.map(({ action, personId }) => [action.verb, personId === ada.id]),
    async [Symbol.asyncDispose]() {
      await listening.stop();
      await f[Symbol.asyncDispose]();
      await platform.db.deleteFrom("providers").execute();
      await bot[Symbol.asyncDispose]();
    },
  };
}

test("a button answers in the name of whose chat it is, says what came of it, and goes away", async () => {
  await using s = await paged();
  const message = await s.page(s.f.subject());
  s.bot.press(message, "Acknowledge");
  await until(() => s.bot.messages.length === 2, "the answer in the chat");
  assert.deepEqual(s.verbs(), [["acknowledge", true]]);
  assert.equal(s.bot.toasts[0]?.text, "Acknowledged.");
  assert.deepEqual(message.reply_markup?.inline_keyboard, []);
  assert.equal(s.bot.messages[1]?.reply_parameters?.message_id, message.message_id);
});

test("an answer that Telegram hands out twice is carried out once", async () => {
  await using s = await paged();
  const message = await s.page(s.f.subject());
  s.bot.press(message, "Acknowledge");
  await until(() => s.bot.toasts.length > 0, "the answer");
  await s.platform.db
    .updateTable("providers")
    .set({ state: "{}" as never })
    .execute();
  s.bot.repeatLast();
  s.bot.write("list");
  await until(() => s.bot.messages.some(({ text }) => text.startsWith("#")), "the list");
  assert.equal(s.f.acted.length, 1);
});

test("words answer too: by number, as a reply, or what is open", async () => {
  await using s = await paged();
  const first = s.f.subject();
  const second = s.f.subject();
  await s.page(first);
  // Not part of a storm any more.
  await s.f.advance(31_000);
  const later = await s.page(second);
  const told = async (text: string, options?: { replyTo?: number; userId?: string }) => {
    const before = s.bot.messages.length;
    s.bot.write(text, options);
    await until(() => s.bot.messages.length > before, `an answer to ${text}`);
    return s.bot.messages.at(-1)?.text;
  };
  assert.match((await told("ack")) ?? "", /^Which one\? #\d+ Shop home is down/);
  assert.equal(await told("/ack 1"), "#1: Acknowledged.");
  assert.equal(await told("resolve", { replyTo: later.message_id }), "#2: Acknowledged.");
  assert.match((await told("ack 99")) ?? "", /no incident #99/);
  assert.match((await told("ack 1", { userId: "666" })) ?? "", /don't know whose/);
  assert.deepEqual(s.verbs(), [
    ["acknowledge", true],
    ["resolve", true],
  ]);
});

test("a code that is sent to the bot makes the chat a verified way to reach its person", async () => {
  await using s = await paged();
  const bo = await s.f.person("Bo");
  const { code } = await inTransaction(s.platform.db, (tx) =>
    beginPairing(tx, by(s.platform, SYSTEM), { userId: bo.id, channel: "telegram" }),
  );
  s.bot.write(`/start ${code}`, { userId: "815" });
  const methods = () =>
    s.platform.db.selectFrom("contact_methods").selectAll().where("user_id", "=", bo.id).execute();
  await until(async () => (await methods()).length === 1, "the contact method");
  const [made] = await methods();
  assert.deepEqual(made?.address, { chat_id: "815" });
  assert.ok(made?.verified_at);
  s.bot.write(`/start ${code}`, { userId: "816" });
  await s.page(s.f.subject());
  assert.equal((await methods()).length, 1);
});

test("who blocks the bot is not written to any more, and the audit says why", async () => {
  await using s = await paged();
  s.bot.block(String(s.bot.address.chat_id));
  const row = () =>
    s.platform.db.selectFrom("contact_methods").selectAll().where("id", "=", s.method.id).executeTakeFirst();
  await until(async () => Boolean((await row())?.disabled_at), "the method being disabled");
  assert.match((await row())?.disabled_reason ?? "", /blocked the bot/);
});

test("all about one incident is one thread", async () => {
  await using s = await paged();
  const subject = s.f.subject();
  const first = await s.page(subject);
  await s.f.page(subject, s.ada.id, { plan: [{ method: s.method, afterMs: 0 }], repeat: 1 });
  // One message a second to one chat.
  await s.f.advance(1_000);
  await until(() => s.bot.messages.length === 2, "the repeat");
  assert.equal(s.bot.messages[1]?.reply_parameters?.message_id, first.message_id);
});
