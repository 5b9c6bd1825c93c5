import { escapeXml } from "../channels/spoken.ts";
import type { Receipt, Told } from "../replies/answers.ts";
import { defineProvider, type ProviderRequest, type ProviderResponse, type ReceiveContext } from "./kind.ts";
import { keyAction, notedReceipt } from "./telephone-answers.ts";
import { isFromTwilio, saidByTwilio, type TwilioSettings, twilioCall, twilioSettings } from "./twilio-api.ts";

const docs = `
1. In Twilio's console copy the **Account SID** and the **Auth Token**, and buy a number that can send SMS and call.
2. Set \`KEEPWATCH_TWILIO_ACCOUNT_SID\`, \`KEEPWATCH_TWILIO_AUTH_TOKEN\` and \`KEEPWATCH_TWILIO_FROM\`, or add the provider here.
3. For answers by SMS set the number's **A message comes in** webhook to the address shown beside the provider, with \`/sms\`
   at its end.

Receipts, keys pressed during a call and answers by SMS come by Twilio's calling Keepwatch: \`KEEPWATCH_URL\` must be an
address that can be reached from outside. Every such call's signature is checked.
`.trim();

export const twilio = defineProvider({
  id: "twilio",
  label: "Twilio (SMS and calls)",
  settings: twilioSettings,
  secrets: ["auth_token"],
  form: [
    { name: "account_sid", label: "Account SID", type: "text", help: "Begins with AC", required: true },
    { name: "auth_token", label: "Auth token", type: "secret", help: "Of the same account", required: true },
    {
      name: "from",
      label: "From",
      type: "text",
      help: "A number of yours at Twilio, e.g. +15550109999",
      required: true,
    },
    {
      name: "api_url",
      label: "API server",
      type: "url",
      help: "Only for another region's server",
      required: false,
    },
  ],
  docs,
  environment: {
    account_sid: "KEEPWATCH_TWILIO_ACCOUNT_SID",
    auth_token: "KEEPWATCH_TWILIO_AUTH_TOKEN",
    from: "KEEPWATCH_TWILIO_FROM",
    api_url: "KEEPWATCH_TWILIO_API_URL",
  },
  answers: "inbound",
  // A long number sends one message a second, and an account starts one call a second: support.twilio.com.
  paces: () => [{ per: "account", count: 1, withinMs: 1_000 }],
  async check(settings, context) {
    const answered = await twilioCall(settings, { path: "" }, context);
    if (answered.status !== 200) return { ok: false, text: saidByTwilio(answered) };
    return { ok: true, text: "Twilio knows the account." };
  },
  receive,
});

async function receive(
  settings: TwilioSettings,
  request: ProviderRequest,
  context: ReceiveContext,
): Promise<ProviderResponse> {
  const params = Object.fromEntries(new URLSearchParams(request.body.toString("utf8")));
  const signature = request.headers["x-twilio-signature"];
  if (!isFromTwilio(settings.auth_token, { url: request.url, params, signature }))
    return { status: 403, body: "The signature is not Twilio's.\n" };
  const deliveryId = request.query.get("d") ?? "";
  switch (request.path) {
    case "sms":
      return twiml(await said(params, context));
    case "keys":
      return twiml(await pressed(params, deliveryId, context), "Say");
    case "sms-status":
      return notedReceipt({ channel: "sms", deliveryId }, smsReceipt(params), context);
    case "call-status":
      return notedReceipt({ channel: "voice", deliveryId }, callReceipt(params), context);
    default:
      return { status: 404, body: "There is nothing here.\n" };
  }
}

type Params = Readonly<Record<string, string>>;

const said = (
  { From = "", Body = "", MessageSid = "" }: Params,
  { answers }: ReceiveContext,
): Promise<Told> =>
  answers.said({ channel: "sms", address: { phone: From }, externalId: MessageSid }, { text: Body });

/** Whom Twilio called is who pressed. */
async function pressed(
  { To = "", Digits = "", CallSid = "" }: Params,
  deliveryId: string,
  { answers }: ReceiveContext,
): Promise<Told> {
  const action = keyAction(Digits);
  if (!action) return { done: false, text: "That key means nothing here. Goodbye." };
  const from = { channel: "voice", address: { phone: To }, externalId: `${CallSid}:${Digits}` };
  return answers.press(from, { deliveryId, action });
}

function smsReceipt({ MessageStatus, ErrorCode = "" }: Params): Receipt | null {
  if (MessageStatus === "delivered") return { kind: "delivered" };
  if (MessageStatus === "read") return { kind: "seen" };
  if (MessageStatus !== "undelivered" && MessageStatus !== "failed") return null;
  return {
    kind: "undelivered",
    why: `The message was not delivered${ErrorCode ? ` (Twilio's error ${ErrorCode})` : ""}`,
  };
}

function callReceipt({ CallStatus = "" }: Params): Receipt | null {
  if (CallStatus === "completed") return { kind: "delivered" };
  const why = { busy: "The line was busy", "no-answer": "Nobody took the call", failed: "The call failed" }[
    CallStatus
  ];
  return why ? { kind: "undelivered", why } : null;
}

/** What Twilio is to say back. Nothing where saying nothing is right: a word to an automatic answer is one too many. */
function twiml({ text }: Told, element: "Message" | "Say" = "Message"): ProviderResponse {
  const inside = text === null ? "" : `<${element}>${escapeXml(text)}</${element}>`;
  return {
    status: 200,
    headers: { "content-type": "text/xml; charset=utf-8" },
    body: `<?xml version="1.0" encoding="UTF-8"?><Response>${inside}</Response>`,
  };
}
