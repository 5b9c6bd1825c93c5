import assert from "node:assert/strict";
import { test } from "node:test";
import fc from "fast-check";
import { downsample } from "./facts.ts";
import { draftFrom, type IncidentRecord, type RecordedIncident, refreshed, type Sample } from "./model.ts";

const at = (time: string) => Temporal.Instant.from(`2026-11-23T${time}Z`);
const shop = { slug: "shop", name: "Shop" };

const incident = (changes: Partial<RecordedIncident> = {}): RecordedIncident => ({
  number: 12,
  title: "Shop home is down",
  severity: "SEV2",
  service: shop,
  startedAt: at("06:37:22"),
  openedAt: at("06:37:29"),
  acknowledgedAt: at("06:38:33"),
  resolvedAt: at("06:49:52"),
  resolvedBy: null,
  resolution: "Shop home is up again",
  declaredBy: null,
  ...changes,
});

const samples: Sample[] = Array.from({ length: 12 }, (_, i) => ({
  at: at("06:36:00").add({ seconds: 30 * i }),
  ms: i < 3 ? 120 : null,
  status: i < 3 ? "up" : "down",
}));

const record = (changes: Partial<IncidentRecord> = {}): IncidentRecord => ({
  at: at("07:30:00"),
  incidents: [incident()],
  alerts: [
    {
      title: "Shop home is down",
      reason: "[status] 502, wanted 200–299",
      source: { type: "monitor", name: "Shop home" },
      firstAt: at("06:37:29"),
      resolvedAt: at("06:49:52"),
    },
  ],
  timeline: [
    {
      at: at("06:37:29"),
      incident: 12,
      kind: "opened",
      actor: { type: "monitor", name: "Shop home" },
      text: "[status] 502, wanted 200–299",
      starred: false,
    },
    {
      at: at("06:38:33"),
      incident: 12,
      kind: "acknowledged",
      actor: { type: "user", name: "Bo" },
      text: "Acknowledged",
      starred: true,
    },
    {
      at: at("06:50:00"),
      incident: 12,
      kind: "postmortem",
      actor: { type: "user", name: "Bo" },
      text: "Started the postmortem",
      starred: false,
    },
  ],
  pages: [
    {
      person: "Ada",
      level: 1,
      at: at("06:37:29"),
      answeredAt: null,
      sentAt: at("06:37:30"),
      channels: ["email"],
    },
    { person: "Bo", level: 2, at: at("06:38:29"), answeredAt: at("06:38:33"), sentAt: null, channels: [] },
  ],
  monitors: [
    {
      slug: "shop-home",
      name: "Shop home",
      samples,
      transitions: [
        { at: at("06:37:29"), to: "down", reason: "[status] 502" },
        { at: at("06:49:52"), to: "up", reason: "up" },
      ],
      checks: { failed: 14, total: 36 },
    },
  ],
  ...changes,
});

test("the draft's summary says in one paragraph what failed, how long, who came and how it ended", () => {
  const { sections, title, headline, severity } = draftFrom(record());
  assert.equal(title, "Shop home is down");
  assert.equal(severity, "SEV2");
  assert.equal(
    headline,
    "Shop had a failure that lasted 12 min 30 s on 23 November 2026: [status] 502, wanted 200–299",
  );
  assert.equal(
    sections.summary,
    "On 23 November 2026 Shop had a failure that lasted 12 min 30 s, from 06:37:22 UTC to 06:49:52 UTC. " +
      "The monitor Shop home reported `[status] 502, wanted 200–299`. " +
      "14 of 36 checks in that time failed (39 %). " +
      "Keepwatch opened incident #12 (SEV2) 7 s after the start and paged Ada and Bo; Bo acknowledged it after 1 min 4 s. " +
      "It ended by itself: Shop home is up again.",
  );
});

test("the draft's impact is a list of facts", () => {
  assert.deepEqual(draftFrom(record()).sections.impact?.split("\n"), [
    "- Duration: 12 min 30 s (2026-11-23 06:37:22 UTC to 2026-11-23 06:49:52 UTC)",
    "- Service: Shop",
    "- Failed checks: 14 of 36 (39 %)",
    "- Paged: Ada (level 1), Bo (level 2)",
    "- Time to detect: 7 s",
    "- Time to acknowledge: 1 min 4 s",
    "- Time to resolve: 12 min 23 s",
    "- Users affected: unknown",
  ]);
});

test("detection names the check, its first failure, the confirmation and the first page", () => {
  assert.equal(
    draftFrom(record()).sections.detection,
    "The monitor Shop home failed its first check at 2026-11-23 06:37:22 UTC: `[status] 502, wanted 200–299`. " +
      "The failure was confirmed at 06:37:29 UTC, 7 s later. " +
      "The first page went out at 06:37:30 UTC, 8 s after the first sign of it.",
  );
});

test("the response lists pages and what people did, in order", () => {
  assert.deepEqual(draftFrom(record()).sections.response?.split("\n"), [
    "- 06:37:29 UTC: Ada was paged (level 1) by email",
    "- 06:38:29 UTC: Bo was paged (level 2)",
    "- 06:38:33 UTC: Bo acknowledged, 1 min 4 s after the first page",
  ]);
});

test("causes, resolution and lessons are left to the author", () => {
  const { sections } = draftFrom(record());
  for (const name of ["causes", "resolution", "lessons_well", "lessons_poorly", "lessons_lucky"] as const)
    assert.equal(sections[name], "");
});

test("the facts hold the durations, who was paged, the timeline from the first failing check and the chart", () => {
  const { facts } = draftFrom(record());
  assert.equal(facts.duration_ms, 750_000);
  assert.deepEqual([facts.detect_ms, facts.acknowledge_ms, facts.resolve_ms], [7_000, 64_000, 743_000]);
  assert.deepEqual([facts.failed_checks, facts.total_checks], [14, 36]);
  assert.deepEqual(
    facts.paged.map(({ name, level, answered }) => [name, level, answered]),
    [
      ["Ada", 1, false],
      ["Bo", 2, true],
    ],
  );
  assert.deepEqual(
    facts.timeline.map(({ kind, actor }) => [kind, actor]),
    [
      ["began", "Shop home"],
      ["opened", "Shop home"],
      ["acknowledged", "Bo"],
    ],
  );
  const [chart] = facts.charts;
  assert.equal(chart?.from, "2026-11-23T06:22:22Z");
  assert.equal(chart?.to, "2026-11-23T07:04:52Z");
  assert.equal(chart?.points.length, 12);
});

test("what nobody recorded stays unknown", () => {
  const declared = incident({
    title: "Customers cannot pay",
    service: null,
    startedAt: at("06:40:00"),
    openedAt: at("06:40:00"),
    acknowledgedAt: null,
    resolvedAt: null,
    resolution: null,
    declaredBy: "Ada",
  });
  const draft = draftFrom(
    record({ incidents: [declared], alerts: [], timeline: [], pages: [], monitors: [] }),
  );
  assert.equal(draft.facts.duration_ms, null);
  assert.equal(draft.facts.detect_ms, null);
  assert.equal(
    draft.sections.detection,
    "Ada declared it by hand at 2026-11-23 06:40:00 UTC; no alert had said so. When it began is unknown. Nobody was paged.",
  );
  assert.match(draft.sections.impact ?? "", /Duration: unknown, not resolved/);
  assert.match(draft.sections.impact ?? "", /Failed checks: unknown/);
  assert.match(draft.sections.impact ?? "", /Time to detect: unknown/);
  assert.match(draft.sections.summary ?? "", /when this was written it was not resolved/);
  assert.match(draft.sections.summary ?? "", /paged nobody; nobody acknowledged it/);
  assert.equal(draft.headline, "Customers cannot pay: not resolved yet");
});

test("whoever resolved it is named, also when they did it through a token", () => {
  const resolved = {
    ...{ at: at("06:49:52"), incident: 12, kind: "resolved", text: "Resolved: resolved by hand" },
    ...{ actor: { type: "token", name: "deploy bot" }, starred: false },
  };
  const byToken = draftFrom(record({ timeline: [resolved] }));
  assert.match(byToken.sections.summary ?? "", /deploy bot resolved it\.$/);
  const byBo = draftFrom(record({ incidents: [incident({ resolvedBy: "Bo" })] }));
  assert.match(byBo.sections.summary ?? "", /Bo resolved it\.$/);
});

test("several incidents become one account: first start to last end, the worst severity", () => {
  const second = incident({
    number: 13,
    title: "Checkout is down",
    severity: "SEV1",
    service: { slug: "checkout", name: "Checkout" },
    startedAt: at("06:39:00"),
    openedAt: at("06:39:10"),
    acknowledgedAt: null,
    resolvedAt: at("06:55:22"),
  });
  const draft = draftFrom(record({ incidents: [incident(), second] }));
  assert.equal(draft.title, "Shop home is down, and 1 other incident");
  assert.equal(draft.severity, "SEV1");
  assert.equal(draft.facts.duration_ms, 18 * 60_000);
  assert.deepEqual(
    draft.facts.services.map(({ slug }) => slug),
    ["shop", "checkout"],
  );
  assert.match(draft.sections.summary ?? "", /^On 23 November 2026 Shop and Checkout had a failure/);
  assert.match(draft.facts.timeline.at(-1)?.text ?? "", /^#12 /);
});

test("somebody else's words never become formatting", () => {
  const hostile = "**bold** [link](http://evil) <b>\n# heading";
  const base = record();
  const draft = draftFrom({
    ...base,
    incidents: [incident({ service: { slug: "x", name: hostile } })],
    alerts: [{ ...base.alerts[0]!, reason: "a `tick` and ``two``" }],
  });
  assert.match(
    draft.sections.impact ?? "",
    /\\\*\\\*bold\\\*\\\* \\\[link\\\]\(http:\/\/evil\) \\<b\\> \\# heading/,
  );
  assert.match(draft.sections.summary ?? "", /reported ``` a `tick` and ``two`` ```\./);
});

test("new facts rewrite what the draft wrote and leave what a person has touched", () => {
  const open = draftFrom(
    record({ incidents: [incident({ resolvedAt: null, resolution: null })], at: at("06:45:00") }),
  );
  const { facts, ...drafted } = open;
  const fresh = draftFrom(record());
  const after = refreshed(
    {
      title: "My title",
      headline: open.headline,
      sections: { ...open.sections, impact: "Nobody could pay.", causes: "A bad deploy." },
      facts,
      drafted,
    },
    fresh,
  );
  assert.equal(after.title, "My title");
  assert.equal(after.headline, fresh.headline);
  assert.equal(after.sections.summary, fresh.sections.summary);
  assert.equal(after.sections.impact, "Nobody could pay.");
  assert.equal(after.sections.causes, "A bad deploy.");
  assert.equal(after.facts.duration_ms, 750_000);
});

test("facts read again after the samples are gone keep the chart and the counts", () => {
  const { facts, ...drafted } = draftFrom(record());
  const later = record();
  const gone = draftFrom({
    ...later,
    monitors: later.monitors.map((monitor) => ({ ...monitor, samples: [], checks: { failed: 0, total: 0 } })),
  });
  const after = refreshed({ ...drafted, facts, drafted }, gone);
  assert.equal(after.facts.charts[0]?.points.length, 12);
  assert.deepEqual([after.facts.failed_checks, after.facts.total_checks], [14, 36]);
});

const status = fc.constantFrom("up", "degraded", "down", "unknown");
const series = fc
  .uniqueArray(fc.record({ ms: fc.nat(3_600_000), took: fc.option(fc.nat(5_000)), status }), {
    selector: ({ ms }) => ms,
    maxLength: 400,
  })
  .map((points) =>
    points
      .sort((a, b) => a.ms - b.ms)
      .map(
        ({ ms, took, status }): Sample => ({
          at: Temporal.Instant.fromEpochMilliseconds(ms),
          ms: took,
          status,
        }),
      ),
  );

test("thinning out a chart keeps its limit, its order and every failure's neighbourhood", () => {
  fc.assert(
    fc.property(series, fc.integer({ min: 1, max: 60 }), (all, most) => {
      const kept = downsample(all, most);
      assert.ok(kept.length <= most || kept.length === all.length);
      assert.ok(kept.length <= all.length);
      const times = kept.map((sample) => sample.at.epochMilliseconds);
      assert.deepEqual(
        times,
        times.toSorted((a, b) => a - b),
      );
      for (const sample of kept) assert.ok(all.includes(sample));
      const isDown = (sample: Sample) => sample.status === "down";
      assert.equal(kept.some(isDown), all.some(isDown));
    }),
    { numRuns: 200, seed: 11 },
  );
});
