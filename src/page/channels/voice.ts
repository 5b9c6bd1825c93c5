import { asksForAnswer, type Message } from "../message.ts";
import { confirmedBy } from "../model.ts";
import { callbackUrl, judgeTwilio, twilioCall, twilioSettings } from "../providers/twilio-api.ts";
import { defineChannel } from "./channel.ts";
import { escapeXml, spoken } from "./spoken.ts";
import { telephone } from "./telephone.ts";

/** How long it rings, in seconds: before most mailboxes answer. */
const RINGS_S = "25";

const docs = `
Calls and reads out what failed. Press **4** to acknowledge, **6** to resolve, **5** if you can't and the next person is to be
woken. A line that is busy, or nobody's taking the call, makes Keepwatch use the next contact method at once.

Keys and receipts need an address of Keepwatch that Twilio can reach; without one the call is only read out.
`.trim();

/** What the call says, in Twilio's markup. `keys`: where a pressed key is told. */
export function callScript(message: Message, keys: string | null): string {
  const text = escapeXml(spoken(message));
  const say = (words: string) => `<Say>${words}</Say>`;
  if (!asksForAnswer(message) || keys === null)
    return `<Response>${say(text)}<Pause length="1"/>${say(text)}</Response>`;
  const menu = "Press 4 to acknowledge. 6 to resolve. 5 to wake the next person.";
  const asked = `${say(text)}${say(menu)}<Pause length="2"/>`;
  return `<Response><Gather numDigits="1" timeout="8" method="POST" action="${escapeXml(keys)}">${asked}${asked}</Gather></Response>`;
}

export const voice = defineChannel({
  id: "voice",
  label: "Phone call",
  ...telephone,
  docs,
  // It rings, and is read out twice; the end of the call is the receipt.
  receiptWithinMs: 120_000,
  providers: ["twilio"],
  render: (message) => callScript(message, null),
  async send({ phone: to }, message, context) {
    const settings = twilioSettings.parse(context.provider?.settings);
    const slug = context.provider?.slug ?? "";
    const item = "items" in message ? message.items[0].deliveryId : context.deliveryId;
    const status = callbackUrl(message.url, slug, `call-status?d=${context.deliveryId}`);
    const params = {
      To: to,
      From: settings.from,
      Twiml: callScript(message, callbackUrl(message.url, slug, `keys?d=${item}`)),
      Timeout: RINGS_S,
      ...(status ? { StatusCallback: status, StatusCallbackEvent: "completed" } : {}),
    };
    const answered = await twilioCall(settings, { path: "Calls.json", params }, context);
    return confirmedBy(judgeTwilio(answered, context.now), status !== null);
  },
});
