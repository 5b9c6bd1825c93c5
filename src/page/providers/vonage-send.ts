import { callSteps } from "../channels/call-script.ts";
import { confirmedBy } from "../model.ts";
import type { Carrier } from "./carriers.ts";
import { callbackUrl } from "./twilio-api.ts";
import { applicationToken, judgeCall, judgeText, restCall, voiceCall, vonageSettings } from "./vonage-api.ts";

/** How long it rings, in seconds: before most mailboxes answer. */
const RINGS_S = 25;

/** Numbers are written without "+" there. */
export const bare = (phone: string): string => phone.replace(/^\+/, "");
/** GSM 7 bit's letters; anything else has to be sent as Unicode. */
const isPlain = (text: string): boolean =>
  /^[\w\s@£$¥èéùìòÇØøÅåÄÖÑÜ§äöñüàÆæßÉ!"#%&'()*+,./:;<=>?¡¿[\]{}\\|^~€-]*$/.test(text);

export const vonageCarrier: Carrier = {
  async text(to, { message, text }, context) {
    const settings = vonageSettings.parse(context.provider?.settings);
    const callback = callbackUrl(message.url, context.provider?.slug ?? "", "sms-status");
    const params = {
      ...{ from: settings.from, to: bare(to), text, "client-ref": context.deliveryId },
      type: isPlain(text) ? "text" : "unicode",
      ...(callback ? { callback, "status-report-req": "1" } : {}),
    };
    const answered = await restCall(settings, { path: "sms/json", params }, context);
    return confirmedBy(judgeText(answered, context.now), callback !== null);
  },
  async call(to, message, context) {
    const settings = vonageSettings.parse(context.provider?.settings);
    const { application_id, private_key } = settings;
    if (!application_id || !private_key)
      return {
        kind: "refused",
        account: true,
        why: "Vonage needs an application's id and private key to call. Add them under Settings → Providers",
      };
    const slug = context.provider?.slug ?? "";
    const item = "items" in message ? message.items[0].deliveryId : context.deliveryId;
    const status = callbackUrl(message.url, slug, `call-status?d=${context.deliveryId}`);
    const body = {
      to: [{ type: "phone", number: bare(to) }],
      from: { type: "phone", number: settings.from },
      ncco: callSteps(message, callbackUrl(message.url, slug, `keys?d=${item}`)),
      ringing_timer: RINGS_S,
      ...(status ? { event_url: [status], event_method: "POST" } : {}),
    };
    const token = applicationToken({ application_id, private_key }, context.now);
    return confirmedBy(
      judgeCall(await voiceCall(settings, { token, body }, context), context.now),
      status !== null,
    );
  },
};
