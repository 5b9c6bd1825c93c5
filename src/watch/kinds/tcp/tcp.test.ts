import assert from "node:assert/strict";
import { once } from "node:events";
import { connect } from "node:net";
import { test } from "node:test";
import tls from "node:tls";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { Trace } from "../base/trace.ts";
import { unescaped } from "./escapes.ts";
import { hear } from "./hear.ts";
import { tcp } from "./tcp.ts";

const check = checkWith(tcp);
const at = (port: number) => ({ host: "127.0.0.1", port });

/** A check of a server that says this when somebody connects. */
async function hearing(said: string | Buffer, expect: object, timeoutMs = 2_000) {
  await using server = await rawServer((socket) => void socket.write(said));
  return await check({ ...at(server.port), expect }, { timeoutMs });
}

/** Says PONG to PING, and what it heard to anything else. */
const echoing = (heard: Buffer[] = []) =>
  rawServer((socket) =>
    socket.on("data", (chunk: Buffer) => {
      heard.push(chunk);
      socket.write(chunk.toString() === "PING\r\n" ? "+PONG\r\n" : chunk);
    }),
  );

test("a port that accepts is up when nothing else is wanted", async () => {
  await using server = await rawServer(() => {});
  const result = await check(at(server.port));
  assert.match(result.reason, /^\[ok\] connected in [\d.]+ ms$/);
  assert.deepEqual([result.status, result.cause, result.timings.first_byte], ["up", "ok", null]);
});

test("what is sent has its escapes resolved, and the answer is read until it holds", async () => {
  const heard: Buffer[] = [];
  await using server = await echoing(heard);
  const pong = { ...at(server.port), send: "PING\\r\\n", expect: { contains: "+PONG", matches: "^\\+P" } };
  const result = await check(pong, { verbose: true });
  assert.match(result.reason, /^\[ok\] “\+PONG” in /);
  assert.equal(heard.join(""), "PING\r\n");
  assert.equal(result.evidence?.body, "+PONG\r\n");
  const { connect, first_byte, transfer } = result.timings;
  assert.ok([connect, first_byte, transfer].every((each) => each !== null));
  assert.deepEqual(unescaped("ü\\x00\\xfF\\\\n\\t"), Buffer.from("c3bc00ff5c6e09", "hex"));
});

test("an answer in pieces is put together, and both texts of a list must come", async () => {
  await using server = await rawServer((socket) => {
    socket.write("220-mail ");
    setTimeout(() => socket.write("ready\r\n220 go"), 30);
  });
  const expect = { contains: ["mail ready", "220 go"] };
  assert.equal((await check({ ...at(server.port), expect })).status, "up");
});

test("a wrong answer is told in its own words, with how it ended", async () => {
  const waited = await hearing("SSH-2.0-OpenSSH_9.6\r\n", { contains: "220" }, 60);
  const words = "“SSH-2.0-OpenSSH_9.6”, then nothing within 60 ms";
  assert.equal(waited.reason, `[answer] ${words}; wanted to contain “220”`);
  assert.deepEqual([waited.status, waited.cause, waited.hard], ["down", "answer", true]);
  assert.deepEqual(waited.evidence?.expectations?.[0], {
    what: "answer",
    ok: false,
    wanted: "to contain “220”",
    got: words,
  });
  await using busy = await rawServer((socket) => socket.end("421 busy\r\n4\x07"));
  const closed = await check({ ...at(busy.port), expect: { matches: "^220 ", contains: "4" } });
  assert.equal(closed.reason, "[answer] “421 busy\\r\\n4\\x07”, then the end; wanted to match ^220 ");
});

test("a deadline that its timer reaches before the clock does still ends the reading", async () => {
  await using server = await rawServer((socket) => void socket.write("SSH-2.0\r\n"));
  const socket = connect(server.port, "127.0.0.1");
  const standing = () => 0;
  const trace = new Trace(standing);
  const ended = hear(socket, { trace, monotonicMs: standing, deadlineMs: 40, enough: () => false });
  assert.equal(await ended, "deadline");
  socket.destroy();
});

test("an endless answer is read for 64 KB, one byte at a time or all at once", async () => {
  const flood = await hearing(Buffer.alloc(1_000_000, "x"), { contains: "y" });
  assert.match(flood.reason, /^\[answer\] “x+… and on for 64 KB; wanted to contain “y”$/);
  await using dripping = await rawServer((socket) => {
    const timer = setInterval(() => socket.write("a"), 1);
    socket.on("close", () => clearInterval(timer));
  });
  const slow = await check({ ...at(dripping.port), expect: { matches: "^(a+)+b" } }, { timeoutMs: 1_000 });
  assert.match(slow.reason, /on which the pattern takes too long; wanted to match/);
});

test("a closed port, a silent server and one that hangs up are told apart", async () => {
  const expect = { contains: "220" };
  assert.equal((await check(at(await closedPort()))).cause, "refused");
  await using silent = await rawServer(() => {});
  const mute = await check({ ...at(silent.port), expect }, { timeoutMs: 60 });
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  await using rude = await rawServer((socket) => socket.end());
  const reset = await check({ ...at(rude.port), expect });
  assert.equal(reset.reason, `[reset] 127.0.0.1:${rude.port} closed the connection without an answer`);
});

test("over TLS the certificate is verified and its end watched, by another name if one is given", async () => {
  const server = tls.createServer({ key: KEY, cert: VALID }, (socket) => socket.end("hello"));
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const config = {
    ...at(typeof address === "object" ? (address?.port ?? 0) : 0),
    expect: { contains: "hello" },
  };
  const good = await check({ ...config, tls: true });
  assert.equal(good.status, "up", good.reason);
  const other = await check({ ...config, tls: { server_name: "other.test" } });
  assert.equal(other.reason, "[tls] the certificate is for another name");
  const late = await check({ ...config, tls: { expires_within: "90000d" } });
  assert.deepEqual([late.status, late.cause], ["degraded", "tls:expires"]);
  assert.equal((await check({ ...config, tls: { verify: false, server_name: "other.test" } })).status, "up");
  server.close();
});

test("an address the guard refuses is never connected to", async () => {
  await using server = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [server.port], allowPrivate: true });
  const result = await check(at(server.port), { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
});

test("what is wrong with a configuration is said at its field", () => {
  const complaint = (config: object) => {
    const [issue] = tcp.schema.safeParse(config).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  const good = { host: "a.test", port: 25 };
  assert.match(complaint({ ...good, host: "a.test:25" }), /^host: .*belongs under port/);
  assert.match(complaint({ host: "a.test" }), /^port: write a port/);
  const escaped = complaint({ ...good, send: "a\\q", expect: { contains: "b" } });
  assert.equal(
    escaped,
    'send: "\\q" is no escape; write \\r, \\n, \\t, \\xNN for a byte, or \\\\ for a backslash',
  );
  assert.match(complaint({ ...good, send: "a" }), /^send: say what should come back/);
  assert.match(complaint({ ...good, expect: { matches: "(" } }), /^expect\.matches: /);
  assert.match(complaint({ ...good, expect: { contain: "b" } }), /contain/);
});

test("described in a sentence", () => {
  const said = (config: object) => tcp.describe(tcp.schema.parse({ host: "::1", port: 25, ...config }));
  assert.equal(said({}), "[::1]:25 accepts a connection.");
  assert.equal(
    said({ send: "PING\\r\\n", tls: { verify: false }, expect: { contains: "+PONG", latency: "1s" } }),
    "[::1]:25 answers “PING\\r\\n” with “+PONG” in under 1 s, over TLS. Any certificate will do.",
  );
});
