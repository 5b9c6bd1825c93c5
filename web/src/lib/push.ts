import { api } from "./api.ts";
import type { ContactMethod, TestResult } from "./types.ts";

/** Whether this browser can be pushed to, and if not what stands in the way. */
export type PushSupport = "ready" | "needs https" | "needs installing" | "unsupported" | "blocked";

/** iPads say that they are Macs, and are told by their touch screen. */
const isApplePhone = (): boolean =>
  /iPhone|iPad|iPod/.test(navigator.userAgent) ||
  (/Macintosh/.test(navigator.userAgent) && navigator.maxTouchPoints > 1);

/** Whether Keepwatch runs as an installed app, in a window of its own. */
export const isInstalled = (): boolean => window.matchMedia("(display-mode: standalone)").matches;

export const isAppleTouch = isApplePhone;

/** Asks for nothing: looks at what is there. */
export function pushSupport(): PushSupport {
  if (!window.isSecureContext) return "needs https";
  const isThere = "serviceWorker" in navigator && "PushManager" in window && "Notification" in window;
  if (!isThere) return isApplePhone() && !isInstalled() ? "needs installing" : "unsupported";
  return Notification.permission === "denied" ? "blocked" : "ready";
}

const SYSTEMS: readonly (readonly [RegExp, string])[] = [
  [/iPhone/, "iPhone"],
  [/iPad/, "iPad"],
  [/Android/, "Android"],
  [/Windows/, "Windows"],
  [/CrOS/, "ChromeOS"],
  [/Mac OS X/, "Mac"],
  [/Linux/, "Linux"],
];
const BROWSERS: readonly (readonly [RegExp, string])[] = [
  [/Edg(e|A|iOS)?\//, "Edge"],
  [/SamsungBrowser\//, "Samsung Internet"],
  [/OPR\//, "Opera"],
  [/Firefox\/|FxiOS\//, "Firefox"],
  [/Chrom(e|ium)\/|CriOS\//, "Chrome"],
  [/Safari\//, "Safari"],
];

/** "Firefox on Android", as far as the browser says. */
export function deviceName(userAgent: string): string {
  const find = (list: typeof SYSTEMS) => list.find(([pattern]) => pattern.test(userAgent))?.[1];
  return `${find(BROWSERS) ?? "Browser"} on ${find(SYSTEMS) ?? "this device"}`;
}

const base64url = (bytes: ArrayBuffer | null): string =>
  btoa(String.fromCharCode(...new Uint8Array(bytes ?? new ArrayBuffer())))
    .replaceAll("+", "-")
    .replaceAll("/", "_")
    .replace(/=+$/, "");

/** The public key of this browser's subscription; null where there is none. It tells which contact method it is. */
export async function subscribedKey(): Promise<string | null> {
  if (pushSupport() !== "ready") return null;
  const registration = await navigator.serviceWorker.getRegistration("/");
  const subscription = await registration?.pushManager.getSubscription();
  return subscription ? base64url(subscription.getKey("p256dh")) : null;
}

/** A subscription of one's own: one that nobody here knows is of another person or another installation, and ends. */
async function subscribe(known: readonly string[]): Promise<PushSubscription> {
  await navigator.serviceWorker.register("/sw.js", { scope: "/" });
  const { pushManager } = await navigator.serviceWorker.ready;
  const { public_key } = await api.get<{ public_key: string }>("/web-push");
  const there = await pushManager.getSubscription();
  if (there && known.includes(base64url(there.getKey("p256dh")))) return there;
  await there?.unsubscribe();
  return pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: public_key });
}

const PROOF_MS = 20_000;

/** The code as the service worker hands it on when the push has come; null when none does in time. */
function pushedCode(): { code: Promise<string | null>; stop: () => void } {
  const { promise: code, resolve } = Promise.withResolvers<string | null>();
  const heard = ({ data }: MessageEvent<{ type?: string; code?: string }>) => {
    if (data.type === "pushed" && data.code !== undefined) resolve(data.code);
  };
  navigator.serviceWorker.addEventListener("message", heard);
  const timer = setTimeout(() => resolve(null), PROOF_MS);
  const stop = () => {
    clearTimeout(timer);
    navigator.serviceWorker.removeEventListener("message", heard);
  };
  return { code, stop };
}

export type Connected = "verified" | "not heard" | "not allowed";

/**
 * Connects this browser: asks for permission, so call it on a click; subscribes, and proves by a push that comes back
 * that it arrives. "not heard" leaves the method unverified, and its notification shows the code to type in.
 */
export async function connectBrowser(
  person: string,
  { device, known }: { device: string; known: readonly ContactMethod[] },
): Promise<Connected> {
  if ((await Notification.requestPermission()) !== "granted") return "not allowed";
  const keys = known.map(({ address }) => String(address.p256dh ?? ""));
  const subscription = await subscribe(keys);
  const p256dh = base64url(subscription.getKey("p256dh"));
  const auth = base64url(subscription.getKey("auth"));
  const path = `/users/${person}/contact-methods`;
  const address = { endpoint: subscription.endpoint, p256dh, auth, device };
  const method =
    known.find((each) => each.address.p256dh === p256dh) ??
    (await api.post<ContactMethod>(path, { channel: "web_push", address }));
  const proof = pushedCode();
  try {
    const sent = await api.post<TestResult>(`${path}/${method.id}/send-code`);
    if (!sent.ok) throw new Error(`The push service did not take the message: ${sent.detail}`);
    const code = await proof.code;
    if (code === null) return "not heard";
    await api.post(`${path}/${method.id}/verify`, { code });
    return "verified";
  } finally {
    proof.stop();
  }
}
