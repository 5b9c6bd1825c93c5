import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";

export const NTFY_TOKEN = "tk_AgQdq7mVBoFD37zQVN29RhuMzNIz2";
export const REPLIES = "replies-8JkQ2mXv5t";
const TOPIC = "ada-7Hq2ZkPw";

interface Published {
  topic: string;
  title: string;
  message: string;
  priority: number;
  actions: { label: string; url: string; body?: string }[];
}

export interface FakeNtfy extends Stand {
  messages: Published[];
  /** Presses a button as the app does: the request that the button stands for. */
  press(message: Published, label: string): Promise<Response>;
  /** How many listen to the answer topic. */
  listeners(): number;
}

/** docs.ntfy.sh/publish and /subscribe/api: publishing as JSON, the stream of a topic, and its refusals. */
export async function fakeNtfy(): Promise<FakeNtfy> {
  const streams = new Map<ServerResponse, string>();
  const replies: { id: string; event: "message"; topic: string; message: string }[] = [];
  const wire: string[] = [];
  let trouble: Trouble | null = null;
  let ids = 0;

  const refuse = (response: ServerResponse, http: number, code: number, error: string, more = {}) =>
    void response
      .writeHead(http, { "content-type": "application/json", ...more })
      .end(JSON.stringify({ code, http, error, link: "https://ntfy.sh/docs/publish/" }));

  function publish(body: string, response: ServerResponse): unknown {
    const published = JSON.parse(body) as Published;
    if (Buffer.byteLength(published.message) > 4_096)
      return refuse(response, 413, 41301, "attachment too large");
    if (published.actions.length > 3)
      return refuse(response, 400, 40018, "invalid request: actions invalid, only 3 actions allowed");
    box.messages.push(published);
    ids += 1;
    return response.end(JSON.stringify({ id: `m${ids}`, time: 1, event: "message", topic: published.topic }));
  }

  function subscribe(topic: string, since: string, response: ServerResponse): void {
    response.writeHead(200, { "content-type": "application/x-ndjson" });
    response.write(`${JSON.stringify({ id: "o", time: 1, event: "open", topic })}\n`);
    const at = replies.findIndex(({ id }) => id === since);
    for (const each of replies.slice(at + 1)) response.write(`${JSON.stringify(each)}\n`);
    streams.set(response, topic);
    response.on("close", () => streams.delete(response));
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    wire.push(body);
    const url = new URL(request.url ?? "/", "http://ntfy");
    const next = request.method === "POST" && url.pathname === "/" ? trouble : null;
    if (next) trouble = null;
    if (next === "reset") return void request.socket.destroy();
    if (next === "broken") return void response.writeHead(500).end("oops");
    if (next === "limit")
      return refuse(response, 429, 42901, "limit reached: too many requests", { "retry-after": "7" });
    const isTelephone = request.method === "POST" && url.pathname === `/${REPLIES}`;
    if (next === "denied" || (!isTelephone && request.headers.authorization !== `Bearer ${NTFY_TOKEN}`))
      return refuse(response, 403, 40301, "forbidden");
    if (url.pathname === "/v1/account") return void response.end(JSON.stringify({ username: "keepwatch" }));
    if (url.pathname.endsWith("/json"))
      return subscribe(url.pathname.slice(1, -5), url.searchParams.get("since") ?? "", response);
    if (!isTelephone) return publish(body, response);
    ids += 1;
    const reply = { id: `r${ids}`, event: "message" as const, topic: REPLIES, message: body };
    replies.push(reply);
    for (const [stream, topic] of streams) if (topic === REPLIES) stream.write(`${JSON.stringify(reply)}\n`);
    response.end("{}");
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const home = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const box: FakeNtfy = {
    provider: { kind: "ntfy", settings: { server: home, token: NTFY_TOKEN, reply_topic: REPLIES } },
    address: { topic: TOPIC },
    messages: [],
    shown: () => box.messages.map(({ title, message }) => `${title}\n${message}`),
    wire: () => wire,
    trouble: (next) => {
      trouble = next;
    },
    press(message, label) {
      const button = message.actions.find((each) => each.label === label);
      if (!button) throw new Error(`there is no button "${label}"`);
      return fetch(button.url, { method: "POST", body: button.body ?? "" });
    },
    listeners: () => [...streams.values()].filter((topic) => topic === REPLIES).length,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return box;
}
