import WebSocket from "ws";
import { z } from "zod";
import { guardedLookup } from "../../platform/net/guarded-lookup.ts";
import { readButton } from "../channels/buttons.ts";
import { parsedJson } from "../channels/http-call.ts";
import type { Sender, Told } from "../replies/answers.ts";
import { defineProvider, type ListenContext } from "./kind.ts";
import { type SlackSettings, slackCall, slackSettings } from "./slack-api.ts";

/** Slack pings a socket now and then; one that says nothing for so long is dead. */
const SILENCE_MS = 120_000;

const envelope = z.looseObject({
  type: z.string(),
  envelope_id: z.string().optional(),
  payload: z.unknown().optional(),
});
const command = z.looseObject({ text: z.string(), user_id: z.string(), trigger_id: z.string() });
const action = z.looseObject({
  type: z.literal("block_actions"),
  user: z.looseObject({ id: z.string() }),
  channel: z.looseObject({ id: z.string() }).optional(),
  message: z.looseObject({ ts: z.string() }).optional(),
  actions: z.array(z.looseObject({ value: z.string().optional(), action_ts: z.string() })).min(1),
});
const event = z.looseObject({
  event_id: z.string(),
  event: z.looseObject({
    type: z.literal("message"),
    channel_type: z.literal("im"),
    channel: z.string(),
    user: z.string(),
    text: z.string(),
    ts: z.string(),
    thread_ts: z.string().optional(),
    bot_id: z.undefined().optional(),
    subtype: z.undefined().optional(),
  }),
});

const docs = `
1. At api.slack.com/apps make an app **from a manifest**:

\`\`\`yaml
display_information: { name: Keepwatch }
features:
  bot_user: { display_name: keepwatch, always_online: true }
  app_home: { messages_tab_enabled: true, messages_tab_read_only_enabled: false }
  slash_commands: [{ command: /keepwatch, description: Answer pages, usage_hint: ack 12 }]
oauth_config: { scopes: { bot: [chat:write, commands, im:history, im:write] } }
settings:
  event_subscriptions: { bot_events: [message.im] }
  interactivity: { is_enabled: true }
  socket_mode_enabled: true
\`\`\`

2. Install it into the workspace and copy the **bot user's token** (\`xoxb-…\`); under Basic Information make an **app-level token**
   with \`connections:write\` (\`xapp-…\`).
3. Set \`KEEPWATCH_SLACK_BOT_TOKEN\` and \`KEEPWATCH_SLACK_APP_TOKEN\`, or add the provider here.
4. Each person presses **Connect Slack** under Settings → How you are paged and sends the code: \`/keepwatch link CODE\`.

Answers come over a connection that Keepwatch opens (socket mode): no address has to be reachable from outside.
`.trim();

export const slack = defineProvider({
  id: "slack",
  label: "Slack app",
  settings: slackSettings,
  secrets: ["bot_token", "app_token"],
  form: [
    { name: "bot_token", label: "Bot token", type: "secret", help: "Begins with xoxb-", required: true },
    {
      name: "app_token",
      label: "App-level token",
      type: "secret",
      help: "Begins with xapp-",
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
  environment: {
    bot_token: "KEEPWATCH_SLACK_BOT_TOKEN",
    app_token: "KEEPWATCH_SLACK_APP_TOKEN",
    api_url: "KEEPWATCH_SLACK_API_URL",
  },
  answers: "outbound",
  // docs.slack.dev/apis/web-api/rate-limits: a message a second to one conversation.
  paces: () => [{ per: "destination", count: 1, withinMs: 1_000 }],
  async check(settings, context) {
    const me = await slackCall(
      settings,
      { method: "auth.test", token: settings.bot_token, body: {} },
      context,
    );
    if (!me.ok) return { ok: false, text: me.said };
    const socket = await open(settings, context);
    if (!socket.ok) return { ok: false, text: `The app-level token: ${socket.said}` };
    return {
      ok: true,
      text: `Slack knows it as ${String(me.body.user ?? "?")} in ${String(me.body.team ?? "?")}.`,
    };
  },
  listen,
});

const open = (settings: SlackSettings, context: Parameters<typeof slackCall>[2]) =>
  slackCall(settings, { method: "apps.connections.open", token: settings.app_token, body: {} }, context);

/** One socket for as long as it holds. Slack closes each after some hours and says so first. */
async function listen(settings: SlackSettings, context: ListenContext): Promise<void> {
  const told = await open(settings, { ...context, now: context.now() });
  if (!told.ok) throw new Error(told.said);
  const url = z.url().parse(told.body.url);
  const lookup = guardedLookup({ port: 443, resolve: context.resolve, guard: context.guard });
  const socket = new WebSocket(url, { lookup, handshakeTimeout: 10_000, maxPayload: 1_048_576 });
  const stop = () => socket.terminate();
  context.signal.addEventListener("abort", stop, { once: true });
  let silence = setTimeout(stop, SILENCE_MS);
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(stop, SILENCE_MS);
  };
  try {
    await new Promise<void>((done, fail) => {
      socket.on("ping", heard);
      socket.on("error", fail);
      socket.on("close", () => done());
      socket.on("message", (data) => {
        heard();
        const { data: known } = envelope.safeParse(parsedJson(String(data)));
        if (known) void hear(settings, known, { context, socket }).catch(context.passOver);
      });
    });
  } finally {
    clearTimeout(silence);
    context.signal.removeEventListener("abort", stop);
    socket.terminate();
  }
  if (!context.signal.aborted) return;
  throw context.signal.reason;
}

type Envelope = z.infer<typeof envelope>;

async function hear(
  settings: SlackSettings,
  { type, envelope_id, payload }: Envelope,
  { context, socket }: { context: ListenContext; socket: WebSocket },
): Promise<void> {
  if (type === "hello") return context.works();
  if (type === "disconnect") return socket.close();
  // What is carried out is carried out once: Slack sends again whatever isn't taken within three seconds.
  const take = (reply?: object) =>
    socket.send(JSON.stringify({ envelope_id, ...(reply ? { payload: reply } : {}) }));
  switch (type) {
    case "slash_commands": {
      const { data } = command.safeParse(payload);
      if (!data) return take();
      const { text } = await words(
        { userId: data.user_id, externalId: data.trigger_id, text: data.text },
        context,
      );
      return take({ text: text ?? "", response_type: "ephemeral" });
    }
    case "interactive":
      take();
      return pressed(settings, payload, context);
    case "events_api":
      take();
      return written(settings, payload, context);
    default:
      return take();
  }
}

const from = (userId: string, externalId: string): Sender => ({
  channel: "slack",
  address: { user: userId },
  externalId,
});

/** `link CODE` ties the account to a person; anything else is an answer. */
function words(
  {
    userId,
    externalId,
    text,
    replyTo,
  }: { userId: string; externalId: string; text: string; replyTo?: string },
  { answers }: ListenContext,
): Promise<Told> {
  const [, code] = /^link\s+([A-Za-z0-9]+)$/.exec(text.trim()) ?? [];
  const sender = from(userId, externalId);
  if (code) return answers.pair(sender, { code, address: { user: userId } });
  return answers.said(sender, { text: plain(text), ...(replyTo ? { replyTo } : {}) });
}

/** Slack escapes three characters in what people write: docs.slack.dev/messaging/formatting-message-text#escaping. */
const plain = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");

async function pressed(settings: SlackSettings, payload: unknown, context: ListenContext): Promise<void> {
  const { data } = action.safeParse(payload);
  const [first] = data?.actions ?? [];
  const button = readButton(first?.value ?? "");
  if (!data || !first || !button) return;
  const told = await context.answers.press(
    from(data.user.id, `action:${first.action_ts}:${data.user.id}`),
    button,
  );
  if (data.channel && data.message && told.text !== null)
    await post(settings, { channel: data.channel.id, thread_ts: data.message.ts, text: told.text }, context);
}

async function written(settings: SlackSettings, payload: unknown, context: ListenContext): Promise<void> {
  const { data } = event.safeParse(payload);
  if (!data) return;
  const { user, text, channel, ts, thread_ts } = data.event;
  const replyTo = thread_ts ? { replyTo: messageKey(channel, thread_ts) } : {};
  const told = await words({ userId: user, externalId: `event:${data.event_id}`, text, ...replyTo }, context);
  if (told.text !== null)
    await post(settings, { channel, thread_ts: thread_ts ?? ts, text: told.text }, context);
}

async function post(
  settings: SlackSettings,
  { channel, thread_ts, text }: { channel: string; thread_ts: string; text: string },
  context: ListenContext,
): Promise<void> {
  const body = { channel, thread_ts, text: escaped(text), mrkdwn: false };
  const call = { method: "chat.postMessage", token: settings.bot_token, body };
  const told = await slackCall(settings, call, { ...context, now: context.now() });
  if (!told.ok) context.passOver(new Error(told.said));
}

/** Nothing in it is a link, a mention or a channel. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Slack numbers messages per channel, by time. */
export const messageKey = (channel: string, ts: string): string => `${channel}:${ts}`;
