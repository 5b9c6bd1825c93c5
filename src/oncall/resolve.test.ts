import assert from "node:assert/strict";
import { test } from "node:test";
import type { Target } from "./escalation/policy.ts";
import {
  policyBySlug,
  policyForUser,
  policyOfService,
  resolveTargets,
  rulesFor,
  targetKey,
} from "./resolve.ts";
import { setNotificationRules } from "./rules.ts";
import { oncallWorld, type World, weekly } from "./testing.ts";

const at = (text: string) => Temporal.Instant.from(text);

/** How many statements `run` sends to the database. */
async function queries(
  world: World,
  run: (db: World["t"]["platform"]["db"]) => Promise<unknown>,
): Promise<number> {
  let count = 0;
  const counting = world.t.platform.db.withPlugin({
    transformQuery({ node }) {
      count += 1;
      return node;
    },
    transformResult: async ({ result }) => result,
  });
  await run(counting);
  return count;
}

test("a schedule means who is on call, a team its members, a person themselves; only those who are active", async () => {
  await using world = await oncallWorld();
  const { db } = world.t.platform;
  const web = await world.team("web");
  const [ada, bo] = [await world.person("ada", { team: web }), await world.person("bo", { team: web })];
  const gone = await world.person("gone", { team: web });
  const schedule = await world.schedule("web", [weekly("ada", "bo", "gone")]);
  await db
    .updateTable("users")
    .set({ deactivated_at: world.t.clock.now() })
    .where("id", "=", gone.id)
    .execute();
  await world.ok("POST /schedules/web/overrides", world.root, {
    ...{ user: "bo@example.com", from: "2026-11-24T09:00", to: "2026-11-24T10:00" },
  });
  const targets: Pick<Target, "kind" | "id">[] = [
    { kind: "schedule", id: schedule },
    { kind: "user", id: gone.id },
    { kind: "team", id: web },
    { kind: "schedule", id: schedule },
    { kind: "team", id: ada.id },
  ];
  const resolved = async (when: string) => {
    const found = await resolveTargets(db, targets, at(when));
    return targets.map((target) => found.get(targetKey(target)));
  };
  const team = [ada.id, bo.id].sort();
  assert.deepEqual(await resolved("2026-11-23T09:00:00Z"), [[ada.id], [], team, [ada.id], []]);
  assert.deepEqual((await resolved("2026-11-24T08:30:00Z"))[0], [bo.id]);
  assert.deepEqual((await resolved("2026-11-24T09:00:00Z"))[0], [ada.id]);
  assert.deepEqual((await resolved("2026-12-07T09:00:00Z"))[0], []);
});

test("whom targets mean is asked in four statements however many there are", async () => {
  await using world = await oncallWorld();
  const teams = [await world.team("web"), await world.team("db")];
  await world.person("ada", { team: teams[0] });
  const schedules = [];
  for (const slug of ["a", "b", "c"]) schedules.push(await world.schedule(slug, [weekly("ada")]));
  const targets = [
    ...schedules.map((id) => ({ kind: "schedule" as const, id })),
    ...teams.map((id) => ({ kind: "team" as const, id })),
  ];
  const now = world.t.clock.now();
  assert.equal(await queries(world, (db) => resolveTargets(db, targets, now)), 4);
});

test("whom a schedule means is decided by the version in force at that instant", async () => {
  await using world = await oncallWorld();
  const [ada, bo] = [await world.person("ada"), await world.person("bo")];
  const id = await world.schedule("web", [weekly("ada")]);
  world.t.clock.advance(3_600_000);
  await world.ok("PATCH /schedules/web", world.root, { layers: [weekly("bo")] });
  const onCall = async (when: string) =>
    [...(await resolveTargets(world.t.platform.db, [{ kind: "schedule", id }], at(when))).values()].flat();
  assert.deepEqual(await onCall("2020-01-01T00:00:00Z"), [ada.id]);
  assert.deepEqual(await onCall("2026-11-30T07:59:59Z"), [ada.id]);
  assert.deepEqual(await onCall("2026-11-30T08:00:00Z"), [bo.id]);
});

test("a policy is copied with the names its targets have, in two statements", async () => {
  await using world = await oncallWorld();
  const { db } = world.t.platform;
  const ada = await world.person("ada");
  const schedule = await world.schedule("primary", [weekly("ada")]);
  const levels = [{ targets: [{ schedule: "primary" }, { user: ada.email }], wait: "2m" }];
  const id = await world.policy("shop", levels, { repeat: 1, fallback: [{ user: "root@example.com" }] });
  const service = await world.service("checkout", "shop");
  const lonely = await world.service("lonely", null);
  const copy = {
    ...{ id, slug: "shop", name: "shop", repeat: 1 },
    levels: [
      {
        targets: [
          { kind: "schedule", id: schedule, name: "primary" },
          { kind: "user", id: ada.id, name: "Ada" },
        ],
        waitMs: 120_000,
      },
    ],
    fallback: [{ kind: "user", id: world.root.id, name: "Root" }],
  };
  assert.deepEqual(await policyOfService(db, service), copy);
  assert.deepEqual(await policyBySlug(db, "shop"), copy);
  assert.equal(await policyOfService(db, lonely), null);
  assert.equal(await policyBySlug(db, "shpo"), null);
  assert.equal(await queries(world, (counted) => policyOfService(counted, service)), 2);
  assert.deepEqual((await policyForUser(db, ada.id)).levels, [
    { targets: [{ kind: "user", id: ada.id, name: "Ada" }], waitMs: 300_000 },
  ]);
  await assert.rejects(policyForUser(db, service), { code: "missing" });
});

test("people's rules come in their order, and whoever has none isn't there", async () => {
  await using world = await oncallWorld();
  const [ada, bo] = [await world.person("ada"), await world.person("bo")];
  const high = [{ via: "sms" }, { via: "voice", after: "5m" }];
  await world.verb((tx, by) =>
    setNotificationRules(tx, by, { userId: ada.id, rules: { high, low: [{ via: "mail" }] } }),
  );
  const { db } = world.t.platform;
  assert.deepEqual(
    [...(await rulesFor(db, [ada.id, bo.id], "high"))],
    [
      [
        ada.id,
        [
          { method: "sms", afterMs: 0 },
          { method: "voice", afterMs: 300_000 },
        ],
      ],
    ],
  );
});
