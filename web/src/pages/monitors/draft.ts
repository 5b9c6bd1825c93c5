import type { Keep, Monitor, Severity, Urgency } from "../../lib/types.ts";

/** A monitor while it is being written. `fields` are the kind's own. */
export interface Draft {
  kind: string;
  slug: string;
  name: string;
  /** Slug; empty means a new service of the monitor's own name. */
  service: string;
  every: string;
  timeout: string;
  confirm: { failures: number; retry_every: string | string[]; recoveries: number };
  /** Degraded while this percentile exceeds its limit; null without one. */
  slow: Monitor["slow"];
  severity: Severity;
  urgency: Urgency | null;
  labels: Record<string, string>;
  /** How long its single checks are kept. */
  keep: Keep;
  fields: Record<string, unknown>;
}

/** What the server takes for what is left out. */
export const DEFAULTS = {
  every: "60s",
  timeout: "10s",
  confirm: { failures: 3, retry_every: ["1s", "2s", "4s"] as string | string[], recoveries: 1 },
  slow: null,
  severity: "SEV3",
  urgency: null,
  keep: "30d",
} as const;

export const emptyDraft = (service = ""): Draft => ({
  kind: "http",
  slug: "",
  name: "",
  service,
  every: DEFAULTS.every,
  timeout: DEFAULTS.timeout,
  confirm: DEFAULTS.confirm,
  slow: DEFAULTS.slow,
  severity: DEFAULTS.severity,
  urgency: DEFAULTS.urgency,
  labels: {},
  keep: DEFAULTS.keep,
  fields: {},
});

export const draftOf = (monitor: Monitor): Draft => ({
  kind: monitor.kind,
  slug: monitor.slug,
  name: monitor.name,
  service: monitor.service.slug,
  every: monitor.every,
  timeout: monitor.timeout,
  confirm: { ...monitor.confirm },
  slow: monitor.slow,
  severity: monitor.severity,
  urgency: monitor.urgency,
  labels: monitor.labels,
  keep: monitor.keep,
  fields: monitor.config,
});

type Body = Record<string, unknown>;

const same = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

/** The body of POST /monitors: the kind's own fields beside the common ones. What is empty is left to be proposed. */
export function createBody(draft: Draft): Body {
  const { fields, slug, name, service, ...common } = draft;
  return {
    ...fields,
    ...common,
    ...(slug === "" ? {} : { slug }),
    ...(name.trim() === "" ? {} : { name }),
    ...(service === "" ? {} : { service }),
  };
}

/** The body of PATCH /monitors/{slug}. */
export function patchBody(draft: Draft): Body {
  const { fields, slug: _slug, kind: _kind, ...common } = draft;
  return { ...fields, ...common };
}

/** The body of POST /monitors/try. */
export const tryBody = (draft: Draft): Body => ({
  ...draft.fields,
  kind: draft.kind,
  timeout: draft.timeout,
});

/** The draft as an entry of the configuration file; defaults left out. */
export function entryOf(draft: Draft): Body {
  const { fields, slug, name, service, kind, labels, ...rest } = draft;
  const differing = Object.entries(rest).filter(
    ([key, value]) => !same(value, DEFAULTS[key as keyof typeof DEFAULTS]),
  );
  return {
    ...(slug === "" ? {} : { slug }),
    ...(name === "" ? {} : { name }),
    ...(service === "" ? {} : { service }),
    kind,
    ...fields,
    ...Object.fromEntries(differing),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
  };
}

/** An entry of the configuration file as a draft; what it leaves out takes its default. */
export function draftFrom(entry: Body): Draft {
  const {
    slug,
    name,
    service,
    kind,
    every,
    timeout,
    confirm,
    slow,
    severity,
    urgency,
    labels,
    keep,
    ...fields
  } = entry;
  const text = (value: unknown, fallback: string) => (value === undefined ? fallback : String(value));
  return {
    kind: text(kind, "http"),
    slug: text(slug, ""),
    name: text(name, ""),
    service: text(service, ""),
    every: text(every, DEFAULTS.every),
    timeout: text(timeout, DEFAULTS.timeout),
    confirm: { ...DEFAULTS.confirm, ...(confirm as Partial<Draft["confirm"]>) },
    slow: (slow ?? null) as Draft["slow"],
    severity: text(severity, DEFAULTS.severity) as Severity,
    urgency: (urgency ?? null) as Urgency | null,
    labels: (labels ?? {}) as Record<string, string>,
    keep: text(keep, DEFAULTS.keep) as Keep,
    fields,
  };
}
