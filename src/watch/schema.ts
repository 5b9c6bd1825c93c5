import { z } from "zod";
import { inMaintenance, muted } from "../catalog/maintenance/schema.ts";
import { severity, urgency } from "../catalog/schema.ts";
import { duration, id, instant, named, slug } from "../platform/http/schema.ts";

export const monitorStatus = z.enum(["up", "degraded", "down", "unknown"]);
export type MonitorStatus = z.infer<typeof monitorStatus>;

/** Phases of one check in milliseconds; null where a phase did not happen. */
export const timings = z.object({
  dns: z.number().nullable(),
  connect: z.number().nullable(),
  tls: z.number().nullable(),
  first_byte: z.number().nullable(),
  transfer: z.number().nullable(),
  total: z.number().nullable(),
});

export const expectation = z.object({
  what: z.string().describe("what was looked at: status, body, latency, certificate, json $.a.b"),
  ok: z.boolean(),
  wanted: z.string(),
  got: z.string(),
});

export const evidence = z
  .object({
    location: z.string(),
    expectations: z.array(expectation),
    status: z.number().int().nullable(),
    http_version: z.string().nullable(),
    addresses: z.array(z.string()),
    remote: z.string().nullable(),
    headers: z.record(z.string(), z.string()),
    body: z.string().describe("the first 4 KB"),
    certificate: z
      .object({
        subject: z.string(),
        issuer: z.string(),
        valid_to: instant,
        days_left: z.number(),
        chain: z
          .array(z.string())
          .optional()
          .describe("names from the server's own to the last known issuer's"),
        fingerprint_sha256: z.string().optional(),
        protocol: z.string().nullish().describe("TLSv1.3"),
        cipher: z.string().optional(),
      })
      .nullable(),
    redirects: z.array(z.string()),
    steps: z
      .array(
        z.object({
          name: z.string(),
          status: monitorStatus,
          ms: z.number().nullable(),
          reason: z.string(),
        }),
      )
      .describe("of a scenario: each step that was run"),
    loop_lag_ms: z.number(),
  })
  .partial()
  .meta({ id: "Evidence" });
export type Evidence = z.infer<typeof evidence>;

export const check = z
  .object({
    at: instant,
    status: monitorStatus,
    reason: z.string(),
    cause: z.string(),
    timings,
    evidence: evidence.nullable(),
  })
  .meta({ id: "Check" });
export type Check = z.infer<typeof check>;

/** How long single checks are kept; what they add up to by the hour is kept for ever. */
export const keep = z.enum(["7d", "30d", "90d"]);
export type Keep = z.infer<typeof keep>;

export const confirm = z
  .object({
    failures: z.number().int().min(1).max(10).default(3),
    retry_every: z.union([duration, z.array(duration).min(1).max(10)]).default(["1s", "2s", "4s"]),
    recoveries: z.number().int().min(1).max(10).default(1),
  })
  .strict();

/** A limit on a percentile of the response times over a window. */
export const slow = z
  .object({
    p50: duration.optional(),
    p75: duration.optional(),
    p90: duration.optional(),
    p95: duration.optional(),
    p99: duration.optional(),
    over: duration.default("10m"),
  })
  .strict()
  .refine(({ over, ...limits }) => Object.values(limits).filter((each) => each !== undefined).length === 1, {
    error: "name one percentile, e.g. { p95: 800ms, over: 10m }",
  });
export type SlowInput = z.infer<typeof slow>;

export const monitor = z
  .object({
    id,
    slug,
    name: z.string(),
    kind: z.string(),
    service: named,
    status: monitorStatus,
    since: instant,
    paused: z.boolean(),
    maintenance: z.boolean(),
    maintenance_window: inMaintenance.nullable().describe("the window it is in"),
    muted: muted.nullable().describe("the silence that holds all of its alerts"),
    blocked_by: z.string().nullable(),
    last_check: check.nullable(),
    last_failure: check.nullable(),
    every: duration,
    timeout: duration,
    confirm,
    slow: slow.nullable().describe("degraded while this percentile of its response times exceeds the limit"),
    severity,
    urgency: urgency.nullable().describe("null takes the service's"),
    labels: z.record(z.string(), z.string()),
    keep,
    config: z.record(z.string(), z.unknown()).describe("the kind's own fields, secrets left out"),
    sentence: z.string().describe("the configuration as one readable sentence"),
    probed: z
      .boolean()
      .describe("false of a kind that waits to be told: nothing is checked, `every` means nothing"),
    uptime: z
      .object({ day: z.number().nullable(), month: z.number().nullable() })
      .describe("0 to 1; null before any data"),
    latency: z
      .object({ p50: z.number().nullable(), p95: z.number().nullable() })
      .describe("ms, last 24 hours"),
    recent: z
      .array(z.object({ at: instant, status: monitorStatus, ms: z.number().nullable() }))
      .describe("last 60 checks"),
    managed_by: z.enum(["ui", "config"]),
  })
  .meta({ id: "Monitor" });
export type Monitor = z.infer<typeof monitor>;

/** What every kind shares; the kind's own fields (url, expect, …) stand beside these. */
export const monitorCommon = z.object({
  slug,
  name: z.string().trim().min(1).max(120),
  kind: z.string().describe("an id of GET /monitors/kinds; its own fields stand beside these"),
  service: slug,
  every: duration.default("60s"),
  timeout: duration.default("10s"),
  confirm: confirm.prefault({}),
  slow: slow.nullable().default(null),
  severity: severity.default("SEV3"),
  urgency: urgency.nullable().default(null),
  labels: z.record(z.string(), z.string()).default({}),
  keep: keep.default("30d"),
});
/** Body of POST /monitors: the common fields and, beside them, the kind's own. Slug, name and service are proposed when absent. */
export const monitorCreate = monitorCommon.partial({ slug: true, name: true, service: true }).loose();
/** Body of PATCH: what is absent stays; the kind's own fields, when any is sent, replace all of the kind's. */
export const monitorPatch = z
  .object({
    name: z.string().trim().min(1).max(120),
    service: slug,
    every: duration,
    timeout: duration,
    confirm,
    slow: slow.nullable(),
    severity,
    urgency: urgency.nullable(),
    labels: z.record(z.string(), z.string()),
    keep,
  })
  .partial()
  .loose();
/** Body of POST /monitors/try: runs once, saves nothing. */
export const monitorTry = z.object({ kind: z.string(), timeout: duration.default("10s") }).loose();

export const groupMembers = z.object({
  items: z.array(
    monitor.pick({
      ...{ id: true, slug: true, name: true, status: true, since: true },
      ...{ paused: true, maintenance: true, last_check: true },
    }),
  ),
  hidden: z.number().int().describe("members that one may not see; they count as the others do"),
});

export const guess = z.object({
  kind: z.string(),
  config: z.record(z.string(), z.unknown()),
  name: z.string(),
  slug,
});

export const series = z.object({
  from: instant,
  to: instant,
  step_ms: z.number(),
  points: z.array(
    z.object({
      at: instant,
      p50: z.number().nullable(),
      p95: z.number().nullable(),
      dns: z.number().nullable(),
      connect: z.number().nullable(),
      tls: z.number().nullable(),
      first_byte: z.number().nullable(),
      transfer: z.number().nullable(),
      total: z.number().nullable(),
      up: z.number(),
      degraded: z.number(),
      down: z.number(),
      unknown: z.number(),
    }),
  ),
  transitions: z.array(z.object({ at: instant, from: monitorStatus, to: monitorStatus, reason: z.string() })),
});

/** One day of a 90-day bar: seconds in each state. */
export const day = z.object({
  date: z.iso.date(),
  up: z.number(),
  degraded: z.number(),
  down: z.number(),
  unknown: z.number(),
  maintenance: z.number().optional().describe("planned work that is left out of uptime"),
});
export const days = z.object({ items: z.array(day) });

export const coverage = z.object({
  planned: z.number().int(),
  on_time: z.number().int(),
  late: z.number().int().describe("made, but later than a tenth of the interval (250 ms to 5 s)"),
  skipped: z.number().int().describe("not made at all"),
  ratio: z.number().nullable().describe("on time by planned; null before anything was planned"),
});

/** One field of a kind's form; `list` repeats the fields of `of`, `pairs` is a map, `texts` one text or several. */
export const formField = z
  .object({
    name: z.string().describe("where in the configuration, with dots: expect.status"),
    label: z.string(),
    type: z.enum([
      ...(["text", "url", "textarea", "duration", "secret", "scalar"] as const),
      ...(["number", "boolean", "select", "pairs", "texts", "monitors", "list"] as const),
    ]),
    help: z.string().optional(),
    group: z.string().optional(),
    required: z.boolean().optional(),
    placeholder: z.string().optional(),
    default: z.union([z.string(), z.number(), z.boolean()]).optional(),
    options: z.array(z.string()).optional(),
    min: z.number().optional(),
    max: z.number().optional(),
    get of() {
      return z.array(formField).optional();
    },
  })
  .meta({ id: "FormField" });
export type FormField = z.infer<typeof formField>;

export const kindInfo = z.object({
  id: z.string(),
  label: z.string(),
  summary: z.string().describe("what it does, in one sentence"),
  probed: z.boolean().describe("false when it waits to be told, so that there is nothing to try"),
  form: z.array(formField),
  docs: z.string(),
  example: z.string(),
});
