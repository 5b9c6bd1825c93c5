import type { FastifyReply, FastifyRequest } from "fastify";
import { must } from "../org/can.ts";
import { actorOf } from "../org/request.ts";
import { type App, problems } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { applyConfig, configActor, type Outcome, planConfig } from "./apply.ts";
import { exportConfig } from "./export.ts";
import type { ConfigProblem } from "./parse.ts";
import * as schema from "./schema.ts";

const tags = ["Configuration"];
/** Of all files together: some ten thousand objects. */
const MOST_BYTES = 16 * 1024 ** 2;
const refused = {
  422: {
    description: "What is wrong with the files",
    content: { "application/problem+json": { schema: schema.configRefused } },
  },
};

export function configRoutes(app: App, platform: Platform): void {
  /** Only an administrator: a configuration may change anything. */
  const actorFor = (request: FastifyRequest) => {
    const actor = actorOf(request);
    must(actor, "administer", { type: "configuration" });
    return configActor(`applied by ${actor.name}`);
  };

  for (const verb of ["plan", "apply"] as const) {
    app.route({
      method: "POST",
      url: `/config/${verb}`,
      bodyLimit: MOST_BYTES,
      schema: {
        tags,
        summary:
          verb === "plan"
            ? "What applying these files would change"
            : "Make everything as these files say, all or nothing",
        body: schema.configInput,
        response: { 200: schema.configOutcome, ...refused, ...problems },
      },
      handler: async (request, reply) => {
        const act = verb === "plan" ? planConfig : applyConfig;
        const outcome = await act(platform, actorFor(request), request.body);
        return outcome.problems.length > 0 ? refuse(reply, outcome) : reply.send(outcome);
      },
    });
  }

  app.route({
    method: "GET",
    url: "/config/export",
    schema: { tags, summary: "Everything as YAML, secrets left out", produces: ["text/yaml"] },
    handler: async (request, reply) => {
      actorFor(request);
      const text = await exportConfig(platform.db, { platform, at: platform.clock.now() });
      return reply.type("text/yaml; charset=utf-8").send(text);
    },
  });
}

function refuse(reply: FastifyReply, { problems }: Outcome) {
  const detail = problems.map(sentence).join("\n");
  const document = {
    type: "urn:keepwatch:problem:invalid",
    title: "invalid",
    status: 422,
    detail,
    errors: problems.map(({ key, message }) => ({ pointer: pointerOf(key), detail: message })),
    problems,
  };
  return reply.status(422).type("application/problem+json").send(JSON.stringify(document));
}

const sentence = ({ file, line, column, key, message }: ConfigProblem): string =>
  `${file}:${line}:${column}: ${key ? `${key}: ` : ""}${message}`;

/** `monitors[0].expect` → `/monitors/0/expect` */
const pointerOf = (key: string): string =>
  key ? `/${key.replaceAll(/[[.]/g, "/").replaceAll("]", "")}` : "";
