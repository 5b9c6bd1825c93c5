import { bodyText } from "../base/evidence.ts";
import { Failure, failureOf } from "../base/failure.ts";
import type { Trace } from "../base/trace.ts";
import { clientBasicOf } from "./auth.ts";
import type { OAuth2 } from "./auth-config.ts";
import { exchange, type Request } from "./exchange.ts";
import { type Hands, open } from "./open.ts";
import type { Plan } from "./plan.ts";

export interface Token {
  text: string;
  /** Whether this check has fetched it itself. */
  fresh: boolean;
}

interface Kept {
  text: string;
  untilMs: number;
}

const MOST_KEPT = 1_000;
/** How long before its end a token is no longer used: at most this, or a tenth of its life. */
const LONGEST_MARGIN_MS = 30_000;
/** RFC 6749 lets a server keep silent about it. */
const UNSAID_LIFE_S = 300;
const LONGEST_WORDS = 200;

/** By client, so that all monitors of a worker that are the same client share a token. */
const kept = new Map<string, Kept>();

/** The token of the client credentials grant, kept until shortly before its end. Leaves `trace` as it was at the start. */
export async function tokenFor(oauth2: OAuth2, plan: Plan, hands: Hands): Promise<Token> {
  const nowMs = hands.context.monotonicMs();
  const key = JSON.stringify(oauth2);
  const known = kept.get(key);
  if (known && known.untilMs > nowMs) return { text: known.text, fresh: false };
  const { text, lifeMs } = await fetchToken(oauth2, plan, hands);
  if (kept.size >= MOST_KEPT) kept.clear();
  kept.set(key, { text, untilMs: nowMs + lifeMs - Math.min(LONGEST_MARGIN_MS, lifeMs / 10) });
  hands.trace.restart();
  return { text, fresh: true };
}

/** The target has refused this client's token; the next one is fetched. */
export const forgetToken = (oauth2: OAuth2): boolean => kept.delete(JSON.stringify(oauth2));

async function fetchToken(
  oauth2: OAuth2,
  plan: Plan,
  hands: Hands,
): Promise<{ text: string; lifeMs: number }> {
  const { trace } = hands;
  const request = tokenRequest(oauth2);
  try {
    await exchange(request, await open(plan, request.url, hands, "the token endpoint"), trace);
  } catch (error) {
    const failure = failureOf(error, trace.situation());
    if (failure.status === "unknown") throw failure;
    const reason = `[auth] no token: ${failure.reason.replace(/^\[[^\]]*\] /, "")}`;
    throw new Failure({ ...failure, reason, code: `auth:${failure.code}` });
  }
  return readToken(trace);
}

function tokenRequest(oauth2: OAuth2): Request {
  const { token_url, client_id, client_secret, scope, audience, client_auth = "header" } = oauth2;
  const form = new URLSearchParams({ grant_type: "client_credentials" });
  if (scope !== undefined) form.set("scope", scope);
  if (audience !== undefined) form.set("audience", audience);
  const headers = new Map([
    ["user-agent", "Keepwatch"],
    ["accept", "application/json"],
    ["content-type", "application/x-www-form-urlencoded"],
  ]);
  if (client_auth === "header") headers.set("authorization", clientBasicOf(oauth2));
  else {
    form.set("client_id", client_id);
    form.set("client_secret", client_secret);
  }
  return { url: new URL(token_url), method: "POST", headers, body: form.toString() };
}

function readToken(trace: Trace): { text: string; lifeMs: number } {
  const answer = answerOf(trace);
  const status = trace.status ?? 0;
  if (status < 200 || status > 299) {
    const why = [answer.error, answer.error_description]
      .filter((each) => typeof each === "string")
      .join(": ");
    throw refused(`answered ${status}${why ? ` ${why.slice(0, LONGEST_WORDS)}` : ""}`, String(status));
  }
  const { access_token, token_type = "bearer", expires_in } = answer;
  // A line break in it would become a header of its own.
  if (typeof access_token !== "string" || !/^[\x21-\x7e]+$/.test(access_token)) {
    throw refused(`answered ${status} without an access_token`, "token");
  }
  if (String(token_type).toLowerCase() !== "bearer") {
    throw refused(`gives tokens of type “${token_type}”; only bearer tokens can be used`, "token");
  }
  const seconds = Number(expires_in ?? UNSAID_LIFE_S);
  return { text: access_token, lifeMs: Number.isFinite(seconds) ? Math.max(0, seconds * 1_000) : 0 };
}

const refused = (what: string, code: string): Failure =>
  new Failure({ reason: `[auth] the token endpoint ${what}`, code: `auth:${code}` });

function answerOf(trace: Trace): Record<string, unknown> {
  try {
    const answer: unknown = JSON.parse(bodyText(trace));
    return typeof answer === "object" && answer !== null ? { ...answer } : {};
  } catch {
    return {};
  }
}
