import assert from "node:assert/strict";
import { test } from "node:test";
import { serve } from "../../../test/support/loop.ts";
import { testPlatform } from "../../../test/support/platform.ts";
import { createService } from "../../catalog/services.ts";
import { by } from "../../org/actor.ts";
import { createTeam } from "../../org/teams.ts";
import { json } from "../../platform/database/tables.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { checkNowWith } from "../check-now.ts";
import { monitorRoutes } from "../routes.ts";
import { badgeRoutes } from "./badge-routes.ts";
import { monitorMetrics } from "./exposition.ts";

/** A monitor "home" of the company and one "safe" of a team's own, both up; Root may see both, Vera the first. */
async function watched() {
  await using stack = new AsyncDisposableStack();
  const t = stack.use(await testPlatform());
  const { platform } = t;
  const { app, call } = await serve((api) => {
    monitorRoutes(
      api,
      platform,
      checkNowWith(platform, () => undefined),
    );
    badgeRoutes(api, platform);
  }, platform.url);
  stack.defer(() => app.close());
  const root = await t.user({ name: "Root", role: "admin" });
  const vera = await t.user({ name: "Vera", role: "viewer" });
  await inTransaction(platform.db, (tx) =>
    createTeam(tx, by(platform, root), { slug: "keepers", name: "Keepers", members: [], leads: [] }),
  );
  for (const [slug, visibility] of [
    ["home", "company"],
    ["safe", "team"],
  ] as const) {
    await inTransaction(platform.db, (tx) =>
      createService(tx, by(platform, root), { slug, name: slug, visibility, team: "keepers" }),
    );
    await call("POST /monitors", root, {
      slug,
      name: slug,
      kind: "http",
      service: slug,
      url: "http://192.0.2.1/",
    });
  }
  const at = t.clock.now();
  const timings = { dns: null, connect: 2, tls: null, first_byte: 40, transfer: 1, total: 43 };
  const check = { at: at.toString(), status: "up", reason: "", cause: "ok", timings, evidence: null };
  await platform.db
    .updateTable("monitors")
    .set({ status: "up", status_since: at, last_check: json(check) })
    .execute();
  const { id } = await platform.db
    .selectFrom("monitors")
    .select("id")
    .where("slug", "=", "home")
    .executeTakeFirstOrThrow();
  await platform.db
    .insertInto("check_results")
    .values({ monitor_id: id, at, status: "up", ...columns(timings) })
    .execute();
  const opened = stack.move();
  return { t, call, root, vera, id, [Symbol.asyncDispose]: () => opened.disposeAsync() };
}

const columns = (timings: Record<string, number | null>) =>
  Object.fromEntries(Object.entries(timings).map(([phase, ms]) => [`${phase}_ms`, ms])) as Record<
    "dns_ms" | "connect_ms" | "tls_ms" | "first_byte_ms" | "transfer_ms" | "total_ms",
    number | null
  >;

test("a badge is seen by whoever has its address, and by nobody who guesses", async () => {
  await using w = await watched();
  const { items } = (await w.call("GET /monitors/home/badges", w.vera)).body;
  assert.deepEqual(
    items.map(({ name }: { name: string }) => name),
    ["status", "uptime-24h", "uptime-30d", "response"],
  );
  const pathOf = (url: string) => url.replace(w.t.platform.url, "");
  const [status] = items;
  assert.equal(status.markdown, `![home](${status.url})`);
  const shown = await w.call(`GET ${pathOf(status.url)}?label=Shop`);
  assert.equal(shown.status, 200);
  assert.match(shown.body, /aria-label="Shop: up"/);
  assert.equal((await w.call(`GET /badge/${w.id}/${"A".repeat(22)}/status.svg`)).status, 404);
  assert.equal((await w.call(`GET ${pathOf(status.url).replace("status", "secrets")}`)).status, 404);
  assert.equal((await w.call("GET /monitors/safe/badges", w.vera)).status, 404);
});

test("single checks come as CSV", async () => {
  await using w = await watched();
  const csv = await w.call(`GET /monitors/home/checks.csv?to=${w.t.clock.now().add({ seconds: 1 })}`, w.vera);
  assert.equal(csv.status, 200);
  assert.match(csv.body, /^at,status,total_ms,.*\r\n\S+Z,up,43,,2,,40,1,\r\n$/);
});

test("Prometheus reads each monitor that its token may see, by the blackbox exporter's names", async () => {
  await using w = await watched();
  const text = await monitorMetrics(w.t.platform.db, w.vera);
  const labels = 'monitor="home",kind="http",service="home"';
  for (const line of [
    `probe_success{${labels}} 1`,
    `probe_duration_seconds{${labels}} 0.043`,
    `probe_phase_duration_seconds{${labels},phase="processing"} 0.04`,
    `keepwatch_monitor_status{${labels},status="up"} 1`,
    `keepwatch_monitor_status{${labels},status="down"} 0`,
  ])
    assert.ok(text.split("\n").includes(line), `${line} in\n${text}`);
  assert.doesNotMatch(text, /safe/);
  assert.match(await monitorMetrics(w.t.platform.db, w.root), /monitor="safe"/);
});
