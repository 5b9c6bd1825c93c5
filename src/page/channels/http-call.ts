import type { IncomingHttpHeaders, IncomingMessage } from "node:http";
import { AddressRefused } from "../../platform/net/guarded-lookup.ts";
import { guardedRequest, type RequestContext } from "../../platform/net/guarded-request.ts";
import type { SendResult } from "../model.ts";
import { oneLine } from "../words.ts";

const TIMEOUT_MS = 10_000;
/** How much of an answer is read at all, and how much of it the ledger keeps. */
const MOST_BYTES = 65_536;
const MOST_DETAIL = 500;

export interface HttpCall {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  /** Sent as Basic authentication when it names a user. */
  url: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
  /** 10 s unless given; long polling waits longer. */
  timeoutMs?: number;
}

export type CallContext = RequestContext;

export interface Answered {
  status: number;
  text: string;
  body: string;
  headers: IncomingHttpHeaders;
}

/**
 * One request, to addresses that the guard has allowed. Redirects are not followed: they would walk around it.
 * Throws what the network threw; `networkFailure` says what that means for a page.
 */
export async function httpCall(call: HttpCall, context: CallContext): Promise<Answered> {
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(call.timeoutMs ?? TIMEOUT_MS)]);
  return readAnswer(await opened(call, { ...context, signal }));
}

function opened(
  { url: text, method, headers, body }: HttpCall,
  context: CallContext,
): Promise<IncomingMessage> {
  const url = new URL(text);
  const auth = url.username
    ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    : undefined;
  return guardedRequest({ url, method, auth, headers, body }, context);
}

/**
 * The lines of an answer that goes on for as long as the other side likes. Ends when it does; throws what the network
 * threw, that nothing came for `call.timeoutMs`, or that the status was none of 2xx, in the provider's own words.
 */
export async function* httpLines(call: HttpCall, context: CallContext): AsyncGenerator<string> {
  const silence = new AbortController();
  const idle = setTimeout(() => silence.abort(new Error("nothing was heard for too long")), call.timeoutMs);
  try {
    const signal = AbortSignal.any([context.signal, silence.signal]);
    const response = await opened(call, { ...context, signal });
    const status = response.statusCode ?? 0;
    if (status < 200 || status >= 300) throw new Error(saidBy(await readAnswer(response)));
    let rest = "";
    for await (const chunk of response.setEncoding("utf8")) {
      idle.refresh();
      rest += chunk;
      if (rest.length > MOST_BYTES) throw new Error("a line is longer than any that is understood");
      const lines = rest.split("\n");
      rest = lines.pop() ?? "";
      yield* lines;
    }
  } finally {
    clearTimeout(idle);
    silence.abort();
  }
}

/** The status line decides; a body that stalls or breaks off is kept as far as it came. */
async function readAnswer(response: IncomingMessage): Promise<Answered> {
  const chunks: Buffer[] = [];
  let size = 0;
  try {
    for await (const chunk of response) {
      chunks.push(chunk);
      size += chunk.length;
      if (size >= MOST_BYTES) break;
    }
  } catch {
    // the part that came is the detail
  }
  response.destroy();
  return {
    status: response.statusCode ?? 0,
    text: response.statusMessage ?? "",
    body: Buffer.concat(chunks).toString("utf8"),
    headers: response.headers,
  };
}

/** Undefined where it is no JSON: providers' proxies answer in HTML. */
export function parsedJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const WORTH_ANOTHER_TRY = new Set([408, 425, 429]);

/** The provider's own words, in one line that the ledger can keep. */
export const saidBy = ({ status, text, body }: Pick<Answered, "status" | "text" | "body">): string =>
  [`${status} ${text}`.trim(), oneLine(body).slice(0, MOST_DETAIL)].filter(Boolean).join(": ");

/**
 * What an HTTP answer means for a page, where the provider says nothing more exact: 2xx is accepted; 408, 425, 429 and
 * 5xx are worth another try, after `Retry-After` where it is given; anything else will never work this way.
 */
export function judgeAnswer(answer: Answered, now: Temporal.Instant): SendResult {
  const detail = saidBy(answer);
  if (answer.status >= 200 && answer.status < 300) return { kind: "accepted", detail };
  if (answer.status >= 500 || WORTH_ANOTHER_TRY.has(answer.status))
    return { kind: "retry", why: detail, afterMs: retryAfterMs(answer.headers["retry-after"], now) };
  const hint = answer.status >= 300 && answer.status < 400 ? " (redirects are not followed)" : "";
  return { kind: "refused", why: detail + hint };
}

/** `Retry-After` is a number of seconds or an HTTP date; anything else is as if it were not there. */
export function retryAfterMs(header: string | undefined, now: Temporal.Instant): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.epochMilliseconds);
}

/** What it means for a page that no answer came. */
export function networkFailure(error: unknown): Exclude<SendResult, { kind: "accepted" }> {
  if (error instanceof AddressRefused) return { kind: "refused", why: error.why };
  if (error instanceof Error && error.name === "TimeoutError")
    return { kind: "retry", why: `No answer within ${TIMEOUT_MS / 1000} s` };
  if (!(error instanceof Error)) return { kind: "retry", why: String(error) };
  const code = "code" in error ? String(error.code) : error.name;
  return { kind: "retry", why: error.message || code };
}

/** One call and its meaning. Throws what the network threw. */
export const sendCall = async (
  call: HttpCall,
  context: CallContext & { now: Temporal.Instant },
  judge: (answer: Answered, now: Temporal.Instant) => SendResult = judgeAnswer,
): Promise<SendResult> => judge(await httpCall(call, context), context.now);
