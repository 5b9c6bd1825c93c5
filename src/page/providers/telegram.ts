import { z } from "zod";
import { readButton } from "../channels/buttons.ts";
import type { Sender, Told } from "../replies/answers.ts";
import { defineProvider, type ListenContext } from "./kind.ts";
import { type TelegramSettings, telegramCall, telegramSettings } from "./telegram-api.ts";

/** How long Telegram holds a question for updates open. */
const POLL_S = 50;
const MOST_TOAST = 200;

const chat = z.object({ id: z.number(), type: z.string().optional() });
const sender = z.object({ id: z.number(), username: z.string().optional() });
const update = z.object({
  update_id: z.number(),
  message: z
    .object({
      message_id: z.number(),
      from: sender.optional(),
      chat,
      text: z.string().optional(),
      reply_to_message: z.object({ message_id: z.number() }).optional(),
    })
    .optional(),
  callback_query: z
    .object({
      id: z.string(),
      from: sender,
      data: z.string().optional(),
      message: z.object({ message_id: z.number(), chat }).optional(),
    })
    .optional(),
  my_chat_member: z.object({ chat, new_chat_member: z.object({ status: z.string() }) }).optional(),
});
type Update = z.infer<typeof update>;

const docs = `
1. In Telegram write to **@BotFather**: \`/newbot\`, choose a name, and copy the token it answers with.
2. Set \`KEEPWATCH_TELEGRAM_TOKEN\` to it, or add the provider here.
3. Each person presses **Connect Telegram** under Settings → How you are paged and sends the code to the bot.

Answers come back by asking Telegram (long polling): Keepwatch needs no address that can be reached from outside. A bot
that has a webhook set can't be asked; Keepwatch takes the webhook away.
`.trim();

export const telegramBot = defineProvider({
  id: "telegram",
  label: "Telegram bot",
  settings: telegramSettings,
  secrets: ["token"],
  form: [
    { name: "token", label: "Token", type: "secret", help: "As BotFather wrote it", required: true },
    {
      name: "api_url",
      label: "Bot API server",
      type: "url",
      help: "Only for a server of your own; Telegram's is used otherwise",
      required: false,
    },
  ],
  docs,
  environment: { token: "KEEPWATCH_TELEGRAM_TOKEN", api_url: "KEEPWATCH_TELEGRAM_API_URL" },
  answers: "outbound",
  // core.telegram.org/bots/faq#my-bot-is-hitting-limits-how-do-i-avoid-this. Groups have negative ids.
  paces: (_channel, { chat_id }) => [
    { per: "account", count: 30, withinMs: 1_000 },
    { per: "destination", count: 1, withinMs: 1_000 },
    ...(String(chat_id).startsWith("-")
      ? [{ per: "destination" as const, count: 20, withinMs: 60_000 }]
      : []),
  ],
  async check(settings, context) {
    const told = await telegramCall(settings, { method: "getMe", params: {} }, context);
    if (!told.ok) return { ok: false, text: told.said };
    const me = z.object({ username: z.string() }).safeParse(told.result);
    return { ok: true, text: `Telegram knows it as @${me.success ? me.data.username : "?"}.` };
  },
  listen,
});

type Call = (method: string, params: Record<string, unknown>, timeoutMs?: number) => Promise<unknown>;

/** Asks for updates one after the other. An update counts as heard once it has been carried out. */
async function listen(settings: TelegramSettings, context: ListenContext): Promise<void> {
  const call: Call = async (method, params, timeoutMs) => {
    const asked = { method, params, ...(timeoutMs ? { timeoutMs } : {}) };
    const told = await telegramCall(settings, asked, { ...context, now: context.now() });
    if (!told.ok) throw new Error(`${method}: ${told.said}`);
    return told.result;
  };
  // Whoever has a webhook is not told anything by asking.
  await call("deleteWebhook", { drop_pending_updates: false });
  const { username } = z.object({ username: z.string() }).parse(await call("getMe", {}));
  let offset = z.number().catch(0).parse(context.state.offset);
  await context.save({ username, offset });
  for (;;) {
    const allowed_updates = ["message", "callback_query", "my_chat_member"];
    const asked = { offset, timeout: POLL_S, allowed_updates };
    const updates = await call("getUpdates", asked, (POLL_S + 10) * 1_000);
    await context.works();
    for (const raw of z.array(z.looseObject({ update_id: z.number() })).parse(updates)) {
      const known = update.safeParse(raw);
      if (known.success) await hear(known.data, context, call);
      offset = raw.update_id + 1;
      await context.save({ username, offset });
    }
  }
}

async function hear(told: Update, context: ListenContext, call: Call): Promise<void> {
  const { message, callback_query: pressed, my_chat_member: member } = told;
  if (pressed) return hearPress(told.update_id, { pressed, context, call });
  if (message?.text !== undefined && message.from)
    return hearWords(told.update_id, {
      message: { ...message, from: message.from, text: message.text },
      context,
      call,
    });
  if (member?.new_chat_member.status === "kicked")
    await context.answers.gone(
      { channel: "telegram", address: { chat_id: String(member.chat.id) } },
      "its owner has blocked the bot",
    );
}

const from = (updateId: number, userId: number): Sender => ({
  channel: "telegram",
  // A private chat has the number of the person in it.
  address: { chat_id: String(userId) },
  externalId: `update:${updateId}`,
});

async function hearPress(
  updateId: number,
  {
    pressed,
    context,
    call,
  }: { pressed: NonNullable<Update["callback_query"]>; context: ListenContext; call: Call },
): Promise<void> {
  const button = readButton(pressed.data ?? "");
  const told: Told = button
    ? await context.answers.press(from(updateId, pressed.from.id), button)
    : { done: false, text: "This button is too old." };
  const text = (told.text ?? "Done.").slice(0, MOST_TOAST);
  // What is done is done: a word that can't be said (too late, for one) changes nothing about it.
  await call("answerCallbackQuery", { callback_query_id: pressed.id, text, show_alert: !told.done }).catch(
    context.passOver,
  );
  const { message } = pressed;
  if (!message || !told.done) return;
  const said = { chat_id: message.chat.id, message_id: message.message_id };
  await call("editMessageReplyMarkup", { ...said, reply_markup: { inline_keyboard: [] } }).catch(
    context.passOver,
  );
  const reply = { reply_parameters: { message_id: message.message_id, allow_sending_without_reply: true } };
  await call("sendMessage", { chat_id: message.chat.id, text, disable_notification: true, ...reply }).catch(
    context.passOver,
  );
}

interface Said {
  message_id: number;
  from: { id: number };
  chat: { id: number };
  text: string;
  reply_to_message?: { message_id: number } | undefined;
}

async function hearWords(
  updateId: number,
  { message, context, call }: { message: Said; context: ListenContext; call: Call },
): Promise<void> {
  const sender = from(updateId, message.from.id);
  // `/ack@our_bot 12` is how a group says "ack 12" to one bot among several.
  const text = message.text.replace(/^\/(\w+)(?:@\w+)?/, "$1").trim();
  const [, code] = /^start\s+([A-Za-z0-9]+)$/.exec(text) ?? [];
  const told = await (code
    ? context.answers.pair(sender, { code, address: { chat_id: String(message.chat.id) } })
    : /^start$/.test(text)
      ? { done: false, text: `This is Keepwatch. Your chat's number is ${message.chat.id}.` }
      : context.answers.said(sender, {
          text,
          ...(message.reply_to_message
            ? { replyTo: messageKey(message.chat.id, message.reply_to_message.message_id) }
            : {}),
        }));
  if (told.text === null) return;
  const reply = { reply_parameters: { message_id: message.message_id, allow_sending_without_reply: true } };
  await call("sendMessage", { chat_id: message.chat.id, text: told.text, ...reply }).catch(context.passOver);
}

/** Telegram numbers messages per chat. */
export const messageKey = (chatId: number | string, messageId: number): string => `${chatId}:${messageId}`;
