import type { AnyProviderKind } from "./kind.ts";
import { ntfyServer } from "./ntfy.ts";
import { pushover } from "./pushover.ts";
import { slack } from "./slack.ts";
import { telegramBot } from "./telegram.ts";
import { twilio } from "./twilio.ts";
import { vonage } from "./vonage.ts";
import { webPush } from "./web-push.ts";

/** Every kind of account that can carry messages. A new one is a file here and a word in this line. */
export const providerKinds: readonly AnyProviderKind[] = [
  ntfyServer.any,
  pushover.any,
  slack.any,
  telegramBot.any,
  twilio.any,
  vonage.any,
  webPush.any,
];

const byId = new Map(providerKinds.map((kind) => [kind.id, kind]));

export const findProviderKind = (id: string): AnyProviderKind | undefined => byId.get(id);
