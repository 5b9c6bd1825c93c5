import { createHmac } from "node:crypto";
import webpush from "web-push";
import { z } from "zod";
import { isSameText } from "../../platform/secrets.ts";
import { defineProvider } from "./kind.ts";

export const webPushSettings = z
  .object({
    /** An uncompressed point on P-256 and its scalar, in base64url: RFC 8292 §3.2. */
    public_key: z.string().regex(/^[\w-]{87}$/, "give the public key as it was made"),
    private_key: z.string().regex(/^[\w-]{43}$/, "give the private key as it was made"),
  })
  .strict();
export type WebPushSettings = z.infer<typeof webPushSettings>;

const docs = `
Nothing to set up: Keepwatch makes its own pair of keys (VAPID) when it is first started and keeps the private one sealed.
Push services know it by them. Browsers allow push only where Keepwatch is reached by **HTTPS** (or on localhost), and
Keepwatch must be able to reach the push services of Google, Mozilla, Apple and Microsoft on the internet.
`.trim();

/** What a browser does with a notification, as its service worker tells it. */
export const PUSH_RECEIPTS = ["shown", "seen"] as const;
export type PushReceipt = (typeof PUSH_RECEIPTS)[number];

const signed = ({ private_key }: WebPushSettings, text: string): string =>
  createHmac("sha256", private_key).update(`receipt:${text}`).digest("base64url");

/** Where the service worker tells it: works without being signed in, for this message and this receipt only. */
export const receiptPath = (
  settings: WebPushSettings,
  { slug, deliveryId, what }: { slug: string; deliveryId: string; what: PushReceipt },
): string => `/callbacks/${slug}/${what}/${deliveryId}/${signed(settings, `${what}:${deliveryId}`)}`;

function readReceipt(
  settings: WebPushSettings,
  path: string,
): { what: PushReceipt; deliveryId: string } | null {
  const [said = "", deliveryId = "", signature = ""] = path.split("/");
  const what = PUSH_RECEIPTS.find((each) => each === said);
  if (!what || !isSameText(signature, signed(settings, `${said}:${deliveryId}`))) return null;
  return { what, deliveryId };
}

export const webPush = defineProvider({
  id: "web_push",
  label: "Web push",
  settings: webPushSettings,
  secrets: ["private_key"],
  form: [],
  docs,
  environment: {},
  answers: "inbound",
  make() {
    const { publicKey, privateKey } = webpush.generateVAPIDKeys();
    return { public_key: publicKey, private_key: privateKey };
  },
  async check({ public_key, private_key }) {
    try {
      const subject = "mailto:keepwatch@example.com";
      webpush.getVapidHeaders("https://push.example.com", subject, public_key, private_key, "aes128gcm");
      return { ok: true, text: "The keys are sound. Each browser is tried with a test of its own." };
    } catch (error) {
      return { ok: false, text: error instanceof Error ? error.message : String(error) };
    }
  },
  async receive(settings, request, { answers }) {
    if (request.method !== "POST") return { status: 405, body: "Post here.\n" };
    const receipt = readReceipt(settings, request.path);
    if (!receipt) return { status: 403, body: "This is not an address that Keepwatch made.\n" };
    const { what, deliveryId } = receipt;
    const kind = what === "seen" ? "seen" : "delivered";
    await answers.receipt({ channel: "web_push", deliveryId, event: { kind } });
    return { status: 204 };
  },
});
