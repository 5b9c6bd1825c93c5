import { z } from "zod";
import { duration } from "../base/fields.ts";
import { isSecretHeader } from "../base/redact.ts";
import { bareHost, type HttpConfig, httpConfig, secretPointers } from "../http/config.ts";
import { filled, placeholders } from "./placeholders.ts";
import { readSource } from "./take.ts";

const MOST_STEPS = 20;

const take = z.record(
  z
    .string()
    .regex(
      /^[\p{L}_][\p{L}\p{N}_-]*$/u,
      "name a value with letters, digits, - and _, beginning with a letter",
    ),
  z.string().refine((text) => readSource(text) !== null, {
    message:
      'say where it is: "$.token", "header x-csrf-token", "cookie session" or "/a pattern with (one group)/"',
  }),
);

/** A request and its expectations as an http monitor has them, and what is taken from the answer. */
const step = z
  .looseObject({ name: z.string().trim().min(1).max(60).optional(), take: take.optional() })
  .superRefine(({ name: _name, take: _take, ...request }, issue) => {
    // What a placeholder will be is not known yet: a digit fits wherever a text does.
    const parsed = httpConfig.safeParse(filled(request, () => "1"));
    for (const problem of parsed.error?.issues ?? []) {
      if (problem.code !== "unrecognized_keys")
        issue.addIssue({ code: "custom", path: problem.path, message: problem.message });
      else
        for (const key of problem.keys)
          issue.addIssue({ code: "custom", path: [...problem.path, key], message: `unknown key "${key}"` });
    }
    const auth = request.auth;
    if (typeof auth === "object" && auth !== null && "oauth2" in auth)
      issue.addIssue({
        code: "custom",
        path: ["auth", "oauth2"],
        message: "ask for the token in a step of its own, and take it from there",
      });
  });

export const scenarioConfig = z
  .strictObject({
    steps: z
      .array(step, "write a list of steps, each with a url")
      .min(1, "write one step at least")
      .max(MOST_STEPS, `write ${MOST_STEPS} steps at most`),
    cookies: z.boolean().optional(),
    expect: z.strictObject({ latency: duration.optional(), latency_down: duration.optional() }).optional(),
  })
  .superRefine(({ steps }, issue) => {
    const known = new Set<string>();
    for (const [at, { name: _name, take: taken = {}, ...request }] of steps.entries()) {
      for (const { name, path } of placeholders(request)) {
        if (known.has(name)) continue;
        const there = [...known].join(", ");
        const help = there ? `there is: ${there}` : "no step before it takes a value";
        const message = `nothing called "${name}" was taken before step ${at + 1}; ${help}`;
        issue.addIssue({ code: "custom", path: ["steps", at, ...path], message });
      }
      for (const name of Object.keys(taken)) known.add(name);
    }
  });

export type ScenarioConfig = z.infer<typeof scenarioConfig>;
export type ScenarioStep = ScenarioConfig["steps"][number];

/** The step's own request, with its placeholders filled; in words without any value where what was taken doesn't fit. */
export function readRequest(
  { name: _name, take: _take, ...request }: ScenarioStep,
  textOf: (name: string) => string,
): HttpConfig | { misfit: string } {
  const { data, error } = httpConfig.safeParse(filled(request, textOf));
  return data ?? { misfit: error?.issues[0]?.path.join(".") ?? "" };
}

/** The same of a step whose placeholders stand for what always fits. */
function requestOf(step: ScenarioStep): HttpConfig {
  const request = readRequest(step, () => "1");
  if ("misfit" in request) throw new Error(`a step was not checked before use: ${request.misfit}`);
  return request;
}

/** The host that the first step asks, lower-case. */
export const firstHost = ({ steps: [first] }: ScenarioConfig): string =>
  first ? bareHost(URL.parse(requestOf(first).url)) : "";

/** What people call a step: its name, or its number. */
export const stepName = ({ name }: ScenarioStep, at: number): string => name ?? `step ${at + 1}`;

/** The JSON pointers of credentials in the steps. */
export const secretsOf = ({ steps }: ScenarioConfig): string[] =>
  steps.flatMap((each, at) =>
    secretPointers(requestOf(each), isSecretHeader).map((pointer) => `/steps/${at}${pointer}`),
  );
