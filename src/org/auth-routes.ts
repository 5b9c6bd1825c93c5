import type { FastifyRequest } from "fastify";
import type { App } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { ADDRESS_HEADER, type Auth } from "./auth.ts";

/** What of better-auth is reachable; the rest (sign-up, changing one's name unaudited, …) is not there. */
const PATHS = new Set([
  "POST /sign-in/email",
  "POST /sign-out",
  "GET /get-session",
  "POST /request-password-reset",
  "POST /reset-password",
  "POST /change-password",
  "GET /list-sessions",
  "POST /revoke-session",
  "POST /revoke-other-sessions",
]);

/** The client's headers as the web platform has them, with its address where better-auth looks for it. */
export function headersOf(request: FastifyRequest): Headers {
  const headers = new Headers();
  for (const [name, value] of Object.entries(request.headers)) {
    if (value === undefined || name === "content-length" || name === "transfer-encoding") continue;
    headers.set(name, Array.isArray(value) ? value.join(", ") : value);
  }
  headers.set(ADDRESS_HEADER, request.ip);
  return headers;
}

/** Mounts `/api/auth/*`. Errors become problem documents that keep better-auth's `code` and `message`. */
export function authRoutes(app: App, platform: Platform, auth: Auth): void {
  app.route({
    method: ["GET", "POST"],
    url: "/api/auth/*",
    schema: { hide: true },
    handler: async (request, reply) => {
      const url = new URL(request.url, platform.url);
      const path = url.pathname.replace(/^\/api\/auth/, "").replace(/\/$/, "");
      if (!PATHS.has(`${request.method} ${path}`)) return reply.callNotFound();
      const headers = headersOf(request);
      headers.set("content-type", "application/json");
      const answer = await auth.handle(
        new Request(new URL(`/api/auth${path}${url.search}`, platform.url), {
          method: request.method,
          headers,
          body: request.method === "GET" ? undefined : JSON.stringify(request.body ?? {}),
        }),
      );
      const text = await answer.text();
      reply.status(answer.status).header("cache-control", "no-store");
      for (const cookie of answer.headers.getSetCookie()) reply.header("set-cookie", cookie);
      const retryAfter = answer.headers.get("x-retry-after");
      if (retryAfter) reply.header("retry-after", retryAfter);
      if (answer.ok) return reply.type("application/json").send(text);
      return reply
        .type("application/problem+json")
        .send(JSON.stringify(toProblem(answer.status, text, platform.url)));
    },
  });
}

function toProblem(status: number, text: string, url: string): Record<string, unknown> {
  const { code, message } = parse(text);
  const detail =
    code === "INVALID_ORIGIN"
      ? `Open Keepwatch at ${url} to sign in, or set KEEPWATCH_URL to the address you use.`
      : message;
  return { type: "urn:keepwatch:problem:sign-in", title: "sign-in", status, detail, code, message: detail };
}

function parse(text: string): { code: string | undefined; message: string } {
  try {
    const body: unknown = JSON.parse(text);
    if (typeof body === "object" && body !== null && "message" in body) {
      const code = "code" in body && typeof body.code === "string" ? body.code : undefined;
      return { code, message: String(body.message) };
    }
  } catch {
    // not JSON: nothing to pass on
  }
  return { code: undefined, message: "Keepwatch could not do that." };
}
