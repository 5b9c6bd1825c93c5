import type { FastifyRequest } from "fastify";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import { type Actor, type By, by } from "./actor.ts";

declare module "fastify" {
  interface FastifyRequest {
    /** Set by `org`'s hook from the session cookie or the bearer token; absent for a stranger. */
    actor?: Actor;
  }
}

/** Who asks. Throws `unauthenticated` for a stranger. */
export function actorOf(request: FastifyRequest): Actor {
  if (request.actor) return request.actor;
  throw new Refusal("unauthenticated", "Sign in, or send an API token as `Authorization: Bearer …`.");
}

/** The hand behind a change that this request makes. */
export const byOf = (platform: Platform, request: FastifyRequest): By => by(platform, actorOf(request));
