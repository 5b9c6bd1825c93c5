import assert from "node:assert/strict";
import { test } from "node:test";
import { getSchema } from "@tiptap/core";
import { extensions } from "./extensions.ts";
import { markdownCodec } from "./markdown-codec.ts";

const schema = getSchema(extensions);
const codec = markdownCodec(schema);
const roundTrip = (markdown: string) => codec.serialize(codec.parse(markdown));

test("what the draft writes comes back as it was", () => {
  for (const markdown of [
    "Two paragraphs.\n\nThe monitor **Basket** reported `[status] 503`, *twice*.",
    "- Duration: 33 min\n- Failed checks: 33 of 34 (97 %)",
    "1. First\n2. Second",
    "### A heading\n\n> Said by somebody",
    "```sh\nkill -9 1\n```",
    "[the runbook](https://example.com/a_b)",
    "![a chart](https://example.com/chart.png)",
    "- outer\n  - inner\n- outer again",
  ])
    assert.equal(roundTrip(markdown), markdown);
});

test("text that looks like Markdown stays text", () => {
  for (const text of [
    "# not a heading",
    "1. not a list",
    "- nor this",
    "a <b>tag</b>",
    "2 * 3 * 4 and a_b_c",
  ]) {
    const typed = schema.node("doc", null, [schema.node("paragraph", null, [schema.text(text)])]);
    const again = codec.parse(codec.serialize(typed));
    assert.equal(again.childCount, 1);
    assert.equal(again.firstChild?.type.name, "paragraph");
    assert.equal(again.textContent, text);
  }
});

test("a second pass changes nothing", () => {
  const once = roundTrip("* one\n* two\n\n\n\nText with\na soft line end\n\n***\n");
  assert.equal(roundTrip(once), once);
});
