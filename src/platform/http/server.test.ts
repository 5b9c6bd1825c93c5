import assert from "node:assert/strict";
import { test } from "node:test";
import { z } from "zod";
import { silentLog } from "../log.ts";
import { invalid, REFUSAL_STATUS, Refusal, type RefusalCode } from "../refusal.ts";
import { type App, createServer, problems } from "./server.ts";

async function server(routes: (app: App) => void): Promise<App> {
  const app = await createServer({ log: silentLog, version: "1.2.3", url: "http://keepwatch.test" });
  app.register((scope: App, _options, done) => {
    routes(scope);
    done();
  });
  await app.ready();
  return app;
}

const echo = (app: App) =>
  app.route({
    method: "POST",
    url: "/echo",
    schema: {
      body: z.object({ name: z.string().min(1), tags: z.array(z.string()).default([]) }).optional(),
      response: { 200: z.object({ name: z.string() }), ...problems },
    },
    handler: async (request) => ({ name: request.body?.name ?? "nobody", secret: "never sent" }),
  });

test("a refusal is a problem document with its status, its words and the fields it is about", async () => {
  const app = await server((scope) => {
    scope.get<{ Params: { code: RefusalCode } }>("/refuse/:code", async ({ params }) => {
      throw new Refusal(params.code, "No, because.");
    });
    scope.get("/field", async () => {
      throw invalid("/time_zone", "There is no such zone.");
    });
  });
  for (const [code, status] of Object.entries(REFUSAL_STATUS)) {
    const answer = await app.inject(`/refuse/${code}`);
    assert.equal(answer.statusCode, status);
    assert.match(answer.headers["content-type"] ?? "", /^application\/problem\+json/);
    const { type, detail } = answer.json();
    assert.deepEqual([type, detail], [`urn:keepwatch:problem:${code}`, "No, because."]);
  }
  const { errors } = (await app.inject("/field")).json();
  assert.deepEqual(errors, [{ pointer: "/time_zone", detail: "There is no such zone." }]);
  await app.close();
});

test("what does not fit is refused at its field; what is not JSON is refused as that", async () => {
  const app = await server(echo);
  const post = (payload: string) =>
    app.inject({ method: "POST", url: "/echo", headers: { "content-type": "application/json" }, payload });
  const wrong = await post('{"name": "", "tags": [1]}');
  assert.equal(wrong.statusCode, 422);
  assert.deepEqual(
    wrong.json().errors.map(({ pointer }: { pointer: string }) => pointer),
    ["/name", "/tags/0"],
  );
  const broken = await post("{name}");
  assert.deepEqual([broken.statusCode, broken.json().detail], [400, "The body is not valid JSON."]);
  await app.close();
});

test("no body is as good as an empty object", async () => {
  const app = await server((scope) =>
    scope.route({
      method: "POST",
      url: "/verb",
      schema: { body: z.object({ until: z.string().optional() }).default({}) },
      handler: async (request) => ({ until: request.body.until ?? null }),
    }),
  );
  for (const headers of [{}, { "content-type": "application/json" }]) {
    const answer = await app.inject({ method: "POST", url: "/verb", headers });
    assert.deepEqual([answer.statusCode, answer.json()], [200, { until: null }]);
  }
  await app.close();
});

test("a bug says nothing of its inside, and an answer holds only what its schema names", async () => {
  const app = await server((scope) => {
    echo(scope);
    scope.get("/bug", async () => {
      throw new Error("password of the database: hunter2");
    });
  });
  const bug = await app.inject("/bug");
  assert.equal(bug.statusCode, 500);
  assert.doesNotMatch(bug.body, /hunter2/);
  const answer = await app.inject({ method: "POST", url: "/echo", payload: { name: "Ada" } });
  assert.deepEqual(answer.json(), { name: "Ada" });
  await app.close();
});

test("a path that nobody serves and a body that is too large are problem documents, too", async () => {
  const app = await server(echo);
  const large = await app.inject({ method: "POST", url: "/echo", payload: { name: "x".repeat(1_100_000) } });
  assert.equal(large.statusCode, 413);
  assert.match(large.headers["content-type"] ?? "", /problem\+json/);
  await app.close();
});
