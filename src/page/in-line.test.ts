import assert from "node:assert/strict";
import { test } from "node:test";
import { telephoned } from "./channels/telephone.fixture.ts";
import { until } from "./testing.ts";

test("more messages than the provider takes wait in line, urgent pages first, and none of them fails", async () => {
  await using s = await telephoned("sms");
  await s.f.t.platform.due.stop(0);
  const { db } = s.f.t.platform;
  const page = async (name: string, urgency: "high" | "low") => {
    const person = await s.f.person(name);
    const method = await s.addFor(person.id, "sms", `+3361234567${s.next()}`);
    const title = `${name} is ${urgency}`;
    return s.f.page(s.f.subject({ urgency, title }), person.id, { urgency, plan: [{ method, afterMs: 0 }] });
  };
  for (const name of ["A", "B"]) await page(name, "low");
  for (const name of ["C", "D"]) await page(name, "high");
  s.f.t.platform.due.start();
  const waiting = () =>
    db.selectFrom("deliveries").select("reason").where("waits_for", "is not", null).execute();
  await until(
    async () => s.provider.made.length === 1 && (await waiting()).length === 3,
    "three stand in line",
  );
  for (const { reason } of await waiting()) assert.match(reason ?? "", /waits for its turn: phone/);
  for (let second = 2; second <= 4; second++) {
    await s.f.advance(1_000);
    await until(() => s.provider.made.length === second, `${second} messages`);
  }
  const order = s.provider.made.slice(1).map(({ Body = "" }) => /is (high|low)/.exec(Body)?.[1]);
  const highs = order.filter((each) => each === "high").length;
  assert.deepEqual(order.slice(0, highs), Array(highs).fill("high"));
  await until(async () => (await s.f.deliveries()).every(({ status }) => status === "sent"), "all are sent");
  assert.deepEqual(await waiting(), []);
});

test("what is answered while it stands in line leaves it", async () => {
  await using s = await telephoned("sms");
  const other = s.f.subject();
  const bo = await s.f.person("Bo");
  const method = await s.addFor(bo.id, "sms", "+33612345670");
  await s.f.page(s.f.subject(), s.ada.id, { plan: [{ method: s.method, afterMs: 0 }] });
  await until(() => s.provider.made.length === 1, "the first");
  await s.f.page(other, bo.id, { plan: [{ method, afterMs: 0 }] });
  await s.f.advance(0);
  await s.f.acknowledge(other, bo);
  await s.f.advance(1_000);
  await s.f.advance(1_000);
  assert.equal(s.provider.made.length, 1);
});
