import assert from "node:assert/strict";
import { test } from "node:test";
import { oncallWorld, type World } from "./testing.ts";

const method = (slug: string) => ({ slug, channel: slug, verified: true, disabled: false });

async function withMethods(): Promise<[World, Awaited<ReturnType<World["person"]>>]> {
  const world = await oncallWorld();
  const ada = await world.person("ada");
  world.methods.set(ada.id, [method("mail"), method("phone")]);
  return [world, ada];
}

test("a person sets how they are paged, and an administrator may; nobody else sees or changes it", async () => {
  const [made, ada] = await withMethods();
  await using world = made;
  const bo = await world.person("bo");
  const rules = { high: [{ via: "mail" }, { via: "phone", after: "5m" }], low: [] };
  const path = `/users/${ada.id}/notification-rules`;
  assert.deepEqual(await world.ok(`GET ${path}`, ada), { high: [], low: [] });
  assert.deepEqual(await world.ok(`PUT ${path}`, ada, rules), rules);
  assert.deepEqual(await world.ok("GET /users/ADA@example.com/notification-rules"), rules);
  const low = { high: [], low: [{ via: "mail" }] };
  assert.deepEqual(await world.ok(`PUT ${path}`, world.root, low), low);
  assert.equal((await world.call(`GET ${path}`, bo)).status, 403);
  assert.equal((await world.call(`PUT ${path}`, bo, rules)).status, 403);
});

test("a rule for a method that isn't there, or after no time at all, is refused where it stands", async () => {
  const [made, ada] = await withMethods();
  await using world = made;
  const body = {
    high: [{ via: "phnoe" }, { via: "mail", after: "1.5m" }],
    low: [{ via: "mail", after: "3d" }],
  };
  const answer = await world.call(`PUT /users/${ada.id}/notification-rules`, ada, body);
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.body.errors, [
    { pointer: "/high/0/via", detail: 'There is no contact method "phnoe". Did you mean "phone"?' },
    { pointer: "/high/1/after", detail: '"1.5m" is not a duration; write one such as "30s" or "5m"' },
    { pointer: "/low/0/after", detail: "3d is too long to wait; a day is the most" },
  ]);
});
