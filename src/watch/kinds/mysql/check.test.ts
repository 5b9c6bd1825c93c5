import assert from "node:assert/strict";
import { test } from "node:test";
import tls from "node:tls";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { mysql } from "./mysql.ts";
import { type Answer, mysqlServer } from "./server.fixture.ts";

const check = checkWith(mysql);
const at = (port: number) => ({ host: "127.0.0.1", port, database: "shop", user: "keepwatch" });

async function ask(answer: Answer, more: object = {}, timeoutMs = 2_000) {
  await using server = await mysqlServer({ answer: () => answer });
  return await check({ ...at(server.port), ...more }, { timeoutMs });
}

const counted = (rows: number) => Array.from({ length: rows }, (_, i) => [String(i), "x"]);

/** A packet with its head. */
const packet = (number: number, payload: Buffer): Buffer => {
  const head = Buffer.alloc(4);
  head.writeUIntLE(payload.length, 0, 3);
  head[3] = number;
  return Buffer.concat([head, payload]);
};

test("a database that answers is up; the question is asked read-only, with limits, and taken leave of", async () => {
  await using server = await mysqlServer({ password: "right-4711" });
  const config = { ...at(server.port), password: "right-4711", query: "select 7" };
  const result = await check(config);
  assert.match(result.reason, /^\[ok\] 1 row in \d+ ms$/);
  assert.deepEqual([result.status, result.cause, result.evidence], ["up", "ok", null]);
  const { dns, connect, first_byte, total } = result.timings;
  const sum = (dns ?? 0) + (connect ?? 0) + (first_byte ?? 0);
  assert.ok(Math.abs(sum - (total ?? 0)) < 0.1, `${sum} is not ${total}`);
  const [limits = "", ...rest] = server.heard;
  assert.match(
    limits,
    /^set sql_select_limit = 1000 .*max_execution_time = 1[78]\d\d .*max_statement_time = 1\.[78]/,
  );
  assert.deepEqual(rest, ["set session transaction read only", "select 7"]);
});

test("rows and value are judged by what came", async () => {
  const value = { equals: 5, above: 4.9, below: 6, contains: ".0", matches: "^5" };
  const good = await ask([["5.00"], ["6"]], { expect: { rows: 2, value } });
  assert.equal(good.status, "up", good.reason);
  const high = await ask([["17"]], { expect: { value: { below: 10 } } });
  assert.deepEqual([high.status, high.reason, high.cause], ["down", "[value] 17, wanted below 10", "value"]);
  const nothing = await ask([[null]], { expect: { value: { equals: null } } });
  assert.equal(nothing.status, "up", nothing.reason);
  const none = await ask([], { expect: { min_rows: 1 } });
  assert.equal(none.reason, "[rows] 0, wanted 1 or more");
});

test("no more than a thousand rows are read, whatever the server sends", async () => {
  assert.equal((await ask(counted(1_000), { expect: { min_rows: 1_000 } })).status, "up");
  const many = await ask(counted(20_000), { expect: { rows: 5 } });
  assert.equal(many.reason, "[rows] 1000 or more, wanted 5");
  const wide = await ask(Array.from({ length: 500 }, () => ["x".repeat(20_000)]));
  assert.equal(wide.cause, "protocol:length");
});

test("what the server refuses is down in its words, without the password", async () => {
  await using server = await mysqlServer({ password: "right-4711" });
  const wrong = await check({ ...at(server.port), password: "wrong-0815" });
  assert.equal(wrong.reason, "[sign-in] the password of keepwatch is wrong, or there is no such user (1045)");
  assert.deepEqual([wrong.status, wrong.cause, wrong.hard], ["down", "sql:1045", true]);
  assert.doesNotMatch(JSON.stringify(wrong), /0815/);
  const nowhere = await check({ ...at(server.port), password: "right-4711", database: "nowhere" });
  assert.equal(nowhere.reason, "[sign-in] there is no database nowhere (1049)");
  const missing = await ask({ code: 1146, message: "Table 'shop.x' doesn't exist" });
  assert.equal(missing.reason, "[query] Table 'shop.x' doesn't exist (1146)");
  const write = await ask({ code: 1792, message: "Cannot execute statement" });
  assert.equal(
    write.reason,
    "[query] the query wants to write, and checks run read-only: Cannot execute statement (1792)",
  );
  const slow = await ask({ code: 3024, message: "Query execution was interrupted" });
  assert.deepEqual([slow.cause, slow.hard], ["timeout:query", false]);
});

test("a message of the server's that echoes the password doesn't carry it into evidence or reason", async () => {
  const password = "hunter2-hunter2";
  const answer = (): Answer => ({ code: 1105, message: `you said ${password}` });
  await using server = await mysqlServer({ password, answer });
  const result = await check({ ...at(server.port), password });
  assert.equal(result.reason, "[query] you said [redacted] (1105)");
  assert.doesNotMatch(JSON.stringify(result), /hunter2/);
});

test("a server that is full says so before it greets", async () => {
  const full = packet(0, Buffer.from("\xff\x10\x04Too many connections", "latin1"));
  await using server = await rawServer((socket) => socket.end(full));
  const result = await check(at(server.port));
  assert.equal(result.reason, "[sign-in] too many connections: Too many connections (1040)");
});

test("over TLS the certificate is verified, and shown as evidence", async () => {
  await using server = await mysqlServer({ tls: true, password: "right-4711" });
  const config = { ...at(server.port), host: "localhost", password: "right-4711", tls: true };
  const good = await check(config, { verbose: true });
  assert.equal(good.status, "up", good.reason);
  assert.ok((good.timings.tls ?? 0) > 0);
  assert.match(good.evidence?.certificate?.subject ?? "", /localhost/);
  const untrusted = { secureContext: tls.createSecureContext({ ca: [] }) };
  const refused = await check(config, untrusted);
  assert.deepEqual(
    [refused.reason, refused.cause],
    ["[tls] the certificate is self-signed", "tls:DEPTH_ZERO_SELF_SIGNED_CERT"],
  );
  assert.equal((await check({ ...config, tls: { verify: false } }, untrusted)).status, "up");
});

test("a server without TLS is down when TLS is wanted, and what comes with a greeting is not listened to", async () => {
  assert.equal((await ask([["1"]], { tls: true })).reason, "[tls] the server does not offer TLS");
  await using between = await rawServer((socket) => {
    const greeting = Buffer.concat([Buffer.from("\x0a8.4.0\0"), Buffer.alloc(60)]);
    socket.write(Buffer.concat([packet(0, greeting), packet(2, Buffer.alloc(7))]));
  });
  const result = await check({ ...at(between.port), tls: true });
  assert.equal(result.reason, "[protocol] the answer is not MySQL");
});

test("a closed port, a silent server and one that hangs up are told apart", async () => {
  assert.equal((await check(at(await closedPort()))).cause, "refused");
  await using silent = await rawServer(() => {});
  const mute = await check(at(silent.port), { timeoutMs: 100 });
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  assert.equal((await ask("silence", {}, 100)).cause, "timeout:first_byte");
  await using rude = await rawServer((socket) => socket.end());
  const reset = await check(at(rude.port));
  assert.equal(reset.reason, `[reset] 127.0.0.1:${rude.port} closed the connection without an answer`);
});

test("whatever answers, garbage or without end, the check ends with a verdict", async () => {
  const greeting = packet(0, Buffer.concat([Buffer.from("\x0a8.4.0\0"), Buffer.alloc(60)]));
  const garbage = [
    Buffer.from("SSH-2.0-OpenSSH_9.6\r\n"),
    Buffer.from("\x01\0\0\0\x0a", "latin1"),
    packet(0, Buffer.from([0xff])),
    Buffer.concat([greeting, packet(2, Buffer.from([0xfe]))]),
    Buffer.concat([greeting, packet(2, Buffer.from([0x01, 0x04]))]),
    Buffer.concat([greeting, packet(2, Buffer.from([0x07, 0x04]))]),
    Buffer.concat([greeting, packet(2, Buffer.from([0, 0, 0])), packet(1, Buffer.from([0xfb, 0x2f]))]),
    Buffer.concat([greeting, Buffer.from("\xff\xff\xff\x01", "latin1")]),
  ];
  for (const answer of garbage) {
    await using server = await rawServer((socket) => socket.write(answer));
    const result = await check(at(server.port), { timeoutMs: 150 });
    assert.equal(result.status, "down", answer.toString("latin1"));
  }
});

test("an address the guard refuses is never connected to", async () => {
  await using server = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [server.port], allowPrivate: true });
  const result = await check(at(server.port), { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
});
