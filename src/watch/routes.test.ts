import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, serve } from "../../test/support/loop.ts";
import { type TestPlatform, testPlatform } from "../../test/support/platform.ts";
import { createService } from "../catalog/services.ts";
import { by } from "../org/actor.ts";
import { createTeam } from "../org/teams.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { encodeCursor } from "../platform/http/cursor.ts";
import { checkNowWith } from "./check-now.ts";
import { monitorRoutes } from "./routes.ts";

type Body = Record<string, unknown>;

/** The routes, a service "shop", and Ada who may edit what is nobody's. */
async function routes() {
  await using stack = new AsyncDisposableStack();
  const t: TestPlatform = stack.use(await testPlatform());
  const { platform } = t;
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
  const root = await t.user({ name: "Root", role: "admin" });
  const ada = await t.user({ name: "Ada" });
  const service = (slug: string, more: object = {}) =>
    inTransaction(platform.db, (tx) => createService(tx, by(platform, root), { slug, name: slug, ...more }));
  await service("shop");
  const opened = stack.move();
  return {
    ...{ t, root, ada, service, call },
    async team(slug: string, ...members: Person[]) {
      const hand = by(platform, root);
      await inTransaction(platform.db, (tx) =>
        createTeam(tx, hand, { slug, name: slug, members: members.map(({ email }) => email), leads: [] }),
      );
      const { id } = await platform.db
        .selectFrom("teams")
        .select("id")
        .where("slug", "=", slug)
        .executeTakeFirstOrThrow();
      return id;
    },
    async ok(request: string, body?: Body, as: Person = ada) {
      const reply = await call(request, as, body);
      assert.ok(reply.status < 300, `${request}: ${reply.status} ${JSON.stringify(reply.body)}`);
      return reply.body;
    },
    /** Which status, and at which field. */
    async refused(request: string, body?: Body, as: Person = ada) {
      const reply = await call(request, as, body);
      return [reply.status, reply.body.errors?.[0]?.pointer];
    },
    [Symbol.asyncDispose]: () => opened.disposeAsync(),
  };
}

const HOME = { slug: "home", name: "Home", kind: "http", service: "shop", url: "http://192.0.2.1/" };

test("a monitor is made with what it needs and the defaults for the rest, and told in one sentence", async () => {
  await using r = await routes();
  const made = await r.ok("POST /monitors", HOME);
  const {
    slug,
    status,
    paused,
    every,
    timeout,
    confirm,
    severity,
    urgency,
    config,
    last_check,
    uptime,
    sentence,
  } = made;
  assert.deepEqual(
    { slug, status, paused, every, timeout, severity, urgency, config, last_check },
    {
      ...{ slug: "home", status: "unknown", paused: false, every: "1m", timeout: "10s", severity: "SEV3" },
      ...{ urgency: null, config: { url: HOME.url }, last_check: null },
    },
  );
  assert.deepEqual(confirm, { failures: 3, retry_every: ["1s", "2s", "4s"], recoveries: 1 });
  assert.deepEqual(uptime, { day: null, month: null });
  assert.equal(
    sentence,
    "GET http://192.0.2.1/ answers 200–299. Every 1m; called down after 3 failures in a row.",
  );
  assert.deepEqual(await r.ok("GET /monitors/home"), made);
});

test("a limit on a percentile is kept as written, refused at its field, and taken away by null", async () => {
  await using r = await routes();
  const slow = { p95: "800ms", over: "10m" };
  assert.deepEqual((await r.ok("POST /monitors", { ...HOME, slow })).slow, slow);
  assert.deepEqual((await r.ok("PATCH /monitors/home", { every: "30s" })).slow, slow);
  assert.deepEqual(await r.refused("PATCH /monitors/home", { every: "5m" }), [422, "/slow/over"]);
  assert.deepEqual(await r.refused("PATCH /monitors/home", { slow: { over: "10m" } }), [422, "/slow"]);
  assert.equal((await r.ok("PATCH /monitors/home", { slow: null, keep: "7d" })).slow, null);
  assert.equal((await r.ok("GET /monitors/home")).keep, "7d");
});

test("only an address is needed: name, slug and service come from it, and a slug that is taken gets a number", async () => {
  await using r = await routes();
  const input = { kind: "http", url: "https://shop.example.com/basket" };
  const first = await r.ok("POST /monitors", input);
  assert.deepEqual(
    [first.name, first.slug, first.service.name],
    ["shop.example.com/basket", "shop-example-com-basket", "shop.example.com"],
  );
  assert.equal((await r.ok("POST /monitors", input)).slug, "shop-example-com-basket-2");
});

test("what is wrong with a monitor is said at its field, and nothing is made", async () => {
  await using r = await routes();
  for (const [change, status, pointer] of [
    [{ kind: "gopher" }, 422, "/kind"],
    [{ service: "shpo" }, 422, "/service"],
    [{ every: "500ms" }, 422, "/every"],
    [{ every: "soon" }, 422, "/every"],
    [{ timeout: "3m" }, 422, "/timeout"],
    [{ url: "shop.example.com" }, 422, "/url"],
    [{ expect: { status: "20x" } }, 422, "/expect/status"],
    [{ colour: "red" }, 422, "/"],
    [{ slug: "Home page" }, 422, "/slug"],
    [{ confirm: { failures: 0 } }, 422, "/confirm/failures"],
    [{ severity: "SEV9" }, 422, "/severity"],
    [{ auth: { bearer: "!secret unchanged" } }, 422, "/auth/bearer"],
  ] as const)
    assert.deepEqual(
      await r.refused("POST /monitors", { ...HOME, ...change }),
      [status, pointer],
      JSON.stringify(change),
    );
  assert.deepEqual((await r.ok("GET /monitors")).items, []);
  await r.ok("POST /monitors", HOME);
  assert.deepEqual(await r.refused("POST /monitors", HOME), [409, "/slug"]);
});

test("what a change does not name stays as it was", async () => {
  await using r = await routes();
  const full = {
    ...HOME,
    ...{ every: "20s", timeout: "5s", severity: "SEV1", urgency: "low", labels: { region: "eu" } },
    ...{ confirm: { failures: 2, retry_every: "5s", recoveries: 2 }, expect: { status: 204 } },
  };
  const made = await r.ok("POST /monitors", full);
  const { name, ...rest } = await r.ok("PATCH /monitors/home", { name: "Front page" });
  const { name: before, ...wanted } = made;
  assert.deepEqual([before, name], ["Home", "Front page"]);
  assert.deepEqual(rest, wanted);
  const moved = await r.ok("PATCH /monitors/home", { url: "http://192.0.2.2/" });
  assert.deepEqual(moved.config, { url: "http://192.0.2.2/" }, "of the kind's own fields all are sent");
  assert.deepEqual([moved.every, moved.urgency, moved.labels], ["20s", "low", { region: "eu" }]);
  assert.equal((await r.ok("PATCH /monitors/home", { urgency: null })).urgency, null);
  assert.deepEqual(await r.refused("PATCH /monitors/home", { every: "1ms" }), [422, "/every"]);
  assert.deepEqual(await r.refused("PATCH /monitors/none", { name: "X" }), [404, undefined]);
});

test("a secret is sealed where it is stored, shown to nobody, and kept when it is sent back as it was shown", async () => {
  await using r = await routes();
  const made = await r.ok("POST /monitors", {
    ...HOME,
    headers: { "X-Api-Key": "opensesame-1", Accept: "text/html" },
    auth: { basic: { user: "ada", password: "opensesame-2" } },
  });
  assert.deepEqual(made.config.headers, { "X-Api-Key": "!secret unchanged", Accept: "text/html" });
  assert.deepEqual(made.config.auth, { basic: { user: "ada", password: "!secret unchanged" } });
  const { db } = r.t.platform;
  const everything = async () =>
    JSON.stringify([
      await db.selectFrom("monitors").selectAll().execute(),
      await db.selectFrom("audit_entries").selectAll().execute(),
    ]);
  assert.doesNotMatch(await everything(), /opensesame/);
  const { config } = made;
  const changed = await r.ok("PATCH /monitors/home", { ...config, url: "http://192.0.2.3/" });
  assert.deepEqual(changed.config, { ...config, url: "http://192.0.2.3/" });
  await r.ok("PATCH /monitors/home", { name: "Still with its secrets" });
  const { config: stored } = await db.selectFrom("monitors").select("config").executeTakeFirstOrThrow();
  const { headers, auth } = stored as {
    headers: { "X-Api-Key": string };
    auth: { basic: { password: string } };
  };
  assert.equal(r.t.platform.secrets.open(headers["X-Api-Key"]), "opensesame-1");
  assert.equal(r.t.platform.secrets.open(auth.basic.password), "opensesame-2");
  assert.doesNotMatch(await everything(), /opensesame/);
});

test("pausing twice or resuming twice changes nothing more", async () => {
  await using r = await routes();
  await r.ok("POST /monitors", HOME);
  for (let n = 0; n < 2; n++) assert.equal((await r.ok("POST /monitors/home/pause")).paused, true);
  for (let n = 0; n < 2; n++) assert.equal((await r.ok("POST /monitors/home/resume")).paused, false);
  const actions = await r.t.platform.db
    .selectFrom("audit_entries")
    .select("action")
    .where("object_type", "=", "monitor")
    .orderBy("id")
    .execute();
  assert.deepEqual(
    actions.map(({ action }) => action),
    ["created", "paused", "resumed"],
  );
});

test("a deleted monitor is gone with its history", async () => {
  await using r = await routes();
  const { id } = await r.ok("POST /monitors", HOME);
  const { db, clock } = r.t.platform;
  await db
    .insertInto("check_results")
    .values({
      ...{ monitor_id: id, at: clock.now(), status: "up", dns_ms: null, connect_ms: null, tls_ms: null },
      ...{ first_byte_ms: null, transfer_ms: null, total_ms: 12, reason: null },
    })
    .execute();
  assert.equal((await r.call("DELETE /monitors/home", r.ada)).status, 204);
  assert.deepEqual(await r.refused("GET /monitors/home"), [404, undefined]);
  assert.deepEqual(await db.selectFrom("check_results").selectAll().execute(), []);
});

test("a monitor of a kind that only a newer version knows hides no others", async () => {
  await using r = await routes();
  await r.ok("POST /monitors", HOME);
  await r.t.platform.db.updateTable("monitors").set({ kind: "seance" }).execute();
  const { items } = await r.ok("GET /monitors");
  assert.match(items[0].sentence, /^Of kind “seance”, which this version does not know\./);
});

test("monitors are listed by name, page by page, and found by words, service, kind and status", async () => {
  await using r = await routes();
  await r.service("search");
  for (const [name, service] of [
    ["basket 100%", "shop"],
    ["Home", "shop"],
    ["İstanbul", "shop"],
    ["find", "search"],
  ] as const)
    await r.ok("POST /monitors", { ...HOME, name, slug: `m-${name.charCodeAt(0)}`, service });
  const names = async (query: string) =>
    (await r.ok(`GET /monitors${query}`)).items.map((item: { name: string }) => item.name);
  const all = await names("");
  assert.deepEqual([...all].sort(), ["Home", "basket 100%", "find", "İstanbul"]);
  const walked: string[] = [];
  let next: string | null = "";
  while (next !== null) {
    const page: { items: { name: string }[]; next: string | null } = await r.ok(
      `GET /monitors?limit=1${next === "" ? "" : `&cursor=${next}`}`,
    );
    walked.push(...page.items.map(({ name }) => name));
    next = page.next;
    assert.ok(walked.length <= 4, "the walk comes to an end");
  }
  assert.deepEqual(walked, all);
  assert.deepEqual(await names("?q=100%25"), ["basket 100%"]);
  assert.deepEqual(await names("?service=search"), ["find"]);
  assert.deepEqual(await names("?status=up,down"), []);
  assert.equal((await names("?status=unknown&kind=http")).length, 4);
  const forged = encodeCursor(["home", "7"]);
  assert.deepEqual(await r.refused(`GET /monitors?cursor=${forged}`), [422, "/cursor"]);
});

test("monitors are listed under their service, kind or status, in pages that fit together", async () => {
  await using r = await routes();
  await r.service("bank");
  for (const [slug, service, kind] of [
    ["b-home", "shop", "http"],
    ["a-port", "shop", "tcp"],
    ["c-port", "bank", "tcp"],
  ] as const)
    await r.ok("POST /monitors", {
      ...{ slug, name: slug, service, kind, labels: { zone: `z-${slug}` } },
      ...(kind === "http" ? { url: HOME.url } : { host: "192.0.2.1", port: 80 }),
    });
  const listed = async (sort: string): Promise<string[]> => {
    const slugs: string[] = [];
    let cursor = "";
    do {
      const page = await r.ok(`GET /monitors?limit=1&sort=${sort}${cursor}`);
      slugs.push(...page.items.map((item: { slug: string }) => item.slug));
      cursor = page.next ? `&cursor=${page.next}` : "";
    } while (cursor !== "");
    return slugs;
  };
  assert.deepEqual(await listed("name"), ["a-port", "b-home", "c-port"]);
  assert.deepEqual(await listed("service"), ["c-port", "a-port", "b-home"]);
  assert.deepEqual(await listed("kind"), ["b-home", "a-port", "c-port"]);
  const found = await r.ok("GET /monitors?q=z-a-port");
  assert.deepEqual(
    found.items.map((item: { slug: string }) => item.slug),
    ["a-port"],
  );
});

test("what a team keeps to itself is seen and changed by its members alone; what it shows, others only see", async () => {
  await using r = await routes();
  const pia = await r.t.user({ name: "Pia" });
  const team = await r.team("pay", pia);
  const member: Person = { ...pia, teams: [team] };
  await r.service("cards", { team: "pay", visibility: "team" });
  await r.service("prices", { team: "pay" });
  await r.ok("POST /monitors", { ...HOME, slug: "cards", service: "cards" }, member);
  await r.ok("POST /monitors", { ...HOME, slug: "prices", service: "prices" }, member);
  const slugs = async (as: Person) =>
    (await r.ok("GET /monitors", undefined, as)).items.map((item: { slug: string }) => item.slug);
  assert.deepEqual((await slugs(member)).sort(), ["cards", "prices"]);
  assert.deepEqual(await slugs(r.ada), ["prices"]);
  for (const path of ["", "/series", "/days"])
    assert.deepEqual(await r.refused(`GET /monitors/cards${path}`), [404, undefined], path);
  for (const request of ["PATCH /monitors/cards", "POST /monitors/cards/pause", "DELETE /monitors/cards"])
    assert.deepEqual(await r.refused(request, {}), [404, undefined], request);
  for (const request of ["PATCH /monitors/prices", "POST /monitors/prices/pause", "DELETE /monitors/prices"])
    assert.deepEqual(await r.refused(request, {}), [403, undefined], request);
  assert.deepEqual(await r.refused("POST /monitors", { ...HOME, service: "prices" }), [403, undefined]);
  const move = { service: "shop" };
  assert.equal((await r.ok("PATCH /monitors/prices", move, member)).service.slug, "shop");
  assert.deepEqual(await r.refused("PATCH /monitors/prices", { service: "prices" }), [403, undefined]);
});

test("a check that nobody can run now is refused in words", async () => {
  await using r = await routes();
  await r.ok("POST /monitors", HOME);
  assert.deepEqual(await r.refused("POST /monitors/home/check"), [503, undefined]);
  assert.deepEqual(await r.refused("POST /monitors/try", { kind: "http", url: "nonsense" }), [422, "/url"]);
  assert.deepEqual(await r.refused("POST /monitors/try", { kind: "http", url: HOME.url }), [503, undefined]);
});

test("a range that is turned round, too long or no time is refused at its field", async () => {
  await using r = await routes();
  await r.ok("POST /monitors", HOME);
  for (const query of [
    "?from=2026-11-23T09:00:00Z&to=2026-11-23T08:00:00Z",
    "?from=2024-01-01T00:00:00Z&to=2026-11-23T08:00:00Z",
    "?from=yesterday",
  ])
    assert.deepEqual(await r.refused(`GET /monitors/home/series${query}`), [422, "/from"], query);
  assert.deepEqual(await r.refused("GET /monitors/home/days?time_zone=Mars/Olympus"), [422, "/time_zone"]);
  assert.equal((await r.ok("GET /monitors/home/days?days=7")).items.length, 7);
});
