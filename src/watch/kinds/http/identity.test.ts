import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import { test } from "node:test";
import { KEY, VALID } from "../../fixtures/certificates.ts";
import { httpServer, httpsServer } from "../../fixtures/servers.ts";
import { checkWith, contextWith } from "../base/context.fixture.ts";
import { http } from "./http.ts";

const check = checkWith(http);

/** Wants a client certificate of VALID's authority, which is itself. */
const strictServer = () =>
  httpsServer((_request, response) => response.end("in"), VALID, {
    requestCert: true,
    rejectUnauthorized: true,
    ca: VALID,
  });

test("a client certificate lets in where one is wanted, and its absence is told as that", async () => {
  await using server = await strictServer();
  const known = await check({ url: server.url, tls: { ca: VALID, certificate: VALID, key: KEY } });
  assert.equal(known.status, "up", known.reason);
  const stranger = await check({ url: server.url });
  assert.equal(stranger.reason, "[tls] the server wants a client certificate");
  assert.deepEqual([stranger.status, stranger.hard], ["down", true]);
});

test("a key on one line, as forms and variables make it, works as well", async () => {
  await using server = await strictServer();
  const oneLine = (pem: string) => pem.replaceAll("\n", "");
  const tls = { ca: oneLine(VALID), certificate: VALID.replaceAll("\n", "\\n"), key: oneLine(KEY) };
  assert.equal((await check({ url: server.url, tls })).status, "up");
});

test("a stored key that belongs to another certificate is no verdict on the target", async () => {
  const key = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
  const config = {
    url: "https://127.0.0.1:1/",
    tls: { certificate: VALID, key: String(key.export({ format: "pem", type: "pkcs8" })) },
  };
  const result = await http.check(config, contextWith());
  assert.deepEqual([result.status, result.cause], ["unknown", "own:certificate"]);
  assert.match(result.reason, /^\[unknown\] not checked: the monitor's client certificate cannot be used: /);
});

test("the client certificate stays within its origin", async () => {
  const asked: boolean[] = [];
  await using other = await httpsServer(
    (request, response) => {
      asked.push("authorized" in request.socket && request.socket.authorized === true);
      response.end();
    },
    VALID,
    { requestCert: true, rejectUnauthorized: false, ca: VALID },
  );
  await using server = await httpsServer((_request, response) => {
    response.writeHead(302, { location: other.url }).end();
  });
  const tls = { ca: VALID, certificate: VALID, key: KEY };
  assert.equal((await check({ url: server.url, tls })).status, "up");
  assert.equal((await check({ url: other.url, tls })).status, "up");
  assert.deepEqual(asked, [false, true]);
});

test("tls.server_name is asked for and verified in place of the host", async () => {
  await using server = await httpsServer((_request, response) => response.end());
  assert.equal((await check({ url: server.url, tls: { server_name: "shop.test" } })).status, "up");
  const wrong = await check({ url: server.url, tls: { server_name: "other.test" } });
  assert.equal(wrong.reason, "[tls] the certificate is for another name");
});

test("ip keeps to one version of IP, and says when the name has no such address", async () => {
  await using six = await httpServer((_request, response) => response.end(), "::1");
  const url = `http://localhost:${six.port}/`;
  assert.equal((await check({ url, ip: 6 })).status, "up");
  const four = await check({ url, ip: "4" });
  assert.deepEqual([four.cause, four.evidence?.addresses], ["refused", ["127.0.0.1"]]);
  const literal = await http.check({ url: "http://127.0.0.1/", ip: 6 }, contextWith());
  assert.equal(literal.reason, "[dns] 127.0.0.1 has no IPv6 address");
});
