import { z } from "zod";
import { must } from "../../org/can.ts";
import { findUser } from "../../org/people.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { remindersOfPerson, setReminders } from "./reminders.ts";
import { shiftReminders } from "./schema.ts";

const params = z.object({ id: z.string().describe("the person's id or e-mail address") });

/** When people are reminded of their shifts. */
export function reminderRoutes(app: App, platform: Platform): void {
  const { db } = platform;
  app.route({
    method: "GET",
    url: "/users/:id/shift-reminders",
    schema: {
      tags: ["Users"],
      summary: "When a person is reminded of their shifts",
      params,
      response: { 200: shiftReminders, ...problems },
    },
    handler: async (request) => {
      const actor = actorOf(request);
      const { id } = await findUser(db, request.params.id);
      must(actor, "edit", { type: "person", owner: id });
      return remindersOfPerson(db, id);
    },
  });
  app.route({
    method: "PUT",
    url: "/users/:id/shift-reminders",
    schema: {
      tags: ["Users"],
      summary: "Say when a person is reminded: hours before, at the start, at the end",
      params,
      body: shiftReminders,
      response: { 200: shiftReminders, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { id: user } = request.params;
      await inTransaction(db, (tx) => setReminders(tx, by, { ...request.body, user }));
      return remindersOfPerson(db, (await findUser(db, user)).id);
    },
  });
}
