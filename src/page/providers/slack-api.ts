import { z } from "zod";
import {
  type Answered,
  type CallContext,
  httpCall,
  judgeAnswer,
  parsedJson,
  saidBy,
} from "../channels/http-call.ts";
import type { SendResult } from "../model.ts";

const HOME = "https://slack.com";

export const slackSettings = z
  .object({
    bot_token: z
      .string()
      .trim()
      .regex(/^xoxb-[\w-]+$/, "give the bot user's token, which begins with xoxb-"),
    app_token: z
      .string()
      .trim()
      .regex(/^xapp-[\w-]+$/, "give an app-level token with connections:write, which begins with xapp-"),
    api_url: z.url({ protocol: /^https?$/ }).optional(),
  })
  .strict();
export type SlackSettings = z.infer<typeof slackSettings>;

const answer = z.looseObject({ ok: z.boolean(), error: z.string().optional() });

export type SlackAnswer =
  | { ok: true; body: Record<string, unknown> }
  | { ok: false; said: string; meaning: Exclude<SendResult, { kind: "accepted" }> };

/** Errors that pass by themselves: docs.slack.dev/reference/methods/chat.postMessage#errors. */
const FOR_NOW = new Set([
  "ratelimited",
  "internal_error",
  "fatal_error",
  "service_unavailable",
  "request_timeout",
]);

/** What to do about the commoner ones. */
const MENDS: Readonly<Record<string, string>> = {
  channel_not_found: "Nobody of that id is there; connect Slack anew",
  user_not_found: "Nobody of that id is there; connect Slack anew",
  invalid_auth: "The bot's token is wrong or was revoked",
  token_revoked: "The bot's token is wrong or was revoked",
  account_inactive: "The bot's token is wrong or was revoked",
  not_authed: "The bot's token is wrong or was revoked",
  missing_scope: "The app lacks a scope; install it anew with the manifest",
};

/** One method of Slack's Web API. Throws what the network threw. */
export async function slackCall(
  { api_url = HOME }: SlackSettings,
  { method, token, body }: { method: string; token: string; body: Record<string, unknown> },
  context: CallContext & { now: Temporal.Instant },
): Promise<SlackAnswer> {
  const answered = await httpCall(
    {
      method: "POST",
      url: `${api_url.replace(/\/+$/, "")}/api/${method}`,
      headers: { "content-type": "application/json; charset=utf-8", authorization: `Bearer ${token}` },
      body: JSON.stringify(body),
    },
    context,
  );
  return read(answered, context.now);
}

function read(answered: Answered, now: Temporal.Instant): SlackAnswer {
  const { data } = answer.safeParse(parsedJson(answered.body));
  if (data?.ok) return { ok: true, body: data };
  const result = judgeAnswer(answered, now);
  if (result.kind !== "accepted") {
    const said = data?.error ? `${answered.status}: ${data.error}` : result.why;
    return { ok: false, said, meaning: { ...result, why: said } };
  }
  if (!data?.error)
    return { ok: false, said: saidBy(answered), meaning: { kind: "retry", why: saidBy(answered) } };
  const mend = MENDS[data.error];
  const said = mend ? `${data.error}. ${mend}` : data.error;
  return { ok: false, said, meaning: { kind: FOR_NOW.has(data.error) ? "retry" : "refused", why: said } };
}
