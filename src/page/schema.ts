import { z } from "zod";
import { id, instant, pageQuery, personRef, slug } from "../platform/http/schema.ts";

export const contactMethod = z
  .object({
    id,
    slug: z.string(),
    channel: z.string(),
    destination: z.string().describe("where it goes, secrets left out"),
    address: z.record(z.string(), z.unknown()).describe("the channel's own fields, secrets left out"),
    verified_at: instant.nullable(),
    verified_by: z.string().nullable(),
    disabled: z.object({ at: instant, reason: z.string() }).nullable(),
    managed_by: z.enum(["ui", "config"]),
  })
  .meta({ id: "ContactMethod" });
export type ContactMethodJson = z.infer<typeof contactMethod>;

/** e.g. `{channel: "email", address: {email}}` or `{channel: "webhook", address: {url, secret}}` */
export const contactMethodCreate = z.object({
  slug: slug.optional(),
  channel: z.string(),
  address: z.record(z.string(), z.unknown()),
});
export const contactMethodVerify = z.object({
  code: z
    .string()
    .trim()
    .regex(/^\d{6}$/, "the code is six digits"),
});
export const pairingInput = z.object({ channel: z.string() });
export const pairing = z.object({
  code: z.string(),
  text: z.string().describe("what to do with it, in words"),
  url: z.string().nullable().describe("opens the very place where it is to be sent"),
  expires_at: instant,
});
export type Pairing = z.infer<typeof pairing>;
export const contactMethodTest = z.object({
  ok: z.boolean(),
  ms: z.number(),
  detail: z.string().describe("the provider's own words"),
});
export type TestResult = z.infer<typeof contactMethodTest>;

export const deliveryStatus = z.enum([
  "queued",
  "sending",
  "sent",
  "delivered",
  "seen",
  "failed",
  "cancelled",
]);
export type DeliveryStatus = z.infer<typeof deliveryStatus>;

export const delivery = z
  .object({
    id,
    method: z.string().nullable(),
    channel: z.string(),
    destination: z.string(),
    purpose: z.enum(["page", "resolved", "joined", "answered", "expiring", "test"]),
    status: deliveryStatus,
    reason: z.string().nullable(),
    due_at: instant,
    sent_at: instant.nullable(),
    attempts: z.array(
      z.object({
        at: instant,
        outcome: z.enum(["sending", "accepted", "retry", "refused"]),
        ms: z.number().nullable(),
        detail: z.string().nullable(),
      }),
    ),
  })
  .meta({ id: "Delivery" });

export const page = z
  .object({
    id,
    person: personRef,
    level: z.number().int(),
    round: z.number().int(),
    repeat: z.number().int(),
    urgency: z.enum(["high", "low"]),
    reason: z.string(),
    created_at: instant,
    answered: z.object({ at: instant, by: z.string(), how: z.string() }).nullable(),
    deliveries: z.array(delivery),
  })
  .meta({ id: "Page" });
export type PageJson = z.infer<typeof page>;
export type DeliveryJson = z.infer<typeof delivery>;

export const channelInfo = z
  .object({
    id: z.string(),
    label: z.string(),
    receipt: z.enum(["none", "delivered", "seen"]),
    wakes: z.boolean().describe("can it wake somebody whose telephone is silent for the night"),
    providers: z.array(z.string()).describe("the kinds of provider it goes through"),
    pairing: z.boolean().describe("is it added by sending a code from it, rather than by writing an address"),
    available: z.boolean(),
    unavailable_reason: z.string().nullable(),
    form: z.array(
      z.object({
        name: z.string(),
        label: z.string(),
        type: z.enum(["text", "email", "url", "secret"]),
        help: z.string(),
        required: z.boolean(),
      }),
    ),
    docs: z.string(),
  })
  .meta({ id: "Channel" });

export const pagesQuery = pageQuery.extend({ incident: id });
