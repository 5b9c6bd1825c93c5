import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";
import { simulateService } from "../oncall/simulation.ts";
import { updateUser } from "../org/people-changes.ts";
import { usableMethods } from "../page/contact-methods.ts";
import { acknowledge } from "./verbs.ts";

/** Ada alone on call; quiet from 22:00 to 07:00 on her clock in Paris. It is 23:00 there. */
async function night() {
  const loop = await startLoop({ at: "2026-11-23T22:00:00Z" });
  const ada = await loop.person("ada");
  const quiet_hours = [{ from: "22:00", to: "07:00" }];
  await loop.verb((tx, by) => updateUser(tx, by, { id: ada.id, time_zone: "Europe/Paris", quiet_hours }));
  await loop.policy("web", [["ada", "5m"]]);
  const service = await loop.service("wiki", "web");
  return Object.assign(loop, { ada, service });
}

test("a page of low urgency waits for the end of a person's quiet hours, and says so", async () => {
  await using loop = await night();
  await loop.trigger("disk", { serviceId: loop.service.id, urgency: "low" });
  await loop.settle();
  const [row] = await loop.t.platform.db.selectFrom("deliveries").select(["due_at", "reason"]).execute();
  assert.deepEqual(
    [row?.due_at.toString(), row?.reason],
    ["2026-11-24T06:00:00Z", "waits for the end of their quiet hours"],
  );
  await loop.pass("7h");
  assert.deepEqual(loop.hooks.paged(), []);
  await loop.pass("1h");
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
});

test("what was answered in the night is not sent in the morning", async () => {
  await using loop = await night();
  await loop.trigger("disk", { serviceId: loop.service.id, urgency: "low" });
  await loop.settle();
  const { id } = await loop.t.platform.db.selectFrom("incidents").select("id").executeTakeFirstOrThrow();
  await loop.verb((tx, by) => acknowledge(tx, by, { id, how: "the test" }), loop.ada);
  await loop.pass("9h");
  assert.deepEqual(loop.hooks.paged(), []);
});

test("high urgency wakes people in their quiet hours", async () => {
  await using loop = await night();
  await loop.trigger("site", { serviceId: loop.service.id, urgency: "high" });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
});

test("the simulator puts low urgency off to the same moment, and takes answers", async () => {
  await using loop = await night();
  const ask = (some: object) =>
    simulateService(loop.t.platform.db, loop.root, {
      ...{ service: "wiki", at: Temporal.Instant.from("2026-11-23T22:00:00Z"), time_zone: "UTC", hours: 12 },
      ...{ severity: "SEV3", labels: {}, answers: [], methodsOf: usableMethods },
      ...some,
    });
  const low = await ask({ urgency: "low" });
  assert.deepEqual(
    low.items.map(({ at, waits }) => [at, waits]),
    [["2026-11-24T06:00:00Z", "waits for the end of their quiet hours"]],
  );
  const answers = [{ person: "ada@example.com", does: "acknowledge", after: "3m" }];
  const high = await ask({ urgency: "high", answers });
  assert.deepEqual(
    high.items.map(({ at }) => at),
    ["2026-11-23T22:00:00Z"],
  );
  assert.deepEqual(
    high.answers.map(({ at, does }) => [at, does]),
    [["2026-11-23T22:03:00Z", "acknowledge"]],
  );
  await assert.rejects(ask({ answers: [{ ...answers[0], person: "ad@example.com" }] }), /ada@example.com/);
});
