import assert from "node:assert/strict";
import { test } from "node:test";
import { brotliCompressSync, gzipSync, zstdCompressSync } from "node:zlib";
import { startDnsServer } from "../../../platform/net/dns-server.fixture.ts";
import { createResolver } from "../../../platform/net/resolver.ts";
import { closedPort, httpServer, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { http as httpKind } from "./http.ts";

const check = checkWith(httpKind);

test("a healthy page is up, with its phases and no evidence to carry", async () => {
  await using server = await httpServer((_request, response) => response.end("Add to basket"));
  const result = await check({ url: server.url, expect: { body_contains: "Add to basket" } });
  assert.match(result.reason, /^\[ok\] 200 in \d+ ms$/);
  assert.deepEqual([result.status, result.cause, result.hard, result.evidence], ["up", "ok", false, null]);
  const { dns, connect, tls, first_byte, transfer, total } = result.timings;
  assert.equal(tls, null);
  const sum = (dns ?? 0) + (connect ?? 0) + (first_byte ?? 0) + (transfer ?? 0);
  assert.ok(Math.abs(sum - (total ?? 0)) < 0.1, `${sum} is not ${total}`);
});

test("a wrong status is a hard failure that says what was wanted, with the answer as evidence", async () => {
  await using server = await httpServer((_request, response) => {
    response.writeHead(502, {
      "set-cookie": "sid=secret",
      "x-request-id": "r1",
      "content-type": "text/plain",
    });
    response.end(`bad gateway ${"x".repeat(10_000)}`);
  });
  const result = await check({ url: `${server.url}/a?token=abc` });
  assert.equal(result.reason, "[status] 502, wanted 200–299");
  assert.deepEqual([result.status, result.cause, result.hard], ["down", "status:502", true]);
  const { evidence } = result;
  assert.deepEqual(evidence?.expectations, [{ what: "status", ok: false, wanted: "200–299", got: "502" }]);
  assert.deepEqual(evidence?.addresses, ["127.0.0.1"]);
  assert.equal(evidence?.remote, "127.0.0.1");
  assert.equal(evidence?.http_version, "1.1");
  assert.equal(evidence?.headers?.["set-cookie"], "[redacted]");
  assert.equal(evidence?.headers?.["x-request-id"], "r1");
  assert.equal(evidence?.body?.length, 4_096);
  assert.match(evidence?.body ?? "", /^bad gateway x/);
});

test("a check somebody watches has evidence also when all is well", async () => {
  await using server = await httpServer((_request, response) => response.end("fine"));
  const { evidence } = await check({ url: server.url }, { verbose: true });
  assert.equal(evidence?.body, "fine");
  assert.deepEqual(
    evidence?.expectations?.map(({ ok }) => ok),
    [true],
  );
});

test("method, headers, body and credentials are sent, over a connection closed afterwards", async () => {
  const seen: unknown[] = [];
  await using server = await httpServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on("data", (chunk: Buffer) => chunks.push(chunk));
    request.on("end", () => {
      seen.push(request.method, request.url, Buffer.concat(chunks).toString(), request.headers);
      response.end();
    });
  });
  await check({
    url: `${server.url}/order?x=1`,
    method: "POST",
    headers: { "Content-Type": "application/json", "User-Agent": "mine" },
    body: '{"größe":1}',
    auth: { basic: { user: "ada", password: "pässword" } },
  });
  assert.deepEqual(seen, [
    "POST",
    "/order?x=1",
    '{"größe":1}',
    {
      "user-agent": "mine",
      accept: "*/*",
      "accept-encoding": "identity",
      "content-type": "application/json",
      authorization: `Basic ${Buffer.from("ada:pässword").toString("base64")}`,
      host: `127.0.0.1:${server.port}`,
      "content-length": "13",
      connection: "close",
    },
  ]);
});

test("a page that echoes the credentials doesn't carry them into evidence or reason", async () => {
  await using server = await httpServer((request, response) => {
    response.writeHead(500, { "x-echo": `${request.headers.authorization}` });
    response.end(JSON.stringify({ sent: request.headers.authorization, key: request.headers["x-api-key"] }));
  });
  const result = await check({
    url: server.url,
    headers: { "x-api-key": "key-4711" },
    auth: { bearer: "s3cr3t-t0ken" },
    expect: { status: 500, json: [{ path: "$.key", equals: "x" }] },
  });
  assert.equal(result.reason, "[json] $.key is “[redacted]”, wanted “x”");
  assert.doesNotMatch(JSON.stringify(result), /s3cr3t|4711/);
});

test("a closed port is refused", async () => {
  const port = await closedPort();
  const result = await check({ url: `http://127.0.0.1:${port}/` });
  assert.equal(result.reason, `[refused] nothing accepts connections on 127.0.0.1:${port}`);
  assert.deepEqual([result.status, result.cause, result.hard], ["down", "refused", true]);
  assert.equal(result.timings.first_byte, null);
});

test("localhost is tried on both families before it counts as refused", async () => {
  await using server = await httpServer((_request, response) => response.end(), "::1");
  assert.equal((await check({ url: `http://localhost:${server.port}/` })).status, "up");
  const refused = await check({ url: `http://localhost:${await closedPort()}/` });
  assert.deepEqual([refused.cause, refused.evidence?.addresses], ["refused", ["127.0.0.1", "::1"]]);
});

test("an IPv6 address in a URL is reached", async () => {
  await using server = await httpServer((_request, response) => response.end("six"), "::1");
  const result = await check({ url: server.url }, { verbose: true });
  assert.deepEqual([result.status, result.evidence?.remote], ["up", "::1"]);
});

test("a connection closed before the answer is a reset, one closed inside the body says how far it came", async () => {
  await using rude = await rawServer((socket) => socket.once("data", () => socket.resetAndDestroy()));
  await using polite = await rawServer((socket) => socket.once("data", () => socket.end()));
  await using cut = await rawServer((socket) =>
    socket.once("data", () => socket.end("HTTP/1.1 200 OK\r\ncontent-length: 100\r\n\r\nhello")),
  );
  for (const { url, port } of [rude, polite]) {
    const result = await check({ url });
    assert.equal(result.reason, `[reset] 127.0.0.1:${port} closed the connection without an answer`);
    assert.deepEqual([result.cause, result.hard], ["reset", true]);
  }
  const result = await check({ url: cut.url });
  assert.equal(
    result.reason,
    `[reset] 127.0.0.1:${cut.port} closed the connection after 5 bytes of the body`,
  );
  assert.equal(result.evidence?.body, "hello");
});

test("what isn't HTTP is said to be so", async () => {
  await using server = await rawServer((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
  const result = await check({ url: server.url });
  assert.match(result.reason, /^\[protocol\] the answer is not HTTP\/1/);
  assert.match(result.cause, /^protocol:HPE_/);
});

test("silence before the answer is a time-out of the first byte, within the deadline and the second chance", async () => {
  await using server = await httpServer(() => {});
  const startedMs = performance.now();
  const result = await check({ url: server.url }, { timeoutMs: 200 });
  const tookMs = performance.now() - startedMs;
  assert.equal(
    result.reason,
    `[timeout] 127.0.0.1:${server.port} accepted the connection, but did not answer within 200 ms`,
  );
  assert.deepEqual([result.cause, result.hard], ["timeout:first_byte", false]);
  assert.ok(tookMs >= 200 && tookMs < 400, `took ${tookMs} ms`);
});

test("a body that never ends is a time-out with what came as evidence", async () => {
  await using server = await httpServer((_request, response) => {
    response.write("some of it");
  });
  const result = await check({ url: server.url }, { timeoutMs: 150 });
  assert.match(result.reason, /answered, but the body \(10 bytes so far\) did not end within 150 ms$/);
  assert.deepEqual([result.cause, result.evidence?.body], ["timeout:transfer", "some of it"]);
});

test("an answer that lay in the socket when a stalled loop woke up after the deadline is no time-out", async () => {
  await using server = await httpServer((_request, response) => {
    setTimeout(() => response.end("late but there"), 50);
  });
  const pending = check({ url: server.url }, { timeoutMs: 150 });
  await new Promise((resolve) => setTimeout(resolve, 40));
  // The server's own timer, the answer and the deadline all fall into this stall.
  const untilMs = performance.now() + 300;
  while (performance.now() < untilMs);
  assert.equal((await pending).status, "up");
});

test("a slow answer is degraded, and down beyond the second limit", async () => {
  await using server = await httpServer((_request, response) => {
    setTimeout(() => response.end(), 60);
  });
  const slow = await check({ url: server.url, expect: { latency: "50ms", latency_down: "5s" } });
  assert.match(slow.reason, /^\[latency\] \d+ ms, wanted under 50 ms$/);
  assert.deepEqual([slow.status, slow.cause, slow.hard], ["degraded", "latency", false]);
  const tooSlow = await check({ url: server.url, expect: { latency: "10ms", latency_down: "50ms" } });
  assert.deepEqual([tooSlow.status, tooSlow.cause], ["down", "latency"]);
  assert.match(tooSlow.reason, /wanted under 50 ms, and 1 more$/);
});

for (const [encoding, compress] of [
  ["gzip", gzipSync],
  ["br", brotliCompressSync],
  ["zstd", zstdCompressSync],
] as const)
  test(`a body that comes as ${encoding} unasked is read all the same`, async () => {
    await using server = await httpServer((request, response) => {
      response.setHeader("content-encoding", encoding);
      response.end(request.method === "HEAD" ? undefined : compress("Add to basket"));
    });
    assert.equal((await check({ url: server.url, expect: { body_contains: "Add to basket" } })).status, "up");
    assert.equal((await check({ url: server.url, method: "HEAD" })).status, "up");
  });

test("a body that is not what its encoding says is a failure of the body", async () => {
  await using server = await httpServer((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end("plain");
  });
  const result = await check({ url: server.url });
  assert.deepEqual([result.reason, result.cause], ["[body] is said to be gzip, and is not", "body:encoding"]);
});

test("of an endless body 1 MiB is read, also when it unpacks to far more", async () => {
  await using endless = await httpServer((_request, response) => {
    const more = () => {
      while (response.write(Buffer.alloc(65_536, "x")));
    };
    response.on("drain", more);
    more();
  });
  await using bomb = await httpServer((_request, response) => {
    response.setHeader("content-encoding", "gzip");
    response.end(gzipSync(Buffer.alloc(50_000_000, "x")));
  });
  for (const { url } of [endless, bomb]) {
    const result = await check({ url, expect: { body_excludes: "y" } });
    assert.equal(result.status, "up", result.reason);
  }
});

test("a body is read in the charset it claims", async () => {
  await using server = await httpServer((_request, response) => {
    response.setHeader("content-type", "text/html; charset=ISO-8859-1");
    response.end(Buffer.from("Größe", "latin1"));
  });
  assert.equal((await check({ url: server.url, expect: { body_contains: "Größe" } })).status, "up");
});

test("no such name, a failing name server and a dead one are causes of their own", async () => {
  await using names = await startDnsServer({ "broken.test": "SERVFAIL" });
  const resolve = createResolver({ servers: [names.address] });
  const gone = await check({ url: "http://gone.test/" }, { resolve });
  assert.deepEqual(
    [gone.status, gone.cause, gone.reason, gone.hard],
    ["down", "dns:ENOTFOUND", "[dns] there is no name gone.test", true],
  );
  const broken = await check({ url: "http://broken.test/" }, { resolve });
  assert.deepEqual([broken.status, broken.cause], ["down", "dns:ESERVFAIL"]);
  const ours = await check(
    { url: "http://any.test/" },
    { resolve: createResolver({ servers: ["127.0.0.1:9"] }) },
  );
  assert.deepEqual([ours.status, ours.cause], ["unknown", "dns:ECONNREFUSED"]);
});

test("a name server that says nothing is a time-out of its own", async () => {
  const resolve = () => new Promise<never>(() => {});
  const result = await check({ url: "http://slow.test/" }, { resolve, timeoutMs: 50 });
  assert.deepEqual(
    [result.reason, result.cause],
    ["[timeout] the name did not resolve within 50 ms", "timeout:dns"],
  );
});

test("a name is reached by the address it resolves to, and called by its name", async () => {
  await using server = await httpServer((request, response) => response.end(request.headers.host));
  await using names = await startDnsServer({ "shop.test": { a: ["127.0.0.1"] } });
  const resolve = createResolver({ servers: [names.address] });
  const url = `http://shop.test:${server.port}/`;
  const result = await check({ url, expect: { body_contains: "shop.test" } }, { resolve });
  assert.equal(result.status, "up", result.reason);
});

test("forbidden addresses are not connected to: the target's is no verdict, a redirect's is a failure", async () => {
  const metadata = await check({ url: "http://169.254.169.254/latest/meta-data/" });
  assert.equal(
    metadata.reason,
    "[unknown] not checked: 169.254.169.254 is a link-local address, where clouds keep their metadata",
  );
  assert.deepEqual([metadata.status, metadata.cause], ["unknown", "guard"]);
  await using server = await httpServer((_request, response) => {
    response.writeHead(302, { location: "http://[::ffff:169.254.169.254]/" }).end();
  });
  const led = await check({ url: server.url });
  assert.match(led.reason, /^\[redirect\] leads to a forbidden address: /);
  assert.deepEqual([led.status, led.cause], ["down", "guard"]);
  const ours = await check({ url: "http://localhost:7243/" });
  assert.match(ours.reason, /Keepwatch itself/);
});

test("headers, patterns and the size of a real answer are looked at", async () => {
  await using server = await httpServer((_request, response) => {
    response.setHeader("x-version", "v2.1");
    response.end("order #12");
  });
  const expect = {
    headers: [{ name: "X-Version", matches: "^v2\\." }],
    body_matches: "#\\d+$",
    body_not_matches: "error",
    size: { min: 9, max: 9 },
  };
  const good = await check({ url: server.url, expect });
  assert.equal(good.status, "up", good.reason);
  const bad = await check({ url: server.url, expect: { headers: [{ name: "X-Version", equals: "v3" }] } });
  assert.deepEqual(
    [bad.status, bad.reason, bad.cause],
    ["down", "[header] X-Version is “v2.1”, wanted “v3”", "header:x-version"],
  );
});

test("whatever a page sends, its evidence and reason can be stored", async () => {
  const text = JSON.stringify({ a: `\0${"x".repeat(198)}\u{1F600}\u{1F600}` });
  await using server = await httpServer((_request, response) => {
    response.end(
      Buffer.concat([Buffer.from(text), Buffer.from([0, 0xff, 0xfe])]).subarray(0, text.length + 8),
    );
  });
  await using json = await httpServer((_request, response) => response.end(text));
  for (const { url } of [server, json]) {
    const result = await check({ url, expect: { json: [{ path: "$.a", equals: 1 }] } });
    assert.equal(result.status, "down");
    JSON.stringify(result, (_key, value) => {
      if (typeof value === "string") assert.ok(value.isWellFormed() && !value.includes("\0"), value);
      return value;
    });
  }
});
