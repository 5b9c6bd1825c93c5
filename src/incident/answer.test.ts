import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";
import type { Verb } from "../page/answer.ts";

/** Ada has been paged for incident #1 of the shop; `press` is her pressing a link of some round. */
async function paged() {
  const loop = await startLoop();
  const [ada, bo] = [await loop.person("ada"), await loop.person("bo")];
  await loop.policy("web", [
    ["ada", "5m"],
    ["bo", "5m"],
  ]);
  const shop = await loop.service("shop", "web", { runbook: { url: "https://example.com/runbook" } });
  await loop.trigger("home", {
    serviceId: shop.id,
    evidence: {
      expectations: [
        { what: "status", ok: false, wanted: "200–299", got: "502" },
        { what: "body", ok: true, wanted: "Add to basket", got: "Add to basket" },
      ],
      remote: "192.0.2.7:443",
      location: "local",
    },
  });
  await loop.settle();
  const [incident] = (await loop.ok("GET /incidents")).items;
  const press = (verb: Verb, person: { id: string }, round = 1) =>
    loop.answer.act({ subjectId: incident.id, personId: person.id, round, action: { verb }, via: "webhook" });
  return Object.assign(loop, { ada, bo, id: incident.id as string, press });
}

test("a pressed link acknowledges in the name of the person it was made for", async () => {
  await using loop = await paged();
  assert.deepEqual(await loop.press("acknowledge", loop.ada), { done: true, text: "Acknowledged." });
  const { items } = await loop.ok("GET /incidents/1/timeline");
  const { actor, data } = items.at(-1);
  assert.deepEqual([actor, data.how], [{ type: "link", name: "Ada" }, "webhook"]);
});

test("who presses later is told who has it, or that it is over", async () => {
  await using loop = await paged();
  await loop.press("acknowledge", loop.bo);
  assert.deepEqual(await loop.press("acknowledge", loop.ada), {
    done: false,
    text: "Already acknowledged by Bo.",
  });
  await loop.resolve("home");
  await loop.settle();
  for (const verb of ["acknowledge", "resolve", "escalate"] as const)
    assert.deepEqual(await loop.press(verb, loop.ada), {
      done: false,
      text: "Incident #1 is already resolved.",
    });
});

test("two who press in the same moment are told the truth: one has it, the other is told by whom", async () => {
  await using loop = await paged();
  const outcomes = await Promise.all([
    loop.press("acknowledge", loop.ada),
    loop.press("acknowledge", loop.bo),
  ]);
  const winner = outcomes[0].done ? "Ada" : "Bo";
  assert.deepEqual(outcomes.map(({ text }) => text).sort(), [
    "Acknowledged.",
    `Already acknowledged by ${winner}.`,
  ]);
  assert.equal((await loop.ok("GET /incidents/1")).acknowledged_by.name, winner);
});

test("a link of an earlier round still takes the incident on, but neither resolves nor escalates it", async () => {
  await using loop = await paged();
  await loop.ok("POST /incidents/1/escalate");
  for (const verb of ["resolve", "escalate"] as const)
    assert.deepEqual(await loop.press(verb, loop.ada), {
      done: false,
      text: "This link belongs to an earlier page; open the incident to act on it.",
    });
  const { status, round } = await loop.ok("GET /incidents/1");
  assert.deepEqual([status, round], ["triggered", 2]);
  assert.equal((await loop.press("acknowledge", loop.ada)).done, true);
});

test("a link of somebody who has left does nothing", async () => {
  await using loop = await paged();
  const { db, clock } = loop.t.platform;
  await db.updateTable("users").set({ deactivated_at: clock.now() }).where("id", "=", loop.ada.id).execute();
  await assert.rejects(loop.press("acknowledge", loop.ada), /no longer active/);
  assert.equal((await loop.ok("GET /incidents/1")).status, "triggered");
});

test("resolved by a link while it fails, it is looked at again five minutes later", async () => {
  await using loop = await paged();
  assert.equal((await loop.press("resolve", loop.ada)).done, true);
  await loop.pass("5m");
  assert.equal((await loop.ok("GET /incidents/2")).follows.number, 1);
});

test("a page says what fails, by what evidence, since when, with the runbook and who else was paged", async () => {
  await using loop = await paged();
  await loop.pass("5m");
  const subject = await loop.answer.describe(loop.t.platform.db, loop.id, loop.ada.id);
  assert.deepEqual(subject.alerts[0]?.evidence, [
    "status: got 502, wanted 200–299",
    "answered by 192.0.2.7:443",
    "checked from local",
  ]);
  assert.equal(subject.alerts[0]?.reason, "[status] 502, wanted 200–299");
  assert.deepEqual(
    [subject.service?.slug, subject.runbook, subject.whoElse, String(subject.since)],
    ["shop", { url: "https://example.com/runbook" }, [{ name: "Bo", level: 2 }], "2026-11-23T09:00:00Z"],
  );
});

test("a page goes without what was seen before rather than late, or when looking fails", async () => {
  await using loop = await paged();
  const similar = {
    likeness: "same" as const,
    why: ["same monitor"],
    times: 1,
    problem: null,
    incident: {
      id: "0193c000-0000-7000-8000-000000000007",
      number: 7,
      title: "Shop home is down",
      url: "http://keepwatch.test/incidents/7",
      resolved_at: null,
    },
    postmortem: null,
    fix: "Restart the pool",
    open_actions: [],
  };
  const seen = async () => (await loop.answer.describe(loop.t.platform.db, loop.id, loop.ada.id)).similar;
  loop.enrich = { similar: async () => [similar] };
  assert.deepEqual(await seen(), [similar]);
  loop.enrich = { similar: () => Promise.reject(new Error("broken")) };
  assert.deepEqual(await seen(), []);
  loop.enrich = { similar: () => new Promise(() => {}) };
  const began = performance.now();
  assert.deepEqual(await seen(), []);
  assert.ok(performance.now() - began < 1_500);
});
