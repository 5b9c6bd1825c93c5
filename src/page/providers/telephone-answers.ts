import type { Receipt } from "../replies/answers.ts";
import type { Action } from "../replies/grammar.ts";
import type { ProviderResponse, ReceiveContext } from "./kind.ts";

/** As in PagerDuty's and GoAlert's menus. */
const KEYS: Readonly<Record<string, Action>> = {
  "4": { verb: "acknowledge" },
  "5": { verb: "decline" },
  "6": { verb: "resolve" },
};

/** What a key pressed during a call means; undefined when it means nothing. */
export const keyAction = (digits: string): Action | undefined => KEYS[digits];

/** Writes a receipt. One about nothing that we know, or that says nothing new, is answered like any other. */
export async function notedReceipt(
  about: { channel: string; deliveryId: string },
  event: Receipt | null,
  { answers }: ReceiveContext,
): Promise<ProviderResponse> {
  if (event && /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(about.deliveryId))
    await answers.receipt({ ...about, event });
  return { status: 204 };
}
