import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { test } from "node:test";
import { sql } from "kysely";
import { testPlatform } from "../../test/support/platform.ts";
import type { Actor } from "./actor.ts";
import { type Action, can } from "./can.ts";
import { allowedRows } from "./visible.ts";

test("a list's condition allows exactly the rows that can() allows", async () => {
  await using t = await testPlatform();
  const [mine, scope, other] = [randomUUID(), randomUUID(), randomUUID()];
  const resources = [null, mine, scope, other].flatMap((team) =>
    (["company", "team", null] as const).map((visibility) => ({ team, visibility })),
  );
  const actors = (["admin", "responder", "viewer"] as const).flatMap((role) =>
    [null, scope, mine].flatMap((teamScope) =>
      [[], [mine]].map((teams): Actor => ({ type: "token", id: null, name: "x", role, teams, teamScope })),
    ),
  );
  for (const actor of actors) {
    for (const action of ["read", "respond", "edit", "administer"] satisfies Action[]) {
      const allowed = allowedRows(actor, action, {
        type: "thing",
        team: "things.team",
        visibility: "things.visibility",
      });
      const { rows } = await sql<{ team: string | null; visibility: "company" | "team" | null }>`
        select * from jsonb_to_recordset(${JSON.stringify(resources)}::jsonb) as things(team uuid, visibility text)
        where ${allowed}`.execute(t.platform.db);
      const expected = resources.filter(({ team, visibility }) =>
        can(actor, action, { type: "thing", team, visibility: visibility ?? "company" }),
      );
      assert.deepEqual(rows, expected, `${actor.role} ${action} ${JSON.stringify(actor)}`);
    }
  }
});
