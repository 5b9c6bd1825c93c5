import assert from "node:assert/strict";
import { mkdtemp, rm, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { test } from "node:test";
import { createAddressGuard } from "./address-guard.ts";
import { startDnsServer } from "./dns-server.fixture.ts";
import { AddressRefused, guardedLookup, pinnedLookup, resolveGuarded } from "./guarded-lookup.ts";
import { parseHosts } from "./hosts-file.ts";
import { createResolver, DnsError } from "./resolver.ts";

const failsWith = (code: string) => (error: unknown) => error instanceof DnsError && error.code === code;

test("an address is its own answer, with or without brackets", async () => {
  const resolve = createResolver({ servers: ["127.0.0.1:9"] });
  assert.deepEqual(await resolve("127.0.0.1"), ["127.0.0.1"]);
  assert.deepEqual(await resolve("[::1]"), ["::1"]);
});

test("localhost needs no name server", async () => {
  const resolve = createResolver({ servers: ["127.0.0.1:9"], hostsPath: "/nonexistent" });
  assert.deepEqual(await resolve("localhost"), ["127.0.0.1", "::1"]);
  assert.deepEqual(await resolve("shop.localhost"), ["127.0.0.1", "::1"]);
});

test("the hosts file goes before the name server and is read again when it changes", async (t) => {
  const folder = await mkdtemp(join(tmpdir(), "hosts-"));
  t.after(() => rm(folder, { recursive: true }));
  const hostsPath = join(folder, "hosts");
  await writeFile(hostsPath, "::1 shop.test # home\n10.0.0.7 other shop.test\n");
  await using server = await startDnsServer({ "shop.test": { a: ["10.9.9.9"] } });
  let nowMs = 0;
  const resolve = createResolver({ servers: [server.address], hostsPath, monotonicMs: () => nowMs });
  assert.deepEqual(await resolve("SHOP.test"), ["10.0.0.7", "::1"]);
  assert.equal(server.asked.length, 0);
  await writeFile(hostsPath, "10.0.0.8 shop.test\n");
  await utimes(hostsPath, 5, 5);
  assert.deepEqual(await resolve("shop.test"), ["10.0.0.7", "::1"]);
  nowMs += 5_000;
  assert.deepEqual(await resolve("shop.test"), ["10.0.0.8"]);
});

test("hosts lines that aren't an address and names are passed over", () => {
  assert.deepEqual(
    [...parseHosts("# none\n\nnonsense a\r\n127.0.0.1\tA b#c\n127.0.0.1 a")],
    [
      ["a", ["127.0.0.1"]],
      ["b", ["127.0.0.1"]],
    ],
  );
});

test("an answer is kept for its TTL and asked again after it", async () => {
  await using server = await startDnsServer({ "shop.test": { a: ["10.0.0.1", "10.0.0.2"], ttl: 20 } });
  let nowMs = 0;
  const resolve = createResolver({ servers: [server.address], monotonicMs: () => nowMs });
  assert.deepEqual(await resolve("shop.test"), ["10.0.0.1", "10.0.0.2"]);
  server.answers.set("shop.test", { a: ["10.0.0.3"], ttl: 20 });
  nowMs = 19_999;
  assert.deepEqual(await resolve("shop.test"), ["10.0.0.1", "10.0.0.2"]);
  nowMs = 20_000;
  assert.deepEqual(await resolve("shop.test"), ["10.0.0.3"]);
});

test("a TTL of a day is believed for five minutes", async () => {
  await using server = await startDnsServer({ "shop.test": { a: ["10.0.0.1"], ttl: 86_400 } });
  let nowMs = 0;
  const resolve = createResolver({ servers: [server.address], monotonicMs: () => nowMs });
  await resolve("shop.test");
  const before = server.asked.length;
  nowMs = 300_000;
  await resolve("shop.test");
  assert.ok(server.asked.length > before);
});

test("of one family alone, only that one is asked for and told", async () => {
  await using server = await startDnsServer({ "shop.test": { a: ["10.0.0.1"] } });
  const resolve = createResolver({ servers: [server.address] });
  assert.deepEqual(await resolve("shop.test", 4), ["10.0.0.1"]);
  assert.equal(server.asked.length, 1);
  await assert.rejects(resolve("shop.test", 6), failsWith("ENODATA"));
  assert.deepEqual(await resolve("localhost", 6), ["::1"]);
  await assert.rejects(resolve("127.0.0.1", 6), failsWith("ENODATA"));
});

test("many who ask for one name at once share one question", async () => {
  await using server = await startDnsServer({ "shop.test": { a: ["10.0.0.1"] } });
  const resolve = createResolver({ servers: [server.address] });
  await Promise.all(Array.from({ length: 20 }, () => resolve("shop.test")));
  assert.equal(server.asked.length, 2, "one for IPv4, one for IPv6");
});

test("no such name, a failing name server and a silent port are told apart, and not remembered", async () => {
  await using server = await startDnsServer({ "broken.test": "SERVFAIL", "empty.test": { a: [] } });
  const resolve = createResolver({ servers: [server.address] });
  await assert.rejects(resolve("nowhere.test"), failsWith("ENOTFOUND"));
  await assert.rejects(resolve("empty.test"), failsWith("ENODATA"));
  await assert.rejects(resolve("broken.test"), failsWith("ESERVFAIL"));
  server.answers.set("broken.test", { a: ["10.0.0.1"] });
  assert.deepEqual(await resolve("broken.test"), ["10.0.0.1"]);
  await assert.rejects(createResolver({ servers: ["127.0.0.1:9"] })("shop.test"), failsWith("ECONNREFUSED"));
});

test("a name server that drops questions for IPv6 delays the answer by 50 ms, not by its time-outs", async () => {
  await using server = await startDnsServer({ "shop.test": { a: ["10.0.0.1"], silentOnIPv6: true } });
  const startedMs = performance.now();
  assert.deepEqual(await createResolver({ servers: [server.address] })("shop.test"), ["10.0.0.1"]);
  assert.ok(performance.now() - startedMs < 1_000);
});

const guard = createAddressGuard({ ownPorts: [7243], allowPrivate: true });

test("a name that resolves to a forbidden address among others is refused", async () => {
  await using server = await startDnsServer({ "rebind.test": { a: ["93.184.215.14", "169.254.169.254"] } });
  const resolve = createResolver({ servers: [server.address] });
  await assert.rejects(
    resolveGuarded({ host: "rebind.test", port: 80, resolve, guard }),
    (error: unknown) => error instanceof AddressRefused && /link-local/.test(error.why),
  );
});

test("an address literal is guarded too", async () => {
  const resolve = createResolver();
  await assert.rejects(
    resolveGuarded({ host: "[::ffff:7f00:1]", port: 7243, resolve, guard }),
    AddressRefused,
  );
  assert.deepEqual(await resolveGuarded({ host: "127.0.0.1", port: 80, resolve, guard }), ["127.0.0.1"]);
});

test("the guarded lookup fails the connection of a forbidden name and serves an allowed one", async () => {
  await using server = await startDnsServer({
    "meta.test": { a: ["169.254.169.254"] },
    "ok.test": { a: ["10.0.0.1"] },
  });
  const lookup = guardedLookup({ port: 80, resolve: createResolver({ servers: [server.address] }), guard });
  const answer = (host: string) =>
    new Promise((settle) => lookup(host, { all: true }, (error, found) => settle(error ?? found)));
  assert.ok((await answer("meta.test")) instanceof AddressRefused);
  assert.deepEqual(await answer("ok.test"), [{ address: "10.0.0.1", family: 4 }]);
});

test("a pinned lookup answers one address or all, by family", () => {
  const lookup = pinnedLookup(["10.0.0.1", "::1"]);
  const answers: unknown[] = [];
  lookup("x", { all: true }, (_error, found) => answers.push(found));
  lookup("x", { family: 6 }, (_error, found) => answers.push(found));
  assert.deepEqual(answers, [
    [
      { address: "10.0.0.1", family: 4 },
      { address: "::1", family: 6 },
    ],
    "::1",
  ]);
});
