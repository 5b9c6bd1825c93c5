import assert from "node:assert/strict";
import dgram from "node:dgram";
import nodeDns from "node:dns";
import { test } from "node:test";
import {
  type Answer,
  AUTHORITATIVE_ANSWER,
  type DecodedPacket,
  encode,
  TRUNCATED_RESPONSE,
} from "dns-packet";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith, contextWith } from "../base/context.fixture.ts";
import { dns } from "./dns.ts";
import { a, type Handler, nameServer, reply } from "./server.fixture.ts";

const check = checkWith(dns);

async function ask(handler: Handler, more: object = {}, timeoutMs = 2_000) {
  await using server = await nameServer(handler);
  const result = await check({ domain: "shop.test", resolver: server.place, ...more }, { timeoutMs });
  return { ...result, asked: server.asked };
}

const records =
  (...answers: Answer[]): Handler =>
  (query) =>
    reply(query, answers);

// First, while nothing else is closing.
test("a check that is over leaves no socket behind", async () => {
  await using server = await nameServer(() => null);
  const sockets = () => process.getActiveResourcesInfo().filter((each) => each === "UDPWrap").length;
  const turn = () => new Promise((resolve) => setImmediate(resolve));
  await turn();
  const before = sockets();
  const config = dns.schema.parse({ domain: "shop.test", resolver: server.place });
  await dns.check(config, contextWith({ timeoutMs: 60 }));
  assert.ok(server.asked.length > 0);
  // Sockets are closed at the end of a turn.
  await turn();
  await turn();
  assert.equal(sockets(), before);
});

test("a name with its records is up; evidence has each with its TTL, who said it and how", async () => {
  const alias: Answer = { type: "CNAME", name: "shop.test", ttl: 60, data: "Edge.test" };
  const handler: Handler = (query) =>
    reply(query, [alias, a("192.0.2.8", 300, "edge.test"), a("192.0.2.7", 300, "edge.test")], {
      flags: AUTHORITATIVE_ANSWER,
    });
  await using server = await nameServer(handler);
  const config = {
    domain: "Shop.test.",
    resolver: server.place,
    expect: { answers: ["192.0.2.7", "192.0.2.8"] },
  };
  const result = await check(config, { verbose: true });
  assert.match(result.reason, /^\[ok\] 2 A records in \d+(\.\d+)? m?s$/);
  assert.deepEqual([result.status, result.cause, server.asked], ["up", "ok", ["udp"]]);
  assert.equal(
    result.evidence?.body,
    `NOERROR, flags qr aa ra, from ${server.place} over udp\n` +
      "shop.test 60 CNAME edge.test\nedge.test 300 A 192.0.2.8\nedge.test 300 A 192.0.2.7",
  );
  assert.equal(result.evidence?.remote, "127.0.0.1");
  assert.ok((result.timings.first_byte ?? 0) > 0);
});

test("other records than the expected are down, both in words", async () => {
  const changed = await ask(records(a("198.51.100.9"), a("192.0.2.7")), { expect: { answers: "192.0.2.7" } });
  assert.deepEqual(
    [changed.status, changed.reason, changed.cause, changed.hard],
    ["down", "[answers] 192.0.2.7, 198.51.100.9, wanted 192.0.2.7", "answers", true],
  );
  const none = await ask(records({ type: "CNAME", name: "shop.test", ttl: 1, data: "gone.test" }));
  assert.equal(none.reason, "[answers] no A record, wanted one or more");
  assert.equal((await ask(records(), { expect: { count: 0 } })).status, "up");
  const count = await ask(records(a("192.0.2.7")), { expect: { count: 2, includes: "192.0.2.7" } });
  assert.equal(count.reason, "[answers] 192.0.2.7, wanted 2 records");
});

test("every type of record is read, and compared as people write it", async () => {
  const name = "shop.test";
  const cases: [string, Answer, string][] = [
    ["AAAA", { type: "AAAA", name, data: "2001:db8::7" }, "2001:DB8:0::7"],
    ["CNAME", { type: "CNAME", name, data: "edge.test" }, "EDGE.test."],
    ["MX", { type: "MX", name, data: { preference: 10, exchange: "mail.test" } }, "10 mail.test."],
    ["NS", { type: "NS", name, data: "ns1.test" }, "ns1.test"],
    ["TXT", { type: "TXT", name, data: ["v=spf1 ", "-all"] }, "v=spf1 -all"],
    [
      "SRV",
      { type: "SRV", name, data: { priority: 1, weight: 2, port: 53, target: "x.test" } },
      "1 2 53 x.test",
    ],
    ["CAA", { type: "CAA", name, data: { flags: 0, tag: "issue", value: "ca.test" } }, "0 issue ca.test"],
    [
      "SOA",
      {
        type: "SOA",
        name,
        data: {
          mname: "ns.test",
          rname: "root.test",
          serial: 1,
          refresh: 2,
          retry: 3,
          expire: 4,
          minimum: 5,
        },
      },
      "ns.test root.test 1 2 3 4 5",
    ],
  ];
  for (const [record, answer, wanted] of cases) {
    const result = await ask(records(answer), { record, expect: { answers: wanted } });
    assert.equal(result.status, "up", `${record}: ${result.reason}`);
  }
  const spf = await ask(
    records({ type: "TXT", name, data: "hello" }, { type: "TXT", name, data: "v=spf1 ~all" }),
    {
      record: "TXT",
      expect: { matches: "^v=spf1 .*-all$" },
    },
  );
  assert.equal(spf.reason, "[answers] hello, v=spf1 ~all, wanted one to match ^v=spf1 .*-all$");
});

test("an address is asked for turned round, a name in another script in ASCII", async () => {
  const names: string[] = [];
  const handler: Handler = (query) => {
    names.push(query.questions?.[0]?.name ?? "");
    return reply(query, [{ type: "PTR", name: names.at(-1) ?? "", data: "mail.test" }]);
  };
  const result = await ask(handler, { domain: "192.0.2.7", record: "PTR", expect: { answers: "mail.test" } });
  assert.equal(result.status, "up", result.reason);
  await ask(handler, { domain: "bücher.test" });
  assert.deepEqual(names, ["7.2.0.192.in-addr.arpa", "xn--bcher-kva.test"]);
});

test("the response code is judged, with what the server says of it", async () => {
  const gone = await ask((query) => reply(query, [], { rcode: 3 }));
  assert.deepEqual(
    [gone.status, gone.cause, gone.reason],
    ["down", "rcode:NXDOMAIN", "[rcode] NXDOMAIN (there is no such name), wanted NOERROR"],
  );
  assert.equal(
    (await ask((query) => reply(query, [], { rcode: 3 }), { expect: { rcode: "NXDOMAIN" } })).status,
    "up",
  );
  const there = await ask(records(a("192.0.2.7")), { expect: { rcode: "NXDOMAIN" } });
  assert.equal(there.reason, "[rcode] NOERROR (the name exists), wanted NXDOMAIN");
  const bogus = await ask((query) => explained(query, 7, "since yesterday"));
  assert.equal(
    bogus.reason,
    "[rcode] SERVFAIL (the name server could not find out; the DNSSEC signature has expired (since yesterday)), wanted NOERROR",
  );
});

/** SERVFAIL with an extended error, which the library reads but does not write. */
function explained(query: DecodedPacket, code: number, text: string): Buffer {
  const option = Buffer.concat([Buffer.from([0, 15, 0, text.length + 2, 0, code]), Buffer.from(text)]);
  const opt = Buffer.from([0, 0, 41, 4, 208, 0, 0, 0, 0, 0, option.length]);
  const bytes = encode(reply(query, [], { rcode: 2 }));
  bytes.writeUInt16BE(1, 10);
  return Buffer.concat([bytes, opt, option]);
}

test("a TTL or a time out of bounds degrades", async () => {
  const handler = records(a("192.0.2.7", 3_600), a("192.0.2.8", 3_600));
  const long = await ask(handler, { expect: { max_ttl: "5m", min_ttl: "30s" } });
  assert.deepEqual([long.status, long.reason], ["degraded", "[ttl] 1 h, wanted 5 min or less"]);
  const short = await ask(records(a("192.0.2.7", 0)), { expect: { min_ttl: "30s" } });
  assert.equal(short.reason, "[ttl] 0 s, wanted 30 s or more");
});

test("an answer that does not fit is fetched over TCP, also when it is cut through a record", async () => {
  const all = Array.from({ length: 120 }, (_, i) => a(`192.0.2.${i}`));
  const whole = (query: DecodedPacket) => reply(query, all);
  const expect = { count: 120 };
  const cut = await ask(
    (query, over) => (over === "udp" ? reply(query, [], { flags: TRUNCATED_RESPONSE }) : whole(query)),
    { expect },
  );
  assert.deepEqual([cut.status, cut.asked], ["up", ["udp", "tcp"]], cut.reason);
  const hacked = await ask(
    (query, over) =>
      over === "tcp"
        ? whole(query)
        : encode(reply(query, all, { flags: TRUNCATED_RESPONSE })).subarray(0, 500),
    { expect },
  );
  assert.deepEqual([hacked.status, hacked.asked], ["up", ["udp", "tcp"]], hacked.reason);
  const tcp = await ask(whole, { expect, protocol: "tcp" });
  assert.deepEqual([tcp.status, tcp.asked], ["up", ["tcp"]], tcp.reason);
});

test("a lost datagram is sent again; a server that stumbles over extensions is asked without", async () => {
  let count = 0;
  const lost = await ask((query) => (++count === 1 ? null : reply(query, [a("192.0.2.7")])), {}, 400);
  assert.deepEqual([lost.status, lost.asked.length], ["up", 2], lost.reason);
  const old = await ask((query) =>
    query.additionals?.length
      ? reply(query, [], { rcode: 1, questions: [] })
      : reply(query, [a("192.0.2.7")]),
  );
  assert.deepEqual([old.status, old.asked.length], ["up", 2], old.reason);
});

test("answers with another number, to another question or from somebody else don't count", async () => {
  const forged = [a("198.51.100.66")];
  const result = await ask(
    (query) => [
      reply(query, forged, { id: ((query.id ?? 0) + 1) & 0xffff }),
      reply(query, forged, { questions: [{ type: "A", name: "other.test" }] }),
      reply(query, forged, { type: "query" }),
      Buffer.from("nonsense"),
      reply(query, [a("192.0.2.7")]),
    ],
    { expect: { answers: "192.0.2.7" } },
  );
  assert.equal(result.status, "up", result.reason);
  const noise = await ask((query) => reply(query, forged, { id: ((query.id ?? 0) + 1) & 0xffff }), {}, 120);
  assert.match(
    noise.reason,
    /^\[timeout\] no answer from 127\.0\.0\.1:\d+ within 120 ms, asked (?:once|\d times); \d datagrams? that came answered/,
  );
});

test("an answer from another port than the one asked is never heard", async () => {
  const asked = dgram.createSocket("udp4").bind(0, "127.0.0.1");
  const other = dgram.createSocket("udp4");
  asked.on("message", (bytes, from) => {
    const forged = Buffer.from(bytes);
    forged.writeUInt16BE(0x8183, 2);
    other.send(forged, from.port, from.address);
  });
  await new Promise((resolve) => asked.once("listening", resolve));
  const result = await check(
    { domain: "shop.test", resolver: `127.0.0.1:${asked.address().port}` },
    { timeoutMs: 120 },
  );
  asked.close();
  other.close();
  assert.equal(result.cause, "timeout:first_byte", result.reason);
});

test("silence, nobody there and answers that are not DNS each have their words", async () => {
  const silent = await ask(() => null, {}, 120);
  assert.match(
    silent.reason,
    /^\[timeout\] no answer from 127\.0\.0\.1:\d+ within 120 ms, asked (?:once|\d times)$/,
  );
  assert.deepEqual([silent.status, silent.cause, silent.hard], ["down", "timeout:first_byte", false]);
  const nobody = await check({ domain: "shop.test", resolver: `127.0.0.1:${await closedPort()}` });
  assert.match(nobody.reason, /^\[refused\] nothing accepts connections on 127\.0\.0\.1:\d+$/);
  const broken = await ask((query) => encode(reply(query, [a("192.0.2.7")])).subarray(0, 30));
  assert.deepEqual([broken.status, broken.cause], ["down", "protocol"]);
  await using web = await rawServer((socket) => socket.end("HTTP/1.1 400 Bad Request\r\n\r\n"));
  const http = await check({ domain: "shop.test", protocol: "tcp", resolver: `127.0.0.1:${web.port}` });
  assert.equal(http.cause, "reset", http.reason);
});

test("without a resolver the machine's own are asked, the next where one is silent", async () => {
  await using silent = await nameServer(() => null);
  await using good = await nameServer(records(a("192.0.2.7")));
  const before = nodeDns.getServers();
  nodeDns.setServers([silent.place, good.place]);
  try {
    const publicOnly = createAddressGuard({ ownPorts: [], allowPrivate: false });
    const result = await check({ domain: "shop.test" }, { guard: publicOnly, timeoutMs: 400, verbose: true });
    assert.equal(result.status, "up", result.reason);
    assert.match(result.evidence?.body ?? "", new RegExp(`from ${good.place} over udp`));
    nodeDns.setServers([`127.0.0.1:${await closedPort()}`]);
    const none = await check({ domain: "shop.test" });
    assert.deepEqual([none.status, none.cause], ["unknown", "dns:ECONNREFUSED"], none.reason);
  } finally {
    nodeDns.setServers(before);
  }
});

test("a resolver at a forbidden address is not asked", async () => {
  await using server = await nameServer(records(a("192.0.2.7")));
  for (const protocol of ["udp", "tcp"]) {
    const guard = createAddressGuard({ ownPorts: [], allowPrivate: false });
    const result = await check({ domain: "shop.test", resolver: server.place, protocol }, { guard });
    assert.deepEqual([result.status, result.cause], ["unknown", "guard"]);
  }
  assert.deepEqual(server.asked, []);
});

test("what is wrong in a configuration is told by its field, with how to write it", () => {
  const messages = (config: object) =>
    dns.schema.safeParse(config).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  assert.deepEqual(messages({ domain: "https://shop.test" }), [
    'domain: "https://shop.test" is a URL; write the name alone, e.g. shop.example.com',
  ]);
  assert.deepEqual(messages({ domain: "192.0.2.7" }), [
    "record: an address has only a PTR record; set record: PTR, or write a name",
  ]);
  assert.deepEqual(messages({ domain: "shop.test", record: "MX", expect: { answers: ["mail.test"] } }), [
    'expect.answers: "mail.test" is no MX record; write it as preference and name, e.g. "10 mail.example.com"',
  ]);
  assert.deepEqual(messages({ domain: "shop.test", resolver: "8.8.8.8:99999" }), [
    'resolver: write a name server as "192.0.2.53", "192.0.2.53:5353" or "[2001:db8::53]:53"',
  ]);
  assert.deepEqual(messages({ domain: "shop.test", expect: { rcode: "NXDOMAIN", count: 1 } }), [
    "expect.count: an answer of NXDOMAIN has no records; leave count out, or rcode",
  ]);
  assert.deepEqual(messages({ domain: "_dmarc.shop.test", record: "TXT", resolver: "[::1]:53" }), undefined);
});
