import { asksForAnswer, type Message } from "../message.ts";
import { CARRIER_KINDS, carrierOf } from "../providers/carriers.ts";
import { oneLine } from "../words.ts";
import { defineChannel } from "./channel.ts";
import { chatText, clipped } from "./chat-text.ts";
import { telephone } from "./telephone.ts";

/** Three parts of a long message; more of them arrive late and out of order. */
const MOST_TEXT = 450;
const HOW = "Reply 4 ack, 6 resolve, 5 next";

const docs = `
Sends pages as SMS. Answer with \`4 12\` or \`ack 12\` to acknowledge, \`6 12\` to resolve, \`5 12\` to hand on, \`a\` for the last one;
case and spaces don't matter. \`STOP\` ends it: the number is disabled here, too, and its owner is told by mail; \`START\` turns
it on again.

Answers and receipts need an address of Keepwatch that the telephone company can reach.
`.trim();

export function smsText(message: Message): string {
  const { head, lines } = chatText(message);
  if (message.type === "verification") return `${head}. It works for ${message.minutes} minutes.`;
  if (message.type === "test") return head;
  if (message.type === "notice") return clipped([head, ...lines].join(". "), MOST_TEXT);
  const [first] = message.items;
  const reason = first.subject.alerts[0]?.reason;
  const number = message.items.length === 1 ? ` (#${first.subject.number})` : "";
  const what = message.items.length === 1 ? (reason ? oneLine(reason) : "") : lines.join("; ");
  const text = [`${head}${number}`, what].filter(Boolean).join(". ");
  return asksForAnswer(message)
    ? `${clipped(text, MOST_TEXT - HOW.length - 2)}. ${HOW}`
    : clipped(text, MOST_TEXT);
}

export const sms = defineChannel({
  id: "sms",
  label: "SMS",
  ...telephone,
  docs,
  // Networks that tell at all tell within seconds.
  receiptWithinMs: 60_000,
  providers: CARRIER_KINDS,
  render: smsText,
  send: ({ phone }, message, context) =>
    carrierOf(context).text(phone, { message, text: smsText(message) }, context),
});
