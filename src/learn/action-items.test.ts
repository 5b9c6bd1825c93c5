import assert from "node:assert/strict";
import { test } from "node:test";
import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { type MadeMonitor, type Person, type World, world } from "./fixtures/world.ts";
import { replaceInActionItems, usesInActionItems } from "./people.ts";
import { learnRoutes } from "./routes.ts";

const open = () => world((app, t) => learnRoutes(app, t.platform));

async function postmortem(w: World) {
  const ada = await w.person({ name: "Ada", email: "ada@example.com" });
  const shop = await w.service("shop", { name: "Shop" });
  const monitor = await w.monitor(shop, "shop-home", { name: "Shop home", status: "down" });
  const incident = await w.incident({ monitor });
  const { body } = await w.call("POST /postmortems", ada, { incidents: [incident.id] });
  return { ada, monitor, id: body.id as string };
}

async function add(w: World, as: Person, item: object): Promise<{ id: string; state: string }> {
  const made = await w.call("POST /action-items", as, { title: "Fix it", ...item });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

const turn = (w: World, monitor: MadeMonitor, change: { status?: "up" | "down"; paused?: boolean }) =>
  w.t.platform.db
    .updateTable("monitors")
    .set({
      ...(change.status ? { status: change.status } : {}),
      paused_at: change.paused ? w.t.clock.now() : null,
    })
    .where("id", "=", monitor.id)
    .execute();

test("an action item has an owner, a due day and a guard, and is shown with its draft at once", async () => {
  await using w = await open();
  const { ada, id } = await postmortem(w);
  const made = await w.call("POST /action-items", ada, {
    postmortem: id,
    title: "Run migrations before the deploy",
    owner: "ADA@example.com",
    priority: "high",
    type: "prevent",
    due: "2026-12-01",
    guard: { monitor: "shop-home" },
  });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { id: item, created_at, owner, ...rest } = made.body;
  assert.equal(owner.name, "Ada");
  assert.equal(created_at, "2026-11-23T09:00:00Z");
  assert.deepEqual(rest, {
    title: "Run migrations before the deploy",
    priority: "high",
    type: "prevent",
    due: "2026-12-01",
    state: "open",
    reason: null,
    guard: { monitor: { slug: "shop-home", name: "Shop home", status: "down" } },
    postmortem: { id, title: "Shop home is down", url: `http://keepwatch.test/postmortems/${id}` },
    closed_at: null,
  });
  const shown = await w.call(`GET /postmortems/${id}`, ada);
  assert.deepEqual(
    shown.body.action_items.map((each: { id: string }) => each.id),
    [item],
  );
});

test("what can't be found is refused by its field", async () => {
  await using w = await open();
  const { ada, id } = await postmortem(w);
  const unknown = "0193c000-0000-7000-8000-0000000000ff";
  for (const [field, item] of [
    ["/postmortem", { postmortem: unknown }],
    ["/owner", { postmortem: id, owner: "nobody@example.com" }],
    ["/guard/monitor", { postmortem: id, guard: { monitor: "nope" } }],
    ["/title", { postmortem: id, title: "  " }],
  ] as const) {
    const answer = await w.call("POST /action-items", ada, { title: "Fix it", ...item });
    assert.equal(answer.status, 422, field);
    assert.equal(answer.body.errors[0].pointer, field);
  }
});

test("an item isn't done while its guard fails or is paused, and says which monitor and since when", async () => {
  await using w = await open();
  const { ada, id, monitor } = await postmortem(w);
  const item = await add(w, ada, { postmortem: id, guard: { monitor: "shop-home" } });
  const done = () => w.call(`PATCH /action-items/${item.id}`, ada, { state: "done" });
  const down = await done();
  assert.equal(down.status, 409);
  assert.match(down.body.detail, /^The monitor Shop home guards this item and is down since 2026-11-23/);
  await turn(w, monitor, { status: "up", paused: true });
  assert.match((await done()).body.detail, /is paused/);
  await turn(w, monitor, { status: "up" });
  const closed = await done();
  assert.equal(closed.status, 200);
  assert.equal(closed.body.state, "done");
  assert.equal(closed.body.closed_at, "2026-11-23T09:00:00Z");
  const reopened = await w.call(`PATCH /action-items/${item.id}`, ada, { state: "open" });
  assert.deepEqual([reopened.body.state, reopened.body.closed_at], ["open", null]);
});

test("dropping a promise needs a reason", async () => {
  await using w = await open();
  const { ada, id } = await postmortem(w);
  const item = await add(w, ada, { postmortem: id });
  const bare = await w.call(`PATCH /action-items/${item.id}`, ada, { state: "wont_do" });
  assert.equal(bare.status, 422);
  assert.equal(bare.body.errors[0].pointer, "/reason");
  const dropped = await w.call(`PATCH /action-items/${item.id}`, ada, {
    state: "wont_do",
    reason: "The service is switched off in May.",
  });
  assert.equal(dropped.body.state, "wont_do");
  assert.equal(dropped.body.reason, "The service is switched off in May.");
});

test("an owner who may otherwise only read can close their item; other readers can't", async () => {
  await using w = await open();
  const { ada, id } = await postmortem(w);
  const owner = await w.person({ role: "viewer", email: "owner@example.com" });
  const reader = await w.person({ role: "viewer" });
  const item = await add(w, ada, { postmortem: id, owner: "owner@example.com" });
  const done = (who: Person) => w.call(`PATCH /action-items/${item.id}`, who, { state: "done" });
  assert.equal((await done(owner)).status, 404, "a draft is not for readers");
  await w.call(`PATCH /postmortems/${id}`, ada, { sections: { causes: "x", lessons_well: "y" } });
  await w.call(`POST /postmortems/${id}/publish`, ada);
  assert.equal((await done(reader)).status, 403);
  assert.equal((await done(owner)).status, 200);
  assert.equal((await w.call(`DELETE /action-items/${item.id}`, owner)).status, 403);
  assert.equal((await w.call(`DELETE /action-items/${item.id}`, ada)).status, 204);
});

test("the list is the soonest due first, filtered by state, owner and postmortem, page by page", async () => {
  await using w = await open();
  const { ada, id } = await postmortem(w);
  const viewer = await w.person({ role: "viewer" });
  await add(w, ada, { postmortem: id, title: "someday" });
  await add(w, ada, { postmortem: id, title: "later", due: "2026-12-24" });
  await add(w, ada, { postmortem: id, title: "soon", due: "2026-12-01", owner: "ada@example.com" });
  const { id: dropped } = await add(w, ada, { postmortem: id, title: "dropped", due: "2026-11-30" });
  await w.call(`PATCH /action-items/${dropped}`, ada, { state: "wont_do", reason: "no" });
  const list = async (query: string, who = ada): Promise<string[]> =>
    (await w.call(`GET /action-items?${query}`, who)).body.items.map((item: { title: string }) => item.title);
  assert.deepEqual(await list(""), ["dropped", "soon", "later", "someday"]);
  assert.deepEqual(await list("state=open"), ["soon", "later", "someday"]);
  assert.deepEqual(await list("owner=me"), ["soon"]);
  assert.deepEqual(await list("owner=ada@example.com&state=open"), ["soon"]);
  assert.deepEqual(await list("owner=nobody&state=open"), ["later", "someday"]);
  assert.deepEqual(await list(`postmortem=${id}&state=done`), []);
  assert.deepEqual(await list("", viewer), [], "a draft's items are as hidden as the draft");
  const first = await w.call("GET /action-items?limit=3", ada);
  assert.equal(first.body.items.length, 3);
  assert.deepEqual(await list(`limit=3&cursor=${first.body.next}`), ["someday"]);
});

test("someone who leaves hands their open items on, or leaves them without an owner", async () => {
  await using w = await open();
  const { ada, id } = await postmortem(w);
  const bo = await w.person();
  const kept = await add(w, ada, { postmortem: id, title: "old", owner: ada.email });
  await w.call(`PATCH /action-items/${kept.id}`, ada, { state: "done" });
  const item = await add(w, ada, { postmortem: id, title: "Fix it", owner: ada.email, due: "2026-12-01" });
  const { db } = w.t.platform;
  assert.deepEqual(await usesInActionItems(db, ada.id), [
    {
      type: "action_item",
      slug: item.id,
      name: "Fix it",
      detail: "open action of “Shop home is down”, due 2026-12-01",
    },
  ]);
  const replace = (to: string | null, from = ada.id) =>
    inTransaction(db, (tx) => replaceInActionItems(tx, by(w.t.platform, SYSTEM), from, to));
  const ownerOf = async (each: { id: string }) =>
    (
      await db
        .selectFrom("action_items")
        .select("owner_id")
        .where("id", "=", each.id)
        .executeTakeFirstOrThrow()
    ).owner_id;
  await replace(bo.id);
  assert.equal(await ownerOf(item), bo.id);
  assert.equal(await ownerOf(kept), ada.id, "what is done stays under the name of who did it");
  await replace(null, bo.id);
  assert.equal(await ownerOf(item), null);
});
