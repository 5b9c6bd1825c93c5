import { createHmac } from "node:crypto";
import { z } from "zod";
import { defineChannel } from "./channel.ts";
import { sendCall } from "./http-call.ts";
import { webhookPayload } from "./webhook-payload.ts";

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
Sends each page as \`POST\` with a JSON body to an address of yours, so that anything you run can ring, print or forward it:

\`\`\`json
{
  "type": "page",
  "delivery_id": "…",
  "page": { "id": "…", "reason": "level 1, on call in web-primary" },
  "incident": { "number": 12, "title": "…", "severity": "SEV2", "status": "triggered", "url": "…", "alerts": [] },
  "person": { "email": "ada@example.com", "name": "Ada" },
  "actions": { "acknowledge": { "url": "…" }, "resolve": { "url": "…" }, "escalate": { "url": "…" } },
  "similar": [],
  "sent_at": "2026-11-23T08:17:16.924Z"
}
\`\`\`

\`type\` is \`page\`, \`resolved\`, \`joined\` (another alert joined an incident you acknowledged), \`answered\` or \`expiring\` (your
acknowledgement runs out soon).

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
  wakes: true,
  providers: [],
  destination,
  unavailable: () => null,
  render: webhookPayload,
  async send({ url, secret }, message, context) {
    const body = JSON.stringify(webhookPayload(message));
    const t = Math.floor(context.now.epochMilliseconds / 1000);
    const headers = {
      "content-type": "application/json",
      "keepwatch-delivery": context.deliveryId,
      "keepwatch-signature": signature(secret, t, body),
    };
    return sendCall({ method: "POST", url, headers, body }, context);
  },
});
