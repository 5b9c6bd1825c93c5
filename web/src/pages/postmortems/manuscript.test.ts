import assert from "node:assert/strict";
import { test } from "node:test";
import { ApiProblem } from "../../lib/api.ts";
import type { Postmortem } from "../../lib/types.ts";
import { Manuscript } from "./manuscript.ts";

const INSTANT = "2026-11-23T08:00:00Z";
const postmortem = (change: Partial<Postmortem> = {}): Postmortem => ({
  id: "1",
  number: 1,
  title: "A",
  headline: "",
  state: "draft",
  severity: "SEV2",
  service: null,
  tags: [],
  visibility: "company",
  version: 1,
  author: null,
  sections: {},
  facts: {
    started_at: INSTANT,
    detected_at: INSTANT,
    acknowledged_at: null,
    resolved_at: null,
    duration_ms: null,
    detect_ms: null,
    acknowledge_ms: null,
    resolve_ms: null,
    failed_checks: 0,
    total_checks: 0,
    paged: [],
    services: [],
    timeline: [],
    charts: [],
  },
  incidents: [],
  action_items: [],
  url: "",
  occurred_at: INSTANT,
  created_at: INSTANT,
  updated_at: INSTANT,
  published_at: null,
  can_edit: true,
  ...change,
});

/** A server that refuses a stale version, as the real one does. */
function server(begin: Postmortem) {
  let now = begin;
  const sent: Record<string, unknown>[] = [];
  return {
    sent,
    theyWrite: (change: Partial<Postmortem>) => {
      now = { ...now, ...change, version: now.version + 1 };
      return now;
    },
    load: async () => now,
    patch: async (body: Record<string, unknown>) => {
      sent.push(body);
      if (body.version !== now.version) throw new ApiProblem(409, "Somebody changed it");
      const { sections, version: _version, ...rest } = body as Partial<Postmortem>;
      now = { ...now, ...rest, sections: { ...now.sections, ...sections }, version: now.version + 1 };
      return now;
    },
  };
}

test("saves only what was changed, with the version it was read at", async () => {
  const far = server(postmortem());
  const mine = new Manuscript(postmortem(), far);
  mine.write("sections.causes", "a full disk");
  await mine.save();
  assert.deepEqual(far.sent, [{ sections: { causes: "a full disk" }, version: 1 }]);
  assert.equal(mine.snapshot().save.kind, "saved");
  assert.equal(mine.isDirty, false);
});

test("takes over what somebody else wrote elsewhere, and saves mine by itself", async () => {
  const far = server(postmortem());
  const mine = new Manuscript(postmortem(), far);
  far.theyWrite({ headline: "theirs" });
  mine.write("title", "mine");
  await mine.save();
  const { fields, save, conflicts, epochs } = mine.snapshot();
  assert.deepEqual([fields.title, fields.headline, save.kind, conflicts], ["mine", "theirs", "saved", []]);
  assert.equal(epochs.headline, 1, "its editor is told");
  assert.equal((await far.load()).title, "mine");
});

test("where both wrote nothing is overwritten until the writer chose", async () => {
  const far = server(postmortem());
  const mine = new Manuscript(postmortem(), far);
  far.theyWrite({ headline: "theirs" });
  mine.write("headline", "mine");
  await mine.save();
  assert.deepEqual(mine.snapshot().conflicts, ["headline"]);
  assert.equal((await far.load()).headline, "theirs");
  assert.equal(mine.theirs("headline"), "theirs");
  mine.settle("headline", "mine");
  await mine.save();
  assert.equal((await far.load()).headline, "mine");
  assert.equal(mine.snapshot().save.kind, "saved");
});

test("without a connection the words stay and are sent when it is back", async () => {
  const far = server(postmortem());
  const refused: (() => Promise<Postmortem>)[] = [() => Promise.reject(new ApiProblem(0, "not reachable"))];
  const mine = new Manuscript(postmortem(), {
    ...far,
    patch: (body) => refused.pop()?.() ?? far.patch(body),
  });
  mine.write("title", "kept");
  await mine.save();
  assert.equal(mine.snapshot().save.kind, "offline");
  assert.equal(mine.isDirty, true);
  await mine.save();
  assert.equal((await far.load()).title, "kept");
});
