import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, type World, world } from "./fixtures/world.ts";
import { learnRoutes } from "./routes.ts";
import { searchTerms, segments } from "./search.ts";

const open = () => world((app, t) => learnRoutes(app, t.platform));

interface Piece {
  text: string;
  hit: boolean;
}
interface Row {
  id: string;
  title: string;
  match: Piece[] | null;
  actions: { done: number; total: number };
}

async function write(
  w: World,
  as: Person,
  options: { title: string; startedAt?: string; fields?: object; publish?: boolean; service?: string },
): Promise<string> {
  const service = options.service ? await w.service(options.service) : null;
  const incident = await w.incident({ title: options.title, startedAt: options.startedAt, service });
  const { body } = await w.call("POST /postmortems", as, { incidents: [incident.id] });
  const written = { headline: "It failed", sections: { causes: "Unclear.", lessons_well: "None." } };
  const patched = await w.call(`PATCH /postmortems/${body.id}`, as, { ...written, ...options.fields });
  assert.equal(patched.status, 200, JSON.stringify(patched.body));
  if (options.publish ?? true) await w.call(`POST /postmortems/${body.id}/publish`, as);
  return body.id;
}

async function find(w: World, as: Person, query: Record<string, string>): Promise<Row[]> {
  const answer = await w.call(`GET /postmortems?${new URLSearchParams(query)}`, as);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body.items;
}

const titles = (rows: readonly Row[]): string[] => rows.map(({ title }) => title);
const hits = (row: Row | undefined): string[] =>
  (row?.match ?? []).filter(({ hit }) => hit).map(({ text }) => text);

/** Three published postmortems and one draft. */
async function shelf(w: World) {
  const ada = await w.person({ name: "Ada" });
  const viewer = await w.person({ role: "viewer" });
  await write(w, ada, {
    title: "Database connections exhausted",
    startedAt: "2026-11-01T10:00:00Z",
    service: "shop",
    fields: {
      tags: ["postgres"],
      severity: "SEV1",
      sections: { causes: "The pool was **too small** for the sale.", lessons_well: "Paging worked." },
    },
  });
  await write(w, ada, {
    title: "Certificate expired",
    startedAt: "2026-11-10T10:00:00Z",
    service: "mail",
    fields: {
      tags: ["tls"],
      sections: {
        causes: "Renewal failed because the database of accounts was locked.",
        lessons_well: "x",
      },
    },
  });
  await write(w, ada, { title: "Checkout timeouts", startedAt: "2026-11-05T10:00:00Z" });
  const draft = await write(w, ada, {
    title: "Draft about databases",
    startedAt: "2026-11-20T10:00:00Z",
    publish: false,
  });
  return { ada, viewer, draft };
}

test("the library lists the newest first, drafts only to those who respond, page by page", async () => {
  await using w = await open();
  const { ada, viewer } = await shelf(w);
  assert.deepEqual(titles(await find(w, viewer, {})), [
    "Certificate expired",
    "Checkout timeouts",
    "Database connections exhausted",
  ]);
  assert.equal(titles(await find(w, ada, {}))[0], "Draft about databases");
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await w.call(`GET /postmortems?limit=2${cursor ? `&cursor=${cursor}` : ""}`, ada);
    seen.push(...titles(body.items));
    cursor = body.next;
  }
  assert.deepEqual(seen, titles(await find(w, ada, {})));
});

test("filters narrow it down by state, service, severity and tag, and refuse what can't be", async () => {
  await using w = await open();
  const { ada } = await shelf(w);
  assert.deepEqual(titles(await find(w, ada, { state: "draft,in_review" })), ["Draft about databases"]);
  assert.deepEqual(titles(await find(w, ada, { service: "shop" })), ["Database connections exhausted"]);
  assert.deepEqual(titles(await find(w, ada, { severity: "SEV1" })), ["Database connections exhausted"]);
  assert.deepEqual(titles(await find(w, ada, { tag: "tls" })), ["Certificate expired"]);
  const wrong = await w.call("GET /postmortems?severity=BAD", ada);
  assert.equal(wrong.status, 422);
  assert.match(wrong.body.detail, /"BAD" is not one of SEV1/);
});

test("a search finds words in any form, the title before the causes, and marks them in a passage", async () => {
  await using w = await open();
  const { viewer } = await shelf(w);
  const rows = await find(w, viewer, { q: "databases" });
  assert.deepEqual(titles(rows), ["Database connections exhausted", "Certificate expired"]);
  assert.deepEqual(hits(rows[1]), ["database"]);
  assert.match(rows[1]?.match?.map(({ text }) => text).join("") ?? "", /Renewal failed because the database/);
  assert.deepEqual(hits(rows[0]), ["Database"], "a hit in the title alone marks the title");
});

test("the last word may be unfinished, at every letter of it", async () => {
  await using w = await open();
  const { viewer } = await shelf(w);
  for (let length = 2; length <= "connections".length; length += 1) {
    const rows = await find(w, viewer, { q: `database ${"connections".slice(0, length)}` });
    assert.deepEqual(titles(rows), ["Database connections exhausted"], `${length} letters`);
    assert.ok(hits(rows[0]).length > 0, `${length} letters are marked`);
  }
});

test("quotes, minus and or mean what they mean elsewhere; tags are found; formatting is not shown", async () => {
  await using w = await open();
  const { viewer } = await shelf(w);
  assert.deepEqual(titles(await find(w, viewer, { q: "database -certificate" })), [
    "Database connections exhausted",
  ]);
  assert.deepEqual(titles(await find(w, viewer, { q: '"pool was too small"' })), [
    "Database connections exhausted",
  ]);
  assert.deepEqual(titles(await find(w, viewer, { q: "timeouts or expired" })).sort(), [
    "Certificate expired",
    "Checkout timeouts",
  ]);
  assert.deepEqual(titles(await find(w, viewer, { q: "postgres" })), ["Database connections exhausted"]);
  const [row] = await find(w, viewer, { q: "too small" });
  assert.ok(!row?.match?.some(({ text }) => text.includes("*")));
  assert.deepEqual(await find(w, viewer, { q: "nothing like it" }), []);
});

test("anything may be typed into the search", async () => {
  await using w = await open();
  const { viewer } = await shelf(w);
  for (const q of [
    "'",
    "\\",
    "a & b | !c",
    "(",
    ":*",
    "<script>",
    "%",
    "databa:*",
    '"',
    "-",
    "é ß 日本",
    "!!!",
  ])
    await find(w, viewer, { q });
});

test("search results come page by page without a repeat", async () => {
  await using w = await open();
  const ada = await w.person();
  for (let day = 1; day <= 5; day += 1)
    await write(w, ada, { title: `Queue stuck ${day}`, startedAt: `2026-11-0${day}T10:00:00Z` });
  const seen: string[] = [];
  for (let cursor: string | null = ""; cursor !== null; ) {
    const { body } = await w.call(
      `GET /postmortems?q=queue&limit=2${cursor ? `&cursor=${cursor}` : ""}`,
      ada,
    );
    seen.push(...titles(body.items));
    cursor = body.next;
  }
  assert.equal(new Set(seen).size, 5);
  assert.equal(seen.length, 5);
  assert.equal(seen[0], "Queue stuck 5", "of equals the newest is first");
});

test("an action item's words are found, and its progress is shown", async () => {
  await using w = await open();
  const { ada, viewer } = await shelf(w);
  const [row] = await find(w, viewer, { q: "certificate" });
  const item = { postmortem: row?.id, title: "Alert on renewal a fortnight ahead" };
  const made = await w.call("POST /action-items", ada, item);
  await w.call("POST /action-items", ada, { ...item, title: "Second" });
  await w.call(`PATCH /action-items/${made.body.id}`, ada, { state: "done" });
  const [found] = await find(w, viewer, { q: "fortnight" });
  assert.equal(found?.title, "Certificate expired");
  assert.deepEqual(hits(found), ["fortnight"]);
  assert.deepEqual(found?.actions, { done: 1, total: 2 });
});

test("terms are cut at the last word, unless the search syntax is used", () => {
  assert.deepEqual(searchTerms(" shop 502 "), { typed: "shop 502", prefix: { head: "shop ", last: "502" } });
  assert.deepEqual(searchTerms('"a b"')?.prefix, null);
  assert.equal(searchTerms(" ?! "), undefined);
});

test("segments take the first passage with a hit", () => {
  assert.deepEqual(segments(["none", "a \u0002b\u0003\n c"]), [
    { text: "a ", hit: false },
    { text: "b", hit: true },
    { text: " c", hit: false },
  ]);
  assert.equal(segments(["none", null]), null);
});
