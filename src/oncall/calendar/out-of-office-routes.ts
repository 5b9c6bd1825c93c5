import { z } from "zod";
import { findUser } from "../../org/people.ts";
import { actorOf, byOf } from "../../org/request.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { addOutOfOffice, endOutOfOffice, outOfOfficeJson, outOfOfficeWithin } from "./out-of-office.ts";
import * as schema from "./schema.ts";

const tags = ["Users"];
const params = z.object({ id: z.string().describe("the person's id or e-mail address") });

/** When people are away; everybody who is signed in may see it, since they plan around it. */
export function outOfOfficeRoutes(app: App, platform: Platform): void {
  const { db, clock } = platform;

  app.route({
    method: "GET",
    url: "/users/:id/out-of-office",
    schema: {
      tags,
      summary: "When a person is away, now and in the future",
      params,
      response: { 200: schema.outOfOfficeList, ...problems },
    },
    handler: async (request) => {
      actorOf(request);
      const { id } = await findUser(db, request.params.id);
      const items = await outOfOfficeWithin(db, { users: [id], from: clock.now() });
      return { items: items.map(outOfOfficeJson) };
    },
  });

  app.route({
    method: "POST",
    url: "/users/:id/out-of-office",
    schema: {
      tags,
      summary: "Say that a person is away",
      params,
      body: schema.outOfOfficeCreate,
      response: { 201: schema.outOfOffice, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const user = request.params.id;
      const made = await inTransaction(db, async (tx) => {
        const id = await addOutOfOffice(tx, by, { ...request.body, user });
        const person = await findUser(tx, user);
        return (await outOfOfficeWithin(tx, { users: [person.id], from: by.at })).find(
          (each) => each.id === id,
        )!;
      });
      return reply.status(201).send(outOfOfficeJson(made));
    },
  });

  app.route({
    method: "DELETE",
    url: "/users/:id/out-of-office/:entry",
    schema: {
      tags,
      summary: "Take time away back; what has begun ends now",
      params: params.extend({ entry: z.string() }),
      response: { 204: z.null(), ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const { id: user, entry: id } = request.params;
      await inTransaction(db, (tx) => endOutOfOffice(tx, by, { user, id }));
      return reply.status(204).send(null);
    },
  });
}
