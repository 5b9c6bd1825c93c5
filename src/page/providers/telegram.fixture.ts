import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { Stand, Trouble } from "../channels/contract.fixture.ts";

export const TELEGRAM_TOKEN = "123456789:AAHdqTcvCH1vGWJxfSeofSAs0K5PALDsaw";
export const CHAT = "4711";

interface Sent {
  message_id: number;
  chat_id: string;
  text: string;
  reply_markup?: { inline_keyboard: { text: string; callback_data?: string }[][] };
  reply_parameters?: { message_id: number };
}

export interface FakeTelegram extends Stand {
  apiUrl: string;
  messages: Sent[];
  toasts: { text: string }[];
  /** Somebody presses the button of this name under a message. */
  press(message: Sent, label: string, userId?: string): void;
  write(text: string, options?: { userId?: string; replyTo?: number }): void;
  block(userId: string): void;
  /** The update that would be handed out next, again: as after a lost acknowledgement. */
  repeatLast(): void;
}

/** core.telegram.org/bots/api: the methods that Keepwatch calls, with the refusals that their documentation names. */
export async function fakeTelegram(): Promise<FakeTelegram> {
  const updates: { update_id: number }[] = [];
  const waiting = new Set<() => void>();
  const wire: string[] = [];
  /** A bot may write only to whoever has written to it. */
  const chats = new Set([CHAT]);
  let nextTrouble: Trouble | null = null;
  const numbers = (function* () {
    for (let n = 101; ; n++) yield n;
  })();
  const next = (): number => numbers.next().value as number;

  const push = (update: Record<string, unknown>) => {
    updates.push({ update_id: next(), ...update });
    for (const wake of waiting) wake();
  };

  async function getUpdates(params: { offset?: number; timeout?: number }, response: ServerResponse) {
    const ready = () => updates.filter(({ update_id }) => update_id >= (params.offset ?? 0));
    if (ready().length === 0 && params.timeout)
      await new Promise<void>((done) => {
        waiting.add(done);
        response.on("close", done);
      }).finally(() => waiting.clear());
    return { ok: true, result: ready() };
  }

  const refuse = (error_code: number, description: string, parameters?: object) => ({
    ok: false,
    error_code,
    description,
    ...(parameters ? { parameters } : {}),
  });

  function sendMessage(params: Omit<Sent, "message_id"> & { chat_id: string | number }) {
    if (!params.text) return refuse(400, "Bad Request: message text is empty");
    if (params.text.length > 4_096) return refuse(400, "Bad Request: message is too long");
    if (!chats.has(String(params.chat_id))) return refuse(400, "Bad Request: chat not found");
    for (const { callback_data = "" } of params.reply_markup?.inline_keyboard.flat() ?? [])
      if (Buffer.byteLength(callback_data) > 64) return refuse(400, "Bad Request: BUTTON_DATA_INVALID");
    const message = { ...params, chat_id: String(params.chat_id), message_id: next() };
    box.messages.push(message);
    return { ok: true, result: { message_id: message.message_id, chat: { id: Number(CHAT) } } };
  }

  async function answer(method: string, params: never, response: ServerResponse): Promise<object> {
    switch (method) {
      case "getMe":
        return { ok: true, result: { id: 1, is_bot: true, username: "keepwatch_test_bot" } };
      case "deleteWebhook":
        return { ok: true, result: true };
      case "getUpdates":
        return getUpdates(params, response);
      case "sendMessage":
        return sendMessage(params);
      case "editMessageReplyMarkup": {
        const { message_id, reply_markup } = params as Sent;
        const message = box.messages.find((each) => each.message_id === message_id);
        if (!message) return refuse(400, "Bad Request: message to edit not found");
        Object.assign(message, { reply_markup });
        return { ok: true, result: true };
      }
      case "answerCallbackQuery":
        box.toasts.push(params);
        return { ok: true, result: true };
      default:
        return refuse(404, "Not Found");
    }
  }

  async function serve(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString("utf8");
    const [, token, method = ""] = /^\/bot([^/]+)\/(\w+)$/.exec(request.url ?? "") ?? [];
    wire.push(body);
    const trouble = method === "sendMessage" ? nextTrouble : null;
    if (trouble) nextTrouble = null;
    if (trouble === "reset") return void request.socket.destroy();
    if (trouble === "broken") return void response.writeHead(500).end("<html>oops</html>");
    const told =
      trouble === "limit"
        ? refuse(429, "Too Many Requests: retry after 7", { retry_after: 7 })
        : trouble === "gone"
          ? refuse(403, "Forbidden: bot was blocked by the user")
          : trouble === "denied" || token !== TELEGRAM_TOKEN
            ? refuse(401, "Unauthorized")
            : await answer(method, (body ? JSON.parse(body) : {}) as never, response);
    const status = "error_code" in told ? Number(told.error_code) : 200;
    response.writeHead(status, { "content-type": "application/json" }).end(JSON.stringify(told));
  }

  const server = createServer((request, response) => void serve(request, response));
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const apiUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const sender = (userId: string) => ({ id: Number(userId), is_bot: false, first_name: "Ada" });
  const box: FakeTelegram = {
    apiUrl,
    provider: { kind: "telegram", settings: { token: TELEGRAM_TOKEN, api_url: apiUrl } },
    address: { chat_id: CHAT },
    messages: [],
    toasts: [],
    shown: () => box.messages.map(({ text }) => text),
    wire: () => wire,
    trouble: (next) => {
      nextTrouble = next;
    },
    press(message, label, userId = CHAT) {
      const button = message.reply_markup?.inline_keyboard.flat().find(({ text }) => text === label);
      if (!button) throw new Error(`there is no button "${label}"`);
      const about = { message_id: message.message_id, chat: { id: Number(message.chat_id) } };
      push({ callback_query: { id: "1", from: sender(userId), data: button.callback_data, message: about } });
    },
    write(text, { userId = CHAT, replyTo } = {}) {
      const reply = replyTo ? { reply_to_message: { message_id: replyTo } } : {};
      const chat = { id: Number(userId), type: "private" };
      chats.add(userId);
      push({ message: { message_id: next(), from: sender(userId), chat, text, ...reply } });
    },
    block: (userId) =>
      push({ my_chat_member: { chat: { id: Number(userId) }, new_chat_member: { status: "kicked" } } }),
    repeatLast: () => {
      const last = updates.at(-1);
      if (last) updates.push(last);
      for (const wake of waiting) wake();
    },
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
  return box;
}
