import { Refusal } from "../platform/refusal.ts";
import { type Fields, parseFields } from "../platform/sealed-fields.ts";
import type { AnyChannel } from "./channels/channel.ts";
import { channels, findChannel } from "./channels/index.ts";

/** Checks a channel's address from outside. Each wrong field is named with its mend. */
export function parseAddress(channelId: string, address: Fields): { channel: AnyChannel; address: Fields } {
  const channel = findChannel(channelId);
  if (!channel) {
    const known = channels.map(({ id }) => id).join(", ");
    const detail = `There is no channel "${channelId}". Use one of: ${known}.`;
    throw new Refusal("invalid", detail, { problems: [{ pointer: "/channel", detail }] });
  }
  return { channel, address: parseFields(channel, address, "/address") };
}
