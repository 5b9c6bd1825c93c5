import assert from "node:assert/strict";
import { test } from "node:test";
import { parse } from "yaml";
import { world } from "./fixtures/world.ts";
import { fileName, toMarkdown } from "./markdown.ts";
import { learnRoutes } from "./routes.ts";
import type { PostmortemJson } from "./show.ts";

const postmortem: PostmortemJson = {
  id: "0193c000-0000-7000-8000-000000000001",
  number: 7,
  title: 'Shop: "502" | for *all*',
  headline: "Nobody could buy anything for 12 minutes",
  state: "published",
  severity: "SEV2",
  service: { slug: "shop", name: "Shop" },
  tags: ["deploy", "yes"],
  visibility: "company",
  version: 3,
  author: { id: "0193c000-0000-7000-8000-000000000002", name: "Ada", email: "ada@example.com" },
  sections: { summary: "It failed.", causes: "A deploy.\n\n- one\n- two", lessons_well: "" },
  facts: {
    started_at: "2026-11-23T06:37:22Z",
    detected_at: "2026-11-23T06:37:29Z",
    acknowledged_at: null,
    resolved_at: "2026-11-23T06:49:22Z",
    duration_ms: 720_000,
    detect_ms: 7_000,
    acknowledge_ms: null,
    resolve_ms: 713_000,
    failed_checks: 12,
    total_checks: 13,
    paged: [{ name: "Ada", at: "2026-11-23T06:37:29Z", level: 1, answered: false }],
    services: [{ slug: "shop", name: "Shop" }],
    timeline: [
      {
        at: "2026-11-23T06:37:29Z",
        kind: "opened",
        actor: "Shop home",
        text: "[status] 502 | wanted\n200",
        starred: true,
      },
    ],
    charts: [],
  },
  incidents: [
    {
      id: "0193c000-0000-7000-8000-000000000003",
      number: 12,
      title: "Shop home is down",
      url: "http://x/incidents/12",
    },
  ],
  action_items: [
    { ...item("Run migrations first"), state: "done", due: "2026-12-01" },
    { ...item("Watch the pool"), guard: { monitor: { slug: "pool", name: "Pool", status: "up" } } },
    { ...item("Rewrite it"), state: "wont_do", reason: "too much" },
  ],
  url: "http://x/postmortems/1",
  occurred_at: "2026-11-23T06:37:22Z",
  created_at: "2026-11-23T09:00:00Z",
  updated_at: "2026-11-23T09:00:00Z",
  published_at: "2026-11-23T10:00:00Z",
  can_edit: true,
};

function item(title: string): PostmortemJson["action_items"][number] {
  return {
    id: "0193c000-0000-7000-8000-000000000004",
    title,
    owner: null,
    priority: "normal",
    type: "prevent",
    due: null,
    state: "open",
    reason: null,
    guard: null,
    postmortem: { id: "0193c000-0000-7000-8000-000000000001", title: "x", url: "http://x" },
    created_at: "2026-11-23T09:00:00Z",
    closed_at: null,
  };
}

test("the front matter is YAML that reads back as it was", () => {
  const [, front = ""] = toMarkdown(postmortem).split("---\n");
  assert.deepEqual(parse(front), {
    title: 'Shop: "502" | for *all*',
    number: 7,
    state: "published",
    severity: "SEV2",
    service: "shop",
    services: ["shop"],
    incidents: [12],
    started_at: "2026-11-23T06:37:22Z",
    detected_at: "2026-11-23T06:37:29Z",
    acknowledged_at: null,
    resolved_at: "2026-11-23T06:49:22Z",
    author: "Ada",
    tags: ["deploy", "yes"],
    published_at: "2026-11-23T10:00:00Z",
    url: "http://x/postmortems/1",
  });
});

test("the document holds the facts, the written sections, the timeline and a checklist, and no empty section", () => {
  const body = toMarkdown(postmortem).split("---\n").slice(2).join("---\n");
  assert.equal(
    body,
    `
# Shop: "502" \\| for \\*all\\*

> Nobody could buy anything for 12 minutes

| Fact | Value |
| --- | --- |
| Incidents | #12 |
| Severity | SEV2 |
| Services | Shop |
| Started | 2026-11-23 06:37:22 UTC |
| Detected | 2026-11-23 06:37:29 UTC |
| Acknowledged | unknown |
| Resolved | 2026-11-23 06:49:22 UTC |
| Duration | 12 min |
| Time to detect | 7 s |
| Time to acknowledge | unknown |
| Time to resolve | 11 min 53 s |
| Failed checks | 12 of 13 |
| Paged | Ada (level 1) |

## Summary

It failed.

## Causes

A deploy.

- one
- two

## Timeline

| Time | Who | What |
| --- | --- | --- |
| 2026-11-23 06:37:29 UTC | Shop home | ★ \\[status\\] 502 \\| wanted 200 |

## Action items

- [x] Run migrations first (prevent; normal priority; no owner; due 2026-12-01)
- [ ] Watch the pool (prevent; normal priority; no owner; guarded by Pool)
- [ ] ~~Rewrite it~~ (prevent; normal priority; no owner; won't do: too much)
`,
  );
});

for (const [title, expected] of [
  ["Shop home is down", "postmortem-7-shop-home-is-down.md"],
  ["Überfällig: “Größe” & Co.", "postmortem-7-uberfallig-gro-e-co.md"],
  ["日本", "postmortem-7.md"],
] as const)
  test(`the file of "${title}" is called ${expected}`, () => {
    assert.equal(fileName({ number: 7, title }), expected);
  });

test("the export is served as a Markdown file under the address with .md", async () => {
  await using w = await world((app, t) => learnRoutes(app, t.platform));
  const ada = await w.person();
  const incident = await w.incident();
  const { body } = await w.call("POST /postmortems", ada, { incidents: [incident.id] });
  const answer = await w.call(`GET /postmortems/${body.id}.md`, ada);
  assert.equal(answer.status, 200);
  assert.equal(answer.headers["content-type"], "text/markdown; charset=utf-8");
  assert.equal(
    answer.headers["content-disposition"],
    `attachment; filename="postmortem-${body.number}-shop-home-is-down.md"`,
  );
  assert.match(answer.body, /^---\ntitle: Shop home is down\n/);
  assert.equal((await w.call("GET /postmortems/not-an-id.md", ada)).status, 422);
});
