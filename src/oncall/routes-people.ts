import { z } from "zod";
import { must } from "../org/can.ts";
import { findUser } from "../org/people.ts";
import { actorOf, byOf } from "../org/request.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { lintPeople } from "./lint-people.ts";
import { onCallEverywhere } from "./on-call.ts";
import type { OncallPorts } from "./routes.ts";
import { notificationRulesOf, setNotificationRules } from "./rules.ts";
import { readMoment } from "./schedule-json.ts";
import * as schema from "./schema.ts";

const params = z.object({ id: z.string().describe("the person's id or e-mail address") });

export function personRoutes(
  app: App,
  platform: Platform,
  { methodsOf, lintedMethodsOf }: OncallPorts,
): void {
  const { db, clock } = platform;

  app.route({
    method: "GET",
    url: "/oncall",
    schema: {
      tags: ["Schedules"],
      summary: "Who is on call, until when, and who is next",
      querystring: z.object({ at: z.string().optional().describe("an instant; now unless given") }),
      response: { 200: schema.onCallNow, ...problems },
    },
    handler: (request) => {
      const { at } = request.query;
      const moment = at === undefined ? clock.now() : readMoment(at, { pointer: "/at", timeZone: "UTC" });
      return onCallEverywhere(db, actorOf(request), moment);
    },
  });

  app.route({
    method: "GET",
    url: "/users/:id/contact-findings",
    schema: {
      tags: ["Users"],
      summary: "What makes it doubtful that pages reach a person, the worst first",
      params,
      response: { 200: schema.findings, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "user" });
      const { id } = await findUser(db, request.params.id);
      return { items: (await lintPeople(db, [id], lintedMethodsOf)).get(id) ?? [] };
    },
  });

  app.route({
    method: "GET",
    url: "/contact-findings",
    schema: {
      tags: ["Users"],
      summary: "Active people whom pages may not reach, with what makes that doubtful",
      response: { 200: schema.peopleFindings, ...problems },
    },
    handler: async (request) => {
      must(actorOf(request), "read", { type: "user" });
      const rows = await db
        .selectFrom("users")
        .select(["id", "name", "email"])
        .where("deactivated_at", "is", null)
        .orderBy("name")
        .execute();
      const found = await lintPeople(
        db,
        rows.map(({ id }) => id),
        lintedMethodsOf,
      );
      return {
        items: rows.flatMap((person) => {
          const findings = found.get(person.id);
          return findings ? [{ person, findings }] : [];
        }),
      };
    },
  });

  app.route({
    method: "GET",
    url: "/users/:id/notification-rules",
    schema: {
      tags: ["Users"],
      summary: "How a person is paged, by urgency",
      params,
      response: { 200: schema.notificationRules, ...problems },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = await findUser(db, request.params.id);
      must(actor, "edit", { type: "person", owner: id });
      return notificationRulesOf(db, id);
    },
  });

  app.route({
    method: "PUT",
    url: "/users/:id/notification-rules",
    schema: {
      tags: ["Users"],
      summary: "Say how a person is paged; without any rule every verified method is used at once",
      params,
      body: schema.notificationRules,
      response: { 200: schema.notificationRules, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { id: userId } = await findUser(db, request.params.id);
      await inTransaction(db, async (tx) => {
        const methods = ((await methodsOf(tx, [userId])).get(userId) ?? []).map((method) => method.slug);
        await setNotificationRules(tx, by, { userId, rules: request.body, methods });
      });
      return notificationRulesOf(db, userId);
    },
  });
}
