import assert from "node:assert/strict";
import { test } from "node:test";
import { policiesOfServices } from "./policies.ts";
import { oncallWorld, weekly } from "./testing.ts";

test("a policy is written and shown by slug and e-mail, with its defaults filled in", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  await world.team("web");
  await world.schedule("primary", [weekly("ada")]);
  const levels = [
    { targets: [{ schedule: "primary" }, { user: "ADA@example.com" }] },
    { targets: [{ team: "web" }], wait: "90s" },
  ];
  const body = { slug: "shop", name: "Shop", levels, fallback: [{ user: "root@example.com" }] };
  const made = await world.call("POST /escalation-policies", world.root, body);
  assert.equal(made.status, 201);
  const { id: _, ...shown } = made.body;
  assert.deepEqual(shown, {
    ...{ slug: "shop", name: "Shop", team: null, repeat: 0, services: [], managed_by: "ui" },
    levels: [
      { targets: [{ schedule: "primary" }, { user: "ada@example.com" }], wait: "5m" },
      { targets: [{ team: "web" }], wait: "90s" },
    ],
    ...{ paths: [], acknowledge_timeout: null },
    fallback: [{ user: "root@example.com" }],
  });
  const patched = await world.ok("PATCH /escalation-policies/shop", world.root, { repeat: 2 });
  assert.deepEqual([patched.repeat, patched.levels], [2, shown.levels]);
  const audit = await world.t.platform.db
    .selectFrom("audit_entries")
    .select(["action", "before", "after"])
    .where("object_type", "=", "escalation_policy")
    .where("action", "=", "updated")
    .execute();
  assert.deepEqual(audit, [{ action: "updated", before: { repeat: 0 }, after: { repeat: 2 } }]);
});

test("every target that is nobody's is refused where it stands, with the one that was meant", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  await world.schedule("primary", [weekly("ada")]);
  const levels = [
    { targets: [{ schedule: "primary" }, { user: "adda@example.com" }] },
    { targets: [{ schedule: "primry" }], wait: "500ms" },
  ];
  const body = { slug: "shop", name: "Shop", levels, fallback: [{ team: "nobody-at-all" }] };
  const answer = await world.call("POST /escalation-policies", world.root, body);
  assert.equal(answer.status, 422);
  assert.deepEqual(answer.body.errors, [
    {
      pointer: "/levels/1/wait",
      detail: "A wait of 500ms is too short; nobody can answer in less than 1s",
    },
    {
      pointer: "/levels/0/targets/1/user",
      detail: 'There is no user "adda@example.com". Did you mean "ada@example.com"?',
    },
    {
      pointer: "/levels/1/targets/0/schedule",
      detail: 'There is no schedule "primry". Did you mean "primary"?',
    },
    {
      pointer: "/fallback/0/team",
      detail: 'There is no team "nobody-at-all". Create it first.',
    },
  ]);
});

test("a policy in use is not deleted; the refusal names the services, but not those one can't see", async () => {
  await using world = await oncallWorld();
  const ada = await world.person("ada");
  await world.team("secret");
  await world.policy("shop", [{ targets: [{ user: "ada@example.com" }] }]);
  const checkout = await world.service("checkout", "shop");
  await world.service("vault", "shop", { team: "secret", visibility: "team" });
  const shown = async (as: typeof ada) =>
    (await world.ok("GET /escalation-policies", as)).items[0].services.map(
      (each: { slug: string }) => each.slug,
    );
  assert.deepEqual(await shown(world.root), ["checkout", "vault"]);
  assert.deepEqual(await shown(ada), ["checkout"]);
  const refused = await world.call("DELETE /escalation-policies/shop", ada);
  assert.equal(refused.status, 409);
  assert.match(refused.body.detail, /used by the services checkout, 1 that you can't see/);

  const { db } = world.t.platform;
  assert.deepEqual(
    [...(await policiesOfServices(db, [checkout])).values()],
    [{ slug: "shop", name: "shop" }],
  );
  await db.deleteFrom("service_policies").execute();
  assert.equal((await world.call("DELETE /escalation-policies/shop", ada)).status, 204);
  assert.equal((await world.call("GET /escalation-policies/shop", ada)).status, 404);
});

test("a service's policy is set by slug; one that doesn't exist is refused with the one that was meant", async () => {
  await using world = await oncallWorld();
  await world.person("ada");
  await world.policy("shop", [{ targets: [{ user: "ada@example.com" }] }]);
  await assert.rejects(world.service("checkout", "shpo"), {
    code: "invalid",
    problems: [
      {
        pointer: "/escalation_policy",
        detail: 'There is no escalation policy "shpo". Did you mean "shop"?',
      },
    ],
  });
});

test("a team's policy is changed by its members only, and given only to a team one is in", async () => {
  await using world = await oncallWorld();
  const web = await world.team("web");
  await world.team("db");
  const member = await world.person("mo", { team: web });
  const other = await world.person("ola");
  const levels = [{ targets: [{ team: "web" }] }];
  const body = { slug: "shop", name: "Shop", team: "web", levels };
  assert.equal((await world.call("POST /escalation-policies", other, body)).status, 403);
  assert.equal((await world.call("POST /escalation-policies", member, body)).status, 201);
  const patch = (as: typeof member, change: object) =>
    world.call("PATCH /escalation-policies/shop", as, change).then((answer) => answer.status);
  assert.equal(await patch(other, { name: "Mine" }), 403);
  assert.equal(await patch(member, { team: "db" }), 403);
  assert.equal(await patch(member, { name: "Ours" }), 200);
  assert.equal((await world.call("DELETE /escalation-policies/shop", other)).status, 403);
});
