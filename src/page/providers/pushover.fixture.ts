import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";

export const APP_TOKEN = "azGDORePK8gMaC0QOYAMyEEuzJnyUi";
const USER = "uQiRzpo4DXghDmr9QzzfQu27cmVRsG";

export interface FakePushover extends Stand {
  messages: Partial<Record<string, string>>[];
  /** The person acknowledges the n-th message in their app. */
  acknowledge(n: number): void;
  cancelled: string[];
}

/** pushover.net/api and /api/receipts: messages, receipts, cancelling, and the refusals. */
export async function fakePushover(): Promise<FakePushover> {
  let trouble: Trouble | null = null;
  const wire: string[] = [];
  const acknowledged = new Set<string>();
  const json = (response: ServerResponse, status: number, body: object, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  const refuse = (response: ServerResponse, status: number, error: string, headers = {}) =>
    json(response, status, { status: 0, request: "r", errors: [error] }, headers);

  function send(params: Partial<Record<string, string>>, response: ServerResponse): unknown {
    if (params.user !== USER) return refuse(response, 400, "user identifier is not a valid user");
    if (!params.message) return refuse(response, 400, "message cannot be blank");
    if (params.message.length > 1_024 || (params.title ?? "").length > 250)
      return refuse(response, 400, "message is too long");
    if (params.priority === "2" && !(Number(params.retry) >= 30 && Number(params.expire) <= 10_800))
      return refuse(response, 400, "retry and expire are required with emergency priority");
    const n = box.messages.push(params) - 1;
    return json(response, 200, {
      status: 1,
      request: `q${n}`,
      ...(params.priority === "2" ? { receipt: `r${n}` } : {}),
    });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const url = new URL(request.url ?? "/", "http://pushover");
    const params = Object.fromEntries(new URLSearchParams(body));
    const { token: _token, ...shown } = params;
    wire.push(JSON.stringify(shown));
    const next = url.pathname === "/1/messages.json" ? trouble : null;
    if (next) trouble = null;
    if (next === "reset") return request.socket.destroy();
    if (next === "broken") return response.writeHead(500).end("oops");
    if (next === "limit")
      return refuse(response, 429, "application is over its quota", { "retry-after": "7" });
    const token = params.token ?? url.searchParams.get("token");
    if (next === "denied" || token !== APP_TOKEN)
      return refuse(response, 400, "application token is invalid");
    if (next === "gone") return refuse(response, 400, "user identifier is not a valid user");
    if (url.pathname === "/1/messages.json") return send(params, response);
    if (url.pathname === "/1/apps/limits.json")
      return json(response, 200, { limit: 10_000, remaining: 7_496, status: 1 });
    const [, id = "", cancel] = /^\/1\/receipts\/([^/]+?)(\/cancel)?\.json$/.exec(url.pathname) ?? [];
    if (!id.startsWith("r")) return refuse(response, 404, "receipt not found");
    if (cancel) box.cancelled.push(id);
    const isDone = acknowledged.has(id);
    return json(response, 200, {
      status: 1,
      acknowledged: isDone ? 1 : 0,
      acknowledged_by: isDone ? USER : "",
    });
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const api_url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const box: FakePushover = {
    provider: { kind: "pushover", settings: { token: APP_TOKEN, api_url } },
    address: { user: USER },
    messages: [],
    cancelled: [],
    acknowledge: (n) => void acknowledged.add(`r${n}`),
    shown: () => box.messages.map(({ title, message }) => `${title}\n${message}`),
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
