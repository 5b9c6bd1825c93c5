import assert from "node:assert/strict";
import { once } from "node:events";
import http2 from "node:http2";
import { test } from "node:test";
import { Metadata, Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from "@grpc/grpc-js";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { closedPort, httpServer, httpsServer, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { grpc } from "./grpc.ts";
import { requestFor, statusIn } from "./message.ts";

const check = checkWith(grpc);
const at = (port: number) => ({ host: "127.0.0.1", port });

/** As an object: the library takes an empty text for no request at all. */
interface Asked {
  service: string;
}

/** How a call for this service ends: with a number of health, or an error. */
type Answer = (call: ServerUnaryCall<Asked, number>) => number | { code: number; details: string };

const byService: Answer = ({ request: { service } }) =>
  ({ "": 1, "shop.v1.Orders": 2, "shop.v1.Later": 7 })[service] ?? {
    code: 5,
    details: `unknown service ${service}`,
  };

const asked = (bytes: Buffer): Asked => ({ service: bytes.subarray(2).toString() });

/** A real server on loopback; null for one without a health service. */
async function server(answer: Answer | null, credentials = ServerCredentials.createInsecure()) {
  const made = new Server();
  const method = {
    path: "/grpc.health.v1.Health/Check",
    requestStream: false,
    responseStream: false,
    requestSerialize: ({ service }: Asked) => Buffer.from(service),
    requestDeserialize: asked,
    responseSerialize: (health: number) => (health === 0 ? Buffer.alloc(0) : Buffer.from([8, health])),
    responseDeserialize: () => 0,
  } as const;
  if (answer)
    made.addService(
      { Check: method },
      {
        Check(call: ServerUnaryCall<Asked, number>, done: sendUnaryData<number>) {
          const end = answer(call);
          if (typeof end === "number") done(null, end);
          else done({ ...end, metadata: new Metadata() });
        },
      },
    );
  const port = await new Promise<number>((resolve, reject) =>
    made.bindAsync("127.0.0.1:0", credentials, (error, bound) => (error ? reject(error) : resolve(bound))),
  );
  return { port, [Symbol.dispose]: () => made.forceShutdown() };
}

/** An HTTP/2 server that answers as it is told. */
async function http2Server(answer: (stream: http2.ServerHttp2Stream) => void) {
  const made = http2.createServer();
  const sessions = new Set<http2.ServerHttp2Session>();
  made.on("session", (session) => sessions.add(session.on("error", () => {})));
  made.on("stream", (stream: http2.ServerHttp2Stream) => {
    stream.once("error", () => {});
    answer(stream);
  });
  made.listen(0, "127.0.0.1");
  await once(made, "listening");
  const address = made.address();
  return {
    port: typeof address === "object" && address ? address.port : 0,
    [Symbol.dispose]() {
      for (const session of sessions) session.destroy();
      made.close();
    },
  };
}

test("a server that serves is up, asked once with metadata and a deadline of its own", async () => {
  let metadata: Metadata | undefined;
  using live = await server((call) => {
    metadata = call.metadata;
    return byService(call);
  });
  const config = { ...at(live.port), metadata: { authorization: "Bearer top-secret-1", "x-tenant": "eu" } };
  const result = await check(config, { verbose: true });
  assert.match(result.reason, /^\[ok\] SERVING in \d/);
  const { connect, tls, first_byte, transfer } = result.timings;
  assert.deepEqual(
    [connect, first_byte, transfer].map((each) => typeof each),
    Array(3).fill("number"),
  );
  assert.deepEqual([result.status, result.cause, tls], ["up", "ok", null]);
  assert.deepEqual([result.evidence?.http_version, result.evidence?.headers?.["grpc-status"]], ["2.0", "0"]);
  assert.deepEqual(metadata?.get("x-tenant"), ["eu"]);
  assert.deepEqual(metadata?.get("authorization"), ["Bearer top-secret-1"]);
});

test("a service that is not serving or has an unheard-of state is down; that may be what is wanted", async () => {
  using live = await server(byService);
  const orders = { ...at(live.port), grpc_service: "shop.v1.Orders" };
  const result = await check(orders);
  assert.equal(result.reason, "[health] the service “shop.v1.Orders” is NOT_SERVING, wanted SERVING");
  assert.deepEqual([result.status, result.cause, result.hard], ["down", "health:NOT_SERVING", true]);
  assert.equal((await check({ ...orders, expect: { status: "not_serving" } })).status, "up");
  assert.match((await check({ ...orders, grpc_service: "shop.v1.Later" })).reason, /is 7, wanted SERVING$/);
  using dim = await server(() => 0);
  assert.equal(
    (await check(at(dim.port))).reason,
    "[health] the server as a whole is UNKNOWN, wanted SERVING",
  );
});

test("how a call failed is said in words, with the server's own", async () => {
  using live = await server(byService);
  const unknown = await check({ ...at(live.port), grpc_service: "shop.v1.Ordres" });
  assert.equal(
    unknown.reason,
    "[grpc] the server does not know the service “shop.v1.Ordres” (NOT_FOUND): “unknown service shop.v1.Ordres”",
  );
  assert.equal(unknown.cause, "grpc:NOT_FOUND");
  using bare = await server(null);
  assert.match(
    (await check(at(bare.port))).reason,
    /^\[grpc\] the server does not implement the health protocol \(UNIMPLEMENTED\): “/,
  );
  const failing = async (code: number, details: string) => {
    using refusing = await server(() => ({ code, details }));
    const config = { ...at(refusing.port), metadata: { "x-api-key": "key-4711" } };
    return (await check(config)).reason;
  };
  assert.equal(
    await failing(14, "wärmt auf"),
    "[grpc] the server says it is unavailable, or a proxy does for it (UNAVAILABLE): “wärmt auf”",
  );
  assert.match(await failing(16, "no such key key-4711"), /\(UNAUTHENTICATED\): “no such key \[redacted\]”$/);
});

test("over TLS the certificate is verified and its end watched", async () => {
  const pair = [{ private_key: Buffer.from(KEY), cert_chain: Buffer.from(VALID) }];
  using live = await server(byService, ServerCredentials.createSsl(null, pair));
  const config = { ...at(live.port), tls: true };
  const good = await check(config);
  assert.deepEqual([good.status, typeof good.timings.tls], ["up", "number"], good.reason);
  const other = await check({ ...config, tls: { server_name: "other.test" } });
  assert.equal(other.reason, "[tls] the certificate is for another name");
  const late = await check({ ...config, tls: { expires_within: "90000d" } });
  assert.deepEqual([late.status, late.cause], ["degraded", "tls:expires"]);
  const clear = await check(at(live.port));
  assert.deepEqual([clear.status, clear.hard], ["down", true]);
  assert.match(clear.reason, /^\[(?:protocol|reset)\] /);
});

test("servers of HTTP/1, of HTTP/2 without gRPC, and of nothing known are told apart", async () => {
  await using web = await httpServer((_, response) => response.end("hello"));
  const plain = await check(at(web.port));
  assert.match(plain.reason, /^\[protocol\] the answer is not HTTP\/2: .*HTTP\/1/);
  await using secure = await httpsServer((_, response) => response.end("hello"));
  const encrypted = await check({ ...at(secure.port), tls: true });
  assert.match(encrypted.reason, /^\[protocol\] the server does not offer HTTP\/2 over TLS/);
  await using noise = await rawServer((socket) => void socket.write(Buffer.alloc(1_000, 0xff)));
  assert.equal((await check(at(noise.port))).cause, "protocol");
  using page = await http2Server((stream) => {
    stream.respond({ ":status": 404, "content-type": "text/html" });
    stream.end("no");
  });
  const html = await check(at(page.port));
  assert.equal(html.reason, "[protocol] HTTP/2 answered 404 with “text/html”; that is not gRPC");
  using broken = await http2Server((stream) => stream.close(http2.constants.NGHTTP2_REFUSED_STREAM));
  assert.match(
    (await check(at(broken.port))).reason,
    /^\[reset\] the server broke the call off \(REFUSED_STREAM\)$/,
  );
});

test("silence, hanging up, an endless answer and one without an end are bounded", async () => {
  assert.equal((await check(at(await closedPort()))).cause, "refused");
  await using silent = await rawServer(() => {});
  const mute = await check(at(silent.port), { timeoutMs: 80 });
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  await using rude = await rawServer((socket) => socket.end());
  assert.equal((await check(at(rude.port))).cause, "reset");
  const type = { ":status": 200, "content-type": "application/grpc" };
  using flood = await http2Server((stream) => {
    stream.respond(type);
    const more = () => {
      while (!stream.destroyed && stream.write(Buffer.alloc(16_384)));
    };
    stream.on("drain", more);
    more();
  });
  assert.match((await check(at(flood.port))).reason, /longer than 64 KB$/);
  using stuck = await http2Server((stream) => stream.respond(type));
  assert.equal((await check(at(stuck.port), { timeoutMs: 80 })).cause, "timeout:transfer");
  using curt = await http2Server((stream) => {
    stream.respond(type);
    stream.end();
  });
  assert.match((await check(at(curt.port))).reason, /ended without grpc-status$/);
});

test("messages are read as protobuf has them, with what a later version may add", () => {
  const frame = (...bytes: number[]) => Buffer.from([0, 0, 0, 0, bytes.length, ...bytes]);
  const long = requestFor("s".repeat(300));
  assert.deepEqual([...long.subarray(0, 8)], [0, 0, 0, 1, 47, 0x0a, 0xac, 2]);
  assert.deepEqual(requestFor(""), Buffer.alloc(5));
  assert.equal(statusIn(frame(0x12, 2, 8, 2, 8, 1, 0x1d, 0, 0, 0, 0)), 1);
  assert.equal(statusIn(frame()), 0);
  for (const bad of [frame(8), frame(0x12, 9), frame(0x0b), Buffer.from([1, 0, 0, 0, 0]), Buffer.alloc(3)])
    assert.equal(statusIn(bad), null);
});

test("an address the guard refuses is never connected to", async () => {
  await using port = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [port.port], allowPrivate: true });
  const result = await check(at(port.port), { guard });
  assert.deepEqual([result.status, result.cause, port.count()], ["unknown", "guard", 0]);
});

test("what is wrong with a configuration is said at its field, secrets are found, and it is a sentence", () => {
  const complaint = (config: object) => {
    const [issue] = grpc.schema.safeParse({ host: "a.test", port: 443, ...config }).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  assert.match(complaint({ port: 0 }), /^port: write a port/);
  assert.match(complaint({ metadata: { Authorization: "x" } }), /^metadata\.Authorization: .*lower-case/);
  assert.match(complaint({ metadata: { "grpc-timeout": "1S" } }), /^metadata\.grpc-timeout: gRPC writes/);
  assert.match(complaint({ metadata: { "x-name": "Jürgen" } }), /^metadata\.x-name: .*ASCII/);
  assert.match(complaint({ expect: { status: "up" } }), /^expect\.status: write one of serving/);
  const config = grpc.schema.parse({
    host: "a.test",
    port: 443,
    grpc_service: "shop.v1.Orders",
    tls: true,
    metadata: { authorization: "Bearer x", "x-tenant": "eu" },
    expect: { latency: "500ms" },
  });
  assert.deepEqual(grpc.secrets(config), ["/metadata/authorization"]);
  assert.equal(
    grpc.describe(config),
    "a.test:443 says by gRPC that the service “shop.v1.Orders” is serving in under 500 ms, over TLS.",
  );
});
