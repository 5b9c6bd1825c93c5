import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { gzipSync } from "node:zlib";
import { KEY, VALID, VALID_TO_MS } from "../../fixtures/certificates.ts";
import { httpServer, httpsServer, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { http } from "./http.ts";

const check = checkWith(http);

type Answer = (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => void;

/** A server of HTTP/2, and over TLS of HTTP/1.1 as well where `allowHTTP1` says so. */
async function http2Server(answer: Answer, options: { plain?: boolean; allowHTTP1?: boolean } = {}) {
  const { plain = false, allowHTTP1 = false } = options;
  const server: http2.Http2Server | http2.Http2SecureServer = plain
    ? http2.createServer()
    : http2.createSecureServer({ key: KEY, cert: VALID, allowHTTP1 }, (request, response) => {
        if (request.httpVersionMajor === 1) response.end("one");
      });
  const sockets = new Set<Socket>();
  server.on("connection", (socket: Socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
  });
  server.on("sessionError", () => {});
  server.on("stream", (stream: http2.ServerHttp2Stream, headers: http2.IncomingHttpHeaders) => {
    stream.on("error", () => {});
    answer(stream, headers);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    url: `${plain ? "http" : "https"}://127.0.0.1:${port}`,
    async [Symbol.asyncDispose]() {
      const closed = once(server, "close");
      server.close();
      for (const socket of sockets) socket.destroy();
      await closed;
    },
  };
}

test("HTTP/2 is spoken when asked for, over TLS and in clear, and the evidence says so", async () => {
  const answer: Answer = (stream) => {
    stream.respond({ ":status": 200, "x-a": "b", "content-encoding": "gzip" });
    stream.end(gzipSync("two"));
  };
  for (const plain of [false, true]) {
    await using server = await http2Server(answer, { plain });
    const expect = { http_version: 2, body_contains: "two", headers: [{ name: "x-a", equals: "b" }] };
    const result = await check({ url: server.url, http_version: 2, expect }, { verbose: true });
    assert.equal(result.status, "up", result.reason);
    const { evidence, timings } = result;
    assert.deepEqual([evidence?.http_version, evidence?.status, evidence?.body], ["2", 200, "two"]);
    assert.ok(!Object.keys(evidence?.headers ?? {}).some((name) => name.startsWith(":")));
    assert.ok(timings.first_byte !== null && timings.transfer !== null && timings.connect !== null);
  }
});

test("method, headers and body are sent as HTTP/2 has them", async () => {
  let seen: Record<string, unknown> = {};
  await using server = await http2Server((stream, headers) => {
    void text(stream).then((body) => {
      seen = { ...headers, body };
      stream.respond({ ":status": 204 });
      stream.end();
    });
  });
  const config = {
    url: `${server.url}/a?b=1`,
    method: "POST",
    headers: { Host: "shop.test", Connection: "close", "X-Plain": "1" },
    body: "größe",
    http_version: "any",
  };
  const result = await check(config);
  assert.equal(result.status, "up", result.reason);
  assert.deepEqual(
    [":method", ":path", ":authority", ":scheme", "x-plain", "content-length", "body"].map(
      (name) => seen[name],
    ),
    ["POST", "/a?b=1", "shop.test", "https", "1", "7", "größe"],
  );
});

test("any takes what the server prefers, and expect.http_version says when that is too old", async () => {
  await using both = await http2Server((stream) => stream.end("two"), { allowHTTP1: true });
  await using old = await httpsServer((_request, response) => response.end("one"));
  const version = async (url: string, http_version?: string) =>
    (await check({ url, http_version }, { verbose: true })).evidence?.http_version;
  assert.equal(await version(both.url, "any"), "2");
  assert.equal(await version(both.url), "1.1");
  assert.equal(await version(old.url, "any"), "1.1");
  const wanted = await check({ url: old.url, http_version: "any", expect: { http_version: 2 } });
  assert.deepEqual(
    [wanted.status, wanted.reason, wanted.cause],
    ["down", "[http_version] answered by HTTP/1.1, wanted HTTP/2", "http_version"],
  );
});

test("a server without HTTP/2 is told as that, over TLS and in clear", async () => {
  await using old = await httpsServer((_request, response) => response.end("one"));
  await using plain = await httpServer((_request, response) => response.end("one"));
  const none = await check({ url: old.url, http_version: 2 });
  assert.deepEqual(
    [none.status, none.reason, none.cause],
    ["down", "[protocol] the server does not offer HTTP/2", "protocol"],
  );
  const clear = await check({ url: plain.url, http_version: 2 });
  assert.match(clear.reason, /^\[protocol\] the answer is not HTTP\/2: the port speaks something else/);
});

test("an answer broken off, a silent server and an endless one end as with HTTP/1.1", async () => {
  await using broken = await http2Server((stream) => stream.close(http2.constants.NGHTTP2_INTERNAL_ERROR));
  assert.equal(
    (await check({ url: broken.url, http_version: 2 })).reason,
    "[reset] the server broke the answer off (INTERNAL_ERROR)",
  );
  await using cut = await http2Server((stream) => {
    stream.respond({ ":status": 200 });
    stream.write("some of it", () => stream.session?.destroy());
  });
  const partly = await check({ url: cut.url, http_version: 2 });
  assert.deepEqual([partly.cause, partly.evidence?.body], ["reset", "some of it"]);
  await using silent = await rawServer(() => {});
  const late = await check({ url: silent.url, http_version: 2 }, { timeoutMs: 100 });
  assert.equal(late.cause, "timeout:first_byte");
  await using endless = await http2Server((stream) => {
    stream.respond({ ":status": 200 });
    const more = () => {
      while (stream.write(Buffer.alloc(65_536, "x")));
    };
    stream.on("drain", more);
    more();
  });
  assert.equal((await check({ url: endless.url, http_version: 2 })).status, "up");
});

test("redirects are followed and the certificate's end is looked at over HTTP/2 too", async () => {
  await using server = await http2Server((stream, headers) => {
    stream.respond(headers[":path"] === "/" ? { ":status": 302, location: "/end" } : { ":status": 200 });
    stream.end();
  });
  const config = { url: server.url, http_version: 2, expect: { redirects_to: "/end" } };
  assert.equal((await check(config)).status, "up");
  const near = await check(config, { wallMs: () => VALID_TO_MS - 86_400_000 });
  assert.deepEqual([near.status, near.cause], ["degraded", "tls:expires"]);
});
