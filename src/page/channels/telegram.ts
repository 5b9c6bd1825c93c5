import { z } from "zod";
import { isAboutSubject, type Message } from "../message.ts";
import type { MessageThread, SendResult } from "../model.ts";
import { messageKey } from "../providers/telegram.ts";
import { type TelegramAnswer, telegramCall, telegramSettings } from "../providers/telegram-api.ts";
import { buttonRows } from "./buttons.ts";
import { defineChannel, type SendContext } from "./channel.ts";
import { chatText, clipped } from "./chat-text.ts";

/** A message's most, in UTF-16 units: core.telegram.org/bots/api#sendmessage. */
const MOST_TEXT = 4_096;

const address = z
  .object({
    chat_id: z
      .union([z.string().trim(), z.number().int().transform(String)])
      .refine(
        (text) => /^-?\d{1,20}$/.test(text),
        "give the chat's number; the bot tells it when you write /start to it",
      ),
  })
  .strict();
type Address = z.infer<typeof address>;

const thread = z.object({ chat_id: z.string(), message_id: z.number() });

const docs = `
Sends pages to a Telegram chat with buttons to acknowledge, hand on, snooze and resolve, and hears what is written back:
\`ack 12\`, \`resolve 12\`, \`snooze 12 30m\`, \`note 12 …\`, \`list\`. All about one incident is one thread.

Works behind a NAT: answers are asked for, nothing has to reach Keepwatch from outside. A telephone on silent stays
silent: have a way that rings for the night.
`.trim();

export interface TelegramMessage {
  text: string;
  /** Shown in bold without any markup that outside text could break: offsets in UTF-16 units. */
  entities: { type: "bold"; offset: number; length: number }[];
  reply_markup: { inline_keyboard: { text: string; callback_data?: string; url?: string }[][] };
  link_preview_options: { is_disabled: true };
  disable_notification: boolean;
}

function render(message: Message): TelegramMessage {
  const { head, lines, url } = chatText(message);
  const rows = buttonRows(message).map((row) =>
    row.map(({ label, data }) => ({ text: label, callback_data: data })),
  );
  // Telegram refuses links to hosts without a dot, such as localhost.
  const open = url && /^https?:\/\/[^/]*\.[^/]+/.test(url) ? [[{ text: "Open in Keepwatch", url }]] : [];
  return {
    text: clipped([head, ...lines].join("\n"), MOST_TEXT),
    entities: [{ type: "bold", offset: 0, length: Math.min(head.length, MOST_TEXT) }],
    reply_markup: { inline_keyboard: [...twoInARow(rows), ...open] },
    link_preview_options: { is_disabled: true },
    disable_notification: message.type === "resolved" || message.type === "answered",
  };
}

/** Four buttons in one row are too narrow for a thumb. */
const twoInARow = <T>(rows: readonly (readonly T[])[]): T[][] =>
  rows.flatMap((row) =>
    Array.from({ length: Math.ceil(row.length / 2) }, (_, i) => row.slice(2 * i, 2 * i + 2)),
  );

export const telegram = defineChannel({
  id: "telegram",
  label: "Telegram",
  address,
  secrets: [],
  form: [
    {
      name: "chat_id",
      label: "Chat",
      type: "text",
      help: "The number that the bot tells when you write /start to it",
      required: true,
    },
  ],
  docs,
  receipt: "none",
  wakes: false,
  providers: ["telegram"],
  pairing: (code, { username }) => ({
    text: `Send /start ${code} to the bot${typeof username === "string" ? ` @${username}` : ""}.`,
    url: typeof username === "string" ? `https://t.me/${username}?start=${code}` : null,
  }),
  destination: ({ chat_id }) => `chat ${chat_id}`,
  unavailable: () => null,
  render,
  send: sendMessage,
});

async function sendMessage(
  { chat_id }: Address,
  message: Message,
  context: SendContext,
): Promise<SendResult> {
  const settings = telegramSettings.parse(context.provider?.settings);
  const first = [...context.threads.values()].flatMap((ref) => thread.safeParse(ref).data ?? [])[0];
  const reply =
    first && first.chat_id === chat_id
      ? { reply_parameters: { message_id: first.message_id, allow_sending_without_reply: true } }
      : {};
  const params = { chat_id, ...render(message), ...reply };
  const told = await telegramCall(settings, { method: "sendMessage", params }, context);
  if (!told.ok) return refusalOf(told);
  if (first && message.type === "resolved") await dropButtons(first, context);
  const { message_id } = z.object({ message_id: z.number() }).parse(told.result);
  return {
    kind: "accepted",
    providerId: messageKey(chat_id, message_id),
    detail: told.said,
    threads: threadsOf(message, { chat_id, message_id }, context),
  };
}

/** The first message about a subject is what the later ones answer to. */
function threadsOf(message: Message, ref: z.infer<typeof thread>, context: SendContext): MessageThread[] {
  if (!isAboutSubject(message)) return [];
  return message.items
    .map(({ subject }) => subject.id)
    .filter((subjectId) => !context.threads.has(subjectId))
    .map((subjectId) => ({ subjectId, ref }));
}

/** Nobody should press what means nothing any more. That it can't be taken away is no failure. */
async function dropButtons(first: z.infer<typeof thread>, context: SendContext): Promise<void> {
  const settings = telegramSettings.parse(context.provider?.settings);
  const params = { ...first, reply_markup: { inline_keyboard: [] } };
  await telegramCall(settings, { method: "editMessageReplyMarkup", params }, context).catch(
    (error: unknown) => {
      if (context.signal.aborted) throw error;
    },
  );
}

function refusalOf(told: Extract<TelegramAnswer, { ok: false }>): SendResult {
  if (told.status === 401)
    return { kind: "refused", why: `${told.said}. The bot's token is wrong or was revoked` };
  if (told.status === 403) return { kind: "refused", why: `${told.said}. Write /start to the bot again` };
  return told.meaning;
}
