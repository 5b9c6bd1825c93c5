import assert from "node:assert/strict";
import { test } from "node:test";
import { insertChecks, type Person, type World, world } from "./fixtures/world.ts";
import { learnRoutes } from "./routes.ts";

const open = () => world((app, t) => learnRoutes(app, t.platform));

/** The shop failed this morning: a monitor saw it, Ada was paged and acknowledged. */
async function morning(w: World) {
  const web = await w.team("web");
  const ada = await w.person({ name: "Ada", teams: [web] });
  const bo = await w.person({ name: "Bo" });
  const viewer = await w.person({ role: "viewer" });
  const shop = await w.service("shop", { name: "Shop", team: web });
  const monitor = await w.monitor(shop, "shop-home", { name: "Shop home" });
  await insertChecks(w, monitor, {
    from: "2026-11-23T06:30:22Z",
    everyMs: 60_000,
    states: Array.from({ length: 30 }, (_, minute) => (minute >= 7 && minute < 19 ? "down" : "up")),
  });
  await w.insert("monitor_transitions", {
    id: "0193c000-0000-7000-8000-000000000001",
    monitor_id: monitor.id,
    at: Temporal.Instant.from("2026-11-23T06:37:29Z"),
    from_status: "up",
    to_status: "down",
    reason: "[status] 502",
  });
  const incident = await w.incident({ monitor, paged: [ada] });
  return { ada, bo, viewer, shop, monitor, incident };
}

async function draft(w: World, as: Person, incident: { id: string }) {
  const made = await w.call("POST /postmortems", as, { incidents: [incident.id] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  return made.body;
}

const WRITTEN = {
  headline: "Nobody could buy anything for 12 minutes",
  sections: { causes: "A deploy without its migration.", lessons_poorly: "Nobody watches the migration." },
};

async function published(w: World, as: Person, incident: { id: string }) {
  const { id } = await draft(w, as, incident);
  w.t.clock.advance(1_000);
  await w.call(`PATCH /postmortems/${id}`, as, WRITTEN);
  w.t.clock.advance(1_000);
  const answer = await w.call(`POST /postmortems/${id}/publish`, as);
  assert.equal(answer.status, 200, JSON.stringify(answer.body));
  return answer.body;
}

test("a draft begins with everything that was recorded", async () => {
  await using w = await open();
  const { ada, incident, monitor } = await morning(w);
  const made = await draft(w, ada, incident);
  assert.equal(made.state, "draft");
  assert.equal(made.title, "Shop home is down");
  assert.equal(made.url, `http://keepwatch.test/postmortems/${made.id}`);
  assert.deepEqual(made.service, { slug: "shop", name: "Shop" });
  assert.equal(made.author.name, "Ada");
  assert.equal(made.can_edit, true);
  assert.deepEqual(
    made.incidents.map(({ number }: { number: number }) => number),
    [incident.number],
  );
  const { facts } = made;
  assert.equal(facts.duration_ms, 12 * 60_000);
  assert.deepEqual([facts.detect_ms, facts.acknowledge_ms, facts.resolve_ms], [7_000, 64_000, 713_000]);
  assert.deepEqual([facts.failed_checks, facts.total_checks], [12, 13]);
  assert.deepEqual(facts.paged, [{ name: "Ada", at: "2026-11-23T06:37:29Z", level: 1, answered: true }]);
  assert.deepEqual(
    facts.timeline.map(({ kind }: { kind: string }) => kind),
    ["began", "opened", "acknowledged", "resolved"],
  );
  assert.deepEqual(facts.charts[0].monitor, { slug: monitor.slug, name: "Shop home" });
  assert.equal(facts.charts[0].points.length, 30);
  assert.match(made.sections.summary, /^On 23 November 2026 Shop had a failure that lasted 12 min/);
  assert.match(made.sections.summary, /12 of 13 checks in that time failed/);
  assert.match(made.sections.detection, /confirmed at 06:37:29 UTC, 7 s later/);
  assert.match(made.sections.response, /- 06:37:29 UTC: Ada was paged \(level 1\) by email/);
  assert.equal(made.sections.causes, "");
});

test("an incident has one postmortem: asking again names it", async () => {
  await using w = await open();
  const { ada, bo, incident } = await morning(w);
  const made = await draft(w, ada, incident);
  const again = await w.call("POST /postmortems", bo, { incidents: [incident.id] });
  assert.equal(again.status, 409);
  assert.ok(again.body.detail.includes(made.url), again.body.detail);
});

test("two who start the same postmortem at once make one", async () => {
  await using w = await open();
  const { ada, bo, incident } = await morning(w);
  const answers = await Promise.all(
    [ada, bo, ada, bo].map((who) => w.call("POST /postmortems", who, { incidents: [incident.id] })),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [201, 409, 409, 409]);
});

test("an unknown incident is refused by its place in the list", async () => {
  await using w = await open();
  const { ada, incident } = await morning(w);
  const unknown = "0193c000-0000-7000-8000-0000000000ff";
  const answer = await w.call("POST /postmortems", ada, { incidents: [incident.id, unknown] });
  assert.equal(answer.status, 422);
  assert.equal(answer.body.errors[0].pointer, "/incidents/1");
});

test("the author writes, publishes, and every employee can read it", async () => {
  await using w = await open();
  const { ada, viewer, incident } = await morning(w);
  const { id } = await draft(w, ada, incident);
  assert.equal((await w.call(`GET /postmortems/${id}`, viewer)).status, 404);
  const changed = await w.call(`PATCH /postmortems/${id}`, ada, { ...WRITTEN, version: 1 });
  assert.equal(changed.status, 200);
  assert.equal(changed.body.version, 2);
  assert.equal(changed.body.sections.causes, WRITTEN.sections.causes);
  assert.match(changed.body.sections.summary, /had a failure/);
  const done = await w.call(`POST /postmortems/${id}/publish`, ada);
  assert.equal(done.body.state, "published");
  assert.equal(done.body.published_at, "2026-11-23T09:00:00Z");
  const read = await w.call(`GET /postmortems/${id}`, viewer);
  assert.equal(read.status, 200);
  assert.equal(read.body.headline, WRITTEN.headline);
  assert.equal(read.body.can_edit, false);
});

test("publishing names each thing that is missing, by its pointer", async () => {
  await using w = await open();
  const { ada, incident } = await morning(w);
  const { id } = await draft(w, ada, incident);
  await w.call(`PATCH /postmortems/${id}`, ada, { headline: " " });
  const answer = await w.call(`POST /postmortems/${id}/publish`, ada);
  assert.equal(answer.status, 422);
  assert.deepEqual(
    answer.body.errors.map(({ pointer }: { pointer: string }) => pointer),
    ["/headline", "/sections/causes", "/sections/lessons_well"],
  );
  assert.equal((await w.call(`GET /postmortems/${id}`, ada)).body.state, "draft");
});

test("a stale version is refused with who changed it, and nothing is lost", async () => {
  await using w = await open();
  const { ada, bo, incident } = await morning(w);
  const { id, version } = await draft(w, ada, incident);
  w.t.clock.advance(60_000);
  await w.call(`PATCH /postmortems/${id}`, bo, { sections: { causes: "Bo's words" }, version });
  const answer = await w.call(`PATCH /postmortems/${id}`, ada, {
    sections: { causes: "Ada's words" },
    version,
  });
  assert.equal(answer.status, 409);
  assert.match(answer.body.detail, /^Bo changed it at 09:01:00 UTC; it is at version 2 now/);
  assert.equal((await w.call(`GET /postmortems/${id}`, ada)).body.sections.causes, "Bo's words");
});

test("of two who save the same version at once, one wins and the other is told", async () => {
  await using w = await open();
  const { ada, bo, incident } = await morning(w);
  const { id, version } = await draft(w, ada, incident);
  const answers = await Promise.all(
    [ada, bo].map((who) => w.call(`PATCH /postmortems/${id}`, who, { headline: who.name, version })),
  );
  assert.deepEqual(answers.map(({ status }) => status).sort(), [200, 409]);
});

test("a published one can't be changed or thrown away until it is reopened", async () => {
  await using w = await open();
  const { ada, viewer, incident } = await morning(w);
  const { id } = await published(w, ada, incident);
  assert.equal((await w.call(`PATCH /postmortems/${id}`, ada, { title: "Other" })).status, 409);
  assert.equal((await w.call(`DELETE /postmortems/${id}`, ada)).status, 409);
  assert.equal((await w.call(`POST /postmortems/${id}/reopen`, viewer)).status, 403);
  const reopened = await w.call(`POST /postmortems/${id}/reopen`, ada);
  assert.equal(reopened.body.state, "draft");
  assert.equal((await w.call(`GET /postmortems/${id}`, viewer)).status, 404);
  assert.equal((await w.call(`PATCH /postmortems/${id}`, ada, { title: "Other" })).status, 200);
});

test("only the author, the team or an administrator throws a draft away", async () => {
  await using w = await open();
  const { ada, bo, incident } = await morning(w);
  const { id } = await draft(w, ada, incident);
  assert.equal((await w.call(`DELETE /postmortems/${id}`, bo)).status, 403);
  assert.equal((await w.call(`DELETE /postmortems/${id}`, ada)).status, 204);
  assert.equal((await w.call(`GET /postmortems/${id}`, ada)).status, 404);
  await draft(w, bo, incident);
});

test("facts read again know how it ended; what a person wrote stays", async () => {
  await using w = await open();
  const { ada, monitor } = await morning(w);
  const incident = await w.incident({ monitor, startedAt: "2026-11-23T08:50:00Z", resolvedAt: null });
  const made = await draft(w, ada, incident);
  assert.equal(made.facts.duration_ms, null);
  await w.call(`PATCH /postmortems/${made.id}`, ada, { sections: { impact: "Nobody could buy." } });
  const resolved = Temporal.Instant.from("2026-11-23T09:10:00Z");
  await w.t.platform.db
    .updateTable("incidents")
    .set({ status: "resolved", resolved_at: resolved })
    .where("id", "=", incident.id)
    .execute();
  w.t.clock.advance(30 * 60_000);
  const { body } = await w.call(`POST /postmortems/${made.id}/refresh`, ada);
  assert.equal(body.facts.duration_ms, 20 * 60_000);
  assert.equal(body.sections.impact, "Nobody could buy.");
  assert.match(body.sections.summary, /that lasted 20 min/);
  assert.equal(body.facts.charts[0].to, "2026-11-23T09:25:00Z");
});

test("a team's own incident makes a postmortem that only the team reads", async () => {
  await using w = await open();
  const hr = await w.team("hr");
  const member = await w.person({ teams: [hr] });
  const colleague = await w.person({ role: "viewer", teams: [hr] });
  const stranger = await w.person();
  const payroll = await w.service("payroll", { team: hr, visibility: "team" });
  const monitor = await w.monitor(payroll, "payroll-home");
  const incident = await w.incident({ monitor });
  assert.equal((await w.call("POST /postmortems", stranger, { incidents: [incident.id] })).status, 422);
  const { id, visibility } = await published(w, member, incident);
  assert.equal(visibility, "team");
  assert.equal((await w.call(`GET /postmortems/${id}`, colleague)).status, 200);
  assert.equal((await w.call(`GET /postmortems/${id}`, stranger)).status, 404);
  assert.equal((await w.call(`GET /postmortems/${id}.md`, stranger)).status, 404);
  const list = async (who: Person) => (await w.call("GET /postmortems", who)).body.items.length;
  assert.deepEqual([await list(member), await list(colleague), await list(stranger)], [1, 1, 0]);
});

test("what is done to a postmortem is written down, on the incident's timeline too, and told to open browsers", async () => {
  await using w = await open();
  const { ada, incident } = await morning(w);
  const waitingFor = new Set(["postmortem", "timeline", "incident"]);
  const heardAll = new Promise<void>((heard) => {
    w.t.platform.live.subscribe(({ type }) => {
      waitingFor.delete(type);
      if (waitingFor.size === 0) heard();
    });
  });
  const { id } = await published(w, ada, incident);
  const { db } = w.t.platform;
  const audits = await db
    .selectFrom("audit_entries")
    .select(["action", "actor_name", "after"])
    .where("object_id", "=", id)
    .orderBy("at")
    .execute();
  assert.deepEqual(
    audits.map(({ action }) => action),
    ["created", "updated", "published"],
  );
  assert.deepEqual(audits[1]?.after, {
    headline: WRITTEN.headline,
    sections: ["causes", "lessons_poorly"],
  });
  const entries = await db
    .selectFrom("timeline_entries")
    .select(["text"])
    .where("incident_id", "=", incident.id)
    .where("kind", "=", "postmortem")
    .orderBy("at")
    .execute();
  assert.deepEqual(
    entries.map(({ text }) => text),
    ["Postmortem started", "Postmortem published: Shop home is down"],
  );
  await heardAll;
});

test("a stranger is asked to sign in", async () => {
  await using w = await open();
  assert.equal((await w.call("GET /postmortems")).status, 401);
});
