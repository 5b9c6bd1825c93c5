import assert from "node:assert/strict";
import { after, before, test } from "node:test";
import tls from "node:tls";
import { checkWith } from "../base/context.fixture.ts";
import { type MariaDb, mariaDb, whyNoMariaDb } from "./mariadb.fixture.ts";
import { mysql } from "./mysql.ts";

const check = checkWith(mysql);
const skip = whyNoMariaDb() ?? false;
let server: MariaDb | undefined;

before(async () => {
  if (skip) return;
  server = await mariaDb([
    "create database shop",
    "create table shop.orders (id int primary key, total decimal(10,2), paid bool)",
    "insert into shop.orders values (1, 5.00, true), (2, null, false)",
    "create user keepwatch@'127.0.0.1' identified by 'right-4711'",
    "grant all on shop.* to keepwatch@'127.0.0.1'",
    "create user only_tls@'127.0.0.1' identified by 'right-4711' require ssl",
    "grant all on shop.* to only_tls@'127.0.0.1'",
  ]);
});
after(() => server?.[Symbol.asyncDispose]());

const config = () => ({
  host: "127.0.0.1",
  port: server?.port,
  database: "shop",
  user: "keepwatch",
  password: "right-4711",
});
const ask = (query: string, expect?: object, timeoutMs = 2_000) =>
  check({ ...config(), query, expect }, { timeoutMs });

test("MariaDB's rows and values are judged", { skip }, async () => {
  assert.equal((await check(config())).status, "up");
  const totals = "select total, paid from orders order by id";
  assert.equal((await ask(totals, { rows: 2, value: { equals: 5 } })).status, "up");
  assert.equal((await ask("select paid from orders where id = 1", { value: { equals: true } })).status, "up");
  assert.equal(
    (await ask("select total from orders where id = 2", { value: { equals: null } })).status,
    "up",
  );
  const wrong = await ask("select count(*) from orders", { value: { above: 2 } });
  assert.equal(wrong.reason, "[value] 2, wanted above 2");
});

test("MariaDB stops at a thousand rows by itself, or is left where the query has a limit", {
  skip,
}, async () => {
  const endless = await ask("select seq from seq_1_to_100000000", { rows: 5 });
  assert.equal(endless.reason, "[rows] 1000 or more, wanted 5");
  const limited = await ask("select seq from seq_1_to_100000000 limit 50000000", { rows: 5 });
  assert.equal(limited.reason, "[rows] 1000 or more, wanted 5");
});

test("MariaDB lets no query of a monitor write, or two queries at once", {
  skip,
}, async () => {
  assert.equal((await ask("insert into orders values (3, 1, false)")).cause, "sql:1792");
  assert.equal((await ask("create table other (id int)")).cause, "sql:1792");
  assert.equal((await ask("drop table orders")).cause, "sql:1792");
  assert.equal((await ask("commit; insert into orders values (3, 1, false)")).cause, "sql:1064");
  assert.equal((await ask("select count(*) from orders", { value: { equals: 2 } })).status, "up");
});

test("MariaDB cancels a query that takes too long before the check gives up", { skip }, async () => {
  const slow = await ask("select sleep(5)", undefined, 300);
  assert.equal(slow.cause, "timeout:query", slow.reason);
  assert.match(slow.reason, /max_statement_time exceeded.* \(1969\)$/);
});

test("MariaDB refuses a wrong password, an unknown database and a plain connection", { skip }, async () => {
  const wrong = await check({ ...config(), password: "wrong-0815" });
  assert.equal(wrong.reason, "[sign-in] the password of keepwatch is wrong, or there is no such user (1045)");
  assert.doesNotMatch(JSON.stringify(wrong), /0815/);
  assert.match((await check({ ...config(), database: "nowhere" })).reason, /^\[sign-in\] .*nowhere/);
  assert.equal((await check({ ...config(), user: "only_tls" })).status, "down");
});

test("MariaDB is checked over TLS, its certificate verified", { skip }, async () => {
  const secure = { ...config(), host: "localhost", user: "only_tls", tls: true };
  const good = await check(secure, { verbose: true });
  assert.equal(good.status, "up", good.reason);
  assert.match(good.evidence?.certificate?.subject ?? "", /localhost/);
  const untrusted = { secureContext: tls.createSecureContext({ ca: [] }) };
  assert.equal((await check(secure, untrusted)).reason, "[tls] the certificate is self-signed");
});

test("MariaDB's log calls no finished check an aborted connection", { skip }, async () => {
  assert.ok(server);
  const before = await server.log();
  await check(config());
  await check({ ...config(), host: "localhost", tls: true });
  await ask("select * from no_such_table");
  // The server writes to its log when it closes a connection: what comes later has its turn later.
  await check({ ...config(), password: "wrong-0815" });
  const since = (await server.log()).slice(before.length);
  assert.match(since, /Access denied/);
  assert.doesNotMatch(since, /Aborted connection \d+ to db: 'shop'/);
});
