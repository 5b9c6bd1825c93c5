import assert from "node:assert/strict";
import { test } from "node:test";
import tls from "node:tls";
import { startDnsServer } from "../../../platform/net/dns-server.fixture.ts";
import { createResolver } from "../../../platform/net/resolver.ts";
import { EXPIRED, VALID_TO_MS } from "../../fixtures/certificates.ts";
import { httpServer, httpsServer, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { http as httpKind } from "./http.ts";

const check = checkWith(httpKind);

const DAY_MS = 86_400_000;

test("https to a trusted certificate is up, with the handshake as a phase", async () => {
  await using server = await httpsServer((_request, response) => response.end("safe"));
  const result = await check({ url: server.url }, { verbose: true });
  assert.equal(result.status, "up", result.reason);
  assert.ok((result.timings.tls ?? 0) > 0);
  const { certificate } = result.evidence ?? {};
  assert.deepEqual(
    [certificate?.issuer, certificate?.valid_to],
    ["CN=Keepwatch test", "2120-01-01T00:00:00Z"],
  );
  assert.match(certificate?.subject ?? "", /^CN=Keepwatch test \(DNS:localhost/);
  assert.deepEqual(certificate?.chain, ["Keepwatch test"]);
  assert.equal(result.evidence?.expectations?.find(({ what }) => what === "certificate")?.ok, true);
});

test("a certificate nobody vouches for is refused before anything is sent, with the certificate as evidence", async () => {
  await using server = await httpsServer((_request, response) => response.end());
  const result = await check(
    { url: server.url, auth: { bearer: "token" } },
    { secureContext: tls.createSecureContext() },
  );
  assert.equal(result.reason, "[tls] the certificate is self-signed");
  assert.deepEqual(
    [result.status, result.cause, result.hard],
    ["down", "tls:DEPTH_ZERO_SELF_SIGNED_CERT", true],
  );
  assert.equal(result.evidence?.certificate?.issuer, "CN=Keepwatch test");
  assert.equal(server.count(), 0);
});

test("an expired certificate is down", async () => {
  await using server = await httpsServer((_request, response) => response.end(), EXPIRED);
  const secureContext = tls.createSecureContext({ ca: [EXPIRED] });
  const result = await check({ url: server.url }, { secureContext });
  assert.deepEqual(
    [result.reason, result.cause],
    ["[tls] the certificate has expired", "tls:CERT_HAS_EXPIRED"],
  );
  assert.equal(result.evidence?.certificate?.valid_to, "2021-01-01T00:00:00Z");
});

test("a certificate for another name is down", async () => {
  await using server = await httpsServer((_request, response) => response.end());
  await using names = await startDnsServer({
    "other.test": { a: ["127.0.0.1"] },
    "shop.test": { a: ["127.0.0.1"] },
  });
  const resolve = createResolver({ servers: [names.address] });
  const result = await check({ url: `https://other.test:${server.port}/` }, { resolve });
  assert.deepEqual(
    [result.reason, result.cause],
    ["[tls] the certificate is for another name", "tls:ERR_TLS_CERT_ALTNAME_INVALID"],
  );
  assert.equal((await check({ url: `https://shop.test:${server.port}/` }, { resolve })).status, "up");
});

test("tls.verify: false takes any certificate, and asks for its age only on wish", async () => {
  await using server = await httpsServer((_request, response) => response.end(), EXPIRED);
  assert.equal((await check({ url: server.url, tls: { verify: false } })).status, "up");
  const aged = await check({ url: server.url, tls: { verify: false, expires_within: "7d" } });
  assert.deepEqual(
    [aged.status, aged.reason, aged.cause],
    ["down", "[certificate] has expired", "tls:CERT_HAS_EXPIRED"],
  );
});

test("a certificate near its end is degraded: 14 days by default, or as configured", async () => {
  await using server = await httpsServer((_request, response) => response.end());
  const at = (daysLeft: number) => ({ wallMs: () => VALID_TO_MS - daysLeft * DAY_MS });
  assert.equal((await check({ url: server.url }, at(15))).status, "up");
  const near = await check({ url: server.url }, at(6.5));
  assert.deepEqual(
    [near.status, near.reason, near.cause],
    ["degraded", "[certificate] expires in 6 days, wanted 14 days", "tls:expires"],
  );
  assert.equal((await check({ url: server.url, tls: { expires_within: "3d" } }, at(6.5))).status, "up");
  assert.equal((await check({ url: server.url, tls: { expires_within: "30d" } }, at(20))).status, "degraded");
});

test("https on a port that speaks plain HTTP says so", async () => {
  await using server = await httpServer((_request, response) => response.end());
  const result = await check({ url: server.url.replace("http:", "https:") });
  assert.equal(result.reason, "[tls] the port does not speak TLS");
  assert.match(result.cause, /^tls:/);
});

test("a port that accepts and never shakes hands is a time-out of TLS; one that hangs up is a reset", async () => {
  await using silent = await rawServer(() => {});
  const waited = await check({ url: `https://127.0.0.1:${silent.port}/` }, { timeoutMs: 100 });
  assert.equal(waited.cause, "timeout:tls");
  await using rude = await rawServer((socket) => socket.once("data", () => socket.destroy()));
  const hungUp = await check({ url: `https://127.0.0.1:${rude.port}/` });
  assert.deepEqual(
    [hungUp.cause, hungUp.reason],
    ["reset", `[reset] 127.0.0.1:${rude.port} closed the connection during the TLS handshake`],
  );
});
