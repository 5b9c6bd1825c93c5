import { z } from "zod";
import type { By } from "../../org/actor.ts";
import { actorOf, byOf } from "../../org/request.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { id } from "../../platform/http/schema.ts";
import { type App, problems } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing, Refusal } from "../../platform/refusal.ts";
import { type OfferJson, offersFor } from "./json.ts";
import { offerShift, withdrawOffer } from "./offers.ts";
import * as schema from "./schema.ts";
import { acceptTrade, declineOffer, proposeTrade, type Taken, takeOffer } from "./take.ts";

const tags = ["Schedules"];
const params = z.object({ id });

/** Shifts that are offered: swaps, cover now, cover for time away. */
export function swapRoutes(app: App, platform: Platform): void {
  const { db, clock } = platform;

  async function show(by: By, offer: string): Promise<OfferJson> {
    const [found] = await offersFor(db, by.actor, { at: clock.now(), id: offer });
    if (!found) throw missing(`shift offer ${offer}`);
    return found;
  }

  /** That a shift has moved is kept, and said only then: the refusal must not undo it. */
  async function settled(by: By, offer: string, run: (tx: Tx) => Promise<Taken>): Promise<OfferJson> {
    if ((await inTransaction(db, run)) === "moved")
      throw new Refusal(
        "conflict",
        "The shift has moved since it was offered, so you haven't taken it. Its owner has been told to ask again.",
      );
    return show(by, offer);
  }

  app.route({
    method: "GET",
    url: "/shift-offers",
    schema: {
      tags,
      summary: "Shifts that are offered or were taken, and aren't over",
      querystring: schema.shiftOfferQuery,
      response: { 200: schema.shiftOfferList, ...problems },
    },
    handler: async (request) => ({
      items: await offersFor(db, actorOf(request), { ...request.query, at: clock.now() }),
    }),
  });

  app.route({
    method: "POST",
    url: "/shift-offers",
    schema: {
      tags,
      summary: "Offer a shift or a part of it; whoever has it stays on call until somebody takes it",
      body: schema.shiftOfferCreate,
      response: { 201: schema.shiftOffer, ...problems },
    },
    handler: async (request, reply) => {
      const by = byOf(platform, request);
      const made = await inTransaction(db, (tx) => offerShift(tx, by, request.body));
      return reply.status(201).send(await show(by, made));
    },
  });

  const answers = {
    take: "Take an offered shift; the first one has it",
    decline: "Say that you don't take it",
    withdraw: "Take an offer back",
  };
  for (const [verb, summary] of Object.entries(answers))
    app.route({
      method: "POST",
      url: `/shift-offers/:id/${verb}`,
      schema: { tags, summary, params, response: { 200: schema.shiftOffer, ...problems } },
      handler: async (request) => {
        const by = byOf(platform, request);
        const offer = request.params.id;
        if (verb === "take") return settled(by, offer, (tx) => takeOffer(tx, by, offer));
        const run = verb === "decline" ? declineOffer : withdrawOffer;
        await inTransaction(db, (tx) => run(tx, by, offer));
        return show(by, offer);
      },
    });

  app.route({
    method: "POST",
    url: "/shift-offers/:id/trade",
    schema: {
      tags,
      summary: "Offer to take it in exchange for a shift of your own",
      params,
      body: schema.tradeInput,
      response: { 200: schema.shiftOffer, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const offer = request.params.id;
      await inTransaction(db, (tx) => proposeTrade(tx, by, { ...request.body, id: offer }));
      return show(by, offer);
    },
  });

  app.route({
    method: "POST",
    url: "/shift-offers/:id/trades/:user/accept",
    schema: {
      tags,
      summary: "Agree to a trade: both change places",
      params: params.extend({ user: id }),
      response: { 200: schema.shiftOffer, ...problems },
    },
    handler: async (request) => {
      const by = byOf(platform, request);
      const { id: offer, user } = request.params;
      return settled(by, offer, (tx) => acceptTrade(tx, by, { id: offer, user }));
    },
  });
}
