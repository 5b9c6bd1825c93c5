import assert from "node:assert/strict";
import { test } from "node:test";
import type { Actor } from "./actor.ts";
import { type Action, can, must, type Resource } from "./can.ts";

const MINE = "my team";
const OTHER = "other team";
const ACTIONS: Action[] = ["read", "respond", "edit", "administer"];

const actor = (role: Actor["role"], more: Partial<Actor> = {}): Actor => ({
  type: "user",
  id: "me",
  name: "Me",
  role,
  teams: [MINE],
  teamScope: null,
  ...more,
});

const RESOURCES: Record<string, Resource> = {
  "nobody's": { type: "thing" },
  "my team's": { type: "thing", team: MINE },
  "another team's": { type: "thing", team: OTHER },
  "another team's secret": { type: "thing", team: OTHER, visibility: "team" },
  "my team's secret": { type: "thing", team: MINE, visibility: "team" },
  mine: { type: "user", owner: "me" },
  "somebody else's": { type: "user", owner: "you" },
};

// What each may do, in the order read, respond, edit, administer.
const TABLE: [who: string, actor: Actor, rows: Record<keyof typeof RESOURCES, string>][] = [
  [
    "an administrator",
    actor("admin"),
    Object.fromEntries(Object.keys(RESOURCES).map((name) => [name, "read respond edit administer"])),
  ],
  [
    "a responder",
    actor("responder"),
    {
      "nobody's": "read respond edit",
      "my team's": "read respond edit",
      "another team's": "read respond",
      "another team's secret": "",
      "my team's secret": "read respond edit",
      mine: "read respond edit",
      "somebody else's": "read respond",
    },
  ],
  [
    "a viewer",
    actor("viewer"),
    {
      "nobody's": "read",
      "my team's": "read",
      "another team's": "read",
      "another team's secret": "",
      "my team's secret": "read",
      mine: "read edit",
      "somebody else's": "read",
    },
  ],
  [
    "an administrator's token for one team",
    actor("admin", { type: "token", id: "token", teamScope: MINE }),
    {
      "nobody's": "read",
      "my team's": "read respond edit administer",
      "another team's": "read",
      "another team's secret": "read",
      "my team's secret": "read respond edit administer",
      mine: "read",
      "somebody else's": "read",
    },
  ],
  [
    "a responder's token for one team",
    actor("responder", { type: "token", id: "token", teamScope: MINE }),
    {
      "nobody's": "read",
      "my team's": "read respond edit",
      "another team's": "read",
      "another team's secret": "",
      "my team's secret": "read respond edit",
      mine: "read",
      "somebody else's": "read",
    },
  ],
];

for (const [who, each, rows] of TABLE) {
  for (const [name, allowed] of Object.entries(rows)) {
    test(`${who} may ${allowed || "not even read"}: what is ${name}`, () => {
      const may = ACTIONS.filter((action) => can(each, action, RESOURCES[name]!));
      assert.equal(may.join(" "), allowed);
    });
  }
}

test("what may not be read is said not to exist, the rest to be forbidden", () => {
  const me = actor("viewer");
  assert.throws(() => must(me, "edit", RESOURCES["another team's secret"]!), { code: "missing" });
  assert.throws(() => must(me, "edit", RESOURCES["another team's"]!), { code: "forbidden" });
});
