import { createHmac } from "node:crypto";
import { z } from "zod";
import { isSameText } from "../../platform/secrets.ts";
import {
  type Answered,
  type CallContext,
  httpCall,
  judgeAnswer,
  parsedJson,
  saidBy,
} from "../channels/http-call.ts";
import { phone } from "../channels/telephone.ts";
import type { SendResult } from "../model.ts";

const HOME = "https://api.twilio.com";

export const twilioSettings = z
  .object({
    account_sid: z
      .string()
      .trim()
      .regex(/^AC[0-9a-f]{32}$/i, "give the account SID, which begins with AC"),
    auth_token: z.string().trim().min(16, "give the auth token of the same account"),
    from: z.union([phone, z.string().regex(/^MG[0-9a-f]{32}$/i)], {
      error: "give a number of yours at Twilio, e.g. +1 555 010 9999, or a messaging service's SID",
    }),
    api_url: z.url({ protocol: /^https?$/ }).optional(),
  })
  .strict();
export type TwilioSettings = z.infer<typeof twilioSettings>;

const made = z.looseObject({ sid: z.string() });
const refusal = z.looseObject({ code: z.number().optional(), message: z.string().optional() });

/** Errors that are about our account or our hurry, not about the number: twilio.com/docs/api/errors. */
const FOR_NOW = new Set([20429, 14107, 21611, 30001, 30022]);

/** The account is refused, whatever the number. */
const OURS = new Set([401, 403]);

export interface TwilioCall {
  /** Below the account: `Messages.json`, `Calls.json`; empty for the account itself. */
  path: string;
  params?: Readonly<Record<string, string>>;
}

/** One call of Twilio's REST API; without parameters it reads. Throws what the network threw. */
export function twilioCall(
  { account_sid, auth_token, api_url = HOME }: TwilioSettings,
  { path, params }: TwilioCall,
  context: CallContext,
): Promise<Answered> {
  const account = `${api_url.replace(/\/+$/, "")}/2010-04-01/Accounts/${account_sid}`;
  const basic = Buffer.from(`${account_sid}:${auth_token}`).toString("base64");
  return httpCall(
    {
      method: params ? "POST" : "GET",
      url: path ? `${account}/${path}` : `${account}.json`,
      headers: {
        authorization: `Basic ${basic}`,
        ...(params ? { "content-type": "application/x-www-form-urlencoded" } : {}),
      },
      ...(params ? { body: new URLSearchParams(params).toString() } : {}),
    },
    context,
  );
}

/** What Twilio's answer means for a page, in its own words. */
export function judgeTwilio(answered: Answered, now: Temporal.Instant): SendResult {
  const result = judgeAnswer(answered, now);
  const body = parsedJson(answered.body);
  if (result.kind === "accepted") {
    const message = made.safeParse(body);
    const detail = `${answered.status} ${answered.text}`.trim();
    return message.success
      ? { kind: "accepted", providerId: message.data.sid, detail }
      : { kind: "accepted", detail };
  }
  const { data } = refusal.safeParse(body);
  if (!data?.message) return result;
  const why = `${answered.status}: ${data.message}${data.code ? ` (${data.code})` : ""}`;
  if (result.kind === "refused" && FOR_NOW.has(data.code ?? 0)) return { kind: "retry", why };
  return result.kind === "refused" && OURS.has(answered.status)
    ? { ...result, why, account: true }
    : { ...result, why };
}

export const saidByTwilio = (answered: Answered): string => {
  const { data } = refusal.safeParse(parsedJson(answered.body));
  return data?.message ? `${answered.status}: ${data.message}` : saidBy(answered);
};

/**
 * `X-Twilio-Signature`: HMAC-SHA1 of the address followed by the form's parameters, each name with its value, in order of
 * their names (twilio.com/docs/usage/security#validating-requests).
 */
export function twilioSignature(
  token: string,
  url: string,
  params: Readonly<Record<string, string>>,
): string {
  const text = Object.keys(params)
    .toSorted()
    .reduce((sofar, name) => sofar + name + params[name], url);
  return createHmac("sha1", token).update(text).digest("base64");
}

export function isFromTwilio(
  token: string,
  {
    url,
    params,
    signature,
  }: { url: string; params: Readonly<Record<string, string>>; signature: string | undefined },
): boolean {
  return isSameText(signature ?? "", twilioSignature(token, url, params));
}

/** Twilio refuses addresses that it can't reach; without one there are no receipts, and no keys or words that answer. */
export function callbackUrl(home: string, slug: string, rest: string): string | null {
  const { hostname, protocol } = new URL(home);
  const isOurs =
    /^(localhost|127\.|10\.|192\.168\.|172\.(1[6-9]|2\d|3[01])\.|\[)/.test(hostname) ||
    !hostname.includes(".");
  return isOurs || !/^https?:$/.test(protocol) ? null : `${home}/callbacks/${slug}/${rest}`;
}
