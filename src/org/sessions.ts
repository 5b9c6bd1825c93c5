import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import type { Actor } from "./actor.ts";
import { actorForUser } from "./actor-load.ts";
import type { Auth } from "./auth.ts";
import { headersOf } from "./auth-routes.ts";
import { actorForToken } from "./tokens.ts";

const PREFIX = "/api/v1/";
const SAFE = new Set(["GET", "HEAD", "OPTIONS"]);

/**
 * Sets `request.actor` on every route under `/api/v1/`, from the bearer token or else from the session cookie.
 * A stranger stays a stranger; a token that is not good is refused at once.
 */
export function authenticate(app: App, platform: Platform, auth: Auth): void {
  app.addHook("onRequest", async (request, reply) => {
    if (!request.routeOptions.url?.startsWith(PREFIX)) return;
    const bearer = await bearerActor(platform, request);
    if (bearer) request.actor = bearer;
    else if (request.headers.cookie) request.actor = await fromCookie(request, reply);
  });

  async function fromCookie(request: FastifyRequest, reply: FastifyReply): Promise<Actor | undefined> {
    const session = await auth.session(headersOf(request));
    const actor = session && (await actorForUser(platform.db, session.userId));
    if (!actor) return undefined;
    if (!SAFE.has(request.method)) refuseForeignPage(request, auth);
    for (const cookie of session.cookies) reply.header("set-cookie", cookie);
    return actor;
  }
}

/** Whoever the bearer token stands for; undefined without one. A token that is not good is refused. */
export async function bearerActor(platform: Platform, request: FastifyRequest): Promise<Actor | undefined> {
  const token = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? "")?.[1];
  return token === undefined ? undefined : actorForToken(platform, token);
}

/** Browsers send cookies for other sites' pages too: a change must come from one of our own. */
function refuseForeignPage({ headers }: FastifyRequest, auth: Auth): void {
  if (headers["sec-fetch-site"] === "same-origin") return;
  if (headers.origin && auth.trusts(headers.origin)) return;
  throw new Refusal(
    "forbidden",
    "This change did not come from a page of Keepwatch. Scripts: send an API token instead of a cookie.",
  );
}
