import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { test } from "node:test";
import { startWorld } from "./fixtures/world.ts";

const SOURCE = {
  users: [{ id: "u-1", username: "ada@example.com", fullName: "Ada" }],
  teams: [{ id: "t-1", name: "Web", members: [{ user: { id: "u-1" }, role: "admin" }] }],
  schedules: [
    {
      id: "s-1",
      name: "Web",
      timezone: "Europe/Paris",
      rotations: [
        { startDate: "2026-03-02T08:00:00Z", type: "weekly", participants: [{ type: "user", id: "u-1" }] },
      ],
    },
  ],
  escalations: [
    {
      id: "e-1",
      name: "Web",
      rules: [{ delay: { timeAmount: 0 }, recipient: { type: "schedule", id: "s-1" } }],
    },
  ],
};

test("an export is planned, applied with --yes, and importing it again changes nothing", async () => {
  await using world = await startWorld();
  const file = join(world.dataDir, "export.json");
  await writeFile(file, JSON.stringify(SOURCE));
  const planned = await world.run(["import", "opsgenie", file]);
  assert.deepEqual([planned.code, planned.err], [0, ""]);
  assert.match(planned.out, /Everything maps[\s\S]*no differences[\s\S]*\+ schedules web[\s\S]*--yes/);
  const applied = await world.run(["import", "opsgenie", file, "--yes"]);
  assert.deepEqual([applied.code, applied.err], [0, ""]);
  const again = await world.run(["import", "opsgenie", file, "--yes"]);
  assert.match(again.out, /Nothing to change/);
});

test("an export that can't be read says where", async () => {
  await using world = await startWorld();
  const file = join(world.dataDir, "export.json");
  await writeFile(file, JSON.stringify({ schedules: [{ ...SOURCE.schedules[0], timezone: "Mars/Base" }] }));
  const ran = await world.run(["import", "opsgenie", file]);
  assert.equal(ran.code, 1);
  assert.match(ran.err, /#\/schedules\/0\/timezone: write an IANA time zone/);
});
