import { z } from "zod";
import { asksForAnswer, type Message } from "../message.ts";
import { confirmedBy } from "../model.ts";
import { judgePushover, pushoverCall, pushoverKey, pushoverSettings } from "../providers/pushover-api.ts";
import { defineChannel } from "./channel.ts";
import { chatText, clipped } from "./chat-text.ts";

const address = z.object({ user: pushoverKey("the user key") }).strict();

/** pushover.net/api#limits, in characters. */
const MOST_TITLE = 250;
const MOST_MESSAGE = 1_024;
/** An emergency rings again every so many seconds, for so long: pushover.net/api#priority. */
const EMERGENCY = { priority: "2", retry: "60", expire: "3600" } as const;

const docs = `
Sends pages as push notifications through Pushover. High urgency is an emergency: it rings past silence, again every minute
for an hour, until somebody acknowledges it in the app, and that acknowledges the incident. Answered anywhere else, it stops.
`.trim();

function priority(message: Message): Record<string, string> {
  if (message.type === "page" && message.items.some(({ subject }) => subject.urgency === "high"))
    return EMERGENCY;
  if (asksForAnswer(message)) return { priority: "1" };
  return message.type === "resolved" || message.type === "answered" ? { priority: "-1" } : { priority: "0" };
}

export function pushoverMessage(message: Message): Record<string, string> {
  const { head, lines, url } = chatText(message);
  return {
    title: clipped(head, MOST_TITLE),
    message: clipped(lines.join("\n") || head, MOST_MESSAGE),
    ...priority(message),
    ...(url && url.length <= 512 ? { url, url_title: "Open in Keepwatch" } : {}),
  };
}

export const pushoverChannel = defineChannel({
  id: "pushover",
  label: "Pushover",
  address,
  secrets: [],
  form: [
    {
      name: "user",
      label: "User key",
      type: "text",
      help: "It stands on your own page at pushover.net",
      required: true,
    },
  ],
  docs,
  receipt: "seen",
  // It has rung five times by then.
  receiptWithinMs: 300_000,
  wakes: true,
  providers: ["pushover"],
  destination: ({ user }) => `user ${user.slice(0, 4)}…`,
  unavailable: () => null,
  render: pushoverMessage,
  async send({ user }, message, context) {
    const settings = pushoverSettings.parse(context.provider?.settings);
    const rendered = pushoverMessage(message);
    const params = { user, ...rendered };
    const answered = await pushoverCall(settings, { path: "messages.json", params }, context);
    return confirmedBy(judgePushover(answered, context.now), rendered.priority === EMERGENCY.priority);
  },
});
