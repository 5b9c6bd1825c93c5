import { CARRIER_KINDS, carrierOf } from "../providers/carriers.ts";
import { callScript } from "./call-script.ts";
import { defineChannel } from "./channel.ts";
import { telephone } from "./telephone.ts";

const docs = `
Calls and reads out what failed. Press **4** to acknowledge, **6** to resolve, **5** if you can't and the next person is to be
woken. A line that is busy, or nobody's taking the call, makes Keepwatch use the next contact method at once.

Keys and receipts need an address of Keepwatch that the telephone company can reach; without one the call is only read out.
`.trim();

export const voice = defineChannel({
  id: "voice",
  label: "Phone call",
  ...telephone,
  docs,
  // It rings, and is read out twice; the end of the call is the receipt.
  receiptWithinMs: 120_000,
  providers: CARRIER_KINDS,
  render: (message) => callScript(message, null),
  send: ({ phone }, message, context) => carrierOf(context).call(phone, message, context),
});
