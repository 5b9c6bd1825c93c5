import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { once } from "node:events";
import https from "node:https";
import { test } from "node:test";
import { type WebSocket, WebSocketServer } from "ws";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { closedPort, httpServer, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { websocket } from "./websocket.ts";

const check = checkWith(websocket);

type Greet = (socket: WebSocket, headers: Record<string, unknown>) => void;

/** A WebSocket server on loopback that knows the subprotocols chat and feed. */
async function server(greet: Greet) {
  const made = new WebSocketServer({
    host: "127.0.0.1",
    port: 0,
    handleProtocols: (offered) => [...offered].find((each) => ["chat", "feed"].includes(each)) ?? false,
  });
  made.on("connection", (socket, request) => {
    socket.on("error", () => {});
    greet(socket, request.headers);
  });
  await once(made, "listening");
  const address = made.address();
  const port = typeof address === "object" && address ? address.port : 0;
  return {
    url: `ws://127.0.0.1:${port}/live`,
    port,
    async [Symbol.asyncDispose]() {
      for (const client of made.clients) client.terminate();
      made.close();
      await once(made, "close");
    },
  };
}

const echo: Greet = (socket) => {
  socket.send('{"type":"welcome"}');
  socket.on("message", (data) => socket.send(`{"type":"pong","of":${data}}`));
};

/** Switches protocols as it should, then sends these bytes as if they were frames. */
const afterUpgrade = (frames: (write: (bytes: Buffer) => boolean) => void) =>
  rawServer((socket) => {
    socket.once("data", (request) => {
      const key = /sec-websocket-key: (\S+)/i.exec(request.toString())?.[1];
      const accept = createHash("sha1").update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest("base64");
      socket.write(
        `HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`,
      );
      frames((bytes) => !socket.destroyed && socket.write(bytes));
    });
  });

const wsOf = ({ url }: { url: string }) => url.replace(/^http/, "ws");

test("a connection that opens is enough, with its phases, headers and subprotocol, and is taken leave of", async () => {
  const left = Promise.withResolvers<number>();
  let token: unknown;
  await using live = await server((socket, headers) => {
    token = headers.authorization;
    socket.on("close", left.resolve);
  });
  const config = {
    url: live.url,
    headers: { authorization: "Bearer top-secret-1" },
    subprotocols: ["mqtt", "feed"],
    expect: { subprotocol: "feed", latency: "2s" },
  };
  const result = await check(config, { verbose: true });
  assert.match(result.reason, /^\[ok\] open in \d/);
  assert.deepEqual([result.status, result.evidence?.status, token], ["up", 101, "Bearer top-secret-1"]);
  const { connect, tls, first_byte, transfer } = result.timings;
  assert.deepEqual([typeof connect, tls, typeof first_byte, transfer], ["number", null, "number", null]);
  assert.equal(await left.promise, 1_000);
});

test("one message of several must meet everything, and other messages before it do no harm", async () => {
  await using live = await server(echo);
  const json = [
    { path: "$.type", equals: "pong" },
    { path: "$.of", above: 40 },
  ];
  const config = { url: live.url, send: "42", expect: { contains: ["pong", "42"], matches: "^\\{", json } };
  const good = await check(config, { verbose: true });
  assert.match(good.reason, /^\[ok\] “\{"type":"pong","of":42\}” in /);
  assert.notEqual(good.timings.transfer, null);
  assert.equal(good.evidence?.body, '{"type":"welcome"}\n{"type":"pong","of":42}');
  const other = await check({ ...config, expect: { contains: "gone" } }, { timeoutMs: 150 });
  const came = '“{"type":"pong","of":42}” after 1 more, then none within 150 ms';
  assert.equal(other.reason, `[message] ${came}; wanted to contain “gone”`);
  assert.deepEqual([other.status, other.cause, other.hard], ["down", "message", true]);
  const path = await check({ ...config, expect: { json: [{ path: "$.of", below: 9 }] } }, { timeoutMs: 150 });
  assert.equal(path.reason, "[json] $.of is 42, wanted below 9");
  const nested = { ...config, send: "1".repeat(40), expect: { matches: "(\\d+)+!" } };
  const slow = await check(nested);
  assert.deepEqual([slow.status, slow.cause], ["degraded", "pattern"], slow.reason);
});

test("how the server closes is told, and can be what is wanted", async () => {
  await using live = await server((socket) => socket.close(4401, "who are you?"));
  const early = await check({ url: live.url, expect: { contains: "hello" } });
  assert.equal(early.reason, "[close] opened, then closed with 4401 “who are you?” before any message");
  assert.deepEqual([early.cause, early.hard], ["close:4401", true]);
  const wanted = await check({ url: live.url, expect: { close_code: 4401 } });
  assert.match(wanted.reason, /^\[ok\] closed with 4401 “who are you\?” in /);
  const other = await check({ url: live.url, expect: { close_code: 1000 } });
  assert.equal(other.reason, "[close] closed with 4401 “who are you?”, wanted 1000");
  await using open = await server(() => {});
  const stays = await check({ url: open.url, expect: { close_code: 1000 } }, { timeoutMs: 100 });
  assert.equal(stays.reason, "[close] not closed, wanted 1000");
  const mute = await check({ url: open.url, send: "hi", expect: { contains: "hi" } }, { timeoutMs: 100 });
  assert.equal(mute.reason, "[timeout] opened, but no message came within 100 ms");
  assert.deepEqual([mute.cause, mute.hard], ["timeout:transfer", false]);
});

test("a refused upgrade is told with its status and what the server says", async () => {
  await using forbidden = await httpServer((_, response) =>
    response.writeHead(403).end("wrong origin\nmore"),
  );
  const refused = await check({ url: wsOf(forbidden) });
  assert.equal(refused.reason, "[upgrade] answered 403 instead of switching protocols: “wrong origin”");
  assert.deepEqual([refused.cause, refused.hard, refused.evidence?.status], ["status:403", true, 403]);
  await using page = await httpServer((_, response) => response.end());
  const plain = await check({ url: wsOf(page) });
  assert.equal(plain.reason, "[upgrade] answered 200 instead of switching protocols");
  await using endless = await httpServer((_, response) => {
    const timer = setInterval(() => response.write("x".repeat(1_000)), 1);
    response.on("close", () => clearInterval(timer));
  });
  assert.equal((await check({ url: wsOf(endless) })).cause, "status:200");
});

test("a subprotocol that nobody chose is told", async () => {
  await using live = await server(() => {});
  const none = await check({ url: live.url, subprotocols: "mqtt" });
  assert.equal(none.reason, "[subprotocol] the server agreed to none of those offered");
  const wanted = { subprotocols: ["chat", "feed"], expect: { subprotocol: "feed" } };
  const other = await check({ url: live.url, ...wanted });
  assert.equal(other.reason, "[subprotocol] the server chose chat, wanted feed");
});

test("silence, a closed port, and what is no HTTP or no WebSocket are told apart", async () => {
  assert.equal((await check({ url: `ws://127.0.0.1:${await closedPort()}` })).cause, "refused");
  await using silent = await rawServer(() => {});
  const mute = await check({ url: wsOf(silent) }, { timeoutMs: 80 });
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  await using mail = await rawServer((socket) => void socket.write("220 mail ready\r\n"));
  assert.match((await check({ url: wsOf(mail) })).reason, /^\[protocol\] the answer is not HTTP\/1/);
  await using wrong = await rawServer((socket) =>
    socket.once("data", () =>
      socket.write(
        "HTTP/1.1 101 Yes\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: no\r\n\r\n",
      ),
    ),
  );
  assert.match((await check({ url: wsOf(wrong) })).reason, /^\[protocol\] switches protocols, but not as /);
  await using noise = await afterUpgrade((write) => write(Buffer.alloc(100, 0xff)));
  const garbage = await check({ url: wsOf(noise), expect: { contains: "x" } });
  assert.match(garbage.reason, /^\[protocol\] opened, then sent what is not WebSocket: /);
});

test("endless messages, an endless message and endless pings end the check", async () => {
  const expect = { contains: "never" };
  await using chatty = await afterUpgrade((write) =>
    write(Buffer.concat(Array<Buffer>(2_000).fill(Buffer.from([0x81, 1, 0x78])))),
  );
  const flood = await check({ url: wsOf(chatty), expect });
  assert.equal(flood.reason, "[message] “x” after 999 more, and on and on; wanted to contain “never”");
  await using long = await afterUpgrade((write) => {
    write(Buffer.from([0x01, 126, 0xff, 0xff]));
    write(Buffer.alloc(0xffff, "y"));
    const more = Buffer.concat([Buffer.from([0x00, 126, 0xff, 0xff]), Buffer.alloc(0xffff, "y")]);
    for (let i = 0; i < 20; i += 1) write(more);
  });
  assert.equal((await check({ url: wsOf(long), expect })).reason, "[message] longer than 1 MiB");
  await using pinging = await afterUpgrade((write) => {
    const ping = Buffer.concat([Buffer.from([0x89, 125]), Buffer.alloc(125)]);
    write(Buffer.concat(Array<Buffer>(40_000).fill(ping)));
  });
  const pings = await check({ url: wsOf(pinging), expect });
  assert.deepEqual([pings.status, pings.reason], ["down", "[message] none, but endless pings"]);
});

test("over TLS the certificate is verified and its end watched", async () => {
  const made = https.createServer({ key: KEY, cert: VALID });
  new WebSocketServer({ server: made }).on("connection", echo);
  made.listen(0, "127.0.0.1");
  await once(made, "listening");
  const address = made.address();
  const url = `wss://127.0.0.1:${typeof address === "object" ? address?.port : 0}/`;
  const expect = { contains: "welcome" };
  const good = await check({ url, expect });
  assert.deepEqual([good.status, typeof good.timings.tls], ["up", "number"], good.reason);
  const other = await check({ url, tls: { server_name: "other.test" } });
  assert.equal(other.reason, "[tls] the certificate is for another name");
  const late = await check({ url, expect, tls: { expires_within: "90000d", ca: VALID } });
  assert.deepEqual([late.status, late.cause], ["degraded", "tls:expires"]);
  assert.equal((await check({ url, tls: { verify: false, server_name: "other.test" } })).status, "up");
  made.close();
  made.closeAllConnections();
});

test("an address the guard refuses is never connected to", async () => {
  await using port = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [port.port], allowPrivate: true });
  const result = await check({ url: wsOf(port) }, { guard });
  assert.deepEqual([result.status, result.cause, port.count()], ["unknown", "guard", 0]);
});

test("what is wrong with a configuration is said at its field, secrets are found, and it is a sentence", () => {
  const complaint = (config: object) => {
    const [issue] = websocket.schema.safeParse({ url: "wss://a.test/live", ...config }).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  assert.match(complaint({ url: "https://a.test" }), /^url: the URL must begin with ws/);
  assert.match(complaint({ url: "wss://me:pw@a.test" }), /^url: put the user and password into an Auth/);
  assert.match(complaint({ send: "hi" }), /^send: say what should come back/);
  assert.match(complaint({ expect: { subprotocol: "a" } }), /^expect\.subprotocol: .*under subprotocols/);
  assert.match(complaint({ expect: { close_code: 1006 } }), /^expect\.close_code: .*never sent/);
  assert.match(complaint({ headers: { "Sec-WebSocket-Protocol": "a" } }), /^headers\.Sec-.*subprotocols/);
  assert.match(complaint({ url: "ws://a.test", tls: { verify: false } }), /^tls: .*write wss/);
  const config = websocket.schema.parse({
    url: "wss://a.test/live?token=abc",
    headers: { Authorization: "Bearer x", origin: "https://a.test" },
    send: "ping",
    expect: { contains: "pong", latency: "1s" },
  });
  assert.deepEqual(websocket.secrets(config), ["/headers/Authorization"]);
  assert.equal(
    websocket.describe(config),
    "wss://a.test/live?token=redacted opens and answers “ping” with “pong” in under 1 s.",
  );
});
