import { z } from "zod";
import { parsedJson, saidBy } from "../channels/http-call.ts";
import type { Awaited as Waiting } from "../replies/answers.ts";
import { defineProvider, type ListenContext } from "./kind.ts";
import { type PushoverSettings, pushoverCall, pushoverSettings } from "./pushover-api.ts";

/** Pushover wants five seconds between two looks at one receipt, at least: pushover.net/api/receipts. */
const LOOK_MS = 6_000;

const docs = `
1. On pushover.net make an **application** and copy its API token.
2. Set \`KEEPWATCH_PUSHOVER_TOKEN\` to it, or add the provider here.
3. Each person gives the **user key** that stands on their own page at pushover.net.

That somebody has acknowledged a message in Pushover is asked for: Keepwatch needs no address that can be reached from
outside.
`.trim();

export const pushover = defineProvider({
  id: "pushover",
  label: "Pushover",
  settings: pushoverSettings,
  secrets: ["token"],
  form: [
    {
      name: "token",
      label: "API token",
      type: "secret",
      help: "Of the application made for Keepwatch",
      required: true,
    },
    {
      name: "api_url",
      label: "API server",
      type: "url",
      help: "Only for a server of your own",
      required: false,
    },
  ],
  docs,
  environment: { token: "KEEPWATCH_PUSHOVER_TOKEN", api_url: "KEEPWATCH_PUSHOVER_API_URL" },
  answers: "outbound",
  // pushover.net/api#friendly: two connections at once at the most.
  paces: () => [{ per: "account", count: 10, withinMs: 1_000 }],
  async check(settings, context) {
    const answered = await pushoverCall(settings, { path: "apps/limits.json" }, context);
    const { data } = z.looseObject({ remaining: z.number() }).safeParse(parsedJson(answered.body));
    if (answered.status !== 200 || !data) return { ok: false, text: saidBy(answered) };
    return {
      ok: true,
      text: `Pushover knows the application; ${data.remaining} messages are left this month.`,
    };
  },
  listen,
});

const receipt = z.looseObject({ acknowledged: z.number(), acknowledged_by: z.string().optional() });

/** Looks at the receipts of what still rings; what was answered elsewhere is told to be silent. */
async function listen(settings: PushoverSettings, context: ListenContext): Promise<void> {
  let ringing = new Map<string, Waiting>();
  for (;;) {
    const open = new Map((await context.answers.awaited("pushover")).map((each) => [each.providerId, each]));
    for (const providerId of ringing.keys())
      if (!open.has(providerId))
        await pushoverCall(settings, { path: `receipts/${providerId}/cancel.json`, params: {} }, context);
    for (const waiting of open.values()) await look(settings, context, waiting);
    ringing = open;
    await context.works();
    await context.pause(LOOK_MS);
  }
}

async function look(settings: PushoverSettings, context: ListenContext, waiting: Waiting): Promise<void> {
  const { providerId, deliveryId } = waiting;
  const answered = await pushoverCall(settings, { path: `receipts/${providerId}.json` }, context);
  // A message of ordinary priority has no receipt.
  if (answered.status === 404 || answered.status === 400) return;
  if (answered.status !== 200) throw new Error(saidBy(answered));
  const { data } = receipt.safeParse(parsedJson(answered.body));
  if (data?.acknowledged !== 1) return;
  await context.answers.receipt({ channel: "pushover", providerId, event: { kind: "seen" } });
  const from = { channel: "pushover", address: { user: data.acknowledged_by ?? "" }, externalId: providerId };
  await context.answers.press(from, { deliveryId, action: { verb: "acknowledge" } });
}
