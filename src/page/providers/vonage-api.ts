import { createHash, createHmac, createPrivateKey, createSign, randomUUID } from "node:crypto";
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
import type { SendResult } from "../model.ts";
import type { ProviderRequest } from "./kind.ts";

const REST = "https://rest.nexmo.com";
const API = "https://api.nexmo.com";
/** How old a signed callback may be, and how long a token of ours lives. */
const FRESH_S = 300;

/** A key that was pasted into one line is given its lines back. */
const pem = z
  .string()
  .transform((text) =>
    text
      .replaceAll("\\n", "\n")
      .trim()
      .replace(
        /^(-----BEGIN [A-Z ]+-----)\s*([\s\S]*?)\s*(-----END [A-Z ]+-----)$/,
        (_all, head, body, tail) => `${head}\n${String(body).replaceAll(/\s+/g, "\n")}\n${tail}\n`,
      ),
  )
  .refine(
    isKey,
    "give the application's private key, from its first line (-----BEGIN PRIVATE KEY-----) to its last",
  );

function isKey(text: string): boolean {
  try {
    return createPrivateKey(text).asymmetricKeyType === "rsa";
  } catch {
    return false;
  }
}

export const vonageSettings = z
  .object({
    api_key: z
      .string()
      .trim()
      .regex(/^\w{6,16}$/, "give the API key, eight letters and digits"),
    api_secret: z.string().trim().min(8, "give the API secret of the same account"),
    signature_secret: z.string().trim().min(16, "give the signature secret of the same account"),
    from: z
      .string()
      .transform((text) => text.replaceAll(/[\s().+-]/g, ""))
      .refine((text) => /^\d{7,15}$/.test(text), "give a number of yours at Vonage, e.g. +44 7700 900000"),
    application_id: z.guid("give the application's id, which calls need").optional(),
    private_key: pem.optional(),
    api_url: z.url({ protocol: /^https?$/ }).optional(),
  })
  .strict();
export type VonageSettings = z.infer<typeof vonageSettings>;

const base64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString("base64url");

/** The token that the Voice API wants, RS256: developer.vonage.com/en/getting-started/concepts/authentication#json-web-tokens. */
export function applicationToken(
  { application_id, private_key }: { application_id: string; private_key: string },
  now: Temporal.Instant,
): string {
  const iat = Math.floor(now.epochMilliseconds / 1_000);
  const claims = { application_id, iat, exp: iat + FRESH_S, jti: randomUUID() };
  const open = `${base64({ alg: "RS256", typ: "JWT" })}.${base64(claims)}`;
  return `${open}.${createSign("RSA-SHA256").update(open).sign(private_key, "base64url")}`;
}

/** One call of the SMS API and the account's. Throws what the network threw. */
export const restCall = (
  { api_key, api_secret, api_url = REST }: VonageSettings,
  { path, params }: { path: string; params: Readonly<Record<string, string>> },
  context: CallContext,
): Promise<Answered> =>
  httpCall(
    {
      method: "POST",
      url: `${api_url.replace(/\/+$/, "")}/${path}`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ api_key, api_secret, ...params }).toString(),
    },
    context,
  );

/** A new call. Throws what the network threw. */
export const voiceCall = (
  { api_url = API }: VonageSettings,
  { token, body }: { token: string; body: object },
  context: CallContext,
): Promise<Answered> =>
  httpCall(
    {
      method: "POST",
      url: `${api_url.replace(/\/+$/, "")}/v1/calls`,
      headers: { "content-type": "application/json", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    },
    context,
  );

const sent = z.looseObject({
  messages: z
    .array(
      z.looseObject({
        status: z.string(),
        "message-id": z.string().optional(),
        "error-text": z.string().optional(),
      }),
    )
    .min(1),
});

/** developer.vonage.com/en/messaging/sms/guides/troubleshooting-sms: throttled and an error of theirs. */
const FOR_NOW = new Set(["1", "5", "10"]);
/** What is wrong with our account, sender or settings and not with the number. */
const OURS = new Set(["2", "4", "8", "9", "11", "14", "15", "23", "29", "32"]);

/** What the SMS API's answer means for a page. It is 200 whatever happened; the first part's status tells. */
export function judgeText(answered: Answered, now: Temporal.Instant): SendResult {
  const result = judgeAnswer(answered, now);
  const { data } = sent.safeParse(parsedJson(answered.body));
  const [first] = data?.messages ?? [];
  if (result.kind !== "accepted") return ofAccount(result, answered.status);
  if (!first) return { kind: "retry", why: saidBy(answered) };
  if (first.status === "0")
    return { kind: "accepted", detail: "0 accepted", providerId: first["message-id"] ?? "" };
  const why = `${first.status}: ${first["error-text"] ?? "no reason given"}`;
  if (FOR_NOW.has(first.status)) return { kind: "retry", why };
  return { kind: "refused", why, ...(OURS.has(first.status) ? { account: true } : {}) };
}

const made = z.looseObject({ uuid: z.string() });
const problem = z.looseObject({ title: z.string(), detail: z.string().optional() });

/** What the Voice API's answer means for a page. */
export function judgeCall(answered: Answered, now: Temporal.Instant): SendResult {
  const result = judgeAnswer(answered, now);
  const body = parsedJson(answered.body);
  if (result.kind === "accepted") {
    const { data } = made.safeParse(body);
    const detail = `${answered.status} ${answered.text}`.trim();
    return data
      ? { kind: "accepted", detail, providerId: data.uuid }
      : { kind: "retry", why: saidBy(answered) };
  }
  const { data } = problem.safeParse(body);
  const why = data
    ? [`${answered.status}: ${data.title}`, data.detail].filter(Boolean).join(": ")
    : result.why;
  return ofAccount({ ...result, why }, answered.status);
}

const ofAccount = (result: SendResult, status: number): SendResult =>
  result.kind === "refused" && (status === 401 || status === 403) ? { ...result, account: true } : result;

const isFresh = (seconds: number, now: Temporal.Instant): boolean =>
  Math.abs(now.epochMilliseconds / 1_000 - seconds) <= FRESH_S;

/**
 * `sig` of an SMS callback: HMAC of `&name=value…` in order of the names, with `&` and `=` in values made `_`
 * (developer.vonage.com/en/getting-started/concepts/signing-messages). Only the SHA-2 methods are taken.
 */
export function textSignature(
  secret: string,
  params: Readonly<Record<string, string>>,
  method: "sha256" | "sha512" = "sha256",
): string {
  const text = Object.keys(params)
    .filter((name) => name !== "sig")
    .toSorted()
    .map((name) => `&${name}=${(params[name] ?? "").replaceAll(/[&=]/g, "_")}`)
    .join("");
  return createHmac(method, secret).update(text).digest("hex");
}

export function isSignedText(
  secret: string,
  params: Readonly<Record<string, string>>,
  now: Temporal.Instant,
): boolean {
  const { sig = "", timestamp } = params;
  const given = sig.toLowerCase();
  const method = given.length === 128 ? "sha512" : "sha256";
  return isFresh(Number(timestamp), now) && isSameText(given, textSignature(secret, params, method));
}

const claims = z.looseObject({ iat: z.number(), payload_hash: z.string().optional() });

/**
 * A callback of the Voice API bears a token signed with HS256 that carries the body's hash
 * (developer.vonage.com/en/getting-started/concepts/webhooks#decoding-signed-webhooks).
 */
export function isSignedEvent(
  secret: string,
  { headers, body, method }: Pick<ProviderRequest, "headers" | "body" | "method">,
  now: Temporal.Instant,
): boolean {
  const { authorization = "" } = headers;
  const [, head = "", payload = "", signature = ""] =
    /^Bearer ([\w-]+)\.([\w-]+)\.([\w-]+)$/i.exec(authorization) ?? [];
  const decoded = (part: string) => parsedJson(Buffer.from(part, "base64url").toString("utf8"));
  const { data: header } = z.looseObject({ alg: z.literal("HS256") }).safeParse(decoded(head));
  const { data } = claims.safeParse(decoded(payload));
  if (!header || !data || !isFresh(data.iat, now)) return false;
  if (!isSameText(signature, createHmac("sha256", secret).update(`${head}.${payload}`).digest("base64url")))
    return false;
  if (method === "GET") return true;
  return isSameText(data.payload_hash ?? "", createHash("sha256").update(body).digest("hex"));
}
