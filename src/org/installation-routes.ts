import type { z } from "zod";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { pageOf } from "../platform/http/schema.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import type { Actor } from "./actor.ts";
import { listAudit } from "./audit-log.ts";
import { must } from "./can.ts";
import {
  installationName,
  pagingPause,
  pausePaging,
  renameInstallation,
  resumePaging,
} from "./installation.ts";
import { findUser, teamsOf } from "./people.ts";
import { updateUser } from "./people-changes.ts";
import { actorOf, byOf } from "./request.ts";
import type { OrgDeps } from "./routes.ts";
import * as schema from "./schema.ts";
import { teamsById } from "./teams.ts";

const tags = ["Installation"];

export function installationRoutes(app: App, platform: Platform, deps: OrgDeps): void {
  const { db, clock } = platform;

  async function state(): Promise<z.infer<typeof schema.installationState>> {
    const pause = await pagingPause(db, clock.now());
    return {
      name: await installationName(db),
      paging_paused: pause && { until: pause.until.toString(), by: pause.by },
    };
  }

  async function me(actor: Actor): Promise<schema.Me> {
    const person = actor.type === "user" && actor.id !== null ? actor.id : null;
    return {
      user: person === null ? await token(actor) : await personJson(person),
      installation: {
        ...(await state()),
        version: deps.version,
        url: platform.url,
        demo: deps.demo,
        mail: platform.mail.available,
      },
      on_call: person === null ? [] : await deps.onCallOf(db, person, clock.now()),
    };
  }

  async function personJson(id: string): Promise<schema.Me["user"]> {
    const { email, name, role, time_zone, theme } = await findUser(db, id);
    const teams = (await teamsOf(db, [id])).get(id) ?? [];
    return {
      type: "user",
      id,
      email,
      name,
      role,
      time_zone,
      theme,
      teams: teams.map((team) => ({ slug: team.slug, name: team.name })),
    };
  }

  async function token({ id, name, role, teams }: Actor): Promise<schema.Me["user"]> {
    return {
      type: "token",
      id: id ?? "",
      email: null,
      name,
      role,
      time_zone: "UTC",
      theme: "auto",
      teams: (await teamsById(db, teams)).map((team) => ({ slug: team.slug, name: team.name })),
    };
  }

  app.route({
    method: "GET",
    url: "/me",
    schema: {
      tags,
      summary: "Who asks, what they are on call for, and the installation",
      response: { 200: schema.me, ...problems },
    },
    handler: (request) => me(actorOf(request)),
  });

  app.route({
    method: "PATCH",
    url: "/me",
    schema: {
      tags,
      summary: "Change one's own name, time zone or theme",
      body: schema.mePatch,
      response: { 200: schema.me, ...problems },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id, type } = actor;
      if (type !== "user" || id === null)
        throw new Refusal("forbidden", "Only a person has a profile to change.");
      await inTransaction(db, (tx) => updateUser(tx, byOf(platform, request), { ...request.body, id }));
      return me({ ...actor, name: request.body.name ?? actor.name });
    },
  });

  app.route({
    method: "PATCH",
    url: "/installation",
    schema: {
      tags,
      summary: "Rename the installation",
      body: schema.installationPatch,
      response: { 200: schema.installationState, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "installation" });
      const by = byOf(platform, request);
      await inTransaction(db, (tx) => renameInstallation(tx, by, request.body.name));
      return state();
    },
  });

  app.route({
    method: "POST",
    url: "/installation/pause-paging",
    schema: {
      tags,
      summary: "Page nobody for a while",
      body: schema.pausePaging.optional(),
      response: { 200: schema.installationState, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "installation" });
      const by = byOf(platform, request);
      const input = schema.pausePaging.parse(request.body ?? {});
      await inTransaction(db, (tx) => pausePaging(tx, by, input));
      return state();
    },
  });

  app.route({
    method: "DELETE",
    url: "/installation/pause-paging",
    schema: { tags, summary: "Page again", response: { 200: schema.installationState, ...problems } },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "installation" });
      const by = byOf(platform, request);
      await inTransaction(db, async (tx: Tx) => {
        await resumePaging(tx, by);
        await deps.pagingResumed?.(tx, by);
      });
      return state();
    },
  });

  app.route({
    method: "GET",
    url: "/audit",
    schema: {
      tags: ["Audit"],
      summary: "Who changed what, newest first",
      querystring: schema.auditQuery,
      response: { 200: pageOf(schema.auditEntry), ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "administer", { type: "audit" });
      return listAudit(db, request.query);
    },
  });
}
