import assert from "node:assert/strict";
import { test } from "node:test";
import { startLoop } from "../../test/support/loop.ts";

const path = (name: string, when: object, more: object = {}) => ({
  ...{ name, when, repeat: 0, fallback: [], ...more },
  levels: [{ targets: [{ user: `${name}@example.com` }], wait: "5m" }],
});

test("a round takes the path that fits when it starts: by severity, labels and time of day, and says which and why", async () => {
  await using loop = await startLoop({ at: "2026-11-23T16:50:00Z" });
  for (const name of ["ada", "bo", "cy"]) await loop.person(name);
  const hours = { from: "09:00", to: "17:00", time_zone: "UTC", outside: true };
  await loop.policy("web", [["ada", "5m"]], {
    paths: [path("bo", { severity: ["SEV2"], labels: { region: "eu" } }), path("cy", { hours })],
  });
  const shop = await loop.service("shop", "web");
  await loop.trigger("home", { serviceId: shop.id, labels: { region: "us" } });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["ada"]);
  assert.equal(
    (await loop.timeline(1))[1],
    "paged: Paged level 1: Ada. By the policy's own levels: no path fits.",
  );
  await loop.resolve("home");
  await loop.settle();
  await loop.trigger("cart", { serviceId: shop.id, labels: { region: "eu" } });
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["bo"]);
  const { policy } = await loop.ok("GET /incidents/2");
  assert.deepEqual(policy.path, { name: "bo", because: "severity SEV2, label region=eu" });
  await loop.ok("PATCH /incidents/2", loop.root, { severity: "SEV1" });
  await loop.pass("20m");
  loop.hooks.paged();
  await loop.ok("POST /incidents/2/escalate");
  await loop.settle();
  assert.deepEqual(loop.hooks.paged(), ["cy"], "another round, by what holds now");
  assert.match(
    (await loop.timeline(2)).at(-1)!,
    /Paged level 1: Cy\. By the path "cy": outside 09:00–17:00 UTC\.$/,
  );
});
