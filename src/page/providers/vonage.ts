import { z } from "zod";
import { parsedJson, saidBy } from "../channels/http-call.ts";
import type { Receipt, Told } from "../replies/answers.ts";
import { defineProvider, type ProviderRequest, type ProviderResponse, type ReceiveContext } from "./kind.ts";
import { keyAction, notedReceipt } from "./telephone-answers.ts";
import { isSignedEvent, isSignedText, restCall, type VonageSettings, vonageSettings } from "./vonage-api.ts";
import { bare } from "./vonage-send.ts";

const docs = `
1. In Vonage's dashboard copy the **API key** and **API secret**. Under API settings choose **SHA-256 HMAC signature** and
   **signed webhooks**, and copy the **signature secret**.
2. For calls make an **application** with the capability Voice, copy its id, and generate and keep its private key.
3. Buy a number that can send SMS and call. Set its inbound SMS webhook to the address shown beside the provider, with \`/sms\`
   at its end, for answers by SMS.

Receipts, keys pressed during a call and answers by SMS come by Vonage's calling Keepwatch: \`KEEPWATCH_URL\` must be an
address that can be reached from outside. Every such call's signature is checked. With Twilio set up, too, the first of the
two that works carries messages and calls; which one is first is its position.
`.trim();

const secret = (name: string, label: string, help: string, required: boolean) =>
  ({ name, label, type: "secret", help, required }) as const;
const text = (name: string, label: string, help: string, required: boolean) =>
  ({ name, label, type: "text", help, required }) as const;

export const vonage = defineProvider({
  id: "vonage",
  label: "Vonage (SMS and calls)",
  settings: vonageSettings,
  secrets: ["api_secret", "signature_secret", "private_key"],
  form: [
    text("api_key", "API key", "Eight letters and digits", true),
    secret("api_secret", "API secret", "Of the same account", true),
    secret("signature_secret", "Signature secret", "Under API settings; the method is SHA-256 HMAC", true),
    text("from", "From", "A number of yours at Vonage, e.g. +447700900000", true),
    text("application_id", "Application id", "Of an application that can call; only for calls", false),
    secret("private_key", "Private key", "Of the same application; only for calls", false),
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
    api_key: "KEEPWATCH_VONAGE_API_KEY",
    api_secret: "KEEPWATCH_VONAGE_API_SECRET",
    signature_secret: "KEEPWATCH_VONAGE_SIGNATURE_SECRET",
    from: "KEEPWATCH_VONAGE_FROM",
    application_id: "KEEPWATCH_VONAGE_APPLICATION_ID",
    private_key: "KEEPWATCH_VONAGE_PRIVATE_KEY",
    api_url: "KEEPWATCH_VONAGE_API_URL",
  },
  answers: "inbound",
  // api.support.vonage.com: 30 messages and 3 calls a second by default.
  paces: (channel) => [{ per: "account", count: channel === "sms" ? 30 : 3, withinMs: 1_000 }],
  async check(settings, context) {
    const answered = await restCall(settings, { path: "account/get-balance", params: {} }, context);
    const { data } = z.looseObject({ value: z.number() }).safeParse(parsedJson(answered.body));
    if (answered.status !== 200 || !data) return { ok: false, text: saidBy(answered) };
    return { ok: true, text: `Vonage knows the account; its balance is ${data.value.toFixed(2)}.` };
  },
  receive,
});

async function receive(
  settings: VonageSettings,
  request: ProviderRequest,
  context: ReceiveContext,
): Promise<ProviderResponse> {
  const isText = request.path === "sms" || request.path === "sms-status";
  const params = paramsOf(request);
  const isTheirs = isText
    ? isSignedText(settings.signature_secret, params, context.now)
    : isSignedEvent(settings.signature_secret, request, context.now);
  if (!isTheirs) return { status: 403, body: "The signature is not Vonage's.\n" };
  const { "client-ref": clientRef = "" } = params;
  const deliveryId = isText ? clientRef : (request.query.get("d") ?? "");
  switch (request.path) {
    case "sms":
      return heard(settings, params, context);
    case "sms-status":
      return notedReceipt({ channel: "sms", deliveryId }, textReceipt(params), context);
    case "keys":
      return pressed(request, deliveryId, context);
    case "call-status":
      return notedReceipt({ channel: "voice", deliveryId }, callReceipt(request), context);
    default:
      return { status: 404, body: "There is nothing here.\n" };
  }
}

/** Callbacks about SMS come as a query, a form or JSON, as the account is set. */
function paramsOf({ query, headers, body }: ProviderRequest): Record<string, string> {
  const { "content-type": type = "" } = headers;
  const isJson = type.includes("json");
  const { data } = z
    .record(z.string(), z.unknown())
    .safeParse(isJson ? parsedJson(body.toString("utf8")) : {});
  const form = isJson ? [] : [...new URLSearchParams(body.toString("utf8"))];
  return Object.fromEntries([
    ...query,
    ...form,
    ...Object.entries(data ?? {}).map(([name, value]) => [name, String(value)] as const),
  ]);
}

/** An answer is sent as a message of its own: what the callback is answered with goes nowhere. */
async function heard(
  settings: VonageSettings,
  { msisdn = "", text: words = "", messageId = "" }: Readonly<Record<string, string>>,
  context: ReceiveContext,
): Promise<ProviderResponse> {
  const from = { channel: "sms", address: { phone: `+${bare(msisdn)}` }, externalId: messageId };
  const told = await context.answers.said(from, { text: words });
  if (told.text !== null) {
    const params = { from: settings.from, to: bare(msisdn), text: told.text, type: "unicode" };
    await restCall(settings, { path: "sms/json", params }, context).catch(() => {});
  }
  return { status: 204 };
}

const keys = z.looseObject({
  to: z.string().default(""),
  uuid: z.string().default(""),
  dtmf: z.looseObject({ digits: z.string().default("") }).optional(),
});

/** Whom Vonage called is who pressed. Nobody did: the call goes on with its next step. */
async function pressed(
  { body }: ProviderRequest,
  deliveryId: string,
  { answers }: ReceiveContext,
): Promise<ProviderResponse> {
  const { data } = keys.safeParse(parsedJson(body.toString("utf8")));
  const digits = data?.dtmf?.digits ?? "";
  if (!data || digits === "") return { status: 204 };
  const action = keyAction(digits);
  if (!action) return talk({ done: false, text: "That key means nothing here. Goodbye." });
  const address = { phone: `+${bare(data.to)}` };
  const from = { channel: "voice", address, externalId: `${data.uuid}:${digits}` };
  return talk(await answers.press(from, { deliveryId, action }));
}

const talk = ({ text: words }: Told): ProviderResponse => ({
  status: 200,
  headers: { "content-type": "application/json" },
  body: JSON.stringify([{ action: "talk", text: words ?? "" }]),
});

/** developer.vonage.com/en/messaging/sms/guides/delivery-receipts: "accepted" and "buffered" are on their way yet. */
function textReceipt(params: Readonly<Record<string, string>>): Receipt | null {
  const { status = "", "err-code": code = "" } = params;
  if (status === "delivered") return { kind: "delivered" };
  if (!["failed", "rejected", "expired", "undeliverable"].includes(status)) return null;
  return {
    kind: "undelivered",
    why: `The message was not delivered${code ? ` (Vonage's error ${code})` : ""}`,
  };
}

const ENDINGS: Readonly<Record<string, string>> = {
  busy: "The line was busy",
  timeout: "Nobody took the call",
  unanswered: "Nobody took the call",
  rejected: "The call was rejected",
  cancelled: "The call was cancelled",
  failed: "The call failed",
};

function callReceipt({ body }: ProviderRequest): Receipt | null {
  const { data } = z.looseObject({ status: z.string() }).safeParse(parsedJson(body.toString("utf8")));
  if (data?.status === "completed") return { kind: "delivered" };
  const why = ENDINGS[data?.status ?? ""];
  return why ? { kind: "undelivered", why } : null;
}
