import assert from "node:assert/strict";
import { test } from "node:test";
import type { LiveEvent } from "../platform/live.ts";
import { oncallEngine } from "./engine.ts";
import { oncallWorld, type World, weekly } from "./testing.ts";

const until = async (met: () => boolean | Promise<boolean>) => {
  for (let tries = 0; tries < 400; tries++) {
    if (await met()) return;
    await new Promise((resolve) => setTimeout(resolve, 5));
  }
  assert.fail("what was waited for did not happen within 2 s");
};

async function nextHandOff(world: World): Promise<string | undefined> {
  const job = await world.t.platform.db
    .selectFrom("due_jobs")
    .select("due_at")
    .where("kind", "=", "handoff")
    .executeTakeFirst();
  return job?.due_at.toString();
}

test("open browsers are told at every hand-off, and the next one is waited for", async () => {
  await using world = await oncallWorld("2026-11-30T07:59:58Z");
  const { platform, clock } = world.t;
  await world.person("ada");
  await world.person("bo");
  const id = await world.schedule("web", [weekly("ada", "bo")]);
  assert.equal(await nextHandOff(world), "2026-11-30T08:00:00Z");
  const heard: LiveEvent[] = [];
  platform.live.subscribe((event) => heard.push(event));
  oncallEngine(platform);
  platform.due.start();
  clock.advance(2_000);
  await until(() => heard.length > 0);
  assert.deepEqual(heard[0], { type: "oncall", id, team: null });
  await until(async () => (await nextHandOff(world)) === "2026-12-07T08:00:00Z");
});

test("a change of schedule moves its hand-off, also to later, and open browsers are told", async () => {
  await using world = await oncallWorld();
  const heard: LiveEvent[] = [];
  world.t.platform.live.subscribe((event) => heard.push(event));
  await world.person("ada");
  await world.person("bo");
  const id = await world.schedule("web", [weekly("ada", "bo")]);
  assert.equal(await nextHandOff(world), "2026-11-30T08:00:00Z");
  const override = await world.ok("POST /schedules/web/overrides", world.root, {
    ...{ user: "bo@example.com", from: "2026-11-25T12:00", to: "2026-11-25T14:00" },
  });
  assert.equal(await nextHandOff(world), "2026-11-25T11:00:00Z");
  await world.ok(`DELETE /schedules/web/overrides/${override.id}`);
  assert.equal(await nextHandOff(world), "2026-11-30T08:00:00Z");
  await world.ok("DELETE /schedules/web");
  assert.equal(await nextHandOff(world), undefined);
  await until(() => heard.filter((event) => event.type === "oncall" && event.id === id).length === 4);
});
