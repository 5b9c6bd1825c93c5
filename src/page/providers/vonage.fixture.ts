import { createHash, createHmac, createVerify, generateKeyPairSync } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";

export const API_SECRET = "abcdef0123456789";
export const SIGNATURE_SECRET = "feedf00dfeedf00dfeedf00dfeedf00d";
export const TELEPHONE = "+33612345678";
const API_KEY = "a1b2c3d4";
const APPLICATION = "0193588e-0000-4000-8000-00000000000f";
const pair = generateKeyPairSync("rsa", { modulusLength: 2_048 });
export const PRIVATE_KEY = pair.privateKey.export({ type: "pkcs8", format: "pem" }).toString();

interface Call {
  to: { number: string }[];
  ncco: { action: string; text?: string; eventUrl?: string[] }[];
  event_url?: string[];
}

export interface FakeVonage extends Stand {
  texts: Partial<Record<string, string>>[];
  calls: Call[];
  /** Every request from now on meets this. */
  always(trouble: Trouble | null): void;
}

/** developer.vonage.com/en/api/sms and /en/api/voice: what they take, refuse and answer. */
export async function fakeVonage(): Promise<FakeVonage> {
  let next: Trouble | null = null;
  let always: Trouble | null = null;
  const wire: string[] = [];
  const answer = (response: ServerResponse, status: number, body: unknown, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  const part = (status: string, more = {}) => ({ "message-count": "1", messages: [{ status, ...more }] });

  function text(params: Partial<Record<string, string>>, trouble: Trouble | null) {
    if (trouble === "denied" || params.api_key !== API_KEY || params.api_secret !== API_SECRET)
      return part("4", { "error-text": "Bad Credentials" });
    if (trouble === "gone") return part("7", { "error-text": "Number barred" });
    if (!/^\d{7,15}$/.test(params.to ?? "")) return part("3", { "error-text": "Invalid to address" });
    if (!params.text || !params.from) return part("2", { "error-text": "Missing Message Body" });
    box.texts.push(params);
    return part("0", { to: params.to, "message-id": `ID${box.texts.length}`, "message-price": "0.03" });
  }

  function call(authorization: string, body: string, response: ServerResponse, trouble: Trouble | null) {
    const [, open = "", claims = "", signature = ""] =
      /^Bearer ((?:[\w-]+)\.([\w-]+))\.([\w-]+)$/.exec(authorization) ?? [];
    const isOurs = createVerify("RSA-SHA256").update(open).verify(pair.publicKey, signature, "base64url");
    const { application_id, exp, iat, jti } = isOurs
      ? JSON.parse(Buffer.from(claims, "base64url").toString())
      : {};
    if (trouble === "denied" || application_id !== APPLICATION || !(exp > iat) || !jti)
      return answer(response, 401, { type: "UNAUTHORIZED", title: "Unauthorized", detail: "Bad token" });
    const asked = JSON.parse(body) as Call;
    if (trouble === "gone" || !/^\d{7,15}$/.test(asked.to[0]?.number ?? ""))
      return answer(response, 400, { title: "Bad Request", detail: "Invalid destination" });
    if (
      asked.ncco.some(
        ({ action, text: words = "" }) => !["talk", "input"].includes(action) || words.length > 1_500,
      )
    )
      return answer(response, 400, { title: "Bad Request", detail: "Invalid ncco" });
    box.calls.push(asked);
    return answer(response, 201, {
      uuid: `uuid-${box.calls.length}`,
      status: "started",
      direction: "outbound",
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const isText = request.url === "/sms/json";
    const params = Object.fromEntries(new URLSearchParams(isText ? body : ""));
    // The SMS API's secret is a parameter of its own.
    wire.push(isText ? new URLSearchParams({ ...params, api_secret: "" }).toString() : body);
    const trouble = next ?? always;
    next = null;
    if (trouble === "reset") return request.socket.destroy();
    if (trouble === "broken") return response.writeHead(500).end("<html>oops</html>");
    if (trouble === "limit")
      return answer(response, 429, { title: "Too Many Requests" }, { "retry-after": "7" });
    if (isText) return answer(response, 200, text(params, trouble));
    if (request.url === "/v1/calls")
      return call(request.headers.authorization ?? "", body, response, trouble);
    return answer(response, 404, { title: "Not Found" });
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const api_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const box: FakeVonage = {
    provider: {
      kind: "vonage",
      settings: {
        ...{
          api_key: API_KEY,
          api_secret: API_SECRET,
          signature_secret: SIGNATURE_SECRET,
          from: "447700900000",
        },
        ...{ application_id: APPLICATION, private_key: PRIVATE_KEY, api_url },
      },
    },
    address: { phone: TELEPHONE },
    texts: [],
    calls: [],
    shown: () => [
      ...box.texts.map(({ text: words = "" }) => words),
      ...box.calls.map(({ ncco }) => ncco.map(({ text: words = "" }) => words).join(" ")),
    ],
    wire: () => wire,
    trouble: (each) => {
      next = each;
    },
    always: (each) => {
      always = each;
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return box;
}

/** What Vonage adds to a callback about an SMS, by its own rules: docs on signing messages. */
export function signedText(
  params: Record<string, string>,
  { at, secret = SIGNATURE_SECRET }: { at: Temporal.Instant; secret?: string },
): Record<string, string> {
  const all: Record<string, string> = {
    ...params,
    nonce: "aaaaaaaa-bbbb",
    timestamp: String(Math.floor(at.epochMilliseconds / 1_000)),
  };
  let line = "";
  for (const name of Object.keys(all).sort()) line += `&${name}=${all[name]?.replace(/[&=]/g, "_")}`;
  return { ...all, sig: createHmac("sha256", secret).update(line).digest("hex").toUpperCase() };
}

/** The token that comes with a callback of the Voice API. */
export function eventToken(
  body: string,
  { at, secret = SIGNATURE_SECRET }: { at: Temporal.Instant; secret?: string },
) {
  const encode = (value: unknown) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const claims = {
    ...{ iat: Math.floor(at.epochMilliseconds / 1_000), jti: "c5ba8f24", iss: "Vonage", api_key: API_KEY },
    payload_hash: createHash("sha256").update(body).digest("hex"),
  };
  const open = `${encode({ typ: "JWT", alg: "HS256" })}.${encode(claims)}`;
  return `Bearer ${open}.${createHmac("sha256", secret).update(open).digest("base64url")}`;
}
