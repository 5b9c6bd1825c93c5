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

const HOME = "https://api.pushover.net";

/** Users, groups and applications have keys of thirty letters and digits: pushover.net/api#identifiers. */
export const pushoverKey = (what: string) =>
  z
    .string()
    .trim()
    .regex(/^[A-Za-z0-9]{30}$/, `give ${what}, thirty letters and digits`);

export const pushoverSettings = z
  .object({
    token: pushoverKey("the application's API token"),
    api_url: z.url({ protocol: /^https?$/ }).optional(),
  })
  .strict();
export type PushoverSettings = z.infer<typeof pushoverSettings>;

export const pushoverCall = (
  { token, api_url = HOME }: PushoverSettings,
  { path, params }: { path: string; params?: Readonly<Record<string, string>> },
  context: CallContext,
): Promise<Answered> =>
  httpCall(
    params
      ? {
          method: "POST",
          url: `${api_url.replace(/\/+$/, "")}/1/${path}`,
          headers: { "content-type": "application/x-www-form-urlencoded" },
          body: new URLSearchParams({ token, ...params }).toString(),
        }
      : { method: "GET", url: `${api_url.replace(/\/+$/, "")}/1/${path}?token=${token}` },
    context,
  );

const answer = z.looseObject({
  status: z.number(),
  receipt: z.string().optional(),
  request: z.string().optional(),
  errors: z.array(z.string()).optional(),
});

/** What Pushover's answer means for a page, in its own words. 4xx but 429 will never work this way: pushover.net/api#friendly. */
export function judgePushover(answered: Answered, now: Temporal.Instant): SendResult {
  const result = judgeAnswer(answered, now);
  const { data } = answer.safeParse(parsedJson(answered.body));
  if (result.kind === "accepted")
    return data?.status === 1
      ? {
          kind: "accepted",
          detail: `${answered.status} ${answered.text}`.trim(),
          providerId: data.receipt ?? data.request ?? "",
        }
      : { kind: "retry", why: saidBy(answered) };
  return data?.errors ? { ...result, why: `${answered.status}: ${data.errors.join("; ")}` } : result;
}
