import { sql } from "kysely";
import { z } from "zod";
import { namedThings, resourceOf } from "../../catalog/maintenance/access.ts";
import type { Actor, By } from "../../org/actor.ts";
import { can } from "../../org/can.ts";
import { actorOf, byOf } from "../../org/request.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { decodeCursor, toPage } from "../../platform/http/cursor.ts";
import { id, pageOf, slug } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing } from "../../platform/refusal.ts";
import * as schema from "./schema.ts";
import {
  changeSilence,
  createSilence,
  endOf,
  endSilence,
  type Mutable,
  mute,
  type SilencePorts,
  unmute,
} from "./silences.ts";
import type { SilenceRow } from "./store.ts";
import { silenceInWords } from "./words.ts";
import "../table.ts";

const tags = ["Silences"];
const params = z.object({ id });

/** Silences as this viewer sees them: one that names only what they may not see is left out. */
async function silencesJson(
  db: DbOrTx,
  rows: readonly SilenceRow[],
  { viewer, now, ports }: { viewer: Actor; now: Temporal.Instant; ports: SilencePorts },
): Promise<schema.SilenceJson[]> {
  const services = [...new Set(rows.flatMap(({ matchers }) => matchers.services ?? []))];
  const monitors = [...new Set(rows.flatMap(({ matchers }) => matchers.monitors ?? []))];
  const things = await namedThings(db, { services, monitors }, ports);
  const held = await heldBySilence(db, rows);
  const seen = (list: "services" | "monitors", names: readonly string[] | undefined) =>
    names?.filter((name) => {
      const thing = things[list].get(name);
      return !thing || can(viewer, "read", resourceOf("silence", thing));
    });
  return rows.flatMap((row) => {
    const shown = {
      ...row.matchers,
      ...(row.matchers.services && { services: seen("services", row.matchers.services) }),
      ...(row.matchers.monitors && { monitors: seen("monitors", row.matchers.monitors) }),
    };
    if (shown.services?.length === 0 || shown.monitors?.length === 0) return [];
    return [silenceJson(row, { shown, now, held: held.get(row.id) ?? 0 })];
  });
}

function silenceJson(
  row: SilenceRow,
  { shown, now, held }: { shown: SilenceRow["matchers"]; now: Temporal.Instant; held: number },
): schema.SilenceJson {
  const { services, monitors, severities, problems: these } = shown;
  return {
    id: row.id,
    matchers: {
      ...(services && { services: [...services] }),
      ...(monitors && { monitors: [...monitors] }),
      ...(severities && { severities: [...severities] }),
      ...(shown.text !== undefined && { text: shown.text }),
      ...(shown.labels && { labels: { ...shown.labels } }),
      ...(these && { problems: [...these] }),
    },
    sentence: silenceInWords(shown),
    reason: row.reason,
    on: row.ended_at === null && Temporal.Instant.compare(now, row.until) < 0,
    until: row.until.toString(),
    ended_at: row.ended_at?.toString() ?? null,
    ended_by: row.ended_by,
    held,
    created_by: row.created_by,
    created_at: row.created_at.toString(),
  };
}

async function heldBySilence(db: DbOrTx, rows: readonly SilenceRow[]): Promise<Map<string, number>> {
  if (rows.length === 0) return new Map();
  const counts = await db
    .selectFrom("alerts")
    .select(["held_ref", (eb) => eb.fn.countAll<number>().as("count")])
    .where("status", "=", "firing")
    .where("held_by", "=", "silence")
    .where(
      "held_ref",
      "in",
      rows.map((row) => row.id),
    )
    .groupBy("held_ref")
    .execute();
  return new Map(counts.flatMap((row) => (row.held_ref ? [[row.held_ref, row.count] as const] : [])));
}

export function silenceRoutes(app: App, platform: Platform, ports: SilencePorts): void {
  const { db } = platform;

  async function show(viewer: Actor, id: string): Promise<schema.SilenceJson> {
    const rows = await db.selectFrom("silences").selectAll().where("id", "=", id).execute();
    const [item] = await silencesJson(db, rows, { viewer, now: platform.clock.now(), ports });
    if (!item) throw missing(`silence ${id}`);
    return item;
  }

  app.route({
    method: "GET",
    url: "/silences",
    schema: {
      tags,
      summary: "List silences, newest first",
      querystring: schema.silenceQuery,
      response: { 200: pageOf(schema.silence), ...problems },
    },
    handler: async (request) => {
      const { limit, cursor, on } = request.query;
      const now = platform.clock.now();
      const after = decodeCursor(cursor, ["id"]);
      const isOn = sql<boolean>`(ended_at is null and until > ${now})`;
      let query = db.selectFrom("silences").selectAll();
      if (on) query = query.where(on === "true" ? isOn : sql<boolean>`not ${isOn}`);
      if (after) query = query.where("id", "<", after[0] ?? "");
      const rows = await query
        .orderBy("id", "desc")
        .limit(limit + 1)
        .execute();
      const shown = await silencesJson(db, rows, { viewer: actorOf(request), now, ports });
      const byId = new Map(shown.map((item) => [item.id, item]));
      const page = toPage(rows, { limit, key: (row) => [row.id], item: (row) => byId.get(row.id) });
      return { items: page.items.filter((item) => item !== undefined), next: page.next };
    },
  });

  app.route({
    method: "POST",
    url: "/silences",
    schema: {
      tags,
      summary: "Silence what matches for a while",
      body: schema.silenceCreate,
      response: { 201: schema.silence, ...problems },
    },
    handler: async (request, reply) => {
      const { matchers, reason, ...howLong } = request.body;
      const id = await inTransaction(db, (tx) => {
        const by = byOf(platform, request);
        return createSilence(tx, by, { matchers, reason, until: endOf(by.at, howLong), ports });
      });
      return reply.status(201).send(await show(actorOf(request), id));
    },
  });

  app.route({
    method: "GET",
    url: "/silences/:id",
    schema: { tags, summary: "Show a silence", params, response: { 200: schema.silence, ...problems } },
    handler: (request) => show(actorOf(request), request.params.id),
  });

  app.route({
    method: "PATCH",
    url: "/silences/:id",
    schema: {
      tags,
      summary: "Extend or shorten a silence, or say better why",
      params,
      body: schema.silencePatch,
      response: { 200: schema.silence, ...problems },
    },
    handler: async (request) => {
      const { reason, ...howLong } = request.body;
      const { id } = await show(actorOf(request), request.params.id);
      await inTransaction(db, (tx) => {
        const by = byOf(platform, request);
        const given = howLong.for !== undefined || howLong.until !== undefined;
        const until = given ? endOf(by.at, howLong) : undefined;
        return changeSilence(tx, by, { id, until, reason, ports });
      });
      return show(actorOf(request), id);
    },
  });

  app.route({
    method: "POST",
    url: "/silences/:id/end",
    schema: {
      tags,
      summary: "End a silence now: what still fires pages",
      params,
      response: { 200: schema.silence, ...problems },
    },
    handler: async (request) => {
      const { id } = await show(actorOf(request), request.params.id);
      await inTransaction(db, (tx) => endSilence(tx, byOf(platform, request), { id, ports }));
      return show(actorOf(request), id);
    },
  });

  muteRoutes(app, platform, { ports, show });
}

interface MuteContext {
  ports: SilencePorts;
  show: (viewer: Actor, id: string) => Promise<schema.SilenceJson>;
}

/** Mute for 30 minutes while I deploy. */
function muteRoutes(app: App, platform: Platform, { ports, show }: MuteContext): void {
  const bySlug = z.object({ slug });
  for (const noun of ["service", "monitor"] as const) {
    const what = (slug: string): Mutable => (noun === "service" ? { service: slug } : { monitor: slug });
    const run = <T>(by: By, verb: (tx: Tx) => Promise<T>) => inTransaction(by.platform.db, verb);

    app.route({
      method: "POST",
      url: `/${noun}s/:slug/mute`,
      schema: {
        tags,
        summary: `Mute a ${noun}: its alerts page nobody until then; muting it again sets the end anew`,
        params: bySlug,
        body: schema.mute,
        response: { 200: schema.silence, ...problems },
      },
      handler: async (request) => {
        const by = byOf(platform, request);
        const { reason, ...howLong } = request.body;
        const input = { what: what(request.params.slug), reason, until: endOf(by.at, howLong), ports };
        await refuseUnknown(platform.db, input.what);
        const id = await run(by, (tx) => mute(tx, by, input));
        return show(actorOf(request), id);
      },
    });

    app.route({
      method: "POST",
      url: `/${noun}s/:slug/unmute`,
      schema: {
        tags,
        summary: `Unmute a ${noun}: what still fires pages`,
        params: bySlug,
        response: { 204: z.null(), ...problems },
      },
      handler: async (request, reply) => {
        const by = byOf(platform, request);
        await refuseUnknown(platform.db, what(request.params.slug));
        await run(by, (tx) => unmute(tx, by, { what: what(request.params.slug), ports }));
        return reply.status(204).send(null);
      },
    });
  }

  /** A slug in the address that nothing has is missing, not a wrong field of the body. */
  async function refuseUnknown(db: DbOrTx, thing: Mutable): Promise<void> {
    const names = {
      services: "service" in thing ? [thing.service] : [],
      monitors: "monitor" in thing ? [thing.monitor] : [],
    };
    const found = await namedThings(db, names, ports);
    if (found.services.size + found.monitors.size > 0) return;
    throw missing("service" in thing ? `service "${thing.service}"` : `monitor "${thing.monitor}"`);
  }
}
