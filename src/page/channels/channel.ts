import type { z } from "zod";
import type { Mail } from "../../platform/mail.ts";
import type { AddressGuard } from "../../platform/net/address-guard.ts";
import type { Resolve } from "../../platform/net/resolver.ts";
import type { Message } from "../message.ts";
import type { SendResult } from "../model.ts";
import type { OpenProvider } from "../providers/providers.ts";
import { networkFailure } from "./http-call.ts";

export interface FormField {
  name: string;
  label: string;
  type: "text" | "email" | "url" | "secret";
  help: string;
  required: boolean;
}

/** What sending needs from outside. */
export interface SendContext {
  /** Aborted when this worker loses the delivery or stops. */
  signal: AbortSignal;
  /** The same on every try of one delivery. */
  deliveryId: string;
  now: Temporal.Instant;
  mail: Mail;
  resolve: Resolve;
  guard: AddressGuard;
  /** The account it goes through; null for a channel that needs none. */
  provider: OpenProvider | null;
  /** By subject: what this channel called its last message about it to the same method, so that threads hold. */
  threads: ReadonlyMap<string, Record<string, unknown>>;
}

/**
 * A way to reach a person. One file per channel exports one of these; its form, its API validation, its YAML and its
 * docs page all come from it.
 */
export interface Channel<Id extends string, Address extends Record<string, unknown>, Rendered> {
  id: Id;
  label: string;
  address: z.ZodType<Address>;
  /** Fields of the address that are sealed at rest and never shown. */
  secrets: readonly (keyof Address & string)[];
  form: readonly FormField[];
  /** Markdown. */
  docs: string;
  /** What the provider tells afterwards. `none`: accepted is the last word. */
  receipt: "none" | "delivered" | "seen";
  /** Without that receipt after so long the person's next contact method is used; left out, it isn't waited for. */
  receiptWithinMs?: number;
  /** An urgent page that nobody has seen or answered is sent again, so often at most. */
  again?: { everyMs: number; most: number };
  /** Can it wake somebody whose telephone is silent for the night? */
  wakes: boolean;
  /** The kinds of provider it can go through; none for a channel whose address says everything. */
  providers: readonly string[];
  /** How a person ties an account of theirs to the channel by sending it a code, where nobody knows their own address. */
  pairing?: (code: string, settings: Record<string, unknown>) => { text: string; url: string | null };
  /** Where it goes, in one short text with secrets left out. */
  destination(address: Address): string;
  /** Why this installation can't use the channel, with the mend; null when it can. */
  unavailable(platform: { mail: Mail }): string | null;
  /** The message as this channel sends it. Pure. */
  render(message: Message): Rendered;
  /** One try. Classifies what the provider answers, and throws what the network threw. */
  send(address: Address, message: Message, context: SendContext): Promise<SendResult>;
}

/** What the engine needs of a channel whose address was parsed by that same channel. */
export interface AnyChannel {
  id: string;
  label: string;
  secrets: readonly string[];
  form: readonly FormField[];
  docs: string;
  receipt: "none" | "delivered" | "seen";
  receiptWithinMs: number | undefined;
  again: { everyMs: number; most: number } | undefined;
  wakes: boolean;
  providers: readonly string[];
  pairing:
    | ((code: string, settings: Record<string, unknown>) => { text: string; url: string | null })
    | undefined;
  unavailable(platform: { mail: Mail }): string | null;
  /** Checks an address from outside; the zod error of a wrong one names its fields. */
  parse(address: unknown): z.ZodSafeParseResult<Record<string, unknown>>;
  destination(address: unknown): string;
  /** Throws only when `context.signal` is aborted. */
  send(address: unknown, message: Message, context: SendContext): Promise<SendResult>;
}

/** Why a channel can't be used while none of its providers is set up. */
export const noProvider = (label: string): string =>
  `No account for ${label} is set up. An administrator adds one under Settings → Providers.`;

/** Checks a channel's shape and adds the untyped door through which stored addresses come in. */
export function defineChannel<Id extends string, Address extends Record<string, unknown>, Rendered>(
  channel: Channel<Id, Address, Rendered>,
): Channel<Id, Address, Rendered> & { any: AnyChannel } {
  const { id, label, secrets, form, docs, receipt, receiptWithinMs, again, wakes, providers, pairing } =
    channel;
  const send: typeof channel.send = (address, message, context) =>
    tried(() => channel.send(address, message, context), context);
  const any: AnyChannel = {
    ...{ id, label, secrets, form, docs, receipt, receiptWithinMs, again, wakes, providers, pairing },
    unavailable: (platform) => channel.unavailable(platform),
    parse: (address) => channel.address.safeParse(address),
    destination: (address) => channel.destination(channel.address.parse(address)),
    async send(address, message, context) {
      const parsed = channel.address.safeParse(address);
      if (!parsed.success)
        return {
          kind: "refused",
          why: `The address is not one that ${label} can use. Remove this contact method and add it anew.`,
        };
      if (channel.providers.length > 0 && context.provider === null)
        return { kind: "refused", why: noProvider(label) };
      return send(parsed.data, message, context);
    },
  };
  return { ...channel, send, any };
}

/** An abort goes on: then nothing is known of the message, and nobody must say that it is. */
async function tried(send: () => Promise<SendResult>, { signal }: SendContext): Promise<SendResult> {
  try {
    return await send();
  } catch (error) {
    if (signal.aborted) throw error;
    return networkFailure(error);
  }
}
