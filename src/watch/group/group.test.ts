import assert from "node:assert/strict";
import { test } from "node:test";
import { serve, startLoop } from "../../../test/support/loop.ts";
import { deleteService } from "../../catalog/services.ts";
import { checkNowWith } from "../check-now.ts";
import { manualEngine } from "../manual/manual.ts";
import { deleteMonitor } from "../monitors.ts";
import { monitorsOfService } from "../of-services.ts";
import { monitorRoutes } from "../routes.ts";
import { groupEngine } from "./engine.ts";

type Body = Record<string, unknown>;

/** Shops in Europe and America that people watch, and the group "checkout" of both, which pages Ada. */
async function shops(rule: Body = {}) {
  await using stack = new AsyncDisposableStack();
  const loop = stack.use(await startLoop());
  const { platform } = loop.t;
  groupEngine(platform);
  manualEngine(platform);
  const { app, call } = await serve(
    (api) =>
      monitorRoutes(
        api,
        platform,
        checkNowWith(platform, () => undefined),
      ),
    platform.url,
  );
  stack.defer(() => app.close());
  const ada = await loop.person("ada");
  await loop.policy("shop", [["ada", "5m"]]);
  await loop.service("shop", "shop");
  await loop.service("quiet", null);
  const ask = async (request: string, body?: Body, as = ada) => {
    const reply = await call(request, as, body);
    await loop.settle();
    return reply;
  };
  const make = (slug: string, fields: Body) => ask("POST /monitors", { slug, name: slug, ...fields });
  for (const slug of ["eu", "us"]) await make(slug, { kind: "manual", service: "quiet" });
  await make("checkout", { kind: "group", service: "shop", members: ["eu", "us"], ...rule });
  const opened = stack.move();
  return {
    ...{ loop, ada, ask, make },
    set: (slug: string, status: string, more: Body = {}) =>
      ask(`POST /monitors/${slug}/status`, { status, ...more }),
    how: async (slug: string) => (await ask(`GET /monitors/${slug}`)).body.status,
    /** Which status, at which field, in which words. */
    refused: async (request: string, body?: Body, as = ada) => {
      const { status, body: answer } = await ask(request, body, as);
      return [status, answer.errors?.[0]?.pointer ?? null, answer.errors?.[0]?.detail ?? answer.detail];
    },
    alert: async () => (await loop.ok("GET /alerts?status=firing&service=shop")).items[0],
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

test("a group follows its members, pages by itself, and its alert names who fails, also when that changes", async () => {
  await using s = await shops();
  assert.equal(await s.how("checkout"), "unknown");
  for (const slug of ["eu", "us"]) await s.set(slug, "up");
  assert.equal(await s.how("checkout"), "up");
  await s.set("us", "down", { reason: "no power", for: "1h" });
  assert.equal(await s.how("checkout"), "down");
  assert.equal((await s.alert()).reason, "[members] 1 of 2 up, wanted all; down: us");
  assert.deepEqual(s.loop.hooks.paged(), ["ada"]);
  await s.set("eu", "down", { reason: "flood" });
  const both = await s.alert();
  assert.equal(both.reason, "[members] 0 of 2 up, wanted all; down: eu, us");
  assert.deepEqual(
    both.evidence.expectations.map(({ what, got }: Body) => `${what}: ${got}`),
    ["eu: down: flood (set by Ada)", "us: down: no power (set by Ada for 1 h)"],
  );

  await s.set("eu", "up");
  await s.loop.pass("61m");
  assert.deepEqual([await s.how("us"), await s.how("checkout")], ["up", "up"]);
  assert.equal(await s.alert(), undefined);
});

test("paused members are left out, and members in maintenance within a minute", async () => {
  await using s = await shops();
  await s.set("eu", "up");
  await s.set("us", "down", { reason: "no power" });
  await s.ask("POST /monitors/us/pause");
  assert.equal(await s.how("checkout"), "up");
  await s.ask("POST /monitors/us/resume");
  assert.equal(await s.how("checkout"), "unknown");
  await s.set("us", "down", { reason: "no power" });
  assert.equal(await s.how("checkout"), "down");
  const starts = s.loop.t.clock.now().toString().slice(0, 16);
  const window = { slug: "move", name: "Move", monitors: ["us"], time_zone: "UTC", starts, duration: "2h" };
  await s.loop.ok("POST /maintenance-windows", undefined, { ...window, rrule: "FREQ=DAILY;COUNT=1" });
  await s.loop.pass("61s");
  assert.equal(await s.how("checkout"), "up");
  const { items, hidden } = (await s.ask("GET /monitors/checkout/members")).body;
  assert.deepEqual(
    items.map(({ slug, status, maintenance }: Body) => [slug, status, maintenance]),
    [
      ["eu", "up", false],
      ["us", "down", true],
    ],
  );
  assert.equal(hidden, 0);
});

test("what makes no sense is refused at its field: strangers, oneself, one's own group, what a group needs", async () => {
  await using s = await shops();
  const group = (members: unknown, more: Body = {}) =>
    s.refused("POST /monitors", {
      slug: "new",
      name: "New",
      kind: "group",
      service: "shop",
      members,
      ...more,
    });
  assert.deepEqual(await group(["eu", "ue"]), [422, "/members/1", 'There is no monitor "ue".']);
  assert.deepEqual(await group([]), [422, "/members", "name at least one monitor"]);
  assert.deepEqual(await group(["eu", "eu"]), [422, "/members", "name each monitor once"]);
  assert.deepEqual(await group(["eu"], { at_least: 2 }), [422, "/at_least", "there are only 1 members"]);
  assert.equal((await group(["eu"], { rule: "most" }))[1], "/rule");
  assert.deepEqual(await group(["new"]), [422, "/members", "The group would hold itself: new → new."]);
  await s.make("world", { kind: "group", service: "shop", members: ["checkout"] });
  assert.deepEqual(await s.refused("PATCH /monitors/checkout", { members: ["eu", "world"] }), [
    ...[422, "/members", "The group would hold itself: checkout → world → checkout."],
  ]);
  const [status, , said] = await s.refused("DELETE /monitors/eu");
  assert.deepEqual(
    [status, said],
    [409, '"eu" is a member of the group "checkout". Take it out there first.'],
  );
  assert.equal((await s.refused("POST /monitors/checkout/check"))[0], 409);
});

test("a group tells nobody of a member that they may not see", async () => {
  await using s = await shops();
  const web = await s.loop.team("web");
  const ada = { ...s.ada, teams: [web] };
  for (const slug of ["secret", "also-secret"])
    await s.loop.service(slug, null, { team: "web", visibility: "team" });
  const make = (slug: string, fields: Body) => s.ask("POST /monitors", { slug, name: slug, ...fields }, ada);
  assert.equal((await make("vault", { kind: "manual", service: "secret" })).status, 201);
  const open = await make("all", { kind: "group", service: "shop", members: ["eu", "vault"] });
  assert.deepEqual([open.status, open.body.errors?.[0]?.pointer], [422, "/members/1"]);
  assert.match(open.body.errors[0].detail, /only that team sees/);
  assert.equal(
    (await make("ours", { kind: "group", service: "also-secret", members: ["eu", "vault"] })).status,
    201,
  );
});

test("a service goes with its groups and their members", async () => {
  await using s = await shops();
  for (const slug of ["a", "b"]) await s.make(slug, { kind: "manual", service: "shop" });
  await s.ask("PATCH /monitors/checkout", { members: ["a"] });
  await s.make("world", { kind: "group", service: "shop", members: ["b", "checkout"] });
  const ports = { monitorsOf: monitorsOfService, removeMonitor: deleteMonitor };
  await s.loop.verb((tx, by) => deleteService(tx, by, { slug: "shop", force: true, ports }));
  const { items } = (await s.ask("GET /monitors")).body;
  assert.deepEqual(
    items.map(({ slug }: Body) => slug),
    ["eu", "us"],
  );
});
