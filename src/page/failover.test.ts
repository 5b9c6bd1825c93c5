import assert from "node:assert/strict";
import { test } from "node:test";
import { fixture, receiver, until } from "./testing.ts";

test("a method that fails for now goes on being tried, and from its second failure the next one rings beside it", async () => {
  await using broken = await receiver();
  await using works = await receiver();
  await using f = await fixture();
  broken.answer = (n) => (n < 3 ? { status: 503 } : undefined);
  const ada = await f.person("Ada");
  const plan = [
    { method: await f.method(ada.id, { url: broken.url }), afterMs: 0 },
    { method: await f.method(ada.id, { url: works.url }), afterMs: 600_000 },
  ];
  f.t.platform.due.start();
  await f.page(f.subject(), ada.id, { plan });
  await until(
    async () => (await f.deliveries())[0]?.reason === "503 Service Unavailable",
    "the first failure",
  );
  await f.advance(0);
  assert.equal(works.received.length, 0);
  await f.advance(1_000);
  await until(() => works.received.length === 1, "the second method rings");
  for (let step = 0; step < 3; step++) await f.advance(4_000);
  await until(async () => (await f.deliveries()).every(({ status }) => status === "sent"), "both arrive");
});
