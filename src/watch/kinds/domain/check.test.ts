import assert from "node:assert/strict";
import { test } from "node:test";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { closedPort, httpServer, rawServer, type TestServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { domain, domainKind } from "./domain.ts";

/** The fixture's clock stands at 2026-11-23T08:00Z. */
const GOOD = {
  objectClassName: "domain",
  ldhName: "EXAMPLE.COM",
  status: ["client transfer prohibited"],
  events: [
    { eventAction: "registration", eventDate: "1995-08-14T04:00:00Z" },
    { eventAction: "expiration", eventDate: "2027-08-13T04:00:00Z" },
  ],
  entities: [
    { roles: ["abuse"], vcardArray: ["vcard", [["fn", {}, "text", "Abuse Desk"]]] },
    {
      roles: ["registrar"],
      handle: "376",
      vcardArray: [
        "vcard",
        [
          ["version", {}, "text", "4.0"],
          ["adr", {}, "text", ["", ""]],
          ["fn", {}, "text", "Example Registrar, Inc."],
        ],
      ],
    },
  ],
  nameservers: [{ ldhName: "NS2.EXAMPLE.NET." }, { ldhName: "ns1.example.net" }],
};

interface Answer {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

interface Rdap extends TestServer {
  asked: string[];
}

/** A registry over HTTP; answers by path, 404 without one. */
async function rdap(answers: Record<string, Answer>): Promise<Rdap> {
  const asked: string[] = [];
  const server = await httpServer((request, response) => {
    asked.push(request.url ?? "");
    const { status = 200, headers = {}, body } = answers[request.url ?? ""] ?? { status: 404 };
    response.writeHead(status, { "content-type": "application/rdap+json", ...headers });
    response.end(typeof body === "string" ? body : JSON.stringify(body));
  });
  return Object.assign(server, { asked });
}

/** Checks example.com at a registry that says so, with nothing kept from before. */
async function judge(body: unknown, expect?: object) {
  await using server = await rdap({ "/domain/example.com": { body } });
  return await fresh()({ domain: "example.com", rdap_url: server.url, expect });
}

const fresh = (bootstrapUrl = "http://127.0.0.1:1/") => checkWith(domainKind({ bootstrapUrl }));

test("a domain with time left is up; evidence has its date, registrar, status and name servers", async () => {
  await using server = await rdap({ "/rdap/domain/example.com": { body: GOOD } });
  const expect = {
    registrar: "example registrar",
    nameservers: ["ns1.example.net.", "NS2.example.net"],
    status: "clientTransferProhibited",
  };
  const config = { domain: "Example.com", rdap_url: `${server.url}/rdap`, expect };
  const result = await fresh()(config, { verbose: true });
  assert.match(result.reason, /^\[ok\] 262 days left in \d+ ms$/);
  assert.equal(result.status, "up");
  assert.equal(
    result.evidence?.body,
    "example.com\nexpires: 2027-08-13\nregistrar: Example Registrar, Inc.\nstatus: client transfer prohibited\n" +
      `name servers: ns1.example.net, ns2.example.net\nfrom ${server.url}/rdap/domain/example.com`,
  );
});

test("one that expires soon is degraded, one that has expired is down", async () => {
  const until = (eventDate: string) => ({ ...GOOD, events: [{ eventAction: "expiration", eventDate }] });
  const soon = await judge(until("2026-12-05T00:00:00+00:00"));
  assert.deepEqual(
    [soon.status, soon.reason, soon.cause],
    ["degraded", "[expiry] expires in 11 days, on 2026-12-05; wanted 30 days or more", "domain:expires"],
  );
  assert.equal((await judge(until("2026-12-05"), { expires_within: "7d" })).status, "up");
  const gone = await judge(until("2026-11-20 10:00:00"));
  assert.deepEqual(
    [gone.status, gone.reason, gone.hard],
    ["down", "[expiry] has expired on 2026-11-20", true],
  );
});

test("a hold, a deletion or a transfer is told in words, whatever the date says", async () => {
  const held = await judge({ ...GOOD, status: ["clientHold", "client transfer prohibited"] });
  assert.deepEqual(
    [held.status, held.reason, held.cause],
    ["down", "[status] client hold: the registrar has taken it out of the DNS", "domain:client-hold"],
  );
  const redemption = await judge({ ...GOOD, status: ["redemption period", "pending delete"] });
  assert.match(redemption.reason, /^\[status\] redemption period: it was deleted, .*, and 1 more$/);
  assert.equal((await judge({ ...GOOD, status: ["pending transfer"] })).status, "degraded");
  const unlocked = await judge({ ...GOOD, status: ["active"] }, { status: ["client transfer prohibited"] });
  assert.equal(unlocked.reason, "[status] client transfer prohibited is missing");
});

test("another registrar or other name servers are down", async () => {
  const moved = await judge(GOOD, { registrar: "Honest Names" });
  assert.equal(moved.reason, "[registrar] “Example Registrar, Inc.”, wanted “Honest Names”");
  const hijacked = await judge(GOOD, { nameservers: "ns1.example.net" });
  assert.deepEqual(
    [hijacked.status, hijacked.reason],
    ["down", "[nameservers] ns1.example.net, ns2.example.net, wanted ns1.example.net"],
  );
});

test("a domain the registry doesn't know is down", async () => {
  await using server = await rdap({});
  const result = await fresh()({ domain: "www.example.com", rdap_url: server.url });
  assert.deepEqual([result.status, result.cause, result.hard], ["down", "domain:unregistered", true]);
  assert.match(result.reason, /^\[domain\] www\.example\.com is not registered, says 127\.0\.0\.1:\d+; only/);
});

test("without a date something else must be expected", async () => {
  const dateless = { ...GOOD, events: [{ eventAction: "last changed", eventDate: "2026-01-01T00:00:00Z" }] };
  const mute = await judge(dateless);
  assert.deepEqual([mute.status, mute.cause], ["unknown", "domain:no-date"]);
  const content = await judge(dateless, { registrar: "Example" });
  assert.match(content.reason, /^\[ok\] registered in/);
});

test("a registry that fails, is silent or says something else leaves the monitor unknown", async () => {
  const check = fresh();
  await using broken = await rdap({
    "/a/domain/example.com": { status: 503 },
    "/b/domain/example.com": { body: "<html>" },
    "/c/domain/example.com": { body: { objectClassName: "nameserver" } },
  });
  await using silent = await rawServer(() => {});
  const at = (rdap_url: string) => check({ domain: "example.com", rdap_url }, { timeoutMs: 300 });
  const results = [
    await at(`${broken.url}/a`),
    await at(`${broken.url}/b`),
    await at(`${broken.url}/c`),
    await at(silent.url),
    await at(`http://127.0.0.1:${await closedPort()}`),
  ];
  assert.deepEqual(
    results.map(({ status, cause, hard }) => [status, cause, hard]),
    ["status:503", "protocol", "protocol", "timeout:first_byte", "refused"].map((cause) => [
      "unknown",
      cause,
      false,
    ]),
  );
});

test("the server is found by the longest listed end of the name, in a list kept for a day", async () => {
  await using server = await rdap({
    "/uk/domain/shop.co.uk": { body: GOOD },
    "/old/domain/b.com": { body: GOOD },
  });
  const services = [
    [["uk", "com"], [`${server.url}/old/`]],
    [["co.uk"], [`${server.url}/uk`]],
  ];
  await using iana = await rdap({ "/dns.json": { body: { version: "1.0", services } } });
  const check = fresh(`${iana.url}/dns.json`);
  let nowMs = 0;
  const at = (domain: string) => check({ domain }, { monotonicMs: () => nowMs });
  assert.equal((await at("shop.co.uk")).status, "up");
  assert.equal((await at("b.com")).status, "up");
  assert.deepEqual(server.asked, ["/uk/domain/shop.co.uk", "/old/domain/b.com"]);
  assert.equal(iana.count(), 1);
  const none = await at("shop.zz");
  assert.equal(
    none.reason,
    "[unknown] no RDAP server is listed for .zz; if its registry has one, write it under rdap_url",
  );
  nowMs = 25 * 3_600_000;
  await at("b.com");
  assert.equal(iana.count(), 2);
});

test("a registry is asked once an hour, unless somebody watches; redirects are followed", async () => {
  await using server = await rdap({
    "/domain/example.com": { status: 302, headers: { location: "/real/example.com" } },
    "/real/example.com": { body: GOOD },
  });
  const check = fresh();
  let nowMs = 0;
  const at = (verbose = false) =>
    check({ domain: "example.com", rdap_url: server.url }, { monotonicMs: () => nowMs, verbose });
  await at();
  nowMs = 50 * 60_000;
  assert.equal((await at()).status, "up");
  assert.equal(server.count(), 2);
  await at(true);
  assert.equal(server.count(), 4);
  nowMs += 61 * 60_000;
  await at();
  assert.equal(server.count(), 6);
});

test("a registry that was asked too often is left alone for as long as it wishes", async () => {
  await using server = await rdap({
    "/domain/example.com": { status: 429, headers: { "retry-after": "600" } },
  });
  const check = fresh();
  let nowMs = 0;
  const at = () => check({ domain: "example.com", rdap_url: server.url }, { monotonicMs: () => nowMs });
  const first = await at();
  assert.deepEqual([first.status, first.cause], ["unknown", "domain:held"]);
  nowMs = 300_000;
  assert.match((await at()).reason, /asked too often and is left alone for another 5 min/);
  assert.equal(server.count(), 1);
  nowMs = 601_000;
  await at();
  assert.equal(server.count(), 2);
});

test("a registry at a forbidden address is not asked, nor one that a redirect leads to", async () => {
  await using server = await rdap({ "/domain/example.com": { body: GOOD } });
  const guard = createAddressGuard({ ownPorts: [], allowPrivate: false });
  const result = await fresh()({ domain: "example.com", rdap_url: server.url }, { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
  await using leads = await rdap({
    "/domain/example.com": {
      status: 302,
      headers: { location: "http://169.254.169.254/domain/example.com" },
    },
  });
  const led = await fresh()({ domain: "example.com", rdap_url: leads.url });
  assert.deepEqual([led.status, led.cause], ["unknown", "guard"]);
});

test("what is wrong in a configuration is told by its field, with how to write it", () => {
  const messages = (config: object) =>
    domain.schema.safeParse(config).error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  assert.deepEqual(messages({ domain: "https://example.com/" }), [
    'domain: "https://example.com/" is a URL; write the domain alone, e.g. example.com',
  ]);
  for (const text of ["com", "192.0.2.7", "a b.com"])
    assert.deepEqual(messages({ domain: text }), [
      `domain: "${text}" is no domain; write one as it was registered, e.g. example.com`,
    ]);
  assert.equal(messages({ domain: "example.com", rdap_url: "rdap.example.net" })?.length, 1);
  assert.equal(messages({ domain: "bücher.example", expect: { expires_within: "6w" } }), undefined);
  assert.equal(
    domain.describe({ domain: "example.com" }),
    "example.com stays registered for 30 days or more.",
  );
});
