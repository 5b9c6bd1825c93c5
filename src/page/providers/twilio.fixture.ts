import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";

export const ACCOUNT = "AC0123456789abcdef0123456789abcdef";
export const AUTH_TOKEN = "f00dfeedf00dfeedf00dfeedf00dfeed";
export const TELEPHONE = "+33612345678";

export interface FakeTwilio extends Stand {
  /** What was asked of Messages.json and Calls.json. */
  made: Partial<Record<string, string>>[];
}

/** twilio.com/docs/messaging/api/message-resource and /voice/api/call-resource: what they take, refuse and answer. */
export async function fakeTwilio(): Promise<FakeTwilio> {
  let trouble: Trouble | null = null;
  const wire: string[] = [];
  const refuse = (response: ServerResponse, status: number, code: number, message: string, more = {}) =>
    response
      .writeHead(status, { "content-type": "application/json", ...more })
      .end(
        JSON.stringify({ code, message, more_info: `https://www.twilio.com/docs/errors/${code}`, status }),
      );

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    wire.push(body);
    const next = trouble;
    trouble = null;
    if (next === "reset") return request.socket.destroy();
    if (next === "broken") return response.writeHead(500).end("<html>oops</html>");
    if (next === "limit") return refuse(response, 429, 20429, "Too Many Requests", { "retry-after": "7" });
    const basic = `Basic ${Buffer.from(`${ACCOUNT}:${AUTH_TOKEN}`).toString("base64")}`;
    if (next === "denied" || request.headers.authorization !== basic)
      return refuse(response, 401, 20003, "Authenticate");
    const home = `/2010-04-01/Accounts/${ACCOUNT}`;
    if (request.url === `${home}.json`)
      return response.end(JSON.stringify({ sid: ACCOUNT, status: "active" }));
    const params = Object.fromEntries(new URLSearchParams(body));
    if (next === "gone") return refuse(response, 400, 21610, "Attempt to send to unsubscribed recipient");
    if (!/^\+\d{7,15}$/.test(params.To ?? ""))
      return refuse(response, 400, 21211, "Invalid 'To' Phone Number");
    const text = params.Body ?? params.Twiml ?? "";
    if (text === "" || (params.Body ?? "").length > 1_600 || (params.Twiml ?? "").length > 4_000)
      return refuse(response, 400, 21617, "The concatenated message body exceeds the 1600 character limit");
    if (/localhost|127\.0\.0\.1/.test(params.StatusCallback ?? ""))
      return refuse(response, 400, 21609, "Invalid StatusCallback url");
    box.made.push(params);
    const sid = `${params.Body === undefined ? "CA" : "SM"}${String(box.made.length).padStart(32, "0")}`;
    return response
      .writeHead(201, { "content-type": "application/json" })
      .end(JSON.stringify({ sid, status: "queued" }));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const api_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const box: FakeTwilio = {
    provider: {
      kind: "twilio",
      settings: { account_sid: ACCOUNT, auth_token: AUTH_TOKEN, from: "+15550109999", api_url },
    },
    address: { phone: TELEPHONE },
    made: [],
    shown: () => box.made.map(({ Body, Twiml = "" }) => Body ?? heard(Twiml)),
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

const NAMED: Record<string, string> = { lt: "<", gt: ">", amp: "&", quot: '"', apos: "'" };

/** What the person at the telephone hears. */
const heard = (twiml: string): string =>
  [...twiml.matchAll(/<Say>([^<]*)<\/Say>/g)]
    .map(([, text = ""]) =>
      text.replace(/&(lt|gt|amp|quot|apos);/g, (_all, name: string) => NAMED[name] ?? ""),
    )
    .join(" ");
