import { z } from "zod";
import { asksForAnswer, type Item, type Message } from "../message.ts";
import { authorization, type NtfySettings, ntfySettings, ntfyTopic, serverOf } from "../providers/ntfy.ts";
import { defineChannel } from "./channel.ts";
import { chatText, clipped } from "./chat-text.ts";
import { judgeAnswer, parsedJson, sendCall } from "./http-call.ts";

const address = z.object({ topic: ntfyTopic }).strict();

/** Longer than 4,096 bytes a message becomes a file: docs.ntfy.sh/publish/#limitations. A character has four at most. */
const MOST_MESSAGE = 1_000;
const MOST_TITLE = 200;

const docs = `
Sends pages as push notifications through ntfy, with buttons to acknowledge, hand on and resolve. High urgency is sent at
the highest priority, which rings through silence where the app is allowed to.

Subscribe to the topic in the ntfy app. Whoever knows its name reads along, unless the server asks for a password: choose
one that nobody can guess.
`.trim();

interface Button {
  action: "http";
  label: string;
  url: string;
  method: "POST";
  headers?: Record<string, string>;
  body?: string;
  clear: true;
}

/** ntfy shows three at most. */
function buttons(message: Message, settings: NtfySettings): Button[] {
  if (!asksForAnswer(message)) return [];
  const [item] = message.items;
  const button = (label: string, url: string): Button => ({
    ...{ action: "http", label, method: "POST", clear: true },
    ...(settings.reply_topic ? published(settings, settings.reply_topic, url) : { url }),
  });
  const { acknowledge, escalate, resolve }: Item["actions"] = item.actions;
  return [button("Acknowledge", acknowledge), button("I can't, next!", escalate), button("Resolve", resolve)];
}

/** What the link would have said, by way of the topic that Keepwatch listens to. The link's token is its own signature. */
const published = (settings: NtfySettings, topic: string, link: string) => ({
  url: `${serverOf(settings)}/${topic}`,
  body: link.slice(link.lastIndexOf("/") + 1),
});

export interface NtfyMessage {
  topic: string;
  title: string;
  message: string;
  priority: 1 | 2 | 3 | 4 | 5;
  tags: string[];
  click?: string;
  actions: Button[];
}

function urgencyOf(message: Message): Pick<NtfyMessage, "priority" | "tags"> {
  switch (message.type) {
    case "page": {
      const isHigh = message.items.some(({ subject }) => subject.urgency === "high");
      return { priority: isHigh ? 5 : 3, tags: [isHigh ? "rotating_light" : "warning"] };
    }
    case "resolved":
      return { priority: 2, tags: ["white_check_mark"] };
    case "answered":
      return { priority: 2, tags: [] };
    default:
      return { priority: 4, tags: [] };
  }
}

export function ntfyMessage(topic: string, message: Message, settings: NtfySettings): NtfyMessage {
  const { head, lines, url } = chatText(message);
  return {
    topic,
    title: clipped(head, MOST_TITLE),
    message: clipped(lines.join("\n"), MOST_MESSAGE),
    ...urgencyOf(message),
    ...(url ? { click: url } : {}),
    actions: buttons(message, settings),
  };
}

export const ntfy = defineChannel({
  id: "ntfy",
  label: "ntfy",
  address,
  secrets: ["topic"],
  form: [
    {
      name: "topic",
      label: "Topic",
      type: "text",
      help: "The topic that your telephone is subscribed to; a name that nobody can guess",
      required: true,
    },
  ],
  docs,
  receipt: "none",
  wakes: true,
  providers: ["ntfy"],
  destination: ({ topic }) => `ntfy topic ${topic.slice(0, 3)}…`,
  unavailable: () => null,
  render: (message) => ntfyMessage("", message, {}),
  async send({ topic }, message, context) {
    const settings = ntfySettings.parse(context.provider?.settings);
    const headers = { "content-type": "application/json", ...authorization(settings) };
    const body = JSON.stringify(ntfyMessage(topic, message, settings));
    return sendCall(
      { method: "POST", url: `${serverOf(settings)}/`, headers, body },
      context,
      (answer, now) => {
        const result = judgeAnswer(answer, now);
        if (result.kind !== "accepted") return { ...result, why: result.why.replaceAll(topic, "…") };
        const id = z.looseObject({ id: z.string() }).safeParse(parsedJson(answer.body));
        return {
          kind: "accepted",
          detail: `${answer.status} ${answer.text}`.trim(),
          ...(id.success ? { providerId: id.data.id } : {}),
        };
      },
    );
  },
});
