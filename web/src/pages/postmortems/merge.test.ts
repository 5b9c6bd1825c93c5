import assert from "node:assert/strict";
import { test } from "node:test";
import { changedSince, type Fields, merge, patchOf } from "./merge.ts";

const base: Fields = {
  title: "A",
  headline: "",
  severity: "SEV2",
  tags: "cache",
  visibility: "company",
  "sections.summary": "",
  "sections.impact": "",
  "sections.detection": "",
  "sections.response": "",
  "sections.causes": "",
  "sections.resolution": "",
  "sections.lessons_well": "",
  "sections.lessons_poorly": "",
  "sections.lessons_lucky": "",
};

test("what somebody else wrote elsewhere is taken over, what I wrote stays", () => {
  const mine = { ...base, "sections.causes": "mine" };
  const theirs = { ...base, headline: "theirs" };
  const merged = merge(base, mine, theirs);
  assert.deepEqual(merged.conflicts, []);
  assert.deepEqual(merged.taken, ["headline"]);
  assert.equal(merged.fields.headline, "theirs");
  assert.equal(merged.fields["sections.causes"], "mine");
});

test("a section that both wrote is a conflict, and mine is kept until it is settled", () => {
  const merged = merge(base, { ...base, headline: "mine" }, { ...base, headline: "theirs" });
  assert.deepEqual(merged.conflicts, ["headline"]);
  assert.equal(merged.fields.headline, "mine");
});

test("writing the same words is no conflict", () => {
  const same = { ...base, headline: "same" };
  assert.deepEqual(merge(base, same, same).conflicts, []);
});

test("only what was changed is sent", () => {
  const mine = { ...base, tags: "cache\nsearch", "sections.impact": "two orders" };
  const changed = changedSince(base, mine);
  assert.deepEqual(patchOf(mine, changed), { tags: ["cache", "search"], sections: { impact: "two orders" } });
});
