import { createHmac } from "node:crypto";
import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import { z } from "zod";
import { AddressRefused, pinnedLookup, resolveGuarded } from "../../platform/net/guarded-lookup.ts";
import type { SendResult } from "../model.ts";
import { oneLine } from "../words.ts";
import { defineChannel, type SendContext } from "./channel.ts";
import { webhookPayload } from "./webhook-payload.ts";

const TIMEOUT_MS = 10_000;
/** How much of an answer is read at all, and how much of it the ledger keeps. */
const MOST_BYTES = 16_384;
const MOST_DETAIL = 500;

const address = z
  .object({
    url: z
      .url({ protocol: /^https?$/, error: "give the whole address, beginning with https:// or http://" })
      .max(2_000),
    secret: z
      .string()
      .min(1, "give a secret: every message is signed with it")
      .max(500)
      .describe("signs every message"),
  })
  .strict();
type Address = z.infer<typeof address>;

const docs = `
Sends each page as \`POST\` with a JSON body to an address of yours, so that anything you run can ring, print or forward it.

Every message carries \`Keepwatch-Signature: t=<unix seconds>,v1=<hex>\`. Compute HMAC-SHA256 of \`t\`, a dot and the raw
body with the secret, compare it with \`v1\` in constant time, and refuse a \`t\` more than five minutes old.
\`delivery_id\` stays the same when a message is sent again: take each one once.

Answer 2xx within 10 seconds. 408, 425, 429, 5xx and network failures are tried again (\`Retry-After\` is heard, up to a
minute); any other answer, redirects too, is a refusal, and the person's next contact method is used at once.

\`actions.acknowledge.url\`, \`actions.resolve.url\` and \`actions.escalate.url\` take a \`POST\` with an empty body.
When several incidents come within 30 seconds they arrive as one message, and \`bundle\` lists them all.
`.trim();

/** Where it goes, without what may be a secret: user, query, and all but the first part of the path. */
function destination({ url }: Address): string {
  const { host, pathname } = new URL(url);
  const [first = "", ...rest] = pathname.split("/").filter(Boolean);
  const shown = first.length > 20 ? "…" : first;
  return `${host}${shown ? `/${shown}` : ""}${rest.length > 0 ? "/…" : ""}`;
}

/** `Keepwatch-Signature` for a body sent at `t` (Unix seconds). */
export const signature = (secret: string, t: number, body: string): string =>
  `t=${t},v1=${createHmac("sha256", secret).update(`${t}.${body}`).digest("hex")}`;

interface Answered {
  status: number;
  text: string;
  body: string;
  retryAfter: string | undefined;
}

/** One request to addresses that the guard has allowed. Redirects are not followed: they would walk around it. */
async function post(to: Address, body: string, context: SendContext): Promise<Answered> {
  const url = new URL(to.url);
  const secure = url.protocol === "https:";
  const port = Number(url.port || (secure ? 443 : 80));
  const signal = AbortSignal.any([context.signal, AbortSignal.timeout(TIMEOUT_MS)]);
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const resolving = resolveGuarded({ host, port, resolve: context.resolve, guard: context.guard });
  const addresses = await orAborted(resolving, signal);
  const auth = url.username
    ? `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`
    : undefined;
  return new Promise((resolve, reject) => {
    const request = (secure ? httpsRequest : httpRequest)(
      {
        method: "POST",
        host,
        port,
        path: url.pathname + url.search,
        auth,
        agent: false,
        lookup: pinnedLookup(addresses),
        signal,
        headers: {
          "content-type": "application/json",
          "content-length": Buffer.byteLength(body),
          "user-agent": "Keepwatch",
          "keepwatch-delivery": context.deliveryId,
          "keepwatch-signature": signature(to.secret, Math.floor(context.now.epochMilliseconds / 1000), body),
        },
      },
      (response) => readAnswer(response).then(resolve, reject),
    );
    request.on("error", reject);
    request.end(body);
  });
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
    retryAfter: response.headers["retry-after"],
  };
}

const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });

const WORTH_ANOTHER_TRY = new Set([408, 425, 429]);

/** What an HTTP answer means for a page. */
export function judge(answer: Answered, now: Temporal.Instant): SendResult {
  const said = oneLine(answer.body).slice(0, MOST_DETAIL);
  const detail = [`${answer.status} ${answer.text}`.trim(), said].filter(Boolean).join(": ");
  if (answer.status >= 200 && answer.status < 300) return { kind: "accepted", detail };
  if (answer.status >= 500 || WORTH_ANOTHER_TRY.has(answer.status))
    return { kind: "retry", why: detail, afterMs: retryAfterMs(answer.retryAfter, now) };
  const hint = answer.status >= 300 && answer.status < 400 ? " (redirects are not followed)" : "";
  return { kind: "refused", why: detail + hint };
}

/** `Retry-After` is a number of seconds or an HTTP date; anything else is as if it were not there. */
function retryAfterMs(header: string | undefined, now: Temporal.Instant): number | undefined {
  if (header === undefined) return undefined;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1_000;
  const at = Date.parse(header);
  return Number.isNaN(at) ? undefined : Math.max(0, at - now.epochMilliseconds);
}

function networkFailure(error: unknown): SendResult {
  if (error instanceof AddressRefused) return { kind: "refused", why: error.why };
  if (error instanceof Error && error.name === "TimeoutError")
    return { kind: "retry", why: `No answer within ${TIMEOUT_MS / 1000} s` };
  if (!(error instanceof Error)) return { kind: "retry", why: String(error) };
  const code = "code" in error ? String(error.code) : error.name;
  return { kind: "retry", why: error.message || code };
}

export const webhook = defineChannel({
  id: "webhook",
  label: "Webhook",
  address,
  secrets: ["secret"],
  form: [
    {
      name: "url",
      label: "Address",
      type: "url",
      help: "Where pages are sent, e.g. https://example.com/keepwatch",
      required: true,
    },
    {
      name: "secret",
      label: "Secret",
      type: "secret",
      help: "Any text that only you and the receiver know; it signs every message",
      required: true,
    },
  ],
  docs,
  receipt: "none",
  destination,
  unavailable: () => null,
  render: webhookPayload,
  async send(to, message, context) {
    const body = JSON.stringify(webhookPayload(message));
    try {
      return judge(await post(to, body, context), context.now);
    } catch (error) {
      if (context.signal.aborted) throw error;
      return networkFailure(error);
    }
  },
});
