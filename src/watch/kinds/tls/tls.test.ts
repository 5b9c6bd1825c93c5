import assert from "node:assert/strict";
import { X509Certificate } from "node:crypto";
import { test } from "node:test";
import { createSecureContext } from "node:tls";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { EXPIRED, INTERMEDIATE, LEAF, ROOT, VALID, VALID_TO_MS } from "../../fixtures/certificates.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { tlsServer, WHOLE } from "./server.fixture.ts";
import { tls } from "./tls.ts";

const check = checkWith(tls);
const DAY_MS = 86_400_000;
const at = (port: number, expect: object = {}) => ({ host: "localhost", port, expect });
const trusting = (...ca: string[]) => ({ secureContext: createSecureContext({ ca }) });

test("a trusted certificate is up, with the chain, the protocol and the cipher as evidence", async () => {
  await using server = await tlsServer({ cert: WHOLE });
  const result = await check(at(server.port), { ...trusting(ROOT), verbose: true });
  assert.match(result.reason, /^\[ok\] TLS 1\.3, 34\d\d\d days left in \d/);
  assert.ok((result.timings.tls ?? 0) > 0);
  const { chain, protocol, cipher, fingerprint_sha256, issuer } = result.evidence?.certificate ?? {};
  assert.deepEqual(chain, ["shop.test", "Keepwatch test intermediate", "Keepwatch test root"]);
  assert.deepEqual([protocol, issuer], ["TLSv1.3", "CN=Keepwatch test intermediate"]);
  assert.match(cipher ?? "", /^TLS_/);
  assert.equal(fingerprint_sha256, new X509Certificate(LEAF).fingerprint256);
});

test("why a certificate is refused is told in words, each reason by its own", async () => {
  const refused = async (cert: string, ca: string[], more: object = {}) => {
    await using server = await tlsServer({ cert });
    const { status, cause, reason, hard } = await check({ ...at(server.port), ...more }, trusting(...ca));
    assert.deepEqual([status, hard], ["down", true]);
    return [cause.replace("tls:", ""), reason.replace("[tls] ", "")];
  };
  assert.deepEqual(await refused(EXPIRED, [EXPIRED]), ["CERT_HAS_EXPIRED", "the certificate has expired"]);
  assert.deepEqual(await refused(VALID, []), [
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "the certificate is self-signed",
  ]);
  const names = "shop.test, *.shop.test, localhost";
  assert.deepEqual(await refused(WHOLE, [ROOT], { server_name: "other.test" }), [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    `the certificate is for ${names}, not for other.test`,
  ]);
  assert.deepEqual(await refused(WHOLE, [ROOT], { host: "127.0.0.1" }), [
    "ERR_TLS_CERT_ALTNAME_INVALID",
    `the certificate is for ${names}, not for 127.0.0.1`,
  ]);
  assert.deepEqual(await refused(LEAF, [ROOT]), [
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "the chain is incomplete: the server sends its own certificate alone, and this machine does not know its issuer, CN=Keepwatch test intermediate",
  ]);
  assert.deepEqual(await refused(WHOLE, []), [
    "UNABLE_TO_GET_ISSUER_CERT_LOCALLY",
    "the certificate is from an authority this machine does not trust",
  ]);
  assert.deepEqual(await refused(`${WHOLE}${ROOT}`, []), [
    "SELF_SIGNED_CERT_IN_CHAIN",
    "the chain ends in an authority this machine does not trust",
  ]);
});

test("a certificate near its end is degraded, trusted or not: 14 days by default, or as configured", async () => {
  await using server = await tlsServer({ cert: WHOLE });
  const left = (days: number) => ({ ...trusting(ROOT), wallMs: () => VALID_TO_MS - days * DAY_MS });
  const near = await check(at(server.port), left(6.5));
  assert.deepEqual(
    [near.status, near.reason, near.cause],
    ["degraded", "[certificate] expires in 6 days, wanted 14 days", "tls:expires"],
  );
  assert.equal((await check(at(server.port, { expires_within: "3d" }), left(6.5))).status, "up");
  const anyone = { ...at(server.port), verify: false };
  assert.equal((await check(anyone, { ...left(6.5), ...trusting() })).cause, "tls:expires");
  assert.equal((await check(anyone, trusting())).status, "up");
});

test("issuer, names, fingerprint and version are judged, each in words", async () => {
  await using server = await tlsServer({ cert: WHOLE, maxVersion: "TLSv1.2" });
  const judged = async (expect: object) => (await check(at(server.port, expect), trusting(ROOT))).reason;
  const fingerprint = new X509Certificate(LEAF).fingerprint256;
  const other = new X509Certificate(INTERMEDIATE).fingerprint256;
  const fine = await judged({
    issuer: "Keepwatch test",
    san: ["www.shop.test", "SHOP.test"],
    fingerprint_sha256: [other, fingerprint.replaceAll(":", "").toLowerCase()],
    min_version: 1.2,
  });
  assert.match(fine, /^\[ok\] TLS 1\.2, /);
  assert.equal(
    await judged({ issuer: "Let's Encrypt" }),
    "[issuer] “CN=Keepwatch test intermediate”, wanted to contain “Let's Encrypt”",
  );
  const names = "shop.test, *.shop.test, localhost";
  assert.equal(await judged({ san: "a.b.shop.test" }), `[san] ${names}, wanted a.b.shop.test`);
  assert.equal(await judged({ san: "127.0.0.1" }), `[san] ${names}, wanted 127.0.0.1`);
  assert.match(
    await judged({ fingerprint_sha256: other }),
    /^\[fingerprint\] [\da-f]{16}…, wanted [\da-f]{16}…$/,
  );
  assert.equal(await judged({ min_version: "1.3" }), "[protocol] TLS 1.2, wanted TLS 1.3 or newer");
  assert.equal(
    await judged({ min_version: 1.3, san: "a.test" }),
    "[protocol] TLS 1.2, wanted TLS 1.3 or newer, and 1 more",
  );
});

test("a port that does not speak TLS, or only an old one, says so", async () => {
  await using plain = await rawServer((socket) =>
    socket.once("data", () => socket.end("HTTP/1.1 400 Bad\r\n\r\n")),
  );
  assert.equal((await check(at(plain.port))).reason, "[tls] the port does not speak TLS");
  const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" } as const;
  await using server = await tlsServer(old);
  assert.equal((await check(at(server.port))).reason, "[tls] the server speaks no TLS that is at least 1.2");
});

test("a closed port, a silent server and one that hangs up are told apart", async () => {
  assert.equal((await check(at(await closedPort()))).cause, "refused");
  await using silent = await rawServer(() => {});
  assert.equal((await check(at(silent.port), { timeoutMs: 60 })).cause, "timeout:tls");
  await using rude = await rawServer((socket) => socket.once("data", () => socket.destroy()));
  assert.equal((await check(at(rude.port))).cause, "reset");
});

test("an address the guard refuses is never connected to", async () => {
  await using server = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [server.port], allowPrivate: true });
  const result = await check({ host: "127.0.0.1", port: server.port, starttls: "smtp" }, { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
});

test("what is wrong with a configuration is said at its field", () => {
  const complaint = (config: object) => {
    const [issue] = tls.schema.safeParse({ host: "a.test", ...config }).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  assert.match(complaint({ host: "https://a.test" }), /^host: .*is a URL/);
  assert.match(complaint({ starttls: "gopher" }), /^starttls: write one of smtp, imap, pop3/);
  assert.equal(complaint({ expect: { min_version: 1.1 } }), "expect.min_version: write 1.2 or 1.3");
  assert.match(complaint({ expect: { fingerprint_sha256: "ab:cd" } }), /^expect\.fingerprint_sha256: /);
  assert.match(complaint({ expect: { certificate_days: 9 } }), /certificate_days/);
});

test("described in a sentence", () => {
  const said = (config: object) => tls.describe(tls.schema.parse({ host: "mail.test", ...config }));
  assert.equal(said({}), "mail.test:443 shows a trusted certificate.");
  assert.equal(
    said({
      starttls: "imap",
      verify: false,
      expect: { min_version: 1.3, san: "a.test", expires_within: "30d" },
    }),
    "mail.test:143 shows any certificate by STARTTLS of IMAP for a.test over TLS 1.3 or newer, good for 30 d or more.",
  );
});
