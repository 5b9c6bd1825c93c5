import assert from "node:assert/strict";
import type { IncomingMessage } from "node:http";
import { test } from "node:test";
import { httpServer } from "../../fixtures/servers.ts";
import { checkWith } from "../base/context.fixture.ts";
import { http as httpKind } from "./http.ts";

const check = checkWith(httpKind);

/** Answers `/301?to=…` with that status and place, anything else with 200, and keeps what it was asked. */
async function redirecting() {
  const asked: Pick<IncomingMessage, "method" | "url" | "headers">[] = [];
  const server = await httpServer((request, response) => {
    asked.push({ method: request.method, url: request.url, headers: request.headers });
    const { pathname, searchParams } = new URL(request.url ?? "/", "http://x");
    const status = Number(pathname.slice(1)) || 200;
    const to = searchParams.get("to");
    response.writeHead(status, to === null ? {} : { location: to }).end("arrived");
  });
  return { server, asked };
}

test("redirects are followed, each over a connection of its own, and named as evidence", async () => {
  const { server, asked } = await redirecting();
  await using _ = server;
  const result = await check(
    { url: `${server.url}/301?to=/302?to=/end`, expect: { body_contains: "arrived" } },
    { verbose: true },
  );
  assert.equal(result.status, "up", result.reason);
  assert.deepEqual(
    asked.map(({ url }) => url),
    ["/301?to=/302?to=/end", "/302?to=/end", "/end"],
  );
  assert.deepEqual(result.evidence?.redirects, [`${server.url}/302?to=/end`, `${server.url}/end`]);
});

test("a redirect loop ends after the number allowed", async () => {
  const { server, asked } = await redirecting();
  await using _ = server;
  const result = await check({ url: `${server.url}/302?to=/302`, redirects: 3 });
  assert.equal(asked.length, 2);
  assert.equal(result.cause, "status:302", "a redirect that leads nowhere is judged by its status");
  await using loop = await httpServer((_request, response) =>
    response.writeHead(302, { location: "/" }).end(),
  );
  const looped = await check({ url: loop.url, redirects: 3 });
  assert.equal(looped.reason, `[redirect] more than 3 redirects, the last to ${loop.url}/`);
  assert.deepEqual([looped.cause, looped.hard, loop.count()], ["redirect", true, 4]);
});

test("redirects: 0 judges the redirect itself", async () => {
  const { server } = await redirecting();
  await using _ = server;
  const url = `${server.url}/301?to=/end`;
  assert.equal((await check({ url, redirects: 0, expect: { status: 301 } })).status, "up");
  assert.equal((await check({ url, redirects: 0 })).reason, "[status] 301, wanted 200–299");
});

test("expect.redirects_to is where redirects end, or where the one that is not followed points", async () => {
  const { server } = await redirecting();
  await using _ = server;
  const url = `${server.url}/301?to=/302?to=/end`;
  assert.equal((await check({ url, expect: { redirects_to: "/end" } })).status, "up");
  const unfollowed = { url, redirects: false, expect: { status: 301, redirects_to: "/302?to=/end" } };
  assert.equal((await check(unfollowed)).status, "up");
  const wrong = await check({ url, expect: { redirects_to: "/login" } });
  assert.deepEqual(
    [wrong.reason, wrong.cause],
    [`[redirect] leads to ${server.url}/end, wanted ${server.url}/login`, "redirect"],
  );
  const nowhere = await check({ url: server.url, expect: { redirects_to: "/login" } });
  assert.equal(nowhere.reason, `[redirect] leads nowhere, wanted ${server.url}/login`);
});

test("a redirect away from http is a failure", async () => {
  const { server } = await redirecting();
  await using _ = server;
  const result = await check({ url: `${server.url}/302?to=ftp://x/` });
  assert.deepEqual(
    [result.reason, result.cause],
    ["[redirect] leads to “ftp://x/”, which is no http address", "redirect"],
  );
});

for (const [status, method, becomes] of [
  [301, "POST", "GET"],
  [302, "POST", "GET"],
  [302, "PUT", "PUT"],
  [303, "PUT", "GET"],
  [303, "HEAD", "HEAD"],
  [307, "POST", "POST"],
  [308, "POST", "POST"],
] as const)
  test(`${method} redirected by ${status} goes on as ${becomes}`, async () => {
    const { server, asked } = await redirecting();
    await using _ = server;
    const body = method === "HEAD" ? undefined : "data";
    await check({
      url: `${server.url}/${status}?to=/end`,
      method,
      body,
      headers: { "content-type": "text/x" },
    });
    assert.equal(asked[1]?.method, becomes);
    assert.equal(asked[1]?.headers["content-type"], becomes === method ? "text/x" : undefined);
    assert.equal(asked[1]?.headers["content-length"], body && becomes === method ? "4" : undefined);
  });

test("credentials stay within the origin", async () => {
  const { server, asked } = await redirecting();
  const other = await redirecting();
  await using _ = server;
  await using __ = other.server;
  const headers = { Cookie: "sid=1", "X-Api-Key": "k", "X-Plain": "p" };
  const auth = { bearer: "token" };
  await check({ url: `${server.url}/302?to=/302?to=${other.server.url}/end`, headers, auth });
  assert.equal(asked[1]?.headers.authorization, "Bearer token");
  const abroad = other.asked[0]?.headers;
  assert.deepEqual(
    [abroad?.authorization, abroad?.cookie, abroad?.["x-api-key"], abroad?.["x-plain"], abroad?.host],
    [undefined, undefined, undefined, "p", `127.0.0.1:${other.server.port}`],
  );
});
