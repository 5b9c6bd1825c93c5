import assert from "node:assert/strict";
import { once } from "node:events";
import http from "node:http";
import net, { type Socket } from "node:net";
import { test } from "node:test";
import { closedPort, httpServer, httpsServer, rawServer, type TestServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { Dialogue } from "../base/dialogue.ts";
import { http as httpKind } from "./http.ts";

const check = checkWith(httpKind);

/** Takes shop.test to be loopback, as a resolver of the proxy's own would. */
const reach = async (host: string, port: number): Promise<Socket> => {
  const socket = net.connect(port, host === "shop.test" ? "127.0.0.1" : host);
  await once(socket, "connect");
  return socket;
};

const joined = (one: Socket, other: Socket) => {
  one.on("error", () => other.destroy()).on("close", () => other.destroy());
  other.on("error", () => one.destroy()).on("close", () => one.destroy());
  one.pipe(other).pipe(one);
};

/** An http proxy for ada with the password pass; tells what it was asked. */
async function httpProxy(): Promise<TestServer & { asked: string[] }> {
  const asked: string[] = [];
  const isIn = (headers: http.IncomingHttpHeaders) =>
    headers["proxy-authorization"] === `Basic ${btoa("ada:pass")}`;
  const proxy = await httpServer((request, response) => {
    asked.push(`${request.method} ${request.url}`);
    if (!isIn(request.headers)) return response.writeHead(407).end();
    const url = new URL(request.url ?? "");
    const { "proxy-authorization": _, ...headers } = request.headers;
    const onward = http.request({ port: url.port, path: url.pathname, headers });
    onward.on("response", (answer) => {
      response.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(response);
    });
    onward.end();
  });
  proxy.server.on("connect", (request: http.IncomingMessage, socket: Socket) => {
    asked.push(`CONNECT ${request.url}`);
    if (!isIn(request.headers)) return socket.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n");
    const { hostname, port } = new URL(`http://${request.url}`);
    reach(hostname, Number(port)).then(
      (onward) => {
        socket.write("HTTP/1.1 200 Connection established\r\nx-proxy: one\r\n\r\n");
        joined(socket, onward);
      },
      () => socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n"),
    );
  });
  return Object.assign(proxy, { asked });
}

/** A SOCKS5 proxy (RFC 1928); with a password (RFC 1929) when `password` is given. */
async function socksProxy(password?: string): Promise<TestServer & { asked: string[] }> {
  const asked: string[] = [];
  const serve = async (socket: Socket) => {
    const talk = new Dialogue(socket, "SOCKS5");
    const methods = (await talk.bytes(2))[1] ?? 0;
    const offered = await talk.bytes(methods);
    const method = password === undefined ? 0 : 2;
    if (!offered.includes(method)) return socket.end(Buffer.from([5, 0xff]));
    talk.say(Buffer.from([5, method]));
    if (password !== undefined) {
      const user = String(await talk.bytes((await talk.bytes(2))[1] ?? 0));
      const given = String(await talk.bytes((await talk.bytes(1))[0] ?? 0));
      const isIn = user === "ada" && given === password;
      talk.say(Buffer.from([1, isIn ? 0 : 1]));
      if (!isIn) return socket.end();
    }
    const type = (await talk.bytes(4))[3];
    const host =
      type === 3 ? String(await talk.bytes((await talk.bytes(1))[0] ?? 0)) : (await talk.bytes(4)).join(".");
    const port = (await talk.bytes(2)).readUInt16BE();
    asked.push(`${host}:${port}`);
    const answer = (code: number) => talk.say(Buffer.from([5, code, 0, 1, 0, 0, 0, 0, 0, 0]));
    const onward = await reach(host, port).catch(() => null);
    answer(onward ? 0 : 5);
    if (onward) joined(socket, onward);
  };
  const proxy = await rawServer((socket) => void serve(socket).catch(() => socket.destroy()));
  return Object.assign(proxy, { asked });
}

const ADA = { user: "ada", password: "pass" };

test("an http proxy is told the whole URL of http and asked for a tunnel to https", async () => {
  await using plain = await httpServer((request, response) => response.end(JSON.stringify(request.headers)));
  await using safe = await httpsServer((_request, response) => response.end("safe"));
  await using proxy = await httpProxy();
  const through = { proxy: { url: proxy.url, ...ADA } };
  const http = await check({ url: `http://shop.test:${plain.port}/a?b=1`, ...through }, { verbose: true });
  assert.equal(http.status, "up", http.reason);
  assert.doesNotMatch(http.evidence?.body ?? "", /proxy-authorization/);
  const https = await check({ url: `https://shop.test:${safe.port}/`, ...through }, { verbose: true });
  assert.equal(https.status, "up", https.reason);
  assert.equal(https.evidence?.body, "safe");
  assert.match(https.evidence?.certificate?.subject ?? "", /Keepwatch test/);
  assert.deepEqual(proxy.asked, [
    `GET http://shop.test:${plain.port}/a?b=1`,
    `CONNECT shop.test:${safe.port}`,
  ]);
});

test("a certificate is verified for the target's name through the tunnel too", async () => {
  await using safe = await httpsServer((_request, response) => response.end());
  await using proxy = await socksProxy();
  const through = { proxy: { url: proxy.url.replace("http:", "socks5:") } };
  const result = await check({
    url: `https://127.0.0.1:${safe.port}/`,
    tls: { server_name: "other.test" },
    ...through,
  });
  assert.equal(result.reason, "[tls] the certificate is for another name");
});

test("a socks5 proxy resolves the name itself, with and without a password", async () => {
  await using plain = await httpServer((_request, response) => response.end("in"));
  for (const password of [undefined, "pass"]) {
    await using proxy = await socksProxy(password);
    const url = proxy.url.replace("http:", "socks5:");
    const config = { url: `http://shop.test:${plain.port}/`, proxy: password ? { url, ...ADA } : { url } };
    const result = await check(config, { verbose: true });
    assert.equal(result.status, "up", result.reason);
    assert.equal(result.evidence?.body, "in");
    assert.deepEqual(proxy.asked, [`shop.test:${plain.port}`]);
  }
});

test("what the proxy says itself is told apart from the target, and its password never", async () => {
  const port = await closedPort();
  await using proxy = await httpProxy();
  await using socks = await socksProxy("pass");
  const at = `127.0.0.1:${proxy.port}`;
  const socksAt = `127.0.0.1:${socks.port}`;
  const socksUrl = `socks5://${socksAt}`;
  const target = `127.0.0.1:${port}`;
  for (const [url, proxyConfig, reason, cause] of [
    [
      `https://${target}/`,
      { url: proxy.url, ...ADA },
      `[proxy] the proxy ${at} answered 502 to CONNECT ${target}`,
      "proxy:502",
    ],
    [
      `https://${target}/`,
      { url: proxy.url },
      `[proxy] the proxy ${at} wants a user and a password (407)`,
      "proxy:407",
    ],
    [
      `http://${target}/`,
      { url: proxy.url, ...ADA, password: "wrong" },
      `[proxy] the proxy ${at} wants another user or password (407)`,
      "proxy:407",
    ],
    [
      `http://${target}/`,
      { url: socksUrl, ...ADA },
      `[proxy] the proxy ${socksAt} could not reach ${target}: connection refused`,
      "proxy:ConnectionRefused",
    ],
    [
      `http://${target}/`,
      { url: socksUrl, ...ADA, password: "wrong" },
      `[proxy] the proxy ${socksAt} wants another user or password`,
      "proxy:authentication",
    ],
    [
      `http://shop.test/`,
      { url: `http://127.0.0.1:${port}` },
      `[refused] nothing accepts connections on the proxy ${target}`,
      "refused",
    ],
  ] as const) {
    const result = await check({ url, proxy: proxyConfig });
    assert.deepEqual([result.status, result.reason, result.cause], ["down", reason, cause]);
    assert.doesNotMatch(JSON.stringify(result), new RegExp(`wrong|${btoa("ada:pass")}`));
  }
});

test("a proxy that says nothing, or no HTTP, is named", async () => {
  await using silent = await rawServer(() => {});
  await using odd = await rawServer((socket) => socket.write("SSH-2.0-OpenSSH_9.2\r\n"));
  const through = (url: string) => check({ url: "https://shop.test/", proxy: { url } }, { timeoutMs: 100 });
  assert.equal(
    (await through(silent.url)).reason,
    `[timeout] the proxy 127.0.0.1:${silent.port} did not answer CONNECT shop.test:443 within 100 ms`,
  );
  assert.match((await through(odd.url)).reason, /^\[protocol\] the answer is not an HTTP proxy's: “SSH-2.0/);
  const socks = await through(odd.url.replace("http:", "socks5:"));
  assert.match(socks.reason, /^\[proxy\] the proxy 127\.0\.0\.1:\d+ does not do as SOCKS5 has it: /);
});

test("neither a forbidden proxy nor a forbidden address behind one is reached", async () => {
  await using proxy = await httpProxy();
  const behind = await check({ url: "http://169.254.169.254/", proxy: { url: proxy.url, ...ADA } });
  assert.deepEqual([behind.status, behind.cause, proxy.asked], ["unknown", "guard", []]);
  const over = await check({ url: "http://shop.test/", proxy: { url: "http://169.254.169.254:3128" } });
  assert.deepEqual([over.status, over.cause], ["unknown", "guard"]);
});
