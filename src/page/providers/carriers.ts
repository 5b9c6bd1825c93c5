import type { SendContext } from "../channels/channel.ts";
import type { Message } from "../message.ts";
import type { SendResult } from "../model.ts";
import { twilioCarrier } from "./twilio-send.ts";
import { vonageCarrier } from "./vonage-send.ts";

/** A telephone company: one that carries short messages and calls. Each method is one try and throws what the network threw. */
export interface Carrier {
  text(to: string, said: { message: Message; text: string }, context: SendContext): Promise<SendResult>;
  call(to: string, message: Message, context: SendContext): Promise<SendResult>;
}

/** By kind of provider, in the order in which the documentation names them. */
const CARRIERS: Readonly<Record<string, Carrier>> = { twilio: twilioCarrier, vonage: vonageCarrier };

export const CARRIER_KINDS: readonly string[] = Object.keys(CARRIERS);

export function carrierOf({ provider }: SendContext): Carrier {
  const carrier = CARRIERS[provider?.kind ?? ""];
  if (!carrier) throw new Error(`${provider?.kind} carries no telephone`);
  return carrier;
}
