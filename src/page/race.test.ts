import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture, type Received, receiver, until } from "./testing.ts";

const subjectsOf = ({ json }: Received): string[] =>
  ((json.bundle ?? [json]) as { incident: { id: string } }[]).map(({ incident }) => incident.id);

test("answers that race with claims leave no page ringing, and the ledger tells exactly what went out", async () => {
  await using hook = await receiver();
  await using f = await fixture();
  const people = [await f.person("Ada"), await f.person("Bo"), await f.person("Cy")];
  const plans = await Promise.all(
    people.map(async ({ id }) => [
      { method: await f.method(id, { url: hook.url }), afterMs: 0 },
      { method: await f.method(id, { url: hook.url }), afterMs: 0 },
    ]),
  );
  f.t.platform.due.start();
  const subjects = Array.from({ length: 25 }, () => f.subject());
  await Promise.all(
    subjects.map(async (subject, n) => {
      for (const [index, person] of people.entries())
        await f.page(subject, person.id, { plan: plans[index] ?? [] });
      if (n % 3 !== 0) await f.acknowledge(subject, people[n % 3]!);
    }),
  );
  for (let step = 0; step < 3; step++) {
    await f.advance(30_000);
  }
  const isOver = ({ status }: { status: string }) => status === "sent" || status === "cancelled";
  await until(async () => (await f.deliveries()).every(isOver), "every delivery has ended");
  const sent = await f.t.platform.db
    .selectFrom("deliveries")
    .select(["subject_id"])
    .where("status", "=", "sent")
    .execute();
  assert.deepEqual(hook.received.flatMap(subjectsOf).sort(), sent.map((row) => row.subject_id).sort());
  for (const [n, subject] of subjects.entries())
    if (n % 3 === 0) assert.equal(sent.filter((row) => row.subject_id === subject).length, 6);
});
