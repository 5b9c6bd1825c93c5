import { z } from "zod";
import type { Message } from "../message.ts";
import type { MessageThread, SendResult } from "../model.ts";
import { escaped, messageKey } from "../providers/slack.ts";
import { slackCall, slackSettings } from "../providers/slack-api.ts";
import { buttonRows } from "./buttons.ts";
import { defineChannel, type SendContext } from "./channel.ts";
import { chatText, clipped } from "./chat-text.ts";

/** docs.slack.dev/reference/block-kit/blocks: a header's and a section's most. */
const MOST_HEADER = 150;
const MOST_SECTION = 3_000;
const MOST_FALLBACK = 2_000;

const address = z
  .object({
    user: z
      .string()
      .trim()
      .regex(
        /^[UWCGD][A-Z0-9]{6,}$/,
        "give the member's id, e.g. U012AB3CD; it stands under More in their profile",
      ),
  })
  .strict();

const thread = z.object({ channel: z.string(), ts: z.string() });

const docs = `
Sends pages as direct messages in Slack, with buttons to acknowledge, hand on, snooze and resolve. All about one incident is
one thread, and what is written there answers it. \`/keepwatch ack 12\` works anywhere: \`list\`, \`resolve 12\`, \`snooze 12 30m\`, \`note
12 …\`.

A telephone on silent stays silent: have a way that rings for the night.
`.trim();

interface Block {
  type: "header" | "section" | "actions";
  text?: { type: "plain_text"; text: string; emoji: false };
  elements?: object[];
}

/** Plain text throughout: no markup, so that outside text can be none. */
const text = (words: string) => ({ type: "plain_text", text: words, emoji: false }) as const;

export function slackMessage(message: Message): { text: string; blocks: Block[] } {
  const { head, lines, url } = chatText(message);
  const rows = buttonRows(message);
  const buttons = rows.flat().map(({ label, data }, n) => ({
    type: "button",
    text: text(clipped(label, 75)),
    action_id: `answer-${n}`,
    value: data,
    ...(n === 0 ? { style: "primary" } : {}),
  }));
  const open = url ? [{ type: "button", text: text("Open in Keepwatch"), action_id: "open", url }] : [];
  const elements = [...buttons, ...open];
  return {
    text: clipped(escaped(head), MOST_FALLBACK),
    blocks: [
      { type: "header", text: text(clipped(head, MOST_HEADER)) },
      ...(lines.length > 0
        ? [{ type: "section" as const, text: text(clipped(lines.join("\n"), MOST_SECTION)) }]
        : []),
      ...(elements.length > 0 ? [{ type: "actions" as const, elements }] : []),
    ],
  };
}

export const slackChannel = defineChannel({
  id: "slack",
  label: "Slack",
  address,
  secrets: [],
  form: [
    {
      name: "user",
      label: "Member",
      type: "text",
      help: "The member's id in Slack, e.g. U012AB3CD",
      required: true,
    },
  ],
  docs,
  receipt: "none",
  wakes: false,
  providers: ["slack"],
  pairing: (code) => ({ text: `Write /keepwatch link ${code} in Slack.`, url: null }),
  destination: ({ user }) => `member ${user}`,
  unavailable: () => null,
  render: slackMessage,
  send: ({ user }, message, context) => post(user, message, context),
});

async function post(user: string, message: Message, context: SendContext): Promise<SendResult> {
  const settings = slackSettings.parse(context.provider?.settings);
  const [first] = [...context.threads.values()].flatMap((ref) => thread.safeParse(ref).data ?? []);
  const body = {
    channel: first?.channel ?? user,
    ...(first ? { thread_ts: first.ts, reply_broadcast: message.type === "page" } : {}),
    ...slackMessage(message),
    mrkdwn: false,
    unfurl_links: false,
    unfurl_media: false,
  };
  const told = await slackCall(
    settings,
    { method: "chat.postMessage", token: settings.bot_token, body },
    context,
  );
  if (!told.ok) return told.meaning;
  const { channel, ts } = thread.parse(told.body);
  return {
    kind: "accepted",
    detail: "ok",
    // Words in a thread answer its first message.
    providerId: messageKey(channel, first?.ts ?? ts),
    threads: first ? [] : threadsOf(message, { channel, ts }),
  };
}

const threadsOf = (message: Message, ref: z.infer<typeof thread>): MessageThread[] =>
  "items" in message ? message.items.map(({ subject }) => ({ subjectId: subject.id, ref })) : [];
