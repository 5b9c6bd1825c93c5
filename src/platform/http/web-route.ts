import { existsSync } from "node:fs";
import { join } from "node:path";
import fastifyStatic from "@fastify/static";
import type { App } from "./server.ts";

const SECURITY_HEADERS = {
  "content-security-policy":
    "default-src 'self'; img-src 'self' data:; style-src 'self' 'unsafe-inline'; connect-src 'self'; frame-ancestors 'none'; base-uri 'self'; form-action 'self'",
  "x-content-type-options": "nosniff",
  "referrer-policy": "same-origin",
};

/** Serves the built web app: hashed files for ever, everything else as its index page. Headers for all answers. */
export async function serveWeb(app: App, folder: string): Promise<void> {
  app.addHook("onSend", async (_request, reply) => {
    for (const [name, value] of Object.entries(SECURITY_HEADERS)) {
      if (!reply.hasHeader(name)) reply.header(name, value);
    }
  });
  const built = existsSync(join(folder, "index.html"));
  if (built) {
    await app.register(fastifyStatic, {
      root: folder,
      index: "index.html",
      setHeaders: (response, path) => {
        const forever = path.includes(`${join(folder, "assets")}`);
        response.header("cache-control", forever ? "public, max-age=31536000, immutable" : "no-cache");
      },
    });
  }
  app.setNotFoundHandler((request, reply) => {
    const wantsPage = request.method === "GET" && (request.headers.accept ?? "").includes("text/html");
    if (built && wantsPage && !request.url.startsWith("/api/")) {
      return reply.header("cache-control", "no-cache").sendFile("index.html");
    }
    return reply
      .status(404)
      .type("application/problem+json")
      .send(
        JSON.stringify({
          type: "urn:keepwatch:problem:missing",
          title: "missing",
          status: 404,
          detail: `Nothing answers ${request.method} ${request.url.split("?")[0]}.`,
        }),
      );
  });
}
