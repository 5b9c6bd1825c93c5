import { type Problem, Refusal } from "../platform/refusal.ts";
import type { Secrets } from "../platform/secrets.ts";
import type { AnyChannel } from "./channels/channel.ts";
import { channels, findChannel } from "./channels/index.ts";

type Fields = Record<string, unknown>;

/** Checks a channel's address from outside. Each wrong field is named with its mend. */
export function parseAddress(channelId: string, address: Fields): { channel: AnyChannel; address: Fields } {
  const channel = findChannel(channelId);
  if (!channel) {
    const known = channels.map(({ id }) => id).join(", ");
    const detail = `There is no channel "${channelId}". Use one of: ${known}.`;
    throw new Refusal("invalid", detail, { problems: [{ pointer: "/channel", detail }] });
  }
  const parsed = channel.parse(address);
  if (parsed.success) return { channel, address: parsed.data };
  const problems: Problem[] = parsed.error.issues.map(({ path, message }) => ({
    pointer: ["/address", ...path.map(String)].join("/"),
    detail: message,
  }));
  const detail = problems.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");
  throw new Refusal("invalid", detail, { problems });
}

const mapSecrets = (channel: AnyChannel, address: Fields, change: (value: string) => string): Fields =>
  Object.fromEntries(
    Object.entries(address).map(([name, value]) => [
      name,
      channel.secrets.includes(name) && typeof value === "string" ? change(value) : value,
    ]),
  );

/** As it is stored: secret fields sealed. */
export const sealAddress = (channel: AnyChannel, address: Fields, secrets: Secrets): Fields =>
  mapSecrets(channel, address, (value) => secrets.seal(value));

/** As the channel sends to it. */
export const openAddress = (channel: AnyChannel, address: Fields, secrets: Secrets): Fields =>
  mapSecrets(channel, address, (value) => secrets.open(value));

/** As the API shows it: secret fields left out. */
export const publicAddress = (channel: AnyChannel, address: Fields): Fields =>
  Object.fromEntries(Object.entries(address).filter(([name]) => !channel.secrets.includes(name)));
