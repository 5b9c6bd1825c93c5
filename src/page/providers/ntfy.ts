import { z } from "zod";
import { httpCall, httpLines, parsedJson, saidBy } from "../channels/http-call.ts";
import { defineProvider, type ListenContext } from "./kind.ts";

const PUBLIC = "https://ntfy.sh";
/** ntfy says that it is still there every 45 s. */
const SILENCE_MS = 120_000;
const SAYS_WHAT_HAPPENED = 1_000;

export const ntfyTopic = z
  .string()
  .trim()
  .regex(/^[\w-]{1,64}$/, "a topic is up to 64 letters, digits, - and _");

export const ntfySettings = z
  .object({
    server: z
      .url({ protocol: /^https?$/, error: "give the server's whole address, or leave it out for ntfy.sh" })
      .optional(),
    token: z
      .string()
      .trim()
      .regex(/^tk_\w+$/, "give an access token of ntfy's, which begins with tk_")
      .optional(),
    reply_topic: ntfyTopic.optional(),
  })
  .strict();
export type NtfySettings = z.infer<typeof ntfySettings>;

export const serverOf = ({ server = PUBLIC }: NtfySettings): string => server.replace(/\/+$/, "");
export const authorization = ({ token }: NtfySettings): Record<string, string> =>
  token ? { authorization: `Bearer ${token}` } : {};

const docs = `
Works with [ntfy.sh](https://ntfy.sh) or a server of your own. For ntfy.sh add the provider as it is: each person chooses a
topic whose name nobody can guess. On a server of your own give its address and, where it asks for one, an access token that
may write to people's topics (\`ntfy token add\`).

With an **answer topic**, buttons work on telephones that can't reach Keepwatch: they publish there, signed, and Keepwatch
listens. Choose a long name that nobody can guess; the token must be able to read it, and people's telephones to write it.
Without one, buttons call Keepwatch's own address.
`.trim();

export const ntfyServer = defineProvider({
  id: "ntfy",
  label: "ntfy",
  settings: ntfySettings,
  secrets: ["token", "reply_topic"],
  form: [
    { name: "server", label: "Server", type: "url", help: "Left empty: ntfy.sh", required: false },
    {
      name: "token",
      label: "Access token",
      type: "secret",
      help: "Where the server asks for one",
      required: false,
    },
    {
      name: "reply_topic",
      label: "Answer topic",
      type: "secret",
      help: "A long random name; answers come by it from telephones that can't reach Keepwatch",
      required: false,
    },
  ],
  docs,
  environment: {
    server: "KEEPWATCH_NTFY_URL",
    token: "KEEPWATCH_NTFY_TOKEN",
    reply_topic: "KEEPWATCH_NTFY_REPLY_TOPIC",
  },
  answers: "outbound",
  async check(settings, context) {
    const answered = await httpCall(
      { method: "GET", url: `${serverOf(settings)}/v1/account`, headers: authorization(settings) },
      context,
    );
    if (answered.status !== 200) return { ok: false, text: saidBy(answered) };
    const account = z.looseObject({ username: z.string().optional() }).safeParse(JSON.parse(answered.body));
    const who = account.data?.username;
    return { ok: true, text: who ? `The server knows the token as ${who}.` : "The server answers." };
  },
  listen,
});

const event = z.looseObject({ id: z.string(), event: z.string(), message: z.string().optional() });

/** Hears the answer topic, from where it left off. Without one there is nothing to hear. */
async function listen(settings: NtfySettings, context: ListenContext): Promise<void> {
  const { reply_topic: topic } = settings;
  if (topic === undefined) {
    await context.works();
    return new Promise((done) => context.signal.addEventListener("abort", () => done(), { once: true }));
  }
  const since = z.string().catch("all").parse(context.state.since);
  const url = `${serverOf(settings)}/${topic}/json?since=${encodeURIComponent(since)}`;
  const call = { method: "GET", url, headers: authorization(settings), timeoutMs: SILENCE_MS } as const;
  for await (const line of httpLines(call, context)) {
    const { data: heard } = event.safeParse(parsedJson(line));
    if (heard === undefined) continue;
    await context.works();
    const { id, event: kind, message } = heard;
    if (kind !== "message") continue;
    if (message && message.length < SAYS_WHAT_HAPPENED)
      await context.answers
        .redeem({ channel: "ntfy", externalId: id }, message.trim())
        .catch(context.passOver);
    await context.save({ since: id });
  }
}
