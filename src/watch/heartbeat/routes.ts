import type { FastifyRequest } from "fastify";
import { z } from "zod";
import { audit } from "../../org/audit.ts";
import { can, must } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { id, instant } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import { newId } from "../../platform/ids.ts";
import type { Platform } from "../../platform/platform.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { parseKindConfig } from "../kind-config.ts";
import { redactText } from "../kinds/base/redact.ts";
import type { HeartbeatConfig } from "../kinds/heartbeat/config.ts";
import { heartbeat } from "../kinds/heartbeat/heartbeat.ts";
import { nextRuns, scheduleOf } from "../kinds/heartbeat/schedule.ts";
import type { MonitorRow } from "../monitor-json.ts";
import { keyHash, newPingKey, newPingUuid, newPushToken } from "./addresses.ts";
import { BODY_LIMIT } from "./signal.ts";
import { configOf, keepAddresses } from "./store.ts";

const SHOWN_RUNS = 6;
const SHOWN_PINGS = 50;
const tags = ["Heartbeats"];
const bySlug = z.object({ slug: z.string() });

const ping = z.object({
  number: z.number().int(),
  at: instant,
  kind: z.enum(["success", "fail", "start", "log"]),
  counted: z.boolean().describe("false for one that came while the monitor was paused"),
  exit_status: z.number().int().nullable(),
  rid: z.string().nullable(),
  duration_ms: z.number().nullable(),
  method: z.string(),
  remote: z.string().nullable(),
  user_agent: z.string().nullable(),
  body: z.string().nullable().describe(`the first ${BODY_LIMIT} bytes, without what looks like a credential`),
});

const state = z
  .object({
    ping_url: z.string().nullable().describe("null for those who may not edit the monitor: it is a secret"),
    push_url: z.string().nullable(),
    expected_at: instant.nullable().describe("when the next ping is expected"),
    due_at: instant.nullable().describe("when it is missed unless something comes"),
    running_since: instant.nullable(),
    next_runs: z.array(instant),
    pings: z.array(ping).describe(`the last ${SHOWN_PINGS}, newest first`),
  })
  .meta({ id: "Heartbeat" });

export type Heartbeat = z.infer<typeof state>;

const pingKey = z
  .object({
    id,
    name: z.string(),
    service: z.string(),
    url: z.string(),
    created_by: z.string(),
    created_at: instant,
  })
  .meta({ id: "PingKey" });

/** `find` refuses what may not be seen. */
export function heartbeatRoutes(
  app: App,
  platform: Platform,
  find: (request: FastifyRequest<{ Params: { slug: string } }>) => Promise<MonitorRow>,
): void {
  const { db, secrets, clock, url } = platform;

  async function stateOf(
    request: FastifyRequest<{ Params: { slug: string } }>,
  ): Promise<z.infer<typeof state>> {
    const row = await found(request);
    const kept = await db
      .selectFrom("heartbeats")
      .selectAll()
      .where("monitor_id", "=", row.id)
      .executeTakeFirstOrThrow();
    const pings = await db
      .selectFrom("heartbeat_pings")
      .selectAll()
      .where("monitor_id", "=", row.id)
      .orderBy("number", "desc")
      .limit(SHOWN_PINGS)
      .execute();
    const mayEdit = can(actorOf(request), "edit", {
      type: "monitor",
      team: row.team,
      visibility: row.visibility,
    });
    const config = configOf(row.config, secrets);
    return {
      ping_url: mayEdit ? `${url}/ping/${secrets.open(kept.ping_sealed)}` : null,
      push_url: mayEdit ? `${url}/api/push/${secrets.open(kept.push_sealed)}` : null,
      expected_at: kept.expected_at?.toString() ?? null,
      due_at: kept.due_at?.toString() ?? null,
      running_since: kept.facts.run ? instantOf(kept.facts.run.at) : null,
      next_runs: runsOf(config, kept.facts.lastEnd?.at ?? null),
      pings: pings.map(({ monitor_id: _, at, body, ...rest }) => ({
        ...rest,
        at: at.toString(),
        body: body && redactText(body.toString("utf8")),
      })),
    };
  }

  async function found(request: FastifyRequest<{ Params: { slug: string } }>): Promise<MonitorRow> {
    const row = await find(request);
    if (row.kind !== "heartbeat")
      throw new Refusal("conflict", `"${row.slug}" is of kind ${row.kind}, not a heartbeat.`);
    return row;
  }

  /** A period counts from the last ping; the other schedules have times of their own. */
  function runsOf(config: HeartbeatConfig, lastMs: number | null): string[] {
    const schedule = scheduleOf(config);
    const now = clock.now().epochMilliseconds;
    const anchor = schedule.fixed || lastMs === null ? now : lastMs;
    return nextRuns(schedule, anchor, SHOWN_RUNS).map(instantOf);
  }

  app.route({
    method: "GET",
    url: "/monitors/:slug/heartbeat",
    schema: {
      ...{ tags, params: bySlug, summary: "A heartbeat's addresses, what it expects and what came" },
      response: { 200: state, ...problems },
    },
    handler: stateOf,
  });

  app.route({
    method: "POST",
    url: "/monitors/:slug/heartbeat/regenerate",
    schema: {
      ...{ tags, params: bySlug, summary: "Give it new addresses; the old ones are dead at once" },
      response: { 200: state, ...problems },
    },
    handler: async (request) => {
      const row = await found(request);
      must(actorOf(request), "edit", { type: "monitor", team: row.team, visibility: row.visibility });
      const { uuid, token } = configOf(row.config, secrets);
      if (uuid !== undefined || token !== undefined)
        throw invalid("/uuid", "Its configuration says which address it has: change uuid or token there.");
      const by = byOf(platform, request);
      await inTransaction(db, async (tx) => {
        const fresh = { uuid: newPingUuid(), token: newPushToken() };
        await keepAddresses(tx, secrets, { monitorId: row.id, ...fresh });
        await audit(tx, by, { action: "regenerated", type: "monitor", id: row.id, name: row.slug });
      });
      return stateOf(request);
    },
  });

  app.route({
    method: "POST",
    url: "/heartbeats/preview",
    schema: {
      tags,
      summary: "The next runs that a schedule expects, before anything is saved",
      body: z.record(z.string(), z.unknown()),
      response: { 200: z.object({ next_runs: z.array(instant) }), ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      return { next_runs: runsOf(parseKindConfig(heartbeat, request.body) as HeartbeatConfig, null) };
    },
  });

  pingKeyRoutes(app, platform);
}

const instantOf = (ms: number): string => Temporal.Instant.fromEpochMilliseconds(Math.round(ms)).toString();

/** Keys for pings by name. */
function pingKeyRoutes(app: App, platform: Platform): void {
  const { db, secrets, url } = platform;

  async function service(slug: string) {
    const row = await db
      .selectFrom("services")
      .select(["id", "slug", "team_id as team", "visibility"])
      .where("slug", "=", slug)
      .executeTakeFirst();
    if (!row) throw invalid("/service", `There is no service "${slug}".`);
    return row;
  }

  app.route({
    method: "GET",
    url: "/ping-keys",
    schema: {
      ...{ tags, summary: "Keys for pings by name, of services that one may edit" },
      response: { 200: z.object({ items: z.array(pingKey) }), ...problems },
    },
    handler: async (request) => {
      const rows = await db
        .selectFrom("ping_keys")
        .innerJoin("services", "services.id", "ping_keys.service_id")
        .selectAll("ping_keys")
        .select(["services.slug as service", "services.team_id as team", "services.visibility"])
        .orderBy("ping_keys.created_at")
        .execute();
      const mine = rows.filter(({ team, visibility }) =>
        can(actorOf(request), "edit", { type: "monitor", team, visibility }),
      );
      return {
        items: mine.map((row) => ({
          ...row,
          url: `${url}/ping/${secrets.open(row.key_sealed)}/`,
          created_at: row.created_at.toString(),
        })),
      };
    },
  });

  app.route({
    method: "POST",
    url: "/ping-keys",
    schema: {
      ...{ tags, summary: "Make a key for pings by name" },
      body: z.strictObject({ name: z.string().trim().min(1).max(100), service: z.string() }),
      response: { 201: pingKey, ...problems },
    },
    handler: async (request, reply) => {
      const { name } = request.body;
      const of = await service(request.body.service);
      must(actorOf(request), "edit", { type: "monitor", team: of.team, visibility: of.visibility });
      const by = byOf(platform, request);
      const key = newPingKey();
      const row = {
        ...{ id: newId(platform.clock), name, service_id: of.id, key_hash: keyHash(key) },
        ...{ key_sealed: secrets.seal(key), created_by: by.actor.name, created_at: by.at },
      };
      await inTransaction(db, async (tx) => {
        await tx.insertInto("ping_keys").values(row).execute();
        await audit(tx, by, { action: "created", type: "ping_key", id: row.id, name });
      });
      return reply.status(201).send({
        ...{ id: row.id, name, service: of.slug, url: `${url}/ping/${key}/` },
        ...{ created_by: row.created_by, created_at: by.at.toString() },
      });
    },
  });

  app.route({
    method: "DELETE",
    url: "/ping-keys/:id",
    schema: {
      ...{ tags, summary: "Delete a key: pings with it are unknown from then on", params: z.object({ id }) },
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const row = await db
        .selectFrom("ping_keys")
        .innerJoin("services", "services.id", "ping_keys.service_id")
        .select(["ping_keys.name", "services.team_id as team", "services.visibility"])
        .where("ping_keys.id", "=", request.params.id)
        .executeTakeFirst();
      if (!row) throw missing(`ping key ${request.params.id}`);
      must(actorOf(request), "edit", { type: "monitor", team: row.team, visibility: row.visibility });
      await inTransaction(db, async (tx) => {
        await tx.deleteFrom("ping_keys").where("id", "=", request.params.id).execute();
        await audit(tx, byOf(platform, request), {
          action: "deleted",
          type: "ping_key",
          id: request.params.id,
          name: row.name,
        });
      });
      return reply.status(204).send(null);
    },
  });
}
