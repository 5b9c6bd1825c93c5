import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import { test } from "node:test";
import { closedPort, httpServer, rawServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { http } from "./http.ts";

const check = checkWith(http);

/** A token endpoint that tells what it was asked, and an API that takes the newest token only. */
async function secured(answer: { expires_in?: number } = { expires_in: 3600 }) {
  const asked: { authorization: string | undefined; form: Record<string, string> }[] = [];
  const state = { token: "none", paths: [] as string[] };
  const login = await httpServer((request, response) => {
    void text(request).then((form) => {
      asked.push({
        authorization: request.headers.authorization,
        form: Object.fromEntries(new URLSearchParams(form)),
      });
      state.token = `tok-${asked.length}-${randomUUID()}`;
      response.end(JSON.stringify({ access_token: state.token, token_type: "Bearer", ...answer }));
    });
  });
  const api = await httpServer((request: IncomingMessage, response) => {
    const isIn = request.headers.authorization === `Bearer ${state.token}`;
    response.writeHead(isIn ? 200 : 401).end(`you said ${request.headers.authorization}`);
  });
  const oauth2 = {
    token_url: `${login.url}/token`,
    client_id: "keep:watch",
    client_secret: `s3cret & ${randomUUID()}`,
  };
  return {
    ...{ asked, state, login, api, oauth2 },
    config: { url: api.url, auth: { oauth2 } },
    async [Symbol.asyncDispose]() {
      await login[Symbol.asyncDispose]();
      await api[Symbol.asyncDispose]();
    },
  };
}

test("a token is fetched with the client's credentials, kept, and fetched anew shortly before its end", async () => {
  await using s = await secured();
  let nowMs = 0;
  const context = { monotonicMs: () => nowMs };
  const first = await check(s.config, context);
  assert.equal(first.status, "up", first.reason);
  const id = Buffer.from(s.asked[0]?.authorization?.slice("Basic ".length) ?? "", "base64").toString();
  assert.match(id, /^keep%3Awatch:s3cret\+%26\+/);
  assert.deepEqual(s.asked[0]?.form, { grant_type: "client_credentials" });
  nowMs = 3_569_000;
  assert.equal((await check(s.config, context)).status, "up");
  assert.equal(s.asked.length, 1);
  nowMs = 3_571_000;
  assert.equal((await check(s.config, context)).status, "up");
  assert.equal(s.asked.length, 2);
});

test("scope and audience are asked for, and the credentials go into the body on wish", async () => {
  await using s = await secured();
  const oauth2 = { ...s.oauth2, scope: "read", audience: "api", client_auth: "body" };
  assert.equal((await check({ url: s.api.url, auth: { oauth2 } })).status, "up");
  const { client_id, client_secret } = s.oauth2;
  assert.deepEqual(s.asked, [
    {
      authorization: undefined,
      form: { grant_type: "client_credentials", scope: "read", audience: "api", client_id, client_secret },
    },
  ]);
});

test("a kept token that was revoked is fetched anew, once; a fresh one that is refused is the answer", async () => {
  await using s = await secured();
  await check(s.config);
  s.state.token = "revoked";
  assert.equal((await check(s.config)).status, "up");
  assert.deepEqual([s.asked.length, s.api.count()], [2, 3]);
  await using closed = await httpServer((_request, response) => response.writeHead(401).end());
  const oauth2 = { ...s.oauth2, scope: "other" };
  const refused = await check({ url: closed.url, auth: { oauth2 } });
  assert.deepEqual([refused.cause, closed.count()], ["status:401", 1]);
  await check({ url: closed.url, auth: { oauth2 } });
  assert.equal(closed.count(), 3, "the kept token once, the new one once");
});

test("neither the secret nor a token is told, and the time of the token is not the target's", async () => {
  await using s = await secured();
  const result = await check({ ...s.config, expect: { body_contains: "nothing" } });
  assert.equal(result.status, "down");
  assert.match(result.evidence?.body ?? "", /^you said Bearer \[redacted\]/);
  assert.doesNotMatch(JSON.stringify(result), /tok-|s3cret/);
  const { connect, first_byte, transfer, total } = result.timings;
  assert.ok((total ?? 0) < (connect ?? 0) + (first_byte ?? 0) + (transfer ?? 0) + 5);
});

test("a token endpoint that refuses is told apart from the target, in its own words", async () => {
  await using login = await httpServer((_request, response) => {
    response.writeHead(401).end('{"error":"invalid_client","error_description":"unknown client"}');
  });
  await using odd = await httpServer((_request, response) => response.end("<html>"));
  await using broken = await httpServer((_request, response) => response.writeHead(503).end("<html>"));
  const client = { client_id: "a", client_secret: "b" };
  const reason = async (token_url: string) => {
    const { reason, cause, status } = await check({
      url: "http://127.0.0.1:1/",
      auth: { oauth2: { token_url, ...client } },
    });
    return [status, reason, cause];
  };
  assert.deepEqual(await reason(login.url), [
    ...["down", "[auth] the token endpoint answered 401 invalid_client: unknown client", "auth:401"],
  ]);
  assert.deepEqual(await reason(broken.url), ["down", "[auth] the token endpoint answered 503", "auth:503"]);
  assert.deepEqual(await reason(odd.url), [
    ...["down", "[auth] the token endpoint answered 200 without an access_token", "auth:token"],
  ]);
  const port = await closedPort();
  assert.deepEqual(await reason(`http://127.0.0.1:${port}/`), [
    "down",
    `[auth] no token: nothing accepts connections on the token endpoint 127.0.0.1:${port}`,
    "auth:refused",
  ]);
  const guarded = await reason("http://169.254.169.254/token");
  assert.deepEqual([guarded[0], guarded[2]], ["unknown", "guard"]);
});

test("a silent token endpoint is named when the monitor's own time is up", async () => {
  await using silent = await rawServer(() => {});
  const oauth2 = { token_url: silent.url, client_id: "a", client_secret: "b" };
  const result = await check({ url: "http://127.0.0.1:1/", auth: { oauth2 } }, { timeoutMs: 100 });
  assert.equal(
    result.reason,
    `[timeout] the token endpoint 127.0.0.1:${silent.port} accepted the connection, but did not answer within 100 ms`,
  );
});
