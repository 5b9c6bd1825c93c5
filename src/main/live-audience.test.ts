import assert from "node:assert/strict";
import { test } from "node:test";
import { type Person, startLoop } from "../../test/support/loop.ts";
import { can } from "../org/can.ts";
import type { LiveEvent } from "../platform/live.ts";
import { liveAudience } from "./live-audience.ts";

const KINDS = ["alert", "incident", "page", "timeline"];

test("browsers of others hear nothing of what a team keeps to itself", async () => {
  await using loop = await startLoop();
  const team = await loop.team("payments");
  const pia = await loop.person("pia", { team });
  const otto = await loop.person("otto");
  await loop.policy("pay", [["pia", "5m"]]);
  const cards = await loop.service("cards", "pay", { team: "payments", visibility: "team" });
  const heard: LiveEvent[] = [];
  loop.t.platform.live.subscribe((event) => heard.push(event));
  await loop.trigger("cards-api", { serviceId: cards.id });
  await loop.settle();
  await loop.ok("POST /incidents/1/acknowledge", pia);
  await loop.settle();

  const audience = liveAudience(loop.t.platform.db, loop.answer);
  const heardBy = async (person: Person) => {
    const types = new Set<string>();
    for (const event of heard) {
      const resource = await audience(event);
      if (resource && can(person, "read", resource) && KINDS.includes(event.type)) types.add(event.type);
    }
    return [...types].sort();
  };
  assert.deepEqual(await heardBy(pia), KINDS);
  assert.deepEqual(await heardBy(otto), []);
});
