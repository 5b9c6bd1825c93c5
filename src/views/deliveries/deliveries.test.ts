import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, serve, startLoop } from "../../../test/support/loop.ts";
import { encodeCursor } from "../../platform/http/cursor.ts";
import { deliveryRoutes } from "./routes.ts";

/** Pia is paged by two methods about what her team keeps to itself, Otto by one about something open to all. */
async function ledger() {
  const loop = await startLoop();
  const team = await loop.team("payments");
  const pia = await loop.person("pia", { team, methods: 2 });
  const otto = await loop.person("otto");
  await loop.policy("pay", [["pia", "5m"]]);
  await loop.policy("web", [["otto", "5m"]]);
  const cards = await loop.service("cards", "pay", { team: "payments", visibility: "team" });
  const shop = await loop.service("shop", "web");
  await loop.trigger("=cards", { serviceId: cards.id });
  await loop.settle();
  await loop.pass("1m");
  await loop.trigger("shop", { serviceId: shop.id });
  await loop.settle();
  const { app, call } = await serve((api) => deliveryRoutes(api, loop.t.platform), loop.t.platform.url);
  const get = async (query: string, as: Person = loop.root) => call(`GET /deliveries${query}`, as);
  const titles = async (query: string, as?: Person): Promise<string[]> =>
    (await get(query, as)).body.items.map((item: { incident: { title: string } }) => item.incident.title);
  return { loop, app, pia, otto, get, titles };
}

const [CARDS, SHOP] = ["=cards is down", "shop is down"];

test("the ledger lists what one may see: one's own, and what was sent about incidents open to one", async () => {
  const { loop, app, pia, otto, titles, get } = await ledger();
  await using _ = loop;
  await using _app = { [Symbol.asyncDispose]: () => app.close() };
  assert.deepEqual(new Set(await titles("")), new Set([SHOP, CARDS]));
  assert.deepEqual(new Set(await titles("", pia)), new Set([SHOP, CARDS]));
  assert.deepEqual(await titles("", otto), [SHOP]);
  assert.deepEqual(await titles("?incident=1", otto), []);
  assert.equal((await get("?person=pia@example.com", otto)).body.items.length, 0);
  const left = { ...pia, teams: [] };
  assert.equal((await titles("?incident=1", left))[0], CARDS, "what was sent to her stays hers to see");
  const csv = (await get(".csv", otto)).body as string;
  assert.equal(csv.includes("cards"), false);
});

test("the ledger is narrowed by person, channel, status, incident, time and words, each with its tries", async () => {
  const { loop, app, titles, get } = await ledger();
  await using _ = loop;
  await using _app = { [Symbol.asyncDispose]: () => app.close() };
  const [item] = (await get("?incident=2")).body.items;
  assert.deepEqual(
    [item.person.email, item.channel, item.status, item.attempts.length, item.attempts[0].outcome],
    ["otto@example.com", "webhook", "sent", 1, "accepted"],
  );
  for (const [query, wanted] of [
    ["?person=otto@example.com", [SHOP]],
    ["?channel=sms", []],
    ["?channel=webhook&incident=2", [SHOP]],
    ["?status=failed", []],
    ["?q=SHOP%20is", [SHOP]],
    ["?q=%25", []],
    [`?q=${encodeURIComponent(item.attempts[0].detail)}&incident=2`, [SHOP]],
    ["?from=2026-11-23T09:00:30Z&status=sent&incident=2", [SHOP]],
    ["?to=2026-11-23T09:00:30Z&incident=2", []],
    ["?provider_id=unheard-of", []],
  ] as const)
    assert.deepEqual(await titles(query), wanted, query);
  for (const query of ["?status=lost", "?incident=abc", "?from=yesterday", `?cursor=${encodeCursor(["a"])}`])
    assert.equal((await get(query)).status, 422, query);
  assert.equal((await get("?person=nobody@example.com")).status, 404);
  const csv: string = (await get(".csv?incident=1")).body;
  assert.match(csv, /^id,created_at,person,/);
  assert.match(csv, /'=cards is down/, "a title is no formula to a spreadsheet");
});

test("the ledger is read page by page, none twice and none left out", async () => {
  const { loop, app, get } = await ledger();
  await using _ = loop;
  await using _app = { [Symbol.asyncDispose]: () => app.close() };
  const all = (await get("")).body.items.map(({ id }: { id: string }) => id);
  const seen: string[] = [];
  let next: string | null = "";
  while (next !== null) {
    const { body } = await get(`?limit=1${next && `&cursor=${next}`}`);
    seen.push(...body.items.map(({ id }: { id: string }) => id));
    next = body.next;
  }
  assert.ok(all.length >= 2);
  assert.deepEqual(seen, all);
});
