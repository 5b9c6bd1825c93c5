import assert from "node:assert/strict";
import { test } from "node:test";
import { applyResolve, applyTrigger } from "../alert/alerts.ts";
import type { Source } from "../alert/model.ts";
import { acknowledge } from "../incident/verbs.ts";
import { by, SYSTEM } from "../org/actor.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { newId } from "../platform/ids.ts";
import { type MadeMonitor, type World, world } from "./fixtures/world.ts";
import { learnRoutes } from "./routes.ts";
import { similarIncidents } from "./similar.ts";

const open = () => world((app, t) => learnRoutes(app, t.platform));

async function fire(w: World, monitor: MadeMonitor): Promise<string> {
  const { platform } = w.t;
  const now = platform.clock.now();
  const source: Source = { type: "monitor", id: monitor.id, slug: monitor.slug, name: monitor.name };
  const event = {
    ...{ action: "trigger" as const, source, title: "Shop: Shop home is down", labels: {}, evidence: null },
    ...{ reason: "[status] 502, wanted 200–299", cause: "status:502", serviceId: monitor.serviceId },
    ...{ severity: "SEV2" as const, urgency: "high" as const },
    ...{ startedAt: now.subtract({ seconds: 7 }).toString(), at: now.toString() },
  };
  await inTransaction(platform.db, (tx) =>
    applyTrigger(tx, by(platform, SYSTEM), { dedupKey: "status", event }),
  );
  const { id } = await platform.db
    .selectFrom("incidents")
    .select("id")
    .where("status", "<>", "resolved")
    .executeTakeFirstOrThrow();
  return id;
}

const recover = ({ t: { platform } }: World, { id, slug, name }: MadeMonitor) =>
  inTransaction(platform.db, (tx) =>
    applyResolve(tx, by(platform, SYSTEM), {
      dedupKey: "status",
      event: {
        action: "resolve",
        source: { type: "monitor", id, slug, name },
        reason: "the check recovered",
        at: platform.clock.now().toString(),
      },
    }),
  );

test("an alert that fired, was acknowledged and recovered becomes a draft, and the next one knows of it", async () => {
  await using w = await open();
  const ada = await w.person({ name: "Ada", role: "admin" });
  const monitor = await w.monitor(await w.service("shop", { name: "Shop" }), "shop-home", {
    name: "Shop home",
  });
  await w.insert("contact_methods", {
    ...{ id: newId(w.t.clock), user_id: ada.id, slug: "mail", channel: "email", created_at: w.t.clock.now() },
    ...{ address: JSON.stringify({ email: ada.email }), verified_at: w.t.clock.now() },
  });
  const incident = await fire(w, monitor);
  w.t.clock.advance(63_000);
  const { platform } = w.t;
  await inTransaction(platform.db, (tx) =>
    acknowledge(tx, by(platform, ada), { id: incident, how: "Keepwatch" }),
  );
  w.t.clock.advance(600_000);
  await recover(w, monitor);
  const made = await w.call("POST /postmortems", ada, { incidents: [incident] });
  assert.equal(made.status, 201, JSON.stringify(made.body));
  const { facts, sections } = made.body;
  assert.deepEqual([facts.detect_ms, facts.acknowledge_ms, facts.resolve_ms], [7_000, 63_000, 663_000]);
  assert.match(
    sections.summary,
    /^On 23 November 2026 Shop had a failure that lasted 11 min 10 s, from 08:59:53 UTC to 09:11:03 UTC\./,
  );
  assert.match(
    sections.summary,
    /Ada acknowledged it after 1 min 3 s\. It ended by itself: the check recovered\.$/,
  );
  assert.deepEqual(
    facts.paged.map(({ name, answered }: { name: string; answered: boolean }) => [name, answered]),
    [["Ada", true]],
  );
  assert.deepEqual(
    facts.timeline.map(({ kind }: { kind: string }) => kind).slice(0, 6),
    ["began", "opened", "paged", "acknowledged", "alert_resolved", "resolved"],
    "what happens at one instant stays in its order",
  );
  const written = { sections: { causes: "x", lessons_well: "y", resolution: "Rolled back." } };
  await w.call(`PATCH /postmortems/${made.body.id}`, ada, written);
  await w.call(`POST /postmortems/${made.body.id}/publish`, ada);
  w.t.clock.advance(86_400_000);
  const next = await fire(w, monitor);
  const [seen] = await similarIncidents(platform.db, {
    incidentId: next,
    viewer: null,
    url: platform.url,
    at: platform.clock.now(),
  });
  assert.equal(seen?.likeness, "same");
  assert.equal(seen?.fix, "Rolled back.");
});
