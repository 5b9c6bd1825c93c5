import assert from "node:assert/strict";
import { test } from "node:test";
import { type Loop, startLoop } from "../../test/support/loop.ts";
import { updatePolicy } from "../oncall/policies.ts";

async function declared(loop: Loop) {
  const [ada, bo, cy] = [await loop.person("ada"), await loop.person("bo"), await loop.person("cy")];
  const levels: [string, string][] = [
    ["ada", "5m"],
    ["bo", "5m"],
  ];
  await loop.policy("web", levels);
  await loop.ok("POST /incidents", ada, { title: "Checkout hangs", escalation_policy: "web" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  return { ada, bo, cy };
}

const answers = (incident: { responders: { person: { name: string }; answer: string | null }[] }) =>
  incident.responders.map(({ person, answer }) => `${person.name} ${answer}`);

test("people asked for help are paged at once, and the escalation goes on as it would have", async () => {
  await using loop = await startLoop();
  const { ada } = await declared(loop);
  await loop.pass("2m");
  const users = ["cy@example.com"];
  const asked = await loop.ok("POST /incidents/1/responders", ada, {
    users,
    message: "the database is full",
  });
  assert.deepEqual([asked.round, asked.next_escalation.level, answers(asked)], [1, 2, ["Cy null"]]);
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["cy"]);
  assert.equal(loop.hooks.heard.at(-1)?.page.reason, "asked for help by Ada: the database is full");
  assert.equal((await loop.timeline(1)).at(-1), "responders_asked: Asked Cy for help: the database is full");
  await loop.pass("3m");
  assert.deepEqual(loop.hooks.paged(), ["bo"], "level 2, when it was due anyway");
});

test("somebody else's acknowledgement doesn't silence who was asked; each answers for themselves", async () => {
  await using loop = await startLoop();
  const { ada, bo, cy } = await declared(loop);
  await loop.ok("POST /incidents/1/acknowledge", ada);
  await loop.ok("POST /incidents/1/responders", ada, { users: ["bo@example.com", "cy@example.com"] });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged().sort(), ["bo", "cy"], "although it is acknowledged");
  const helping = await loop.ok("POST /incidents/1/acknowledge", bo);
  assert.deepEqual(answers(helping), ["Bo accepted", "Cy null"], "to acknowledge is to say yes");
  const declined = await loop.ok("POST /incidents/1/responders/answer", cy, { answer: "declined" });
  assert.deepEqual(answers(declined), ["Bo accepted", "Cy declined"]);
  assert.equal(declined.acknowledged_by.name, "Ada");
  assert.deepEqual((await loop.timeline(1)).slice(-2), [
    "responder_answered: Bo is helping",
    "responder_answered: Cy can't help",
  ]);
  const again = await loop.ok("POST /incidents/1/responders", bo, { users: ["cy@example.com"] });
  assert.deepEqual(answers(again).sort(), ["Bo accepted", "Cy null"]);
  await loop.pass("30s");
  assert.deepEqual(loop.hooks.paged(), ["cy"], "asked again, paged again");
});

test("who is nobody is refused where it stands; so is asking for help with what is over, and an answer nobody asked for", async () => {
  await using loop = await startLoop();
  const { ada, bo } = await declared(loop);
  const ask = (body: object) => loop.call("POST /incidents/1/responders", ada, body);
  const wrong = await ask({ users: ["ada@example.com", "boo@example.com"], schedules: ["web"] });
  assert.deepEqual(
    [wrong.status, wrong.body.errors.map((each: { pointer: string }) => each.pointer)],
    [422, ["/users/1", "/schedules/0"]],
  );
  await loop.team("empty");
  const empty = await ask({ teams: ["empty"] });
  assert.deepEqual([empty.status, empty.body.errors[0].pointer], [422, "/teams/0"]);
  assert.equal((await ask({})).status, 422);
  const unasked = await loop.call("POST /incidents/1/responders/answer", bo, { answer: "accepted" });
  assert.equal(unasked.status, 409);
  await loop.ok("POST /incidents/1/resolve", ada);
  assert.equal((await ask({ users: ["bo@example.com"] })).status, 409);
});

test("an incident shows the policy as it follows it, and what has been changed in it since", async () => {
  await using loop = await startLoop();
  const { ada } = await declared(loop);
  const before = await loop.ok("GET /incidents/1/policy", ada);
  assert.deepEqual(before.lines, [
    "Level 1: Ada, wait 5 min",
    "Level 2: Bo, wait 5 min",
    "Then no further run",
    "Fallback: the administrators",
  ]);
  assert.deepEqual([before.copied_at, before.changes], ["2026-11-23T09:00:00Z", []]);
  await loop.pass("1m");
  const levels = [{ targets: [{ user: "cy@example.com" }], wait: "5m" }];
  await loop.verb((tx, by) => updatePolicy(tx, by, { slug: "web", levels, repeat: 1 }));
  const after = await loop.ok("GET /incidents/1/policy", ada);
  assert.deepEqual(after.lines, before.lines);
  assert.deepEqual(after.changes, [
    "Level 1: it was Ada, wait 5 min; it is Cy, wait 5 min",
    "Level 2 is gone; it was Bo, wait 5 min",
    "Then: it was no further run; it is 1 further run",
  ]);
});
