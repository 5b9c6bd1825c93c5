import assert from "node:assert/strict";
import { createECDH, createPublicKey, randomBytes, verify } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { createRequire } from "node:module";
import type { AddressInfo } from "node:net";
import { systemClock } from "../../platform/clock.ts";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";
import type { PushMessage } from "../channels/web-push.ts";
import { webPush } from "./web-push.ts";

/** http_ece has no types of its own. */
const ece = createRequire(import.meta.url)("http_ece") as {
  decrypt(body: Buffer, how: { version: string; privateKey: object; authSecret: string }): Buffer;
};

export const PUSH_TOKEN = "dGhlIGNhcGFiaWxpdHkgVVJM";
export const PUSH_KEYS = webPush.any.make!() as { public_key: string; private_key: string };

export interface TakenPush extends PushMessage {
  receipts: { shown: string; seen: string };
}

export interface FakePushService extends Stand {
  taken: { message: TakenPush; headers: IncomingMessage["headers"] }[];
}

/** The claims of a VAPID token whose signature is right: RFC 8292 §2 and §3.1. */
function vapid(authorization: string): { aud: string; exp: number; sub: string; key: string } {
  const [, token = "", key = ""] = /^vapid t=([^,]+), ?k=([\w-]+)$/.exec(authorization) ?? [];
  const [head = "", body = "", signature = ""] = token.split(".");
  const point = Buffer.from(key, "base64url");
  const [x, y] = [point.subarray(1, 33), point.subarray(33)].map((part) => part.toString("base64url"));
  const publicKey = createPublicKey({ format: "jwk", key: { kty: "EC", crv: "P-256", x, y } });
  const signed = Buffer.from(`${head}.${body}`);
  const dsaEncoding = "ieee-p1363";
  const isRight = verify(
    "sha256",
    signed,
    { key: publicKey, dsaEncoding },
    Buffer.from(signature, "base64url"),
  );
  assert.ok(isRight, "the token is not signed by the key it names");
  return { ...JSON.parse(Buffer.from(body, "base64url").toString("utf8")), key };
}

/** A push service as RFC 8030 has it, and the browser behind it: it checks the sender and opens what it is sent. */
export async function fakePushService(publicKey = PUSH_KEYS.public_key): Promise<FakePushService> {
  const browser = createECDH("prime256v1");
  const p256dh = browser.generateKeys("base64url");
  const auth = randomBytes(16).toString("base64url");
  const wire: string[] = [];
  let trouble: Trouble | null = null;

  function take(request: IncomingMessage, body: Buffer): number {
    const { headers } = request;
    if (body.length > 4_096) return 413;
    const claims = vapid(headers.authorization ?? "");
    // A subscription belongs to the key that it was made for: RFC 8292 §4.2.
    if (claims.key !== publicKey) return 403;
    const lasts = claims.exp - systemClock.now().epochMilliseconds / 1_000;
    if (claims.aud !== origin || lasts <= 0 || lasts > 86_400 || !/^(mailto:|https:)/.test(claims.sub))
      return 403;
    if (!/^\d+$/.test(headers.ttl?.toString() ?? "") || headers["content-encoding"] !== "aes128gcm")
      return 400;
    if (headers.topic !== undefined && !/^[\w-]{1,32}$/.test(String(headers.topic))) return 400;
    const how = { version: "aes128gcm", privateKey: browser, authSecret: auth };
    const text = ece.decrypt(body, how).toString("utf8");
    const { authorization: _, ...open } = headers;
    wire.push(JSON.stringify(open), text);
    box.taken.push({ message: JSON.parse(text), headers });
    return 201;
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const next = trouble;
    trouble = null;
    if (next === "reset") return request.socket.destroy();
    if (next === "broken") return response.writeHead(500).end("oops");
    if (next === "limit") return response.writeHead(429, { "retry-after": "7" }).end("slow down");
    if (next === "denied") return response.writeHead(403).end(`bad token for ${request.url}`);
    if (next === "gone" || request.url !== `/push/${PUSH_TOKEN}`)
      return response.writeHead(410).end("push subscription has unsubscribed or expired");
    return response.writeHead(take(request, Buffer.concat(chunks))).end();
  }

  const server = createServer((request, response) => {
    serve(request, response).catch((error: unknown) => response.writeHead(400).end(String(error)));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const box: FakePushService = {
    provider: { kind: "web_push", settings: PUSH_KEYS },
    address: { endpoint: `${origin}/push/${PUSH_TOKEN}`, p256dh, auth, device: "Ada's phone" },
    taken: [],
    shown: () => box.taken.map(({ message: { title, body, code } }) => [title, body, code].join("\n")),
    wire: () => wire,
    trouble: (next) => {
      trouble = next;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return box;
}
