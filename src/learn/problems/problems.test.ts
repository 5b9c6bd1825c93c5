import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "../../org/actor.ts";
import { type Person, type World, world } from "../fixtures/world.ts";
import { learnRoutes } from "../routes.ts";
import { similarIncidents } from "../similar.ts";

const open = () => world((app, t) => learnRoutes(app, t.platform));
const day = (date: number) => `2026-11-${String(date).padStart(2, "0")}T10:00:00Z`;

async function shop(w: World) {
  const ada = await w.person({ name: "Ada" });
  const service = await w.service("shop", { name: "Shop" });
  const home = await w.monitor(service, "shop-home", { name: "Shop home" });
  return { ada, service, home };
}

async function promised(w: World, as: Person, incident: { id: string }) {
  const { body } = await w.call("POST /postmortems", as, { incidents: [incident.id] });
  await w.call(`PATCH /postmortems/${body.id}`, as, { title: "The pool was too small" });
  const action = await w.call("POST /action-items", as, {
    postmortem: body.id,
    title: "Watch the pool",
    owner: as.email,
    due: "2026-11-10",
    guard: { monitor: "shop-home" },
  });
  return { postmortem: body.id as string, action: action.body.id as string };
}

const say = (w: World, as: Actor, [incident, other]: [string, string], verdict: string) =>
  w.call(`POST /incidents/${incident}/likeness`, as, { other, verdict });

test("one click says that it is the same failure: both are of one problem, the later one is its repeat", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const first = await w.incident({ monitor: home, startedAt: day(1) });
  const { action } = await promised(w, ada, first);
  const again = await w.incident({ monitor: home, startedAt: day(15) });
  assert.equal((await say(w, ada, [again.id, first.id], "same_cause")).status, 204);
  const { items } = (await w.call("GET /problems", ada)).body;
  assert.equal(items.length, 1);
  assert.deepEqual(
    [items[0].title, items[0].incidents, items[0].repeats, items[0].open_actions, items[0].state],
    ["The pool was too small", 2, 1, 1, "fix_promised"],
  );
  const problem = (await w.call(`GET /problems/${items[0].number}`, ada)).body;
  assert.deepEqual(
    problem.occurrences.map(
      (each: { incident: { number: number }; repeat: boolean; open_actions: { title: string }[] }) => [
        each.incident.number,
        each.repeat,
        each.open_actions.map(({ title }) => title),
      ],
    ),
    [
      [again.number, true, ["Watch the pool"]],
      [first.number, false, []],
    ],
    "what had been promised and not done is remembered with the repeat",
  );
  const item = (await w.call("GET /action-items", ada)).body.items[0];
  assert.deepEqual([item.id, item.priority], [action, "high"], "what was promised is urgent now");
});

test("a fix that was called done is open again when its guard fails in a repeat, and the problem with it", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const first = await w.incident({ monitor: home, startedAt: day(1) });
  const { action } = await promised(w, ada, first);
  assert.equal((await w.call(`PATCH /action-items/${action}`, ada, { state: "done" })).status, 200);
  const second = await w.incident({ monitor: home, startedAt: day(8) });
  await say(w, ada, [second.id, first.id], "same_cause");
  const item = (await w.call("GET /action-items", ada)).body.items[0];
  assert.deepEqual([item.state, item.priority, item.closed_at], ["open", "high", null]);
  const [problem] = (await w.call("GET /problems", ada)).body.items;
  assert.equal(problem.state, "fix_promised");
});

test("three incidents named in any order have one first; taking one out counts again", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const [a, b, c] = [
    await w.incident({ monitor: home, startedAt: day(1) }),
    await w.incident({ monitor: home, startedAt: day(2) }),
    await w.incident({ monitor: home, startedAt: day(3) }),
  ];
  await say(w, ada, [c.id, b.id], "same_cause");
  await say(w, ada, [b.id, a.id], "same_cause");
  const repeats = async () => {
    const [summary] = (await w.call("GET /problems", ada)).body.items;
    const { occurrences } = (await w.call(`GET /problems/${summary.number}`, ada)).body;
    return occurrences.map((each: { incident: { number: number }; repeat: boolean }) => [
      each.incident.number,
      each.repeat,
    ]);
  };
  assert.deepEqual(await repeats(), [
    [c.number, true],
    [b.number, true],
    [a.number, false],
  ]);
  await say(w, ada, [c.id, a.id], "same_symptom");
  assert.deepEqual(await repeats(), [
    [b.number, true],
    [a.number, false],
  ]);
});

test("what was called unrelated isn't suggested any more; the same symptom with another cause is alike at most", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const first = await w.incident({ monitor: home, startedAt: day(1) });
  const now = await w.incident({ monitor: home, startedAt: day(5) });
  const { platform } = w.t;
  const seen = async () =>
    (
      await similarIncidents(platform.db, {
        ...{ incidentId: now.id, viewer: ada, url: platform.url },
        at: platform.clock.now(),
      })
    ).map(({ likeness }) => likeness);
  assert.deepEqual(await seen(), ["same"]);
  await say(w, ada, [now.id, first.id], "same_symptom");
  assert.deepEqual(await seen(), ["alike"]);
  await say(w, ada, [now.id, first.id], "unrelated");
  assert.deepEqual(await seen(), []);
  await say(w, ada, [now.id, first.id], "same_cause");
  assert.deepEqual(await seen(), ["same"], "the last word counts");
});

test("why again has five honest answers, and only a repeat has to give one", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const first = await w.incident({ monitor: home, startedAt: day(1) });
  const again = await w.incident({ monitor: home, startedAt: day(15) });
  await say(w, ada, [again.id, first.id], "same_cause");
  const answer = { why_again: "not_done", text: "It was moved to the next quarter." };
  assert.equal((await w.call(`PUT /incidents/${again.id}/why-again`, ada, answer)).status, 204);
  const refused = await w.call(`PUT /incidents/${first.id}/why-again`, ada, answer);
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/why_again"]);
  assert.equal(
    (await w.call(`PUT /incidents/${again.id}/why-again`, ada, { why_again: "bad luck" })).status,
    422,
  );
});

test("a repeat's postmortem is published only once somebody has said why it happened again", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const first = await w.incident({ monitor: home, startedAt: day(1) });
  const again = await w.incident({ monitor: home, startedAt: day(15) });
  await say(w, ada, [again.id, first.id], "same_cause");
  const { body } = await w.call("POST /postmortems", ada, { incidents: [again.id] });
  const sections = { causes: "x", lessons_well: "y" };
  await w.call(`PATCH /postmortems/${body.id}`, ada, { headline: "Down again.", sections });
  const refused = await w.call(`POST /postmortems/${body.id}/publish`, ada);
  assert.deepEqual([refused.status, refused.body.errors[0].pointer], [422, "/incidents"]);
  await w.call(`PUT /incidents/${again.id}/why-again`, ada, { why_again: "regressed" });
  assert.equal((await w.call(`POST /postmortems/${body.id}/publish`, ada)).status, 200);
});

test("a risk is accepted only with a reason; two problems that are one are merged", async () => {
  await using w = await open();
  const { ada, home } = await shop(w);
  const [a, b] = [
    await w.incident({ monitor: home, startedAt: day(1), title: "One" }),
    await w.incident({ monitor: home, startedAt: day(2), title: "Two" }),
  ];
  const one = (await w.call("POST /problems", ada, { incident: a.id, cause: "capacity" })).body;
  const two = (await w.call("POST /problems", ada, { incident: b.id })).body;
  const silent = await w.call(`PATCH /problems/${one.number}`, ada, { state: "accepted_risk" });
  assert.equal(silent.body.errors[0].pointer, "/accepted_because");
  const accepted = { state: "accepted_risk", accepted_because: "The vendor ends it in May." };
  assert.equal((await w.call(`PATCH /problems/${one.number}`, ada, accepted)).body.state, "accepted_risk");
  const merged = (await w.call(`POST /problems/${two.number}/merge`, ada, { into: one.number })).body;
  assert.deepEqual([merged.number, merged.incidents, merged.cause], [one.number, 2, "capacity"]);
  assert.equal((await w.call(`GET /problems/${two.number}`, ada)).status, 404);
});

test("of a team's own service only the team sees the problem, its incidents and its counts", async () => {
  await using w = await open();
  const team = await w.team("web");
  const ada = await w.person({ name: "Ada", teams: [team] });
  const eve = await w.person({ name: "Eve" });
  const secret = await w.service("payroll", { team, visibility: "team" });
  const incident = await w.incident({ monitor: await w.monitor(secret, "payroll-home") });
  const made = (await w.call("POST /problems", ada, { incident: incident.id })).body;
  assert.deepEqual((await w.call("GET /problems", eve)).body.items, []);
  assert.equal((await w.call(`GET /problems/${made.number}`, eve)).status, 404);
  assert.equal((await say(w, eve, [incident.id, incident.id], "unrelated")).status, 422);
  const other = await w.incident({ monitor: null });
  assert.equal((await say(w, eve, [other.id, incident.id], "same_cause")).status, 404);
  const viewer = await w.person({ name: "Vi", role: "viewer", teams: [team] });
  assert.equal((await w.call(`PATCH /problems/${made.number}`, viewer, { title: "x" })).status, 403);
});
