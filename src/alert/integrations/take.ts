import { createRateLimit } from "../../org/rate-limit.ts";
import { createBatcher } from "../../platform/batcher.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../platform/refusal.ts";
import { openFields } from "../../platform/sealed-fields.ts";
import { findSource } from "../sources/index.ts";
import type { AnySource, Reading, SourceOutcome, SourceRequest } from "../sources/source.ts";
import type { Body } from "./body.ts";
import { createCommit, type Receipt } from "./commit.ts";
import { alertEventOf, changeOf, clean } from "./events.ts";
import { integrationsByHash, type Known, keyHash, servicesNamed } from "./known.ts";
import { sourceOf } from "./not-understood.ts";

const MINUTE_S = 60;
const USUAL_METHODS = ["POST", "PUT"] as const;
const MOST_TOGETHER = 64;
/** What may come from one place with keys that are none, so that nobody guesses. */
const MOST_WRONG_KEYS = 600;

/** A request with what could be made of its body, and how it is to be read. */
export interface Arrived {
  request: SourceRequest;
  body: Body;
  /** Whose key: undefined when the sender gave none. */
  key: string | undefined;
  /** Where it came from. */
  place: string;
  /** The kind that reads it; the integration's own unless it came by another kind's door. */
  door?: AnySource;
}

export interface Taken {
  outcome: SourceOutcome | { kind: "wrong_method"; allow: readonly string[] };
  /** The kind that read it, where it came so far. */
  source: AnySource | undefined;
}

export type Take = (arrived: Arrived) => Promise<Taken>;

/** Takes requests in: once this resolves, what they say is on disk, or they were told why not. */
export function createTake(platform: Platform): Take {
  const commit = createCommit(platform);
  const limits = createRateLimit(platform.clock);
  const strangers = createRateLimit(platform.clock);
  const find = createBatcher({
    ...{ most: MOST_TOGETHER, inFlight: 2 },
    run: (hashes: readonly string[]) => integrationsByHash(platform, hashes),
  });

  return async (arrived) => {
    const { key, door } = arrived;
    if (arrived.body.kind === "too_large") return { outcome: { kind: "too_large" }, source: door };
    if (!key) return { outcome: withoutKey(arrived.body), source: door };
    const integration = await find(keyHash(key));
    if (!integration) {
      const rule = { window: MINUTE_S, max: MOST_WRONG_KEYS };
      const stranger = await strangers.consume(arrived.place, rule);
      return { outcome: stranger.allowed ? { kind: "wrong_key", key } : tooMany(stranger), source: door };
    }
    const source = door ?? findSource(integration.kind);
    const rate = await limits.consume(integration.id, { window: MINUTE_S, max: integration.rate_limit });
    if (!rate.allowed) return { outcome: tooMany(rate), source };
    if (!source) throw unknownKind(integration);
    const allow: readonly string[] = source.methods ?? USUAL_METHODS;
    if (!door && !allow.includes(arrived.request.method))
      return { outcome: { kind: "wrong_method", allow }, source };
    const { receipt, outcome } = await readRequest(platform, { arrived, integration });
    await commit(receipt);
    return { outcome, source };
  };
}

const unknownKind = ({ slug, kind }: Known) =>
  new Refusal("unavailable", `Integration "${slug}" is of kind ${kind}, which this version doesn't have.`);

const tooMany = ({ retryAfter }: { retryAfter: number | null }): SourceOutcome => ({
  kind: "too_many",
  retryAfterS: retryAfter ?? MINUTE_S,
});

const withoutKey = (body: Body): SourceOutcome =>
  body.kind === "malformed" ? { kind: "malformed", why: body.why } : { kind: "no_key" };

/** What a request says to its integration, and what is kept of it. Reads the services that events name, writes nothing. */
export async function readRequest(
  platform: Platform,
  { arrived, integration }: { arrived: Arrived; integration: Known },
): Promise<{ receipt: Receipt; outcome: SourceOutcome }> {
  const { request, body } = arrived;
  const source = arrived.door ?? findSource(integration.kind);
  if (!source) throw unknownKind(integration);
  const now = platform.clock.now();
  const kept = {
    ...{ id: request.id, integration, at: now, method: request.method, path: request.path },
    contentType: request.contentType || null,
    headers: keptHeaders(request.headers),
    body: withoutKeyIn(body.kind === "too_large" ? Buffer.alloc(0) : body.bytes, arrived.key),
    ...{ events: [], changes: [] },
  };
  if (body.kind === "malformed")
    return {
      receipt: { ...kept, outcome: "refused", why: body.why },
      outcome: { kind: "malformed", why: body.why },
    };
  const reading = readSafely(platform, { source, request, integration, now });
  if ("notUnderstood" in reading) {
    const why = String(clean(reading.notUnderstood)).slice(0, 1_000);
    return {
      receipt: { ...kept, outcome: "not_understood", why },
      outcome: { kind: "not_understood", why },
    };
  }
  if ("refused" in reading) {
    const why = String(clean(reading.refused.join("; "))).slice(0, 1_000);
    return {
      receipt: { ...kept, outcome: "refused", why },
      outcome: { kind: "refused", errors: reading.refused },
    };
  }
  const { events = [], changes = [], note } = reading;
  const outcome = { kind: "taken", events, changes } as const;
  if (integration.paused_at)
    return { receipt: { ...kept, outcome: "ignored", why: "the integration is paused" }, outcome };
  const services = await servicesNamed(
    platform.db,
    [...events, ...changes].flatMap((each) => ("service" in each && each.service ? [each.service] : [])),
    integration,
  );
  const home = homeOf(integration);
  const receipt: Receipt = {
    ...{ ...kept, outcome: "understood", why: note ?? null },
    events: events.map((event) => alertEventOf(event, home, { now, services })),
    changes: changes.map((change) => ({
      ...changeOf(change, now),
      serviceId: (change.service ? services.get(change.service)?.id : undefined) ?? integration.service_id,
    })),
  };
  return { receipt, outcome };
}

/** A kind that stumbles over a payload doesn't lose it: it is kept as not understood. */
function readSafely(
  platform: Platform,
  from: { source: AnySource; request: SourceRequest; integration: Known; now: Temporal.Instant },
): Reading {
  const { source, request, integration, now } = from;
  // Settings are of the integration's own kind; by another kind's door its defaults hold.
  const settings =
    source.kind === integration.kind ? openFields(source, integration.settings, platform.secrets) : {};
  try {
    return source.read(request, settings, now);
  } catch (error) {
    platform.log.error(
      { error, kind: source.kind, integration: integration.slug },
      "a payload could not be read",
    );
    return { notUnderstood: "reading it failed; the server's log has the reason" };
  }
}

const homeOf = (row: Known) => ({
  source: sourceOf(row),
  service:
    row.service_id && row.service_urgency ? { id: row.service_id, urgency: row.service_urgency } : null,
  severity: row.severity,
  urgency: row.urgency,
  severities: row.severities,
  autoResolveMs: row.auto_resolve_ms === null ? null : Number(row.auto_resolve_ms),
});

/** What tells who sent it and of what kind it is; nothing that could be a password. */
const KEPT_HEADERS =
  /^(content-type|content-encoding|content-length|user-agent|x-[\w-]*(event|type|topic|source|version)[\w-]*)$/;

const keptHeaders = (headers: Readonly<Record<string, string>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]) =>
      KEPT_HEADERS.test(name) ? [[name, String(clean(value)).slice(0, 500)]] : [],
    ),
  );

/** Some senders put the key into the body: whoever may look at it needn't learn the key. */
function withoutKeyIn(bytes: Buffer, key: string | undefined): Buffer {
  if (!key || key.length < 8 || !bytes.includes(key)) return bytes;
  return Buffer.from(
    bytes.toString("latin1").replaceAll(Buffer.from(key).toString("latin1"), "(the key)"),
    "latin1",
  );
}
