import type { IncomingMessage } from "node:http";
import { guardedRequest, type RequestContext } from "./guarded-request.ts";

const TIMEOUT_MS = 20_000;
const MOST_BYTES = 5_000_000;
const MOST_REDIRECTS = 3;

/** Reads a text from outside. Throws, in words that can be shown, when there is none. */
export type ReadUrl = (url: string, signal?: AbortSignal) => Promise<string>;

/**
 * GET of a public text: at most 5 MB in 20 s, through at most three redirects, each to addresses that the guard allows
 * and never from https to http.
 */
export function createReadUrl(context: Omit<RequestContext, "signal">): ReadUrl {
  return async (url, signal) => {
    const limit = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
    try {
      return await follow(new URL(url), { ...context, signal: limit });
    } catch (error) {
      if (limit.aborted && !signal?.aborted)
        throw new Error(`No answer within ${TIMEOUT_MS / 1_000} s.`, { cause: error });
      throw error;
    }
  };
}

async function follow(first: URL, context: RequestContext): Promise<string> {
  let url = first;
  for (let hops = 0; hops <= MOST_REDIRECTS; hops++) {
    if (!["https:", "http:"].includes(url.protocol))
      throw new Error(`${url.protocol} addresses aren't read.`);
    const answer = await guardedRequest({ method: "GET", url }, context);
    const status = answer.statusCode ?? 0;
    if (status >= 200 && status < 300) return readText(answer);
    answer.destroy();
    const to = answer.headers.location;
    if (status < 300 || status >= 400 || !to)
      throw new Error(`It answered ${status} ${answer.statusMessage ?? ""}`.trim());
    const next = new URL(to, url);
    if (url.protocol === "https:" && next.protocol !== "https:")
      throw new Error("It redirects from https to http.");
    url = next;
  }
  throw new Error(`It redirects more than ${MOST_REDIRECTS} times.`);
}

async function readText(answer: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of answer) {
    size += chunk.length;
    if (size > MOST_BYTES) {
      answer.destroy();
      throw new Error(`It is longer than ${MOST_BYTES / 1_000_000} MB.`);
    }
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString("utf8");
}
