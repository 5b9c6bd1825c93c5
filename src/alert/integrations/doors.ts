import type { FastifyReply, FastifyRequest } from "fastify";
import { type App, toProblem } from "../../platform/http/server.ts";
import { newId } from "../../platform/ids.ts";
import type { Platform } from "../../platform/platform.ts";
import { Refusal } from "../../platform/refusal.ts";
import { sources } from "../sources/index.ts";
import type { Door, SourceAnswer, SourceRequest } from "../sources/source.ts";
import { parseBody, readable, readBounded } from "./body.ts";
import { createTake, type Taken } from "./take.ts";

const METHODS = ["GET", "POST", "PUT"] as const;

/**
 * Where others' monitoring sends to: `/in/{key}`, and the addresses of the APIs that a kind stands in for. To be
 * registered at the root. Whoever has the key may send; answered only once what came is on disk.
 */
export function integrationDoors(app: App, platform: Platform): void {
  app.register((scope: App, _options, done) => {
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", async (_request: FastifyRequest, payload: AsyncIterable<Buffer>) => ({
      raw: await readBounded(payload),
    }));
    scope.setValidatorCompiler(() => (value: unknown) => ({ value }));
    const take = createTake(platform);
    const settings = { schema: { hide: true }, logLevel: "warn" } as const;

    for (const url of ["/in/:key", "/in/:key/*"])
      scope.route({
        method: [...METHODS],
        url,
        ...settings,
        handler: async (request, reply) => {
          const { key = "", "*": rest = "" } = request.params as Record<string, string>;
          const read = await arrived(platform, request, rest === "" ? "" : `/${rest}`);
          const taken = await take({ ...read, key, place: request.ip });
          return say(reply, { ...taken, request: read.request });
        },
      });
    for (const source of sources)
      for (const door of source.doors ?? [])
        scope.route({
          method: door.method,
          url: door.url,
          ...settings,
          handler: async (request, reply) => {
            const read = await arrived(platform, request, door.url);
            const key = keyOf(door, read.request);
            const taken = await take({ ...read, key, door: source, place: request.ip });
            return say(reply, { ...taken, request: read.request });
          },
        });
    done();
  });
}

const keyOf = (door: Door, request: SourceRequest): string | undefined => door.keyOf(request)?.trim();

async function arrived(platform: Platform, request: FastifyRequest, path: string) {
  const { raw } = (request.body ?? { raw: Buffer.alloc(0) }) as { raw: Buffer | undefined };
  const headers = flat(request.headers);
  const { "content-type": contentType = "", "content-encoding": encoding = "" } = request.headers;
  const body = await parseBody(raw, { type: contentType, encoding });
  const read: SourceRequest = {
    id: newId(platform.clock),
    method: request.method,
    path,
    params: flat(request.params as Record<string, string>),
    headers,
    query: flat(request.query as Record<string, string | string[] | undefined>),
    contentType,
    bytes: body.kind === "too_large" ? Buffer.alloc(0) : body.bytes,
    ...readable(body),
  };
  return { request: read, body };
}

/** One value for each name: the first of several. */
const flat = (values: Record<string, string | string[] | undefined>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(values).flatMap(([name, value]) => {
      const first = Array.isArray(value) ? value[0] : value;
      return first === undefined ? [] : [[name, first]];
    }),
  );

function say(reply: FastifyReply, told: Taken & { request: SourceRequest }): FastifyReply {
  const { outcome, source, request } = told;
  if (outcome.kind === "too_many") reply.header("retry-after", String(outcome.retryAfterS));
  if (outcome.kind === "too_large") reply.header("connection", "close");
  const own = outcome.kind === "wrong_method" ? undefined : source?.answer?.(outcome, request);
  const answer = own ?? usual(outcome);
  reply.status(answer.status).headers({ "cache-control": "no-store", ...answer.headers });
  if (typeof answer.body === "string")
    return reply.type(answer.headers?.["content-type"] ?? "text/plain; charset=utf-8").send(answer.body);
  const type = own || answer.status < 400 ? "application/json" : "application/problem+json";
  return reply.type(type).send(JSON.stringify(answer.body));
}

const problem = (refusal: Refusal): SourceAnswer => {
  const body = toProblem(refusal);
  return { status: body.status, body };
};

/** What is answered where no other program's API sets the words. */
function usual(outcome: Taken["outcome"]): SourceAnswer {
  switch (outcome.kind) {
    case "taken": {
      const keys = outcome.events.map(({ dedupKey }) => dedupKey);
      return { status: 202, body: { status: "accepted", dedup_keys: keys, changes: outcome.changes.length } };
    }
    case "refused": {
      const problems = outcome.errors.map((detail) => ({ pointer: pointerOf(detail), detail }));
      return problem(new Refusal("invalid", outcome.errors.join("; "), { problems }));
    }
    case "not_understood":
      return problem(
        new Refusal(
          "invalid",
          `This integration's kind can't read that: ${outcome.why}. It is kept, and shown on the integration's page.`,
        ),
      );
    case "malformed":
      return problem(new Refusal("malformed", outcome.why));
    case "too_large": {
      const detail = "The body is larger than 512 KB, packed or unpacked.";
      return { status: 413, body: { type: "about:blank", title: "too large", status: 413, detail } };
    }
    case "no_key":
    case "wrong_key":
      return problem(new Refusal("missing", "There is no integration with this key."));
    case "too_many":
      return problem(new Refusal("too_many", "Too many requests with this key; try again later."));
    case "wrong_method": {
      const detail = `This integration takes ${outcome.allow.join(" and ")}.`;
      return {
        status: 405,
        headers: { allow: outcome.allow.join(", ") },
        body: { type: "about:blank", title: "wrong method", status: 405, detail },
      };
    }
  }
}

/** The field that a sentence begins with, between backticks. */
const pointerOf = (detail: string): string => {
  const [, index, name] = /^(?:\[(\d+)\]: )?`([\w.]+)`/.exec(detail) ?? [];
  const parts = [...(index ? [index] : []), ...(name ?? "").split(".")].filter((part) => part !== "");
  return `/${parts.join("/")}`;
};
