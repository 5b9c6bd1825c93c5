import assert from "node:assert/strict";
import { test } from "node:test";
import { type Actor, SYSTEM } from "../org/actor.ts";
import { type Person, type World, world } from "./fixtures/world.ts";
import { learnedOf } from "./links.ts";
import { firstParagraph } from "./paragraph.ts";
import { learnRoutes } from "./routes.ts";
import { similarIncidents } from "./similar.ts";

const open = () => world((app, t) => learnRoutes(app, t.platform));
const day = (date: number) => `2026-11-${String(date).padStart(2, "0")}T10:00:00Z`;
const enrich = ({ t: { platform } }: World) => ({
  similar: (input: { incidentId: string; viewer: Actor | null }) =>
    similarIncidents(platform.db, { ...input, url: platform.url, at: platform.clock.now() }),
});

async function shop(w: World) {
  const ada = await w.person({ name: "Ada" });
  const service = await w.service("shop", { name: "Shop" });
  const home = await w.monitor(service, "shop-home", { name: "Shop home" });
  const checkout = await w.monitor(service, "checkout", { name: "Checkout" });
  return { ada, service, home, checkout };
}

async function learned(w: World, as: Person, incident: { id: string }, publish = true) {
  const { body } = await w.call("POST /postmortems", as, { incidents: [incident.id] });
  await w.call(`PATCH /postmortems/${body.id}`, as, {
    title: "The pool was too small",
    sections: {
      causes: "x",
      lessons_well: "y",
      resolution: "Raised `max_connections` to **200**.\n\nLater more.",
    },
  });
  await w.call("POST /action-items", as, {
    postmortem: body.id,
    title: "Watch the pool",
    due: "2026-12-01",
  });
  if (publish) await w.call(`POST /postmortems/${body.id}/publish`, as);
  return body.id as string;
}

test("the same monitor with the same cause was seen before: what fixed it, and what is still open", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const earlier = await w.incident({ monitor: home, startedAt: day(1), title: "Down in the sale" });
  const postmortem = await learned(w, ada, earlier);
  const now = await w.incident({ monitor: home, startedAt: day(20), resolvedAt: null });
  const [seen, ...others] = await enrich(w).similar({ incidentId: now.id, viewer: ada });
  assert.deepEqual(others, []);
  assert.deepEqual(
    { ...seen, open_actions: seen?.open_actions.map(({ title, due }) => ({ title, due })) },
    {
      likeness: "same",
      why: ["the monitor Shop home failed then too", "with the same cause, status:502"],
      times: 1,
      problem: null,
      incident: {
        id: earlier.id,
        number: earlier.number,
        title: "Down in the sale",
        url: `http://keepwatch.test/incidents/${earlier.number}`,
        resolved_at: "2026-11-01T10:12:00Z",
      },
      postmortem: {
        title: "The pool was too small",
        url: `http://keepwatch.test/postmortems/${postmortem}`,
      },
      fix: "Raised max_connections to 200.",
      open_actions: [{ title: "Watch the pool", due: "2026-12-01" }],
    },
  );
  assert.ok(seen?.open_actions[0]?.url.startsWith(`http://keepwatch.test/postmortems/${postmortem}#action-`));
});

test("the same cause seen by another monitor is alike; another failure of the same monitor is nothing to go by", async () => {
  await using w = await open();
  const { ada, home, checkout } = await shop(w);
  await w.incident({ monitor: home, cause: "timeout:connect", reason: "no connection", startedAt: day(1) });
  await w.incident({
    monitor: checkout,
    cause: "status:502",
    reason: "bad gateway of pool a",
    startedAt: day(2),
  });
  await w.incident({ monitor: checkout, cause: "dns:nxdomain", reason: "no such name", startedAt: day(3) });
  const now = await w.incident({ monitor: home, reason: "bad gateway of pool a", startedAt: day(20) });
  const seen = await enrich(w).similar({ incidentId: now.id, viewer: ada });
  assert.deepEqual(seen, [], "one monitor's word about another's failure is not enough by itself");
  const again = await w.incident({ monitor: home, reason: "bad gateway of pool b", startedAt: day(21) });
  const [alike, ...others] = await enrich(w).similar({ incidentId: again.id, viewer: ada });
  assert.deepEqual(
    [alike?.likeness, ...(alike?.why ?? [])],
    ["alike", "the monitor Shop home failed then too", "with the same cause, status:502"],
  );
  assert.deepEqual(others, []);
});

test("what failed alike several times is shown once, the newest, with how often; never itself, nor what came later", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const at = async (date: number) => (await w.incident({ monitor: home, startedAt: day(date) })).number;
  await at(1);
  await at(2);
  const third = await at(3);
  const now = await w.incident({ monitor: home, startedAt: day(10) });
  await at(12);
  const seen = await enrich(w).similar({ incidentId: now.id, viewer: ada });
  assert.deepEqual(
    seen.map(({ incident, times }) => [incident.number, times]),
    [[third, 3]],
  );
});

test("what never happened before is not made up", async () => {
  await using w = await open();
  const { ada, home, checkout } = await shop(w);
  await w.incident({ monitor: checkout, cause: "", startedAt: day(1) });
  const other = await w.service("mail");
  await w.incident({ monitor: await w.monitor(other, "mail-home"), startedAt: day(2) });
  const now = await w.incident({ monitor: home, cause: "", startedAt: day(20) });
  assert.deepEqual(await enrich(w).similar({ incidentId: now.id, viewer: ada }), []);
  const unknown = "0193c000-0000-7000-8000-0000000000ff";
  assert.deepEqual(await enrich(w).similar({ incidentId: unknown, viewer: SYSTEM }), []);
});

test("a draft's fix stays with the draft, but its open promises are told to whoever is paged", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const viewer = await w.person({ role: "viewer" });
  await learned(w, ada, await w.incident({ monitor: home, startedAt: day(1) }), false);
  const now = await w.incident({ monitor: home, startedAt: day(20) });
  for (const [who, promises] of [
    [ada, 1],
    [null, 1],
    [viewer, 0],
  ] as const) {
    const [seen] = await enrich(w).similar({ incidentId: now.id, viewer: who });
    assert.equal(seen?.postmortem, null);
    assert.equal(seen?.fix, null);
    assert.equal(seen?.open_actions.length, promises);
  }
});

test("of a team's own service only the team learns; a page carries what the company may read", async () => {
  await using w = await open();
  const hr = await w.team("hr");
  const member = await w.person({ teams: [hr] });
  const stranger = await w.person();
  const service = await w.service("payroll", { team: hr, visibility: "team" });
  const monitor = await w.monitor(service, "payroll-home");
  await learned(w, member, await w.incident({ monitor, startedAt: day(1) }));
  const now = await w.incident({ monitor, startedAt: day(20) });
  const similar = (viewer: Person | null) => enrich(w).similar({ incidentId: now.id, viewer });
  assert.equal((await similar(member))[0]?.fix, "Raised max_connections to 200.");
  assert.deepEqual(await similar(stranger), []);
  const [paged] = await similar(null);
  assert.deepEqual([paged?.postmortem, paged?.fix, paged?.open_actions], [null, null, []]);
});

test("an incident's page knows its postmortem", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const [with_, without] = [await w.incident({ monitor: home }), await w.incident({ monitor: null })];
  const id = await learned(w, ada, with_, false);
  const links = await learnedOf(w.t.platform.db, [with_.id, without.id], w.t.platform.url);
  const url = `http://keepwatch.test/postmortems/${id}`;
  assert.deepEqual(links.get(with_.id), {
    postmortem: { id, title: "The pool was too small", state: "draft", url },
    problem: null,
  });
  assert.deepEqual(links.get(without.id), { postmortem: null, problem: null });
});

for (const [markdown, expected] of [
  ["", null],
  ["\n\n", null],
  ["Restarted it.\n\nThen more.", "Restarted it."],
  ["## Fix\n\n1. Raise `max_connections`\n2. **Deploy** [it](http://x)", "Raise max_connections Deploy it"],
  ["## Fix\nRolled back.", "Rolled back."],
  ["a \\*star\\* and snake_case_name", "a *star* and snake_case_name"],
] as const)
  test(`the first paragraph of ${JSON.stringify(markdown)} is ${expected}`, () => {
    assert.equal(firstParagraph(markdown), expected);
  });
