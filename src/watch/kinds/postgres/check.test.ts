import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { postgres } from "./postgres.ts";
import { type Door, postgresDoor } from "./server.fixture.ts";

const check = checkWith(postgres);
const url = process.env.KEEPWATCH_TEST_DATABASE_URL ?? "";
let door: Door;
before(async () => {
  door = await postgresDoor(url);
});
after(() => door[Symbol.asyncDispose]());

/** Asks the real server; its answer is judged by `expect`. */
const ask = (query: string, expect?: object, timeoutMs = 2_000) =>
  check({ ...door.config, query, expect }, { timeoutMs });

/** Answers the start-up message with `code` as the server would, then hangs up. */
const refusing = (code: string, message: string) =>
  rawServer((socket) => {
    socket.once("data", () => {
      const fields = Buffer.from(`SFATAL\0VFATAL\0C${code}\0M${message}\0\0`);
      const head = Buffer.alloc(5, "E");
      head.writeInt32BE(4 + fields.length, 1);
      socket.end(Buffer.concat([head, fields]));
    });
  });

test("a database that answers is up, with its phases and no evidence to carry", async () => {
  const result = await check(door.config);
  assert.match(result.reason, /^\[ok\] 1 row in \d+ ms$/);
  assert.deepEqual([result.status, result.cause, result.evidence], ["up", "ok", null]);
  const { dns, connect, tls, first_byte, total } = result.timings;
  assert.equal(tls, null);
  const sum = (dns ?? 0) + (connect ?? 0) + (first_byte ?? 0);
  assert.ok(Math.abs(sum - (total ?? 0)) < 0.1, `${sum} is not ${total}`);
});

test("rows and value are judged by what came", async () => {
  const good = await ask("select 5.00, 'x' from generate_series(1, 3)", {
    rows: 3,
    value: { equals: 5, above: 4.9, below: 6, contains: ".0", matches: "^5" },
  });
  assert.equal(good.status, "up", good.reason);
  const few = await ask("select 1 where false", { min_rows: 1 });
  assert.deepEqual(
    [few.status, few.reason, few.cause, few.hard],
    ["down", "[rows] 0, wanted 1 or more", "rows", true],
  );
  const high = await ask("select count(*) from generate_series(1, 17)", { value: { below: 10 } });
  assert.deepEqual([high.reason, high.cause], ["[value] 17, wanted below 10", "value"]);
  assert.deepEqual(high.evidence?.expectations, [
    { what: "value", ok: false, wanted: "below 10", got: "17" },
  ]);
  assert.equal((await ask("show transaction_read_only", { value: { equals: "on" } })).status, "up");
  assert.equal((await ask("select true", { value: { equals: true } })).status, "up");
  assert.equal((await ask("select null", { value: { equals: null } })).status, "up");
});

test("of an endless result a thousand rows are read, in a moment", async () => {
  const query = "select generate_series(1, 1000000000)";
  const result = await ask(query, { rows: 5 });
  assert.equal(result.reason, "[rows] 1000 or more, wanted 5");
  assert.equal((await ask(query, { min_rows: 1_000 })).status, "up");
});

test("more than 4 MiB of rows end the check", async () => {
  const result = await ask("select repeat('x', 1000000) from generate_series(1, 100)");
  assert.deepEqual(
    [result.reason, result.cause],
    ["[protocol] more than 4 MiB came back", "protocol:length"],
  );
});

test("a query that wants to write, fails or is two queries is down in the server's words", async () => {
  const write = await ask("create table keepwatch_was_here (id int)");
  assert.match(write.reason, /^\[query\] the query wants to write, and checks run read-only: .* \(25006\)$/);
  assert.equal(write.cause, "sql:25006");
  const missing = await ask("select * from no_such_table");
  assert.equal(missing.reason, '[query] relation "no_such_table" does not exist (42P01)');
  assert.deepEqual([missing.status, missing.hard], ["down", true]);
  const two = await ask("commit; create table keepwatch_was_here (id int)");
  assert.match(two.reason, /\(42601\)$/);
});

test("copying in or out, or nothing at all, is no query that could stop the worker", async () => {
  assert.equal((await ask("copy (select 1) to stdout")).status, "up");
  assert.match((await ask("copy pg_temp.none from stdin")).reason, /^\[query\] /);
  assert.equal((await ask("-- nothing", { rows: 0 })).status, "up");
});

test("a query that takes too long is cancelled by the server before the check gives up", async () => {
  const result = await ask("select pg_sleep(5)", undefined, 300);
  assert.match(result.reason, /^\[timeout\] the query was cancelled: .*statement timeout \(57014\)$/);
  assert.deepEqual([result.cause, result.hard], ["timeout:query", false]);
  const rows = await door.query(
    "select 1 from pg_stat_activity where query like '%pg_sleep(5)%' and state = 'active' and pid <> pg_backend_pid()",
  );
  assert.deepEqual(rows, []);
});

test("a wrong password, an unknown user and an unknown database are told apart, without the password", async () => {
  const wrong = await check({ ...door.config, password: "wrong-pass-4711" });
  assert.equal(
    wrong.reason,
    `[sign-in] the password of ${door.config.user} is wrong, or there is no such user (28P01)`,
  );
  assert.deepEqual([wrong.status, wrong.cause, wrong.hard], ["down", "sql:28P01", true]);
  assert.doesNotMatch(JSON.stringify(wrong), /4711/);
  const none = await check({ ...door.config, password: undefined });
  assert.equal(none.reason, "[sign-in] the server asks for a password, and the monitor has none");
  const nowhere = await check({ ...door.config, database: "no_such_db" });
  assert.equal(nowhere.reason, "[sign-in] there is no database no_such_db (3D000)");
});

test("a server that is full or starting up says so", async () => {
  await using full = await refusing("53300", "sorry, too many clients already");
  const result = await check({ ...door.config, port: full.port });
  assert.equal(result.reason, "[sign-in] too many connections: sorry, too many clients already (53300)");
  await using starting = await refusing("57P03", "the database system is starting up");
  assert.equal((await check({ ...door.config, port: starting.port })).cause, "sql:57P03");
});

test("a message of the server's that echoes the password doesn't carry it into evidence or reason", async () => {
  await using echo = await refusing("28000", "no entry for hunter2-hunter2");
  const result = await check({ ...door.config, port: echo.port, password: "hunter2-hunter2" });
  assert.match(result.reason, /no entry for \[redacted\]/);
  assert.doesNotMatch(JSON.stringify(result), /hunter2/);
});

test("over TLS the certificate is verified, and shown as evidence", async () => {
  await using secure = await postgresDoor(url, { tls: true });
  const config = { ...secure.config, host: "localhost", tls: true };
  const good = await check(config, { verbose: true });
  assert.equal(good.status, "up", good.reason);
  assert.ok((good.timings.tls ?? 0) > 0);
  assert.match(good.evidence?.certificate?.subject ?? "", /localhost/);
  const untrusted = { secureContext: tls.createSecureContext({ ca: [] }) };
  assert.equal((await check(config, untrusted)).reason, "[tls] the certificate is self-signed");
  assert.equal((await check({ ...config, tls: { verify: false } }, untrusted)).status, "up");
  const late = await check({ ...config, tls: { expires_within: "90000d" } });
  assert.deepEqual([late.status, late.cause], ["degraded", "tls:expires"]);
});

test("a server without TLS is down when TLS is wanted", async () => {
  const result = await check({ ...door.config, tls: true });
  assert.deepEqual([result.reason, result.cause], ["[tls] the server does not offer TLS", "tls:none"]);
});

test("what is said before the encryption is not listened to", async () => {
  await using between = await rawServer((socket) => socket.once("data", () => socket.write("SEXTRA")));
  const result = await check({ ...door.config, port: between.port, tls: true });
  assert.equal(result.reason, "[protocol] the answer is not PostgreSQL");
});

test("a closed port, a silent server and one that hangs up are told apart", async () => {
  const closed = await check({ ...door.config, port: await closedPort() });
  assert.equal(closed.cause, "refused");
  await using silent = await rawServer(() => {});
  const mute = await check({ ...door.config, port: silent.port }, { timeoutMs: 100 });
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  const muteTls = await check({ ...door.config, port: silent.port, tls: true }, { timeoutMs: 100 });
  assert.equal(muteTls.cause, "timeout:tls");
  await using rude = await rawServer((socket) => socket.end());
  const reset = await check({ ...door.config, port: rude.port });
  assert.equal(reset.reason, `[reset] 127.0.0.1:${rude.port} closed the connection without an answer`);
  const resetTls = await check({ ...door.config, port: rude.port, tls: true });
  assert.equal(resetTls.cause, "reset");
});

test("whatever answers, garbage or without end, the check ends with a verdict", async () => {
  const garbage = [
    Buffer.from("HTTP/1.1 400 Bad Request\r\n\r\n"),
    Buffer.from("R\0\0\0\x04"),
    Buffer.from("R\0\0\0\x02"),
    Buffer.from("E\0\0\0\x08\xff\xff\xff\xff", "latin1"),
    Buffer.from("R\0\0\0\x08\0\0\0\0C\0\0\0\x05", "latin1"),
    Buffer.from("R\0\0\0\x08\0\0\0\0D\0\0\0\x06\xff\xff", "latin1"),
    Buffer.from("R\0\0\0\x08\0\0\0\x0bZ\0\0\0\x05IZ\0\0\0\x05IG\0\0\0\x07\0\0\0", "latin1"),
  ];
  for (const answer of garbage) {
    await using server = await rawServer((socket) => socket.once("data", () => socket.write(answer)));
    const result = await check({ ...door.config, port: server.port }, { timeoutMs: 150 });
    assert.equal(result.status, "down", answer.toString("latin1"));
  }
  await using endless = await rawServer((socket) => {
    const notice = Buffer.concat([
      Buffer.from("N\0\0\xff\xffM", "latin1"),
      Buffer.alloc(65_528, "x"),
      Buffer.alloc(2),
    ]);
    const more = () => {
      while (!socket.destroyed && socket.write(notice)) {}
      socket.once("drain", more);
    };
    socket.once("data", more);
  });
  const result = await check({ ...door.config, port: endless.port });
  assert.equal(result.cause, "protocol:length");
});

test("an address the guard refuses is never connected to", async () => {
  await using server = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [server.port], allowPrivate: true });
  const result = await check({ ...door.config, port: server.port }, { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
});
