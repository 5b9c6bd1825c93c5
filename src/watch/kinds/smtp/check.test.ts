import assert from "node:assert/strict";
import { once } from "node:events";
import { test } from "node:test";
import { createSecureContext } from "node:tls";
import { SMTPServer, type SMTPServerOptions } from "smtp-server";
import { createAddressGuard } from "../../../platform/net/address-guard.ts";
import { KEY, VALID, VALID_TO_MS } from "../../fixtures/certificates.ts";
import { closedPort, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { smtp } from "./smtp.ts";

const check = checkWith(smtp);
const PASSWORD = "right-4711";
const DAY_MS = 86_400_000;

/** A mail server that knows ada and takes mail for `shop.test` alone. */
async function mailServer(options: SMTPServerOptions = {}) {
  let mails = 0;
  const server = new SMTPServer({
    ...{
      key: KEY,
      cert: VALID,
      logger: false,
      authOptional: true,
      banner: "shop mail",
      name: "mx.shop.test",
    },
    onAuth: ({ username, password }, _session, done) =>
      username === "ada" && password === PASSWORD
        ? done(null, { user: "ada" })
        : done(Object.assign(new Error("Authentication failed"), { responseCode: 535 })),
    onRcptTo: ({ address }, _session, done) =>
      address.endsWith("@shop.test")
        ? done()
        : done(
            Object.assign(new Error("Relay access denied"), {
              responseCode: address.startsWith("grey") ? 450 : 554,
            }),
          ),
    onData: () => {
      mails += 1;
    },
    ...options,
  });
  server.on("error", () => {});
  const listening = server.listen(0, "127.0.0.1");
  await once(listening, "listening");
  const address = listening.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const close = () => new Promise<void>((resolve) => server.close(resolve));
  return { port, mails: () => mails, [Symbol.asyncDispose]: close };
}

const at = (port: number) => ({ host: "localhost", port });

/** A server that says the first of these on connection, and one more to each line it hears. */
const scripted = (answers: readonly string[], heard: string[] = []) =>
  rawServer((socket) => {
    const left = [...answers];
    const next = () => void socket.write(left.shift() ?? "221 Bye\r\n");
    next();
    socket.on("data", (chunk: Buffer) => {
      heard.push(chunk.toString().trimEnd());
      next();
    });
  });

async function ask(answers: readonly string[], config: object = {}, timeoutMs = 2_000) {
  await using server = await scripted(answers);
  return await check({ ...at(server.port), ...config }, { timeoutMs, verbose: true });
}

test("a server that greets is up; what it can do is evidence, and leave is taken", async () => {
  const heard: string[] = [];
  const greeting = "220-mx.shop.test ESMTP\r\n220 at your service\r\n";
  await using server = await scripted(
    [greeting, "250-mx.shop.test\r\n250-SIZE 1000\r\n250 8BITMIME\r\n"],
    heard,
  );
  const config = {
    ...at(server.port),
    helo: "keepwatch.test",
    expect: { contains: ["ESMTP", "service"], code: 220 },
  };
  const result = await check(config, { verbose: true });
  assert.match(result.reason, /^\[ok\] 220-mx\.shop\.test ESMTP in [\d.]+ ms$/);
  assert.match(
    result.evidence?.body ?? "",
    /^220-mx.*\n220 at.*\n> EHLO keepwatch\.test\n250-mx.*\n250-SIZE 1000\n250 8/,
  );
  while (heard.length < 2) await new Promise(setImmediate);
  assert.deepEqual(heard, ["EHLO keepwatch.test", "QUIT"]);
});

test("after STARTTLS it signs in and asks about sender and recipient, and no mail is sent", async () => {
  await using server = await mailServer();
  const config = {
    ...{ ...at(server.port), tls: "starttls", user: "ada", password: PASSWORD },
    ...{ from: "a@shop.test", to: "b@shop.test" },
  };
  const good = await check(config, { verbose: true });
  assert.match(good.reason, /^\[ok\] 250 /);
  assert.match(good.evidence?.certificate?.subject ?? "", /localhost/);
  const body = good.evidence?.body ?? "";
  assert.match(
    body,
    /> STARTTLS\n220 .*\n> EHLO .*> AUTH PLAIN …\n235 .*\n> MAIL FROM:<a@shop\.test>\n.*\n> RCPT /s,
  );
  assert.doesNotMatch(body, new RegExp(`4711|${Buffer.from(`\0ada\0${PASSWORD}`).toString("base64")}`));
  assert.equal(server.mails(), 0);
  const { connect, tls, first_byte } = good.timings;
  assert.ok([connect, tls, first_byte].every((each) => each !== null));
});

test("where PLAIN is not offered LOGIN is taken, and TLS may come first", async () => {
  await using server = await mailServer({ authMethods: ["LOGIN"], secure: true });
  const config = { ...at(server.port), tls: "implicit", user: "ada", password: PASSWORD };
  const good = await check(config, { verbose: true });
  assert.equal(good.status, "up", good.reason);
  assert.match(good.evidence?.body ?? "", /> AUTH LOGIN\n334 .*\n> …\n334 .*\n> …\n235 /);
  const near = await check(config, { wallMs: () => VALID_TO_MS - 6.5 * DAY_MS });
  assert.deepEqual([near.status, near.cause], ["degraded", "tls:expires"]);
  const untrusted = { secureContext: createSecureContext({ ca: [] }) };
  assert.equal((await check(config, untrusted)).reason, "[tls] the certificate is self-signed");
  const anyone = { ...config, tls: { mode: "implicit", verify: false } };
  assert.equal((await check(anyone, untrusted)).status, "up");
});

test("what the server refuses is told with its own words", async () => {
  await using server = await mailServer();
  const clear = { ...at(server.port), tls: "none" };
  const refused = async (more: object) => {
    const { reason, cause, hard } = await check({ ...clear, ...more });
    return [reason, cause, hard];
  };
  assert.deepEqual(await refused({ tls: "starttls", user: "ada", password: "wrong-0815" }), [
    "[sign-in] the password of ada is wrong, or there is no such user: “535 Authentication failed”",
    "sign-in:535",
    true,
  ]);
  assert.deepEqual(await refused({ to: "x@else.test" }), [
    "[recipient] <x@else.test> was refused: “554 Relay access denied”",
    "recipient:554",
    true,
  ]);
  assert.deepEqual(await refused({ to: "grey@else.test" }), [
    "[recipient] <grey@else.test> was put off: “450 Relay access denied”",
    "recipient:450",
    false,
  ]);
  const relay = { from: "a@else.test", to: "x@else.test", expect: { code: 554 } };
  assert.match((await check({ ...clear, ...relay })).reason, /^\[ok\] 554 Relay access denied in /);
  const open = await refused({ ...relay, to: "x@shop.test" });
  assert.deepEqual(open.slice(0, 2), ["[code] 250 Accepted, wanted 554 to RCPT", "code"]);
});

test("a server that turns everybody away, cannot encrypt or knows no way to sign in says so", async () => {
  const busy = await ask(["421 too busy\r\n"]);
  assert.deepEqual(
    [busy.reason, busy.cause, busy.hard],
    ["[greeting] localhost turns everybody away: “421 too busy”", "greeting:421", false],
  );
  assert.equal((await ask(["554 no\r\n"], { expect: { code: 554 } })).status, "up");
  const other = await ask(["220 exim\r\n", "250 hello\r\n"], { expect: { contains: "postfix" } });
  assert.deepEqual(
    [other.reason, other.cause],
    ["[greeting] “220 exim”, wanted to contain “postfix”", "greeting"],
  );
  const plain = ["220 a\r\n", "250-a\r\n250 AUTH CRAM-MD5\r\n"];
  const encrypt = await ask(plain, { tls: "starttls" });
  assert.equal(encrypt.reason, "[tls] the server does not offer STARTTLS");
  const signIn = await ask(plain, { tls: "none", user: "a", password: "b" });
  assert.equal(signIn.reason, "[sign-in] the server offers CRAM-MD5, and neither PLAIN nor LOGIN");
  const old = await ask(["220 a\r\n", "500 what\r\n", "250 a\r\n"]);
  assert.equal(old.status, "up", old.reason);
});

test("a closed port, a silent server and one that hangs up are told apart", async () => {
  assert.equal((await check(at(await closedPort()))).cause, "refused");
  const mute = await ask([""], {}, 60);
  assert.deepEqual([mute.cause, mute.hard], ["timeout:first_byte", false]);
  const hung = await ask(["220 a\r\n", ""], {}, 60);
  assert.match(hung.reason, /accepted the connection, but did not answer EHLO within 60 ms$/);
  await using rude = await rawServer((socket) => socket.end());
  assert.equal((await check(at(rude.port))).cause, "reset");
});

test("whatever answers, garbage or without end, the check ends with a verdict", async () => {
  for (const said of [
    "SSH-2.0-OpenSSH_9.6\r\n",
    "\0\xff\xfe\r\n",
    "220-x\r\n".repeat(10_000),
    `220 ${"x".repeat(100_000)}`,
    "HTTP/1.1 400 Bad Request\r\n\r\n",
  ])
    assert.equal((await ask([said], {}, 500)).cause, "protocol", said.slice(0, 20));
  const injected = await ask(["220 a\r\n", "250-a\r\n250 STARTTLS\r\n", "220 go\r\n250 AUTH PLAIN\r\n"], {
    tls: "starttls",
  });
  assert.equal(injected.reason, "[protocol] more came in clear after TLS was agreed on");
});

test("an address the guard refuses is never connected to", async () => {
  await using server = await rawServer(() => {});
  const guard = createAddressGuard({ ownPorts: [server.port], allowPrivate: true });
  const result = await check({ ...at(server.port), host: "127.0.0.1" }, { guard });
  assert.deepEqual([result.status, result.cause, server.count()], ["unknown", "guard", 0]);
});

test("what is wrong with a configuration is said at its field", () => {
  const complaint = (config: object) => {
    const [issue] = smtp.schema.safeParse({ host: "a.test", ...config }).error?.issues ?? [];
    return `${issue?.path.join(".")}: ${issue?.message}`;
  };
  assert.match(complaint({ host: "a.test:25" }), /^host: .*belongs under port/);
  assert.match(complaint({ user: "a", password: "b" }), /^tls: the password would go in clear/);
  assert.match(complaint({ user: "a", tls: "starttls" }), /^password: give the user's/);
  assert.match(complaint({ tls: "always" }), /^tls: write starttls, implicit or none/);
  for (const to of ["a@b>\r\nDATA", "a", "a b@c.test"])
    assert.match(complaint({ to }), /^to: write an address/);
  assert.match(complaint({ helo: "a\r\nb" }), /^helo: write a name/);
  assert.match(complaint({ expect: { code: 20 } }), /^expect\.code: /);
  for (const tls of [undefined, true, { verify: false }])
    assert.ok(smtp.schema.safeParse({ host: "a.test", port: 465, user: "a", password: "b", tls }).success);
});

test("described in a sentence", () => {
  const said = (config: object) => smtp.describe(smtp.schema.parse({ host: "mx.test", ...config }));
  assert.equal(said({ expect: { contains: "ESMTP" } }), "mx.test:25 greets with “ESMTP”.");
  const all = { user: "ada", password: "b", to: "a@b.test", expect: { latency: "2s" } };
  assert.equal(
    said({ ...all, tls: { mode: "implicit", verify: false } }),
    "mx.test:465 greets, lets ada sign in and takes mail for a@b.test in under 2 s, over TLS. Any certificate will do.",
  );
  assert.equal(
    said({ ...all, port: 587, tls: true, expect: { code: 550 } }),
    "mx.test:587 greets, lets ada sign in and answers 550 to mail for a@b.test, after STARTTLS.",
  );
});
