import type { AnyChannel } from "./channel.ts";
import { email } from "./email.ts";
import { ntfy } from "./ntfy.ts";
import { pushoverChannel } from "./pushover.ts";
import { slackChannel } from "./slack.ts";
import { sms } from "./sms.ts";
import { telegram } from "./telegram.ts";
import { voice } from "./voice.ts";
import { webPushChannel } from "./web-push.ts";
import { webhook } from "./webhook.ts";

/** Every way to reach a person. A new one is a file here and a word in this line. */
export const channels = [
  email,
  ntfy,
  pushoverChannel,
  slackChannel,
  sms,
  telegram,
  voice,
  webPushChannel,
  webhook,
] as const;
export type ChannelId = (typeof channels)[number]["id"];

const byId = new Map<string, AnyChannel>(channels.map((channel) => [channel.id, channel.any]));

export const findChannel = (id: string): AnyChannel | undefined => byId.get(id);
