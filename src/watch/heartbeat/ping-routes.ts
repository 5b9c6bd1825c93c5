import type { FastifyReply, FastifyRequest } from "fastify";
import { createRateLimit } from "../../org/rate-limit.ts";
import type { App } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { keyHash, pingHash, pushHash } from "./addresses.ts";
import { byName } from "./by-name.ts";
import type { SignalKind } from "./model.ts";
import { BODY_LIMIT, type Incoming, takeSignal } from "./signal.ts";
import { monitorAt } from "./store.ts";

const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i;
const UUID_PARAM = "^[0-9a-fA-F]{8}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{4}-[0-9a-fA-F]{12}$";
/** A key as Keepwatch makes them, or one brought along: long enough to be none of the pages of the web app. */
const KEY_PARAM = "^[\\w-]{20,64}$";
/** What one job may send in a minute; one that pings each second still may. */
const MOST_A_MINUTE = 120;
/** What may come from one place in a minute, so that guesses can't crowd out what is counted of real jobs. */
const MOST_FROM_ONE_PLACE = 3_000;
const METHODS = ["GET", "HEAD", "POST"] as const;
/** Uptime Kuma takes any. */
const PUSH_METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"] as const;
const LONGEST_PUSH_MS = 1e11;

/**
 * The doors for jobs, without sign-in: whoever knows an address may say that a job is well. Addresses, answers and
 * headers are those of healthchecks.io's ping API (https://healthchecks.io/docs/http_api/) and of Uptime Kuma's push
 * monitors, so that jobs written for them change only the host. Answered only once the signal is on disk.
 */
export function pingRoutes(app: App, platform: Platform): void {
  app.register((scope: App, _options, done) => {
    // Whatever a job sends along is bytes.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", (_request: FastifyRequest, payload: AsyncIterable<Buffer>) =>
      firstPart(payload),
    );
    scope.setValidatorCompiler(() => (value: unknown) => ({ value }));
    const settings = { schema: { hide: true }, logLevel: "warn" } as const;
    const places = createRateLimit(platform.clock);
    const jobs = createRateLimit(platform.clock);
    scope.addHook("onRequest", async (request, reply) => {
      const place = await places.consume(request.ip, { window: 60, max: MOST_FROM_ONE_PLACE });
      const job = place.allowed
        ? await jobs.consume(jobOf(request), { window: 60, max: MOST_A_MINUTE })
        : place;
      if (!job.allowed) return say(reply.header("retry-after", String(job.retryAfter)), 429, "rate limited");
    });
    const ping = (url: string, take: (request: FastifyRequest, reply: FastifyReply) => Promise<unknown>) =>
      scope.route({ method: [...METHODS], url, ...settings, handler: take });
    ping("/ping/:first", (request, reply) => byUuid(platform, request, reply));
    const byEither = (request: FastifyRequest, reply: FastifyReply) =>
      UUID.test(params(request).first ?? "")
        ? byUuid(platform, request, reply)
        : bySlug(platform, request, reply);
    ping("/ping/:first/:second", byEither);
    ping("/ping/:first/:second/:third", (request, reply) => bySlug(platform, request, reply));
    // The hosted service has no /ping in front.
    ping(`/:first(${UUID_PARAM})`, (request, reply) => byUuid(platform, request, reply));
    ping(`/:first(${KEY_PARAM})/:second`, byEither);
    ping(`/:first(${KEY_PARAM})/:second/:third`, (request, reply) => bySlug(platform, request, reply));
    scope.route({
      method: [...PUSH_METHODS],
      url: "/api/push/:token",
      ...settings,
      handler: (request, reply) => push(platform, request, reply),
    });
    done();
  });
}

/** Whose ping it is, whatever it says: a UUID, a token, or a key and a name. */
function jobOf(request: FastifyRequest): string {
  const { first = "", second = "", token } = params(request);
  if (token !== undefined) return token;
  return UUID.test(first) ? first.toLowerCase() : `${first}/${second}`;
}

/** So much of a body is read as is kept; the rest goes by, however long it is. */
async function firstPart(payload: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of payload) {
    if (size < BODY_LIMIT) chunks.push(chunk.subarray(0, BODY_LIMIT - size));
    size += chunk.length;
  }
  return Buffer.concat(chunks);
}

const params = (request: FastifyRequest) =>
  request.params as { first?: string; second?: string; third?: string; token?: string };
const query = (request: FastifyRequest) => request.query as Record<string, string | string[] | undefined>;
const one = (value: string | string[] | undefined): string | undefined =>
  Array.isArray(value) ? value[0] : value;

function say(reply: FastifyReply, status: number, text: string): FastifyReply {
  return reply
    .status(status)
    .type("text/plain; charset=utf-8")
    .header("access-control-allow-origin", "*")
    .header("ping-body-limit", String(BODY_LIMIT))
    .header("cache-control", "no-store")
    .send(text);
}

async function byUuid(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { first = "", second } = params(request);
  if (!UUID.test(first)) return say(reply, 404, "not found");
  const signal = signalOf(second);
  if (!signal) return say(reply, 400, "invalid url format");
  const rid = one(query(request).rid);
  if (rid !== undefined && !UUID.test(rid)) return say(reply, 400, "invalid uuid format");
  const monitorId = await monitorAt(platform.db, "ping_hash", pingHash(first));
  if (!monitorId) return say(reply, 404, "not found");
  return take(platform, monitorId, { request, reply, signal, rid });
}

async function bySlug(
  platform: Platform,
  request: FastifyRequest,
  reply: FastifyReply,
): Promise<FastifyReply> {
  const { first = "", second = "", third } = params(request);
  const signal = signalOf(third);
  if (!signal || !/^[a-z0-9_-]+$/.test(second)) return say(reply, 400, "invalid url format");
  const { rid: given, create } = query(request);
  const rid = one(given);
  if (rid !== undefined && !UUID.test(rid)) return say(reply, 400, "invalid uuid format");
  const found = await byName(platform, {
    ...{ keyHash: keyHash(first), slug: second },
    create: one(create) === "1",
  });
  if (found.kind === "unknown") return say(reply, 404, "not found");
  if (found.kind === "taken") return say(reply, 409, "ambiguous slug");
  const answer = {
    status: found.kind === "made" ? 201 : 200,
    text: found.kind === "made" ? "Created" : "OK",
  };
  return take(platform, found.monitorId, { request, reply, signal, rid, answer });
}

interface Wanted {
  kind: SignalKind;
  exitStatus: number | null;
}

/** What the end of the address says; undefined for what means nothing. */
function signalOf(action: string | undefined): Wanted | undefined {
  if (action === undefined || action === "") return { kind: "success", exitStatus: null };
  if (action === "start" || action === "fail" || action === "log") return { kind: action, exitStatus: null };
  if (!/^\d{1,3}$/.test(action) || Number(action) > 255) return undefined;
  const exitStatus = Number(action);
  return { kind: exitStatus === 0 ? "success" : "fail", exitStatus };
}

async function take(
  platform: Platform,
  monitorId: string,
  {
    request,
    reply,
    signal,
    rid,
    answer = { status: 200, text: "OK" },
  }: {
    request: FastifyRequest;
    reply: FastifyReply;
    signal: Wanted;
    rid: string | undefined;
    answer?: { status: number; text: string };
  },
): Promise<FastifyReply> {
  const taken = await takeSignal(platform, monitorId, {
    ...signal,
    ...incomingOf(request),
    rid: rid?.toLowerCase() ?? null,
  });
  return taken === "gone" ? say(reply, 404, "not found") : say(reply, answer.status, answer.text);
}

const incomingOf = (request: FastifyRequest): Pick<Incoming, "body" | "method" | "remote" | "userAgent"> => ({
  body: Buffer.isBuffer(request.body) && request.body.length > 0 ? request.body : null,
  method: request.method,
  remote: request.ip,
  userAgent: request.headers["user-agent"] ?? null,
});

async function push(platform: Platform, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { status, msg, ping } = query(request);
  const monitorId = await monitorAt(platform.db, "push_hash", pushHash(params(request).token ?? ""));
  const tookMs = Number(one(ping) || Number.NaN);
  const taken =
    monitorId === undefined
      ? "gone"
      : await takeSignal(platform, monitorId, {
          kind: (one(status) ?? "up") === "up" ? "success" : "fail",
          ...{ exitStatus: null, rid: null },
          ...incomingOf(request),
          body: Buffer.from(one(msg) ?? "OK"),
          tookMs: tookMs >= 0 && tookMs < LONGEST_PUSH_MS ? tookMs : null,
        });
  reply.header("access-control-allow-origin", "*").header("cache-control", "no-store");
  if (taken === "taken") return reply.send({ ok: true });
  return reply.status(404).send({ ok: false, msg: "Monitor not found or not active." });
}
