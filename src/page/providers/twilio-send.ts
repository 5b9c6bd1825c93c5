import { callScript } from "../channels/call-script.ts";
import { confirmedBy } from "../model.ts";
import type { Carrier } from "./carriers.ts";
import { callbackUrl, judgeTwilio, twilioCall, twilioSettings } from "./twilio-api.ts";

/** How long it rings, in seconds: before most mailboxes answer. */
const RINGS_S = "25";

export const twilioCarrier: Carrier = {
  async text(to, { message, text }, context) {
    const settings = twilioSettings.parse(context.provider?.settings);
    const slug = context.provider?.slug ?? "";
    const status = callbackUrl(message.url, slug, `sms-status?d=${context.deliveryId}`);
    const params = {
      To: to,
      ...(settings.from.startsWith("MG") ? { MessagingServiceSid: settings.from } : { From: settings.from }),
      Body: text,
      ...(status ? { StatusCallback: status } : {}),
    };
    const answered = await twilioCall(settings, { path: "Messages.json", params }, context);
    return confirmedBy(judgeTwilio(answered, context.now), status !== null);
  },
  async call(to, message, context) {
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
};
