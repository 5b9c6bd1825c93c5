import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../../platform/http/server.ts";
import type { Platform } from "../../platform/platform.ts";
import type { PageDeps } from "../engine.ts";
import { findProviderKind } from "../providers/index.ts";
import type { ProviderRequest } from "../providers/kind.ts";
import { openProvider } from "../providers/providers.ts";
import type { Answers } from "./answers.ts";
import { answersFor } from "./receive.ts";

const LARGEST = 1_048_576;
const LIMIT_MS = 10_000;

interface CallbackRoute {
  Params: { slug: string; "*"?: string };
}

/**
 * `/callbacks/{provider}`: where providers bring answers and receipts. To be registered at the root. The kind checks
 * the signature over just what came, so nothing here reads a body before it does.
 */
export function callbackRoutes(app: App, platform: Platform, deps: PageDeps): void {
  const known = new Map<string, Answers>();
  const answersOf = (providerId: string): Answers => {
    const there = known.get(providerId) ?? answersFor(platform, { answer: deps.answer, providerId });
    known.set(providerId, there);
    return there;
  };

  async function receive(request: FastifyRequest<CallbackRoute>, reply: FastifyReply): Promise<FastifyReply> {
    const row = await platform.db
      .selectFrom("providers")
      .selectAll()
      .where("slug", "=", request.params.slug)
      .executeTakeFirst();
    const kind = row && findProviderKind(row.kind);
    const open = row && openProvider(row, platform.secrets);
    if (!row || !open || !kind?.receive)
      return reply.status(404).type("text/plain").send("There is nothing here.\n");
    const context = {
      answers: answersOf(row.id),
      now: platform.clock.now(),
      signal: AbortSignal.timeout(LIMIT_MS),
      resolve: deps.resolve,
      guard: deps.guard,
    };
    const answered = await kind.receive(open.settings, received(request, platform.url), context);
    return reply
      .status(answered.status)
      .headers({ "content-type": "text/plain; charset=utf-8", ...answered.headers })
      .send(answered.body ?? "");
  }

  void app.register((scope, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { parseAs: "buffer", bodyLimit: LARGEST }, (_request, body, parsed) =>
      parsed(null, body),
    );
    const schema = { hide: true };
    for (const url of ["/callbacks/:slug", "/callbacks/:slug/*"])
      scope.route<CallbackRoute>({ method: ["GET", "POST"], url, schema, handler: receive });
    done();
  });
}

function received(request: FastifyRequest<CallbackRoute>, home: string): ProviderRequest {
  const headers = Object.entries(request.headers).map(([name, value]) => [
    name,
    Array.isArray(value) ? value.join(", ") : (value ?? ""),
  ]);
  return {
    method: request.method,
    path: request.params["*"] ?? "",
    // As the provider called it: behind a proxy the request itself knows neither the scheme nor the host.
    url: home + request.url,
    query: new URL(request.url, home).searchParams,
    headers: Object.fromEntries(headers),
    body: Buffer.isBuffer(request.body) ? request.body : Buffer.alloc(0),
  };
}
