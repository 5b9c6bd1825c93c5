import type { FastifyReply, FastifyRequest } from "fastify";
import type { App } from "../platform/http/server.ts";
import { toProblem } from "../platform/http/server.ts";
import type { Platform } from "../platform/platform.ts";
import { Refusal } from "../platform/refusal.ts";
import type { Answer, LinkClaim } from "./answer.ts";
import { addressee } from "./compose.ts";
import { answeredPage, askingPage, LINK_PAGE_CSP, sayingPage, stillAsks } from "./link-page.ts";
import { readAnswerToken } from "./links.ts";
import type { Subject } from "./model.ts";

interface TokenRoute {
  Params: { token: string };
}
type Request = FastifyRequest<TokenRoute>;

const HEADERS = {
  "cache-control": "no-store",
  "content-security-policy": LINK_PAGE_CSP,
  "referrer-policy": "no-referrer",
  "x-content-type-options": "nosniff",
  "x-robots-tag": "noindex, nofollow",
} as const;

const accepts = (request: FastifyRequest, type: string): boolean =>
  (request.headers.accept ?? "").toLowerCase().includes(type);
/** A browser says so; a program that posts an empty body says nothing or asks for JSON. */
const isBrowser = (request: FastifyRequest): boolean => accepts(request, "text/html");

/**
 * `/a/{token}`: what a link in a message opens. To be registered at the root. GET and HEAD change nothing, whoever
 * follows them (mail scanners do); only a POST answers.
 */
export function pageLinkRoutes(app: App, platform: Platform, answer: Answer): void {
  void app.register((scope, _options, done) => {
    // A browser posts its form, a webhook's receiver anything or nothing; the link itself says all that is needed.
    scope.removeAllContentTypeParsers();
    scope.addContentTypeParser("*", { bodyLimit: 65_536 }, (_request, payload, parsed) => {
      payload.resume();
      payload.on("end", () => parsed(null, undefined));
    });
    scope.addHook("onRequest", async (_request, reply) => void reply.headers(HEADERS));
    scope.setErrorHandler((error, request, reply) => refuse(platform, { error, request, reply }));
    const schema = { tags: ["Answer links"], security: [] };
    scope.get<TokenRoute>(
      "/a/:token",
      { schema: { ...schema, summary: "Shows what an answer link would do, and a button that does it" } },
      (request, reply) => ask(platform, answer, { request, reply }),
    );
    scope.post<TokenRoute>(
      "/a/:token",
      { schema: { ...schema, summary: "Does what the link was made for: acknowledge, resolve or escalate" } },
      (request, reply) => perform(platform, answer, { request, reply }),
    );
    done();
  });
}

function refuse(
  platform: Platform,
  { error, request, reply }: { error: unknown; request: FastifyRequest; reply: FastifyReply },
): FastifyReply {
  const problem = toProblem(error);
  if (problem.status >= 500)
    platform.log.error({ error, url: "/a/…", method: request.method }, "a link failed");
  reply.status(problem.status);
  if (!isBrowser(request) && (request.method === "POST" || accepts(request, "json")))
    return reply.type("application/problem+json").send(JSON.stringify(problem));
  const title = problem.status >= 500 ? "That did not work" : "This link can't be used";
  const text =
    problem.status >= 500
      ? `Nothing was changed. Try again, or open Keepwatch at ${platform.url}.`
      : problem.detail;
  return reply.type("text/html; charset=utf-8").send(sayingPage(title, text));
}

/** The link's own words, checked; and the person it was made for, who must still be active. */
async function readLink(
  platform: Platform,
  request: Request,
): Promise<{ claim: LinkClaim; timeZone: string }> {
  const claim = readAnswerToken(platform, request.params.token);
  if (!claim)
    throw new Refusal(
      "missing",
      "This is not a link that Keepwatch made, or it was cut off. Open the message again.",
    );
  const person = await platform.db
    .selectFrom("users")
    .select(["id"])
    .where("id", "=", claim.personId)
    .where("deactivated_at", "is", null)
    .executeTakeFirst();
  if (!person) throw new Refusal("gone", "The person this link was made for is no longer active here.");
  const { timeZone } = await addressee(platform.db, claim.personId);
  return { claim, timeZone };
}

async function readSubject(platform: Platform, answer: Answer, claim: LinkClaim): Promise<Subject> {
  if (!(await answer.resource(platform.db, claim.subjectId)))
    throw new Refusal("gone", "What this link was about no longer exists.");
  return answer.describe(platform.db, claim.subjectId, claim.personId);
}

async function ask(
  platform: Platform,
  answer: Answer,
  { request, reply }: { request: Request; reply: FastifyReply },
): Promise<FastifyReply> {
  const { claim, timeZone } = await readLink(platform, request);
  const subject = await readSubject(platform, answer, claim);
  const asks = stillAsks(subject, claim.verb, timeZone);
  reply.status(subject.status === "resolved" ? 410 : 200);
  if (!isBrowser(request) && accepts(request, "json")) {
    if (subject.status === "resolved" && !asks.yes) throw new Refusal("gone", asks.why);
    return reply.send({ verb: claim.verb, status: subject.status, url: subject.url, answerable: asks.yes });
  }
  const html = askingPage({ subject, verb: claim.verb, timeZone });
  return reply.type("text/html; charset=utf-8").send(html);
}

async function perform(
  platform: Platform,
  answer: Answer,
  { request, reply }: { request: Request; reply: FastifyReply },
): Promise<FastifyReply> {
  const { claim, timeZone } = await readLink(platform, request);
  const { verb, ...rest } = claim;
  const { done, text } = await answer.act({ ...rest, via: `${claim.via} link`, action: { verb } });
  // What is done is done: a subject that can't be read now must not be taken for a failure.
  const subject = await readSubject(platform, answer, claim).catch((error: unknown) => {
    platform.log.error({ error, subject: claim.subjectId }, "a link's subject could not be read");
    return null;
  });
  const dead = !done && subject?.status === "resolved";
  if (isBrowser(request)) {
    const html = subject ? answeredPage({ subject, text, timeZone }) : sayingPage(text, "");
    return reply
      .status(dead ? 410 : 200)
      .type("text/html; charset=utf-8")
      .send(html);
  }
  if (dead) throw new Refusal("gone", text);
  return reply.send({ done, text, status: subject?.status ?? null, url: subject?.url ?? platform.url });
}
