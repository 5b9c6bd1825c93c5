import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, type World, world } from "../learn/fixtures/world.ts";
import { learnRoutes } from "../learn/routes.ts";
import { newId } from "../platform/ids.ts";
import { viewsRoutes } from "./routes.ts";

const open = () =>
  world((app, t) => {
    learnRoutes(app, t.platform);
    viewsRoutes(app, t.platform, {
      burning: async () => [],
      onCall: async () => [],
      coverage: () => ({ planned: 0, onTime: 0 }),
    });
  });

async function find(w: World, as: Person, q: string): Promise<string[]> {
  const answer = await w.call(`GET /search?${new URLSearchParams({ q })}`, as);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.items.map(({ type, title }: { type: string; title: string }) => `${type}: ${title}`);
}

test("everything is found by parts of its name, each kind with its address", async () => {
  await using w = await open();
  const ada = await w.person({ name: "Ada Shopkeeper", email: "ada@example.com" });
  const shop = await w.service("shop", { name: "Shop" });
  const monitor = await w.monitor(shop, "shop-home", { name: "Shop home" });
  const incident = await w.incident({ monitor, title: "Shop home is down" });
  await w.insert("schedules", {
    ...{ id: newId(w.t.clock), slug: "shop-primary", name: "Shop primary", time_zone: "Europe/Paris" },
    ...{ created_at: w.t.clock.now(), updated_at: w.t.clock.now() },
  });
  const made = await w.call("POST /postmortems", ada, { incidents: [incident.id] });
  const { body } = await w.call("GET /search?q=sho", ada);
  const at = "http://keepwatch.test";
  assert.deepEqual(
    body.items.map(({ type, title, subtitle, url }: Record<string, string>) => [type, title, subtitle, url]),
    [
      [
        "incident",
        `#${incident.number} Shop home is down`,
        "SEV2, resolved, Shop",
        `${at}/incidents/${incident.number}`,
      ],
      ["monitor", "Shop home", "up, Shop", `${at}/monitors/shop-home`],
      ["service", "Shop", "no team", `${at}/services/shop`],
      ["postmortem", "Shop home is down", "draft", `${at}/postmortems/${made.body.id}`],
      ["schedule", "Shop primary", "Europe/Paris", `${at}/oncall?schedule=shop-primary`],
      ["user", "Ada Shopkeeper", "ada@example.com", `${at}/settings?person=${ada.id}`],
    ],
  );
});

test("all words must be there, in any order; what begins so comes first; a number is an incident's", async () => {
  await using w = await open();
  const ada = await w.person({ name: "Ada", email: "ada@example.com" });
  const shop = await w.service("web", { name: "Web" });
  await w.monitor(shop, "a-checkout", { name: "A checkout page" });
  await w.monitor(shop, "checkout", { name: "Checkout 7" });
  const numbers: number[] = [];
  for (const title of ["first", "second", "1 more"])
    numbers.push((await w.incident({ title, monitor: null })).number);
  assert.deepEqual(await find(w, ada, "checkout"), ["monitor: Checkout 7", "monitor: A checkout page"]);
  assert.deepEqual(await find(w, ada, "page check"), ["monitor: A checkout page"]);
  assert.deepEqual(await find(w, ada, `#${numbers[1]}`), [`incident: #${numbers[1]} second`]);
  assert.deepEqual(await find(w, ada, `${numbers[0]}`), ["incident: #1 first", "incident: #3 1 more"]);
});

test("drafts and people who left are not found by readers, and anything may be typed", async () => {
  await using w = await open();
  const ada = await w.person({ name: "Ada" });
  const viewer = await w.person({ name: "Vi", role: "viewer" });
  const gone = await w.person({ name: "Gone Person" });
  await w.t.platform.db
    .updateTable("users")
    .set({ deactivated_at: w.t.clock.now() })
    .where("id", "=", gone.id)
    .execute();
  const incident = await w.incident({ title: "Queue stuck" });
  await w.call("POST /postmortems", ada, { incidents: [incident.id] });
  const both = ["incident: #1 Queue stuck", "postmortem: Queue stuck"];
  assert.deepEqual(await find(w, ada, "queue"), both);
  assert.deepEqual(await find(w, viewer, "queue"), both.slice(0, 1));
  assert.deepEqual(await find(w, viewer, "gone"), []);
  for (const q of ["", "   ", "%", "_", "\\", "'", "#", "99999999999", "é"])
    assert.deepEqual(await find(w, viewer, q), [], q);
  assert.equal((await w.call("GET /search?q=x")).status, 401);
});
