import { randomUUID } from "node:crypto";
import type { IncomingMessage, ServerResponse } from "node:http";
import swagger from "@fastify/swagger";
import fastify, {
  type FastifyBaseLogger,
  type FastifyError,
  type FastifyInstance,
  type RawServerDefault,
} from "fastify";
import {
  hasZodFastifySchemaValidationErrors,
  jsonSchemaTransform,
  jsonSchemaTransformObject,
  serializerCompiler,
  validatorCompiler,
  type ZodTypeProvider,
} from "fastify-type-provider-zod";
import type { Log } from "../log.ts";
import { type Problem, REFUSAL_STATUS, Refusal } from "../refusal.ts";
import { problemDetails } from "./schema.ts";

/** Fastify with zod schemas: what `routes.ts` files are given. */
export type App = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  ZodTypeProvider
>;

/** For a route's `schema.response`: every error is a problem document. */
export const problems = {
  "4xx": { description: "A problem", content: { "application/problem+json": { schema: problemDetails } } },
};

export interface ServerOptions {
  log: Log;
  version: string;
  url: string;
}

/** Builds the server: validation by zod, errors as RFC 9457 problem details, OpenAPI 3.1 from the routes. */
export async function createServer(options: ServerOptions): Promise<App> {
  const logger: FastifyBaseLogger = options.log.child({ part: "http" }, { level: "warn" });
  const app = fastify({
    loggerInstance: logger,
    genReqId: () => randomUUID(),
    bodyLimit: 1_048_576,
    trustProxy: "loopback, uniquelocal",
    forceCloseConnections: true,
    // Links in messages carry a signed claim of some 120 characters as a parameter.
    routerOptions: { ignoreTrailingSlash: true, maxParamLength: 500 },
  }).withTypeProvider<ZodTypeProvider>();
  app.setValidatorCompiler(emptyBodyAllowed);
  app.setSerializerCompiler(serializerCompiler);
  app.setErrorHandler((error: FastifyError, request, reply) => {
    const problem = toProblem(error);
    if (problem.status >= 500)
      options.log.error({ error, url: request.url, method: request.method }, "a request failed");
    return reply.status(problem.status).type("application/problem+json").send(JSON.stringify(problem));
  });
  app.addContentTypeParser("application/json", { parseAs: "string" }, (_request, body, done) => {
    if (body === "") return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new Refusal("malformed", "The body is not valid JSON."), undefined);
    }
  });
  await app.register(swagger, {
    openapi: {
      openapi: "3.1.0",
      info: {
        title: "Keepwatch",
        version: options.version,
        description: "Watch, page, respond, learn. Errors are RFC 9457 problem details.",
      },
      servers: [{ url: options.url }],
      components: { securitySchemes: { bearer: { type: "http", scheme: "bearer" } } },
      security: [{ bearer: [] }],
    },
    transform: jsonSchemaTransform,
    transformObject: jsonSchemaTransformObject,
  });
  return app;
}

/** A request without a body is as good as one with an empty object: acknowledgement links are answered so. */
const emptyBodyAllowed: typeof validatorCompiler = (route) => {
  const validate = validatorCompiler(route);
  return (data: unknown) => validate(route.httpPart === "body" ? (data ?? {}) : data);
};

interface ProblemDocument {
  type: string;
  title: string;
  status: number;
  detail: string;
  errors?: readonly Problem[];
}

/** The one table from an error to what the caller is told. What is not expected says nothing of its inside. */
export function toProblem(error: unknown): ProblemDocument {
  if (error instanceof Refusal) {
    return {
      type: `urn:keepwatch:problem:${error.code}`,
      title: error.code.replaceAll("_", " "),
      status: REFUSAL_STATUS[error.code],
      detail: error.message,
      ...(error.problems.length > 0 ? { errors: error.problems } : {}),
    };
  }
  if (hasZodFastifySchemaValidationErrors(error)) {
    const errors = error.validation.map((issue) => ({
      pointer: issue.instancePath || "/",
      detail: issue.message ?? "is not valid",
    }));
    const detail = errors.map(({ pointer, detail }) => `${pointer}: ${detail}`).join("; ");
    return { type: "urn:keepwatch:problem:invalid", title: "invalid", status: 422, detail, errors };
  }
  const status = statusOf(error);
  return status < 500
    ? {
        type: "about:blank",
        title: "bad request",
        status,
        detail: error instanceof Error ? error.message : "",
      }
    : {
        type: "about:blank",
        title: "internal error",
        status: 500,
        detail: "Keepwatch failed on this request; nothing was changed. The server's log has the reason.",
      };
}

const statusOf = (error: unknown): number =>
  typeof error === "object" && error !== null && "statusCode" in error ? Number(error.statusCode) : 500;
