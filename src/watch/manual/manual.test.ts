import assert from "node:assert/strict";
import { test } from "node:test";
import { serve, startLoop } from "../../../test/support/loop.ts";
import { checkNowWith } from "../check-now.ts";
import { monitorRoutes } from "../routes.ts";
import { manualEngine } from "./manual.ts";

type Body = Record<string, unknown>;

async function hotline() {
  await using stack = new AsyncDisposableStack();
  const loop = stack.use(await startLoop());
  const { platform } = loop.t;
  manualEngine(platform);
  const checkNow = checkNowWith(platform, () => undefined);
  const { app, call } = await serve((api) => monitorRoutes(api, platform, checkNow), platform.url);
  stack.defer(() => app.close());
  const ada = await loop.person("ada");
  await loop.policy("help", [["ada", "5m"]]);
  await loop.service("help", "help");
  const ask = async (request: string, body?: Body, as = ada) => {
    const reply = await call(request, as, body);
    await loop.settle();
    return reply;
  };
  const made = await ask("POST /monitors", {
    ...{ slug: "hotline", name: "Hotline", kind: "manual", service: "help", severity: "SEV2" },
  });
  assert.equal(made.status, 201);
  const opened = stack.move();
  return {
    ...{ loop, ask, made: made.body },
    set: async (body: Body, as = ada) => {
      const { status, body: answer } = await ask("POST /monitors/hotline/status", body, as);
      return status === 204 ? 204 : [status, answer.errors?.[0]?.pointer ?? answer.detail];
    },
    now: async () => (await ask("GET /monitors/hotline")).body,
    alerts: async () => (await loop.ok("GET /alerts?status=firing")).items,
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test("what somebody says pages at once, is said anew in the same alert, and ends it when all is well", async () => {
  await using h = await hotline();
  assert.deepEqual([h.made.status, h.made.probed], ["unknown", false]);
  assert.equal(h.made.sentence, "Has the status that people give it.");
  assert.equal(await h.set({ status: "down", reason: "nobody answers" }), 204);
  const [first] = await h.alerts();
  assert.equal(first.title, "help: Hotline is down");
  assert.deepEqual([first.reason, first.severity], ["nobody answers (set by Ada)", "SEV2"]);
  assert.deepEqual(h.loop.hooks.paged(), ["ada"]);
  await h.set({ status: "down", reason: "the line is cut" });
  const [second, ...more] = await h.alerts();
  assert.deepEqual([second.id, second.reason, more], [first.id, "the line is cut (set by Ada)", []]);
  await h.set({ status: "degraded", reason: "one of two lines" });
  assert.equal((await h.alerts())[0].severity, "SEV3");
  await h.set({ status: "up" });
  assert.deepEqual(await h.alerts(), []);
  const { status, last_check, last_failure } = await h.now();
  assert.deepEqual([status, last_check.reason], ["up", "well again (set by Ada)"]);
  assert.equal(last_failure.reason, "one of two lines (set by Ada)");
});

test("what holds for a time is over after it, also when it was said again meanwhile; well becomes unknown", async () => {
  await using h = await hotline();
  await h.set({ status: "down", reason: "moving", for: "30m" });
  await h.loop.pass("20m");
  await h.set({ status: "down", reason: "still moving", for: "30m" });
  await h.loop.pass("20m");
  assert.equal((await h.now()).status, "down");
  await h.loop.pass("11m");
  assert.deepEqual([(await h.now()).status, await h.alerts()], ["up", []]);
  await h.set({ status: "up", for: "1h" });
  await h.loop.pass("61m");
  assert.equal((await h.now()).last_check.reason, "nobody has said anything since");
  assert.equal((await h.now()).status, "unknown");
});

test("only who may respond sets it, with a reason unless it is up, and only what is set by hand", async () => {
  await using h = await hotline();
  const vic = await h.loop.person("vic", { role: "viewer" });
  assert.match(String(await h.set({ status: "up" }, vic)), /^403,/);
  assert.deepEqual(await h.set({ status: "down" }), [422, "/reason"]);
  for (const wrong of ["soon", "0s", "1.5h", "9999999w"])
    assert.deepEqual(await h.set({ status: "down", reason: "x", for: wrong }), [422, "/for"], wrong);
  assert.deepEqual(await h.set({ status: "broken", reason: "x" }), [422, "/status"]);
  await h.ask("POST /monitors/hotline/pause");
  assert.match(String(await h.set({ status: "up" })), /409,"hotline" is paused/);
  const page = { slug: "page", name: "Page", kind: "http", service: "help", url: "http://192.0.2.1/" };
  await h.ask("POST /monitors", page);
  const refused = await h.ask("POST /monitors/page/status", { status: "up" });
  assert.deepEqual(
    [refused.status, refused.body.detail],
    [409, '"page" is of kind http: only a manual monitor is set by hand.'],
  );
});
