import assert from "node:assert/strict";
import type { Socket } from "node:net";
import { test } from "node:test";
import tls from "node:tls";
import fc from "fast-check";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { wordsOf } from "./command.ts";
import { redis } from "./redis.ts";

const check = checkWith(redis);
const at = (port: number) => ({ host: "127.0.0.1", port });

/** Answers each command by its words; what it heard is in `heard`. */
function speak(socket: Socket, answer: (command: string) => string | Buffer, heard: string[] = []) {
  socket.on("data", (chunk: Buffer) => {
    const words = chunk.toString().split("\r\n");
    const command = words.filter((_, i) => i > 1 && i % 2 === 0).join(" ");
    heard.push(command);
    socket.write(answer(command));
  });
}

const PASSWORD = "right-4711";

/** Knows one user, the databases 0 to 15 and a few keys. */
function shop(command: string): string {
  switch (command) {
    case `AUTH ${PASSWORD}`:
    case `AUTH ada ${PASSWORD}`:
    case "SELECT 3":
      return "+OK\r\n";
    case "PING":
      return "+PONG\r\n";
    case "LLEN jobs":
      return ":17\r\n";
    case "GET greeting":
      return "$12\r\nGrüße\r\nda\0\r\n";
    case "GET nothing":
      return "$-1\r\n";
    case "CONFIG GET max*":
      return "*4\r\n$9\r\nmaxmemory\r\n:0\r\n*1\r\n$-1\r\n*-1\r\n";
  }
  if (command.startsWith("AUTH")) return "-WRONGPASS invalid username-password pair or user is disabled.\r\n";
  if (command.startsWith("SELECT")) return "-ERR DB index is out of range\r\n";
  return `-ERR unknown command '${command}', with args beginning with: \r\n`;
}

async function ask(config: object, answer: (command: string) => string | Buffer = shop, timeoutMs = 2_000) {
  await using server = await rawServer((socket) => speak(socket, answer));
  return await check({ ...at(server.port), ...config }, { timeoutMs, verbose: true });
}

test("a server that answers PING with PONG is up, and nothing else is", async () => {
  const good = await ask({});
  assert.match(good.reason, /^\[ok\] “PONG” in [\d.]+ ms$/);
  assert.ok((good.timings.first_byte ?? -1) >= 0);
  const other = await ask({}, () => "+OK\r\n");
  assert.deepEqual([other.status, other.reason], ["down", "[value] “OK”, wanted “PONG”"]);
});

test("signs in, chooses the database, then asks, one after the other", async () => {
  const heard: string[] = [];
  await using server = await rawServer((socket) => speak(socket, shop, heard));
  const config = { ...at(server.port), user: "ada", password: PASSWORD, database: 3, command: "LLEN 'jobs'" };
  const result = await check(config);
  assert.match(result.reason, /^\[ok\] 17 in /);
  assert.deepEqual(heard, [`AUTH ada ${PASSWORD}`, "SELECT 3", "LLEN jobs"]);
  heard.length = 0;
  await check({ ...config, database: 99 });
  assert.deepEqual(heard, [`AUTH ada ${PASSWORD}`, "SELECT 99"]);
});

test("the answer is judged as a number, a text, nothing or a list", async () => {
  const value = async (command: string | string[], wanted: object) =>
    (await ask({ command, expect: { value: wanted } })).reason;
  assert.match(await value("LLEN jobs", { equals: 17, above: 16, below: 18 }), /^\[ok\] 17 /);
  assert.equal(await value("LLEN jobs", { below: 10 }), "[value] 17, wanted below 10");
  assert.match(await value("GET greeting", { contains: "da", matches: "^Grüße\\s" }), /^\[ok\] “Grüße” /);
  assert.match(await value("GET nothing", { equals: null }), /^\[ok\] nil /);
  assert.equal(await value("GET nothing", { equals: "x" }), "[value] nil, wanted “x”");
  assert.match(
    await value(["CONFIG", "GET", "max*"], { matches: "^maxmemory\\n0\\nnil" }),
    /^\[ok\] 4 elements /,
  );
  const slow = await ask({ expect: { latency: "1ms", latency_down: "10s" } }, () => {
    const untilMs = performance.now() + 2;
    while (performance.now() < untilMs);
    return "+PONG\r\n";
  });
  assert.deepEqual([slow.status, slow.cause], ["degraded", "latency"]);
});

test("what the server refuses is told in words, with its own, and without the password", async () => {
  const wrong = await ask({ password: "wrong-0815" });
  assert.match(wrong.reason, /^\[sign-in\] the password is wrong, .* is disabled\. \(WRONGPASS\)$/);
  assert.deepEqual([wrong.status, wrong.cause, wrong.hard], ["down", "redis:WRONGPASS", true]);
  assert.match((await ask({ database: 99 })).reason, /^\[database\] there is no such database: /);
  assert.match((await ask({ command: "NOPE" })).reason, /^\[command\] unknown command 'NOPE'.* \(ERR\)$/);
  for (const [said, reason] of [
    ["NOAUTH Authentication required.", /^\[sign-in\] the server wants a password: Auth.* \(NOAUTH\)$/],
    ["LOADING Redis is loading the dataset in memory", /^\[command\] the server is still loading its data: /],
    ["MASTERDOWN Link with MASTER is down", /^\[command\] the replica has lost its master: /],
    ["ERR max number of clients reached", /^\[command\] too many connections: /],
    ["strange", /^\[command\] strange \(ERR\)$/],
  ] as const)
    assert.match((await ask({}, () => `-${said}\r\n`)).reason, reason);
  const echo = await ask({ password: PASSWORD }, (command) =>
    command === "PING" ? `-ERR you said ${PASSWORD}\r\n` : "+OK\r\n",
  );
  assert.doesNotMatch(JSON.stringify(echo), /4711/);
});

test("over TLS the certificate is verified, and shown as evidence", async () => {
  const secureContext = tls.createSecureContext({ key: KEY, cert: VALID });
  await using server = await rawServer((socket) => {
    const encrypted = new tls.TLSSocket(socket, { isServer: true, secureContext });
    encrypted.on("error", () => {});
    speak(encrypted, shop);
  });
  const config = { ...at(server.port), host: "localhost", tls: true };
  const good = await check(config, { verbose: true });
  assert.equal(good.status, "up", good.reason);
  assert.match(good.evidence?.certificate?.subject ?? "", /localhost/);
  const untrusted = { secureContext: tls.createSecureContext({ ca: [] }) };
  assert.equal((await check(config, untrusted)).reason, "[tls] the certificate is self-signed");
  assert.equal((await check({ ...config, tls: { verify: false } }, untrusted)).status, "up");
});

test("a closed port, a silent server and one that hangs up are told apart", async () => {
  assert.equal((await check(at(await closedPort()))).cause, "refused");
  await using silent = await rawServer(() => {});
  const mute = await check(at(silent.port), { timeoutMs: 60 });
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  assert.match(mute.reason, /accepted the connection, but did not answer PING within 60 ms$/);
  await using rude = await rawServer((socket) => socket.end());
  assert.match(
    (await check(at(rude.port))).reason,
    /^\[reset\] .* closed the connection without an answer to PING$/,
  );
});

test("whatever answers, garbage or without end, the check ends with a verdict", async () => {
  const more = "x".repeat(300_000);
  for (const [said, cause] of [
    ["HTTP/1.1 400 Bad Request\r\n\r\n", "protocol"],
    ["\r\n", "protocol"],
    ["$3\r\nabcdef\r\n", "protocol"],
    ["$99999999999\r\n", "protocol:length"],
    ["$abc\r\n", "protocol"],
    [":x\r\n", "protocol"],
    ["*1\r\n".repeat(50), "protocol"],
    ["*99999999\r\n", "timeout:first_byte"],
    [`*99999999\r\n${":1\r\n".repeat(100_000)}`, "protocol:length"],
    [`$300000\r\n${more}\r\n`, "protocol:length"],
    [`+${more}\r\n`, "protocol:length"],
    [`+${more}${more}`, "protocol"],
  ] as const) {
    const result = await ask({}, () => said, 300);
    assert.deepEqual([result.status, result.cause], ["down", cause], said.slice(0, 40));
  }
});

test("an address the guard refuses is never connected to", async () => {
  await using server = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [server.port], allowPrivate: true });
  const result = await check(at(server.port), { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
});

test("a command is cut into words as a shell would", () => {
  assert.deepEqual(wordsOf(` SET  'a b'"c \\" d"\\ e '' \\\\`), ["SET", 'a bc " d e', "", "\\"]);
  for (const open of ["GET 'a", 'GET "a', "GET a\\"]) assert.equal(wordsOf(open), null, open);
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "grapheme" })), (words) => {
      const line = words.map((word) => `'${word.replaceAll("'", `'"'"'`)}'`).join(" ");
      assert.deepEqual(wordsOf(line), words);
    }),
    { seed: 7, numRuns: 200 },
  );
});

test("what is wrong with a configuration is said at its field", () => {
  const complaint = (config: object) => {
    const [issue] = redis.schema.safeParse({ host: "a.test", ...config }).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  assert.match(complaint({ host: "redis://a.test" }), /^host: .*is a URL/);
  assert.match(complaint({ user: "ada" }), /^password: give the user's password/);
  assert.match(complaint({ database: "shop" }), /^database: write the database's number/);
  assert.match(complaint({ command: " " }), /^command: write a command, e\.g\. PING/);
  assert.match(complaint({ command: "GET 'a" }), /^command: a quote or a backslash/);
  assert.match(complaint({ command: [] }), /^command: write one line/);
  assert.match(complaint({ expect: { value: {} } }), /^expect\.value: say what to expect/);
});

test("described in a sentence", () => {
  const said = (config: object) => redis.describe(redis.schema.parse({ host: "::1", ...config }));
  assert.equal(said({}), "Redis at [::1]:6379 answers “PING”.");
  const expect = { value: { below: 100 }, latency: "50ms" };
  assert.equal(
    said({ database: 2, command: ["LLEN", "jobs"], tls: { verify: false }, expect }),
    "Redis database 2 at [::1]:6379 answers “LLEN jobs” with a value below 100 in under 50 ms, over TLS. Any certificate will do.",
  );
});
