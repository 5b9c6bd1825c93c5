import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";
import { updateUser } from "../org/people-changes.ts";
import { type PersonRecord, whyPaged } from "./why-paged.ts";

const at = "2026-11-23T09:00:00Z";
const clock = "2026-11-23 09:00 (UTC)";

const record = (some: Partial<PersonRecord>): PersonRecord => ({
  ...{ name: "Ada", timeZone: "UTC", openedAt: Temporal.Instant.from(at), pages: [], answeredAt: null },
  ...{ firstAnswer: null, policy: "Web", level: null, offDuty: [], verified: true, over: false },
  ...some,
});

type Delivery = PersonRecord["pages"][number]["deliveries"][number];
const failed: Delivery = {
  ...{ id: "d", method: "sms", channel: "sms", destination: "+33 …", purpose: "page", status: "failed" },
  ...{ reason: "no such number", due_at: at, sent_at: null, attempts: [] },
};

test("who wasn't paged reads why in a sentence: off duty, in no level, all methods failed, cancelled", () => {
  const page = (delivery: Partial<Delivery>, by?: string) => ({
    ...{ created_at: at, answered: by ? { at, by, how: "link" } : null },
    deliveries: [{ ...failed, ...delivery }],
  });
  for (const [some, sentence] of [
    [{ offDuty: ["Primary"] }, `Ada was not on call in Primary when it opened at ${clock}.`],
    [{}, "Ada is on no level of Web, the escalation policy that was used."],
    [{ policy: null }, "Ada was not paged: no escalation policy was used."],
    [{ pages: [page({})] }, "Ada was to be paged, but every contact method failed: sms (no such number)."],
    [
      { pages: [page({ status: "cancelled" }, "Bo")] },
      `Ada's page by sms was cancelled before it went out: Bo answered at ${clock}.`,
    ],
  ] as const)
    assert.deepEqual(whyPaged(record(some)), { paged: false, sentence });
});

test("an incident tells each person why they were paged, or not: who had it, whose level wasn't reached, who can't be reached", async () => {
  await using loop = await startLoop();
  const ada = await loop.person("ada");
  await loop.person("bo");
  await loop.person("cy", { methods: 0 });
  await loop.policy("web", [
    ["ada cy", "5m"],
    ["bo", "5m"],
  ]);
  const shop = await loop.service("shop", "web");
  await loop.trigger("shop", { serviceId: shop.id });
  await loop.settle();
  const why = (name: string) => loop.ok(`GET /incidents/1/why?person=${name}@example.com`);
  assert.equal((await why("bo")).sentence, "Bo is on level 2 of web, which has not been reached.");
  await loop.ok("POST /incidents/1/acknowledge", ada);
  assert.deepEqual(await why("ada"), {
    paged: true,
    sentence: `Ada was paged at ${clock} by webhook and answered at ${clock}.`,
  });
  const bo = `Bo is on level 2 of web, which was not reached: Ada answered at ${clock}.`;
  assert.deepEqual(await why("bo"), { paged: false, sentence: bo });
  const cy = "Cy is on level 1 of web but had no verified contact method, so they were passed over.";
  assert.deepEqual(await why("cy"), { paged: false, sentence: cy });
  assert.equal((await loop.call("GET /incidents/1/why?person=no@example.com", ada)).status, 404);
});

test("whose page waits for the end of their quiet hours reads until when, by their own clock", async () => {
  await using loop = await startLoop({ at: "2026-11-23T22:00:00Z" });
  const ada = await loop.person("ada");
  const quiet_hours = [{ from: "22:00", to: "07:00" }];
  await loop.verb((tx, by) => updateUser(tx, by, { id: ada.id, time_zone: "Europe/Paris", quiet_hours }));
  await loop.policy("web", [["ada", "5m"]]);
  const wiki = await loop.service("wiki", "web");
  await loop.trigger("disk", { serviceId: wiki.id, urgency: "low" });
  await loop.settle();
  const sentence =
    "Ada is to be paged by webhook at 2026-11-24 07:00 (Europe/Paris): waits for the end of their quiet hours.";
  assert.deepEqual(await loop.ok("GET /incidents/1/why?person=ada@example.com"), { paged: false, sentence });
});
