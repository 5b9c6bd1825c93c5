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

/** Where Telegram's Bot API is, unless an installation runs a server of its own: core.telegram.org/bots/api. */
const HOME = "https://api.telegram.org";

export const telegramSettings = z
  .object({
    token: z
      .string()
      .trim()
      .regex(/^\d+:[\w-]{20,}$/, "give the bot's token as BotFather wrote it, e.g. 123456:ABC-DEF…"),
    api_url: z
      .url({ protocol: /^https?$/, error: "give the whole address of the Bot API server, or leave it out" })
      .optional(),
  })
  .strict();
export type TelegramSettings = z.infer<typeof telegramSettings>;

const answer = z.object({
  ok: z.boolean(),
  result: z.unknown().optional(),
  description: z.string().optional(),
  parameters: z.object({ retry_after: z.number().optional() }).optional(),
});

export interface TelegramCall {
  method: string;
  params: Record<string, unknown>;
  timeoutMs?: number;
}

/** What Telegram answered: its result, or in its own words why not. */
export type TelegramAnswer =
  | { ok: true; result: unknown; said: string }
  | { ok: false; said: string; meaning: Exclude<SendResult, { kind: "accepted" }>; status: number };

/** One call of the Bot API. Throws what the network threw. */
export async function telegramCall(
  { token, api_url = HOME }: TelegramSettings,
  { method, params, timeoutMs }: TelegramCall,
  context: CallContext & { now: Temporal.Instant },
): Promise<TelegramAnswer> {
  const answered = await httpCall(
    {
      method: "POST",
      url: `${api_url.replace(/\/+$/, "")}/bot${token}/${method}`,
      headers: { "content-type": "application/json" },
      body: JSON.stringify(params),
      ...(timeoutMs ? { timeoutMs } : {}),
    },
    context,
  );
  return read(answered, context.now);
}

function read(answered: Answered, now: Temporal.Instant): TelegramAnswer {
  const parsed = answer.safeParse(parsedJson(answered.body));
  const { status } = answered;
  if (parsed.success && parsed.data.ok)
    return { ok: true, result: parsed.data.result, said: saidBy({ ...answered, body: "" }) };
  const said = parsed.success
    ? `${status}: ${parsed.data.description ?? "no reason given"}`
    : saidBy(answered);
  const meaning = judgeAnswer(answered, now);
  const waitS = parsed.success ? parsed.data.parameters?.retry_after : undefined;
  if (waitS !== undefined)
    return { ok: false, status, said, meaning: { kind: "retry", why: said, afterMs: waitS * 1_000 } };
  // An answer that is none of Telegram's, whatever its status, is somebody in between.
  if (meaning.kind === "accepted" || !parsed.success)
    return { ok: false, status, said, meaning: { kind: "retry", why: said } };
  return { ok: false, status, said, meaning: { ...meaning, why: said } };
}
