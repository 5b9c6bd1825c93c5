import assert from "node:assert/strict";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { test } from "node:test";
import { checkWith } from "../base/context.fixture.ts";
import { scenario } from "./scenario.ts";

const check = checkWith(scenario);
const TOKEN = "tok-9f8e7d6c5b";

/** A shop with a sign-in that gives a token and a session, and an order that wants both. */
async function shop(more: (request: IncomingMessage, response: ServerResponse) => boolean = () => false) {
  const asked: string[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const body = Buffer.concat(chunks).toString();
    const { url = "", headers } = request;
    asked.push(`${request.method} ${url}`);
    if (more(request, response)) return;
    const json = (status: number, value: unknown, extra: Record<string, string | string[]> = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...extra }).end(JSON.stringify(value));
    if (url === "/form") return void response.end('<form><input name="csrf" value="c&s r/f"></form>');
    if (url === "/session" && body.includes("probe"))
      return json(
        200,
        { token: TOKEN, id: 7 },
        { "set-cookie": ["sid=s1234; Path=/; HttpOnly", "theme=dark"] },
      );
    if (url === "/enter")
      return void response.writeHead(302, { location: "/inside", "set-cookie": "sid=s1234; Path=/" }).end();
    if (url === "/inside") return headers.cookie === "sid=s1234" ? json(200, { ok: true }) : json(403, {});
    if (url === "/orders/7" && headers.authorization === `Bearer ${TOKEN}`)
      return headers.cookie?.includes("sid=s1234")
        ? json(200, { state: "open", token: TOKEN })
        : json(401, {});
    if (url.startsWith("/search?q=")) return json(200, { q: new URL(url, "http://x").searchParams.get("q") });
    json(404, { error: "nothing here" });
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  return {
    at: (path: string) => `http://127.0.0.1:${(server.address() as AddressInfo).port}${path}`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    },
  };
}

const signIn = (at: (path: string) => string) => ({
  ...{ name: "sign in", url: at("/session"), method: "POST", body: '{"user":"probe"}' },
  take: { token: "$.token", order: "$.id" },
});

test("a token and a cookie from the sign-in are used by the step after it", async () => {
  await using s = await shop();
  const result = await check({
    steps: [
      signIn(s.at),
      {
        ...{ name: "order", url: s.at("/orders/{{order}}"), headers: { authorization: "Bearer {{token}}" } },
        expect: { json: [{ path: "$.state", equals: "open" }] },
      },
    ],
  });
  assert.equal(result.status, "up", result.reason);
  assert.match(result.reason, /^\[ok\] 2 steps in /);
  assert.deepEqual(s.asked, ["POST /session", "GET /orders/7"]);
});

test("the reason names the step that failed, and the evidence what the others came to", async () => {
  await using s = await shop();
  const result = await check({
    steps: [signIn(s.at), { name: "basket", url: s.at("/basket") }, { url: s.at("/form") }],
  });
  assert.equal(result.status, "down");
  assert.equal(result.reason, "basket: [status] 404, wanted 200–299");
  assert.equal(result.cause, "status:404 in basket");
  assert.deepEqual(
    result.evidence?.steps?.map(({ name, status }) => [name, status]),
    [
      ["sign in", "up"],
      ["basket", "down"],
    ],
  );
  assert.equal(s.asked.length, 2);
});

test("what was taken or set as a cookie is nowhere in what is shown", async () => {
  await using s = await shop();
  for (const path of ["/orders/7", "/nowhere"]) {
    const step = { url: s.at(path), headers: { "x-echo": "{{token}}", authorization: "Bearer {{token}}" } };
    const result = await check({ steps: [signIn(s.at), step] }, { verbose: true });
    assert.ok(!JSON.stringify(result).includes(TOKEN), JSON.stringify(result));
    assert.ok(!JSON.stringify(result).includes("s1234"));
  }
});

test("a value that is not in the answer is a failure of its step, in words", async () => {
  await using s = await shop();
  const asked = {
    "$.nope": "the answer has no $.nope",
    "header x-nope": "the answer has no header x-nope",
    "cookie nope": "no cookie nope was set",
    "/nope=(\\d+)/": "the pattern is nowhere in the answer",
  };
  for (const [where, why] of Object.entries(asked)) {
    const result = await check({ steps: [{ ...signIn(s.at), take: { it: where } }] });
    assert.equal(result.reason, `sign in: [take] found no it: ${why}`);
    assert.equal(result.hard, true);
  }
});

test("a value that fits nowhere is a failure of the step that wants it, and stays hidden", async () => {
  const taken = JSON.stringify({
    lines: "first-line\r\nx-evil: 1",
    open: "(unclosed",
    half: "half\ud800",
    said: 'so "quoted" here',
  });
  await using s = await shop((request, response) => request.url === "/odd" && !!response.end(taken));
  const odd = {
    url: s.at("/odd"),
    take: { lines: "$.lines", half: "$.half", open: "$.open", said: "$.said" },
  };
  const misfits: [object, string][] = [
    [{ headers: { "x-line": "{{lines}}" } }, "headers.x-line"],
    [{ expect: { body_matches: "{{open}}" } }, "expect.body_matches"],
    [{ expect: { status: 500 }, url: s.at("/odd?{{half}}") }, ""],
  ];
  for (const [more, where] of misfits) {
    const result = await check({ steps: [odd, { name: "use", url: s.at("/odd"), ...more }] });
    assert.equal(result.status, "down");
    if (where) assert.equal(result.reason, `use: [take] what was taken before doesn't fit in ${where}`);
    assert.doesNotMatch(JSON.stringify(result), /x-evil|unclosed|quoted/);
  }
});

test("a redirect to a forbidden address is followed by no step", async () => {
  await using s = await shop(
    (request, response) =>
      request.url === "/away" &&
      !!response.writeHead(302, { location: "http://169.254.169.254/latest" }).end(),
  );
  const result = await check({ steps: [{ url: s.at("/form") }, { name: "away", url: s.at("/away") }] });
  assert.match(result.reason, /^away: \[redirect\] leads to a forbidden address: 169\.254\.169\.254/);
});

test("a value from a form is escaped in an address", async () => {
  await using s = await shop();
  const result = await check({
    steps: [
      { url: s.at("/form"), take: { csrf: '/name="csrf" value="([^"]+)"/' } },
      { url: s.at("/search?q={{csrf}}"), expect: { json: [{ path: "$.q", equals: "c&s r/f" }] } },
    ],
  });
  assert.equal(result.status, "up", result.reason);
});

test("a cookie that a redirect sets is sent to where it leads, unless cookies are off", async () => {
  await using s = await shop();
  assert.equal((await check({ steps: [{ url: s.at("/enter") }] })).status, "up");
  const off = await check({ steps: [{ url: s.at("/enter") }], cookies: false });
  assert.equal(off.reason, "step 1: [status] 403, wanted 200–299");
});

test("all steps together have the monitor's timeout", async () => {
  await using s = await shop((request) => request.url === "/hang");
  const started = performance.now();
  const result = await check({ steps: [{ url: s.at("/form") }, { url: s.at("/hang") }] }, { timeoutMs: 300 });
  assert.equal(result.status, "down");
  assert.match(result.reason, /^step 2: \[timeout\]/);
  assert.ok(performance.now() - started < 1_000);
});

test("slow steps are degraded, each by its own limit or all by theirs, and the others still run", async () => {
  await using s = await shop((request, response) => {
    if (request.url !== "/slow") return false;
    setTimeout(() => response.end("late"), 60);
    return true;
  });
  const slow = { name: "slow", url: s.at("/slow"), expect: { latency: "30ms" } };
  const one = await check({ steps: [slow, { url: s.at("/form") }] });
  assert.equal(one.status, "degraded");
  assert.match(one.reason, /^slow: \[latency\]/);
  assert.equal(s.asked.length, 2);
  const { expect: _, ...free } = slow;
  const all = await check({ steps: [free], expect: { latency_down: "30ms" } });
  assert.equal(all.status, "down");
  assert.match(all.reason, /^\[latency\]/);
});

test("an endless answer, a dead port and a forbidden address end the step they are in", async () => {
  await using s = await shop((request, response) => {
    if (request.url !== "/endless") return false;
    response.write("x".repeat(2_000_000));
    return true;
  });
  const endless = await check(
    { steps: [{ url: s.at("/form") }, { name: "flood", url: s.at("/endless") }] },
    { timeoutMs: 500 },
  );
  assert.notEqual(endless.status, "unknown");
  const dead = await check({ steps: [{ url: "http://127.0.0.1:1/" }] });
  assert.match(dead.reason, /^step 1: \[refused\]/);
  const forbidden = await check({ steps: [{ url: "http://169.254.169.254/latest" }] });
  assert.notEqual(forbidden.status, "up");
  assert.match(forbidden.reason, /169\.254/);
});

const wrong: [string, unknown, RegExp][] = [
  ["no steps", { steps: [] }, /steps: write one step at least/],
  ["a step without an address", { steps: [{ name: "x" }] }, /steps\.0\.url/],
  [
    "an unknown key",
    { steps: [{ url: "http://a.test", expct: {} }] },
    /steps\.0\.expct: unknown key "expct"/,
  ],
  [
    "a place that is none",
    { steps: [{ url: "http://a.test", take: { a: "somewhere" } }] },
    /steps\.0\.take\.a: say where/,
  ],
  [
    "a name that was never taken",
    { steps: [{ url: "http://a.test/{{id}}" }] },
    /steps\.0\.url: nothing called "id"/,
  ],
  [
    "a value of the step itself",
    { steps: [{ url: "http://a.test/{{id}}", take: { id: "$.id" } }] },
    /nothing called "id" was taken before step 1/,
  ],
  ["oauth2", { steps: [{ url: "http://a.test", auth: { oauth2: {} } }] }, /steps\.0\.auth\.oauth2/],
];
for (const [what, config, says] of wrong)
  test(`${what} is refused where it stands`, () => {
    const parsed = scenario.schema.safeParse(config);
    const issues = parsed.error?.issues.map(({ path, message }) => `${path.join(".")}: ${message}`) ?? [];
    assert.match(issues.join("\n"), says);
  });

test("credentials in the steps are secrets", () => {
  const config = scenario.schema.parse({
    steps: [
      { url: "http://a.test", headers: { authorization: "Bearer x" } },
      { url: "http://a.test", auth: { basic: { user: "u", password: "p" } } },
    ],
  });
  assert.deepEqual(scenario.secrets(config), [
    "/steps/0/headers/authorization",
    "/steps/1/auth/basic/password",
  ]);
});
