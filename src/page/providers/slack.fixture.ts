import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { type WebSocket, WebSocketServer } from "ws";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";

export const BOT_TOKEN = "xoxb-17653672481-19874698323-pdFZKVeTuE8sk7oOcBrzbqgy";
export const APP_LEVEL_TOKEN = "xapp-1-A0123456789-19874698323-a1b2c3d4e5f6";
export const MEMBER = "U012AB3CD45";
const DM = "D024BE91L";

interface Button {
  text: { text: string };
  value?: string;
}
interface Posted {
  channel: string;
  ts: string;
  thread_ts?: string;
  text: string;
  blocks?: { type: string; text?: { type: string; text: string }; elements?: Button[] }[];
}

export interface FakeSlack extends Stand {
  messages: Posted[];
  /** What was said to a slash command, by envelope. */
  replies: Map<string, string>;
  press(message: Posted, label: string, times?: number): void;
  command(text: string, userId?: string): string;
  write(text: string, options?: { thread_ts?: string }): void;
  /** Slack closes the socket, as it does every few hours. */
  hangUp(): void;
  connections(): number;
}

/** Slack's Web API and socket mode: docs.slack.dev/apis/events-api/using-socket-mode, chat.postMessage, auth.test. */
export async function fakeSlack(): Promise<FakeSlack> {
  let trouble: Trouble | null = null;
  let count = 0;
  const wire: string[] = [];
  const sockets = new Set<WebSocket>();
  const next = () => {
    count += 1;
    return count;
  };
  const say = (response: ServerResponse, body: object, status = 200, headers = {}) =>
    response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(body));
  const refuse = (response: ServerResponse, error: string) => say(response, { ok: false, error });

  function postMessage(params: Posted, response: ServerResponse): unknown {
    if (![MEMBER, DM].includes(params.channel)) return refuse(response, "channel_not_found");
    for (const { type, text, elements = [] } of params.blocks ?? []) {
      const most = type === "header" ? 150 : 3_000;
      if (text && (text.text.length > most || text.text === "")) return refuse(response, "invalid_blocks");
      if (elements.length > 25) return refuse(response, "invalid_blocks");
    }
    if (params.text.length > 40_000) return refuse(response, "msg_too_long");
    const message = { ...params, channel: DM, ts: `1700000000.${String(next()).padStart(6, "0")}` };
    box.messages.push(message);
    return say(response, { ok: true, channel: DM, ts: message.ts });
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    wire.push(body);
    const method = (request.url ?? "").replace("/api/", "");
    const token = (request.headers.authorization ?? "").replace("Bearer ", "");
    const now = method === "chat.postMessage" ? trouble : null;
    if (now) trouble = null;
    if (now === "reset") return request.socket.destroy();
    if (now === "broken") return response.writeHead(500).end("oops");
    if (now === "limit")
      return say(response, { ok: false, error: "ratelimited" }, 429, { "retry-after": "7" });
    const wanted = method === "apps.connections.open" ? APP_LEVEL_TOKEN : BOT_TOKEN;
    if (now === "denied" || token !== wanted) return refuse(response, "invalid_auth");
    if (now === "gone") return refuse(response, "account_inactive");
    if (method === "auth.test") return say(response, { ok: true, user: "keepwatch", team: "Harbour" });
    if (method === "apps.connections.open")
      return say(response, { ok: true, url: `ws://127.0.0.1:${port}/link` });
    return postMessage(JSON.parse(body) as Posted, response);
  }

  const server = createServer((request, response) => void serve(request, response));
  const wss = new WebSocketServer({ server });
  wss.on("connection", (socket) => {
    sockets.add(socket);
    socket.on("close", () => sockets.delete(socket));
    socket.on("message", (data) => {
      const { envelope_id, payload } = JSON.parse(String(data)) as {
        envelope_id: string;
        payload?: { text: string };
      };
      if (payload) box.replies.set(envelope_id, payload.text);
    });
    socket.send(JSON.stringify({ type: "hello", num_connections: 1 }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const { port } = server.address() as AddressInfo;

  const deliver = (type: string, payload: object, times = 1): string => {
    const envelope_id = `e${next()}`;
    for (const socket of sockets)
      for (let n = 0; n < times; n++) socket.send(JSON.stringify({ type, envelope_id, payload }));
    return envelope_id;
  };

  const box: FakeSlack = {
    provider: {
      kind: "slack",
      settings: { bot_token: BOT_TOKEN, app_token: APP_LEVEL_TOKEN, api_url: `http://127.0.0.1:${port}` },
    },
    address: { user: MEMBER },
    messages: [],
    replies: new Map(),
    shown: () =>
      box.messages.map(({ blocks = [] }) => blocks.flatMap((block) => block.text?.text ?? []).join("\n")),
    wire: () => wire,
    trouble: (which) => {
      trouble = which;
    },
    press(message, label, times = 1) {
      const button = message.blocks
        ?.flatMap(({ elements = [] }) => elements)
        .find(({ text }) => text.text === label);
      if (!button) throw new Error(`there is no button "${label}"`);
      const about = { channel: { id: message.channel }, message: { ts: message.ts } };
      const actions = [{ value: button.value, action_ts: `1700000001.${next()}` }];
      deliver("interactive", { type: "block_actions", user: { id: MEMBER }, ...about, actions }, times);
    },
    command: (text, userId = MEMBER) =>
      deliver("slash_commands", { command: "/keepwatch", text, user_id: userId, trigger_id: `t${next()}` }),
    write(text, { thread_ts } = {}) {
      const message = {
        type: "message",
        channel_type: "im",
        channel: DM,
        user: MEMBER,
        text,
        ts: `1700000002.${next()}`,
      };
      deliver("events_api", {
        event_id: `Ev${next()}`,
        event: { ...message, ...(thread_ts ? { thread_ts } : {}) },
      });
    },
    hangUp() {
      for (const socket of sockets)
        socket.send(JSON.stringify({ type: "disconnect", reason: "refresh_requested" }));
    },
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.terminate();
      wss.close();
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return box;
}
