import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { createSecureContext } from "node:tls";
import { SMTPServer } from "smtp-server";
import { KEY, ROOT, VALID } from "../../fixtures/certificates.ts";
import { rawServer } from "../../fixtures/servers.ts";
import { checkWith, contextWith } from "../base/context.fixture.ts";
import { type Script, scriptedServer, WHOLE } from "./server.fixture.ts";
import { STARTTLS, type StartTlsName } from "./starttls.ts";
import { tls } from "./tls.ts";

const check = checkWith(tls);
const at = (port: number, starttls: StartTlsName) => ({ host: "127.0.0.1", port, starttls });

/** LDAP's answer to the first message: agreed with 0. */
const ldapResult = (result: number) =>
  Buffer.from([0x30, 0x0c, 0x02, 0x01, 0x01, 0x78, 0x07, 0x0a, 0x01, result, 0x04, 0x00, 0x04, 0x00]);

const GOOD: Record<Exclude<StartTlsName, "smtp">, Script> = {
  imap: {
    greeting: "* OK ready\r\n",
    answers: [[/^k1 STARTTLS\r\n$/, "* CAPABILITY IMAP4rev1\r\nk1 OK begin\r\n"]],
  },
  pop3: { greeting: "+OK <1@mail>\r\n", answers: [[/^STLS\r\n$/, "+OK begin\r\n"]] },
  ftp: { greeting: "220-Hello\r\n you\r\n220 ready\r\n", answers: [[/^AUTH TLS\r\n$/, "234 begin\r\n"]] },
  ldap: { answers: [[/^0.*1\.3\.6\.1\.4\.1\.1466\.20037$/s, ldapResult(0)]] },
  postgres: { answers: [[/^\0\0\0.{2}Ò.\/$/s, "S"]] },
};

for (const [name, script] of Object.entries(GOOD)) {
  test(`TLS is asked for by ${name}, and leave taken once it is there`, async () => {
    const farewell = Promise.withResolvers<string>();
    await using server = await scriptedServer({ ...script, farewell: farewell.resolve });
    const protocol = tls.schema.parse(at(server.port, name as StartTlsName));
    const result = await tls.check(protocol, contextWith({ verbose: true }));
    assert.equal(result.status, "up", result.reason);
    assert.equal(result.evidence?.certificate?.protocol, "TLSv1.3");
    const { connect, first_byte, tls: handshake } = result.timings;
    assert.ok([connect, first_byte, handshake].every((each) => each !== null));
    const bye = STARTTLS[name as StartTlsName].farewell;
    if (bye !== undefined) assert.equal(await farewell.promise, bye);
  });
}

async function smtpServer(options: { hideSTARTTLS?: boolean; cert?: string } = {}) {
  const server = new SMTPServer({ key: KEY, cert: VALID, logger: false, ...options });
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return { port, [Symbol.asyncDispose]: close };
}

test("a mail server's certificate is verified after STARTTLS, by the address asked", async () => {
  await using server = await smtpServer();
  const result = await check(at(server.port, "smtp"));
  assert.match(result.reason, /^\[ok\] TLS 1\.3, /);
  const named = await check({ ...at(server.port, "smtp"), server_name: "other.test" });
  assert.equal(
    named.reason,
    "[tls] the certificate is for localhost, shop.test, 127.0.0.1, 0:0:0:0:0:0:0:1, not for other.test",
  );
  await using nameOnly = await smtpServer({ cert: WHOLE });
  const trusting = { secureContext: createSecureContext({ ca: [ROOT] }) };
  const asked = await check(at(nameOnly.port, "smtp"), trusting);
  assert.match(asked.reason, /localhost, not for 127\.0\.0\.1$/);
});

test("a server that offers no TLS, or turns everybody away, is down in its own words", async () => {
  const said = async (starttls: StartTlsName, script: Script) => {
    await using server = await scriptedServer(script);
    const { reason, cause, hard } = await check(at(server.port, starttls));
    assert.ok(hard);
    return `${cause} ${reason}`;
  };
  await using plain = await smtpServer({ hideSTARTTLS: true });
  assert.equal((await check(at(plain.port, "smtp"))).reason, "[tls] the server does not offer STARTTLS");
  const full: Script = { greeting: "421 too busy\r\n", answers: [] };
  assert.equal(await said("smtp", full), "starttls [starttls] the server greets with “421 too busy”");
  const pop3: Script = {
    greeting: "+OK\r\n",
    answers: [
      [/STLS/, "-ERR no\r\n"],
      [/x/, ""],
    ],
  };
  assert.equal(await said("pop3", pop3), "tls:none [tls] the server does not offer TLS: “-ERR no”");
  const imap: Script = {
    greeting: "* OK\r\n",
    answers: [
      [/STARTTLS/, "k1 BAD what?\r\n"],
      [/x/, ""],
    ],
  };
  assert.equal(await said("imap", imap), "tls:none [tls] the server does not offer TLS: “BAD what?”");
  const postgres: Script = {
    answers: [
      [/./s, "N"],
      [/x/, ""],
    ],
  };
  assert.equal(await said("postgres", postgres), "tls:none [tls] the server does not offer TLS");
  const ldap: Script = {
    answers: [
      [/./s, ldapResult(2)],
      [/x/, ""],
    ],
  };
  assert.equal(await said("ldap", ldap), "tls:none [tls] the server does not offer TLS: “result 2”");
});

test("what comes in clear along with the agreement is not taken for the server's", async () => {
  const script: Script = { greeting: "+OK\r\n", answers: [[/STLS/, "+OK begin\r\n+OK injected\r\n"]] };
  await using server = await scriptedServer(script);
  const result = await check(at(server.port, "pop3"));
  assert.equal(result.reason, "[protocol] more came in clear after TLS was agreed on");
});

test("whatever answers, garbage, without end or not at all, the check ends with a verdict", async () => {
  for (const starttls of Object.keys(STARTTLS) as StartTlsName[]) {
    await using garbage = await rawServer((socket) => void socket.write("SSH-2.0-OpenSSH_9.6\r\n"));
    const odd = await check(at(garbage.port, starttls), { timeoutMs: 500 });
    assert.equal(odd.cause, "protocol", `${starttls}: ${odd.reason}`);
    if (starttls === "imap")
      assert.equal(odd.reason, "[protocol] the answer is not IMAP: “SSH-2.0-OpenSSH_9.6”");
    await using endless = await rawServer((socket) => void socket.write("220-+OK".repeat(100_000)));
    const long = await check(at(endless.port, starttls), { timeoutMs: 500 });
    assert.equal(long.cause, "protocol", starttls);
    await using silent = await rawServer(() => {});
    const mute = await check(at(silent.port, starttls), { timeoutMs: 50 });
    assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false], starttls);
    await using rude = await rawServer((socket) => void socket.end());
    assert.equal((await check(at(rude.port, starttls))).cause, "reset", starttls);
  }
});
