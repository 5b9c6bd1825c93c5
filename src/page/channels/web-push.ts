import webpush from "web-push";
import { z } from "zod";
import { asksForAnswer, isAboutSubject, type Message } from "../message.ts";
import type { SendResult } from "../model.ts";
import { receiptPath, type WebPushSettings, webPushSettings } from "../providers/web-push.ts";
import { defineChannel } from "./channel.ts";
import { chatText, clipped } from "./chat-text.ts";
import { type Answered, judgeAnswer, sendCall } from "./http-call.ts";

const LOCAL = /^http:\/\/(127\.0\.0\.1|localhost|\[::1\])(:\d+)?\//;

/** What a browser's PushSubscription says, and what its owner calls the device. */
const address = z
  .object({
    endpoint: z
      .url()
      .max(1_000)
      .refine((url) => url.startsWith("https://") || LOCAL.test(url), "push services are reached by https"),
    p256dh: z.string().regex(/^[\w-]{87}$/, "give the browser's public key, 65 bytes in base64url"),
    auth: z.string().regex(/^[\w-]{22}$/, "give the browser's secret, 16 bytes in base64url"),
    device: z.string().trim().min(1).max(60),
  })
  .strict();
type WebPushAddress = z.infer<typeof address>;

/** A push message has 4,096 bytes: RFC 8291 §4; header, padding and tag take 103 of them. */
const MOST_BYTES = 3_993;
const MOST_TITLE = 120;
const BODY_STEPS = [1_000, 600, 300, 100, 0] as const;
/** How long a push service keeps what it can't deliver; a newer message of the same topic takes its place. */
const TTL_S = { subject: 4 * 3_600, other: 900 } as const;

const docs = `
Sends pages as notifications of this browser or of Keepwatch installed on a telephone, with buttons to acknowledge and to
hand on that work while Keepwatch is closed. High urgency is pushed again every 30 seconds, up to ten times, until it is
seen. News about one incident replaces what was shown of it before; when it is resolved the buttons go and it is silent.

- **HTTPS is needed** (localhost is excepted): browsers offer push to nobody else. Put Keepwatch behind a proxy with a
  certificate and set \`KEEPWATCH_URL\` to that address.
- **Android**: open Keepwatch in Chrome, Edge or Firefox and connect it; install it from the browser's menu.
- **iPhone and iPad** (iOS 16.4 or newer): first Share → *Add to Home Screen*, then connect it in the installed app. iOS shows
  no buttons on notifications: a tap opens the incident.
- Whether a silent telephone rings is up to the telephone. Keep a call or SMS behind it in your notification rules.

Each browser is a contact method of its own, proved by the push itself. One that the push service no longer knows (404, 410)
is disabled, and its owner is told. Where telephones can't reach Keepwatch no receipt comes, and the next method is used.
`.trim();

export interface PushMessage {
  title: string;
  body: string;
  /** Notifications of one tag replace each other. */
  tag: string;
  /** Opened by a tap; on Keepwatch's own origin. */
  path: string;
  kind: Message["type"];
  urgent: boolean;
  silent: boolean;
  /** Each posts to `path`, which answers for one person and one verb. */
  actions: { action: string; title: string; path: string }[];
  code?: string;
}

const pathOf = (url: string): string => {
  const { pathname, search } = new URL(url);
  return pathname + search;
};

function actionsOf(message: Message): PushMessage["actions"] {
  if (!asksForAnswer(message)) return [];
  // Browsers show two at most.
  const [{ actions }, ...others] = message.items;
  if (others.length > 0) return [];
  return [
    { action: "acknowledge", title: "Acknowledge", path: pathOf(actions.acknowledge) },
    { action: "escalate", title: "Escalate", path: pathOf(actions.escalate) },
  ];
}

const single = (message: Message): string | null =>
  isAboutSubject(message) && message.items.length === 1 ? message.items[0].subject.id : null;

export function pushMessage(message: Message): PushMessage {
  const { head, lines, url } = chatText(message);
  return {
    title: clipped(head, MOST_TITLE),
    body: lines.join("\n"),
    tag: single(message) ?? message.deliveryId,
    path: url ? pathOf(url) : "/",
    kind: message.type,
    urgent: message.type === "page" && message.items.some(({ subject }) => subject.urgency === "high"),
    silent: isAboutSubject(message) && !asksForAnswer(message),
    actions: actionsOf(message),
    ...(message.type === "verification" ? { code: message.code } : {}),
  };
}

/** As JSON that fits; what is too long loses the end of its body. */
export function fitted(message: PushMessage, receipts: object): string {
  for (const most of BODY_STEPS) {
    const text = JSON.stringify({ ...message, body: clipped(message.body, Math.max(1, most)), receipts });
    if (Buffer.byteLength(text) <= MOST_BYTES) return text;
  }
  return JSON.stringify({ ...message, title: clipped(message.title, 40), body: "", receipts });
}

function request(to: WebPushAddress, message: Message, how: { settings: WebPushSettings; slug: string }) {
  const { settings, slug } = how;
  const { deliveryId } = message;
  const receipts = {
    shown: receiptPath(settings, { slug, deliveryId, what: "shown" }),
    seen: receiptPath(settings, { slug, deliveryId, what: "seen" }),
  };
  const subjectId = single(message);
  const { endpoint, p256dh, auth } = to;
  return webpush.generateRequestDetails(
    { endpoint, keys: { p256dh, auth } },
    fitted(pushMessage(message), receipts),
    {
      vapidDetails: {
        // RFC 8292 §2.1 takes an https address or a mail address; without HTTPS there is only localhost.
        subject: message.url.startsWith("https://") ? message.url : "mailto:keepwatch@example.com",
        publicKey: settings.public_key,
        privateKey: settings.private_key,
      },
      TTL: isAboutSubject(message) ? TTL_S.subject : TTL_S.other,
      urgency: asksForAnswer(message) || !isAboutSubject(message) ? "high" : "normal",
      // Of letters, digits, - and _, 32 at most: RFC 8030 §5.4. A UUID without its hyphens is just that.
      ...(subjectId ? { topic: subjectId.replaceAll("-", "") } : {}),
    },
  );
}

const GONE = new Set([404, 410]);

/** RFC 8030 §5 to §8: 201 is taken, 404 and 410 are subscriptions that are over, 413 is too large, 429 too much. */
export function judgePush(
  answered: Answered,
  { now, to }: { now: Temporal.Instant; to: WebPushAddress },
): SendResult {
  const result = judgeAnswer(answered, now);
  if (result.kind === "accepted")
    return { kind: "accepted", detail: `${answered.status} ${answered.text}`.trim() };
  const why = result.why.replaceAll(to.endpoint, "…").replaceAll(new URL(to.endpoint).pathname, "…");
  if (GONE.has(answered.status))
    return {
      kind: "refused",
      why: `${to.device} is no longer connected to its push service (${why}). Connect it again there.`,
      gone: true,
    };
  return { ...result, why };
}

export const webPushChannel = defineChannel({
  id: "web_push",
  label: "Web push",
  address,
  secrets: ["endpoint", "auth"],
  form: [],
  docs,
  receipt: "delivered",
  receiptWithinMs: 60_000,
  again: { everyMs: 30_000, most: 10 },
  wakes: true,
  providers: ["web_push"],
  destination: ({ device }) => device,
  unavailable: () => null,
  render: pushMessage,
  async send(to, message, context) {
    const settings = webPushSettings.parse(context.provider?.settings);
    const { headers, body } = request(to, message, { settings, slug: context.provider?.slug ?? "web-push" });
    const sent = Object.entries(headers).map(([name, value]) => [name, String(value)]);
    return sendCall(
      { method: "POST", url: to.endpoint, headers: Object.fromEntries(sent), body: body ?? undefined },
      context,
      (answered, now) => judgePush(answered, { now, to }),
    );
  },
});
