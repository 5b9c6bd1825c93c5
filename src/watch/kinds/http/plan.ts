import type { ValidateFunction } from "ajv/dist/2020.js";
import { listOf, msOf } from "../base/fields.ts";
import { type JsonWish, jsonWishOf } from "../base/json-wish.ts";
import { lazy } from "../base/lazy.ts";
import { isSecretHeader } from "../base/redact.ts";
import { authorizationOf, shownNever } from "./auth.ts";
import type { OAuth2 } from "./auth-config.ts";
import type { HttpConfig } from "./config.ts";
import { familyOf, httpVersionOf } from "./connection-config.ts";
import { answeredBy, type HeaderExpectation } from "./expect-config.ts";
import { compileSchema } from "./json-schema.ts";
import { proxyOf, type WebProxy } from "./proxy.ts";
import { type Identity, identityOf } from "./secure.ts";
import { parseStatusRanges, type StatusRange } from "./status-range.ts";

/** A configuration made ready to run: defaults filled in, text parsed. */
export interface Plan {
  url: URL;
  method: string;
  /** Lower-case names; `host` and `content-length` are added per request. */
  headers: ReadonlyMap<string, string>;
  body: string | undefined;
  /** Where to get a token for each request. */
  oauth2: OAuth2 | undefined;
  followRedirects: number;
  /** Undefined: any. */
  family: 4 | 6 | undefined;
  proxy: WebProxy | undefined;
  httpVersion: "1.1" | "2" | "any";
  verify: boolean;
  /** Name to ask the monitor's own host for, where it isn't its own. */
  serverName: string | undefined;
  /** Made when first asked for; undefined where the shared one will do. */
  identity: Identity | undefined;
  /** Undefined: the default rule, see `certificateWindowMs`. */
  expiresWithinMs: number | undefined;
  statuses: readonly StatusRange[];
  /** `1.0`, `1.1` or `2`. */
  answeredBy: string | undefined;
  headerExpectations: readonly { expectation: HeaderExpectation; pattern: RegExp | undefined }[];
  /** Where it must lead; compared without query and fragment where this has none. */
  redirectsTo: URL | undefined;
  bodyContains: readonly string[];
  bodyExcludes: readonly string[];
  bodyMatches: readonly RegExp[];
  bodyNotMatches: readonly RegExp[];
  /** In bytes. */
  size: { min?: number | undefined; max?: number | undefined };
  json: readonly JsonWish[];
  /** Compiled when first asked for. */
  jsonSchema: (() => ValidateFunction) | undefined;
  latencyMs: number | undefined;
  latencyDownMs: number | undefined;
  /** Values that must not appear in evidence. */
  secrets: readonly string[];
}

export const DEFAULT_REDIRECTS = 5;
export const DEFAULT_STATUS = "200-299";
const USER_AGENT = "Keepwatch";

const plans = new WeakMap<HttpConfig, Plan>();

/** The plan of a configuration; the same object gets the same plan, so that a check parses nothing. */
export function planOf(config: HttpConfig): Plan {
  const known = plans.get(config);
  if (known) return known;
  const plan = makePlan(config);
  plans.set(config, plan);
  return plan;
}

function makePlan(config: HttpConfig): Plan {
  const expect = config.expect ?? {};
  const schema = expect.json_schema;
  return {
    url: new URL(config.url),
    method: config.method ?? "GET",
    headers: headersOf(config),
    body: config.body,
    oauth2: config.auth?.oauth2,
    followRedirects: config.redirects === false ? 0 : (config.redirects ?? DEFAULT_REDIRECTS),
    family: familyOf(config.ip),
    proxy: proxyOf(config.proxy),
    httpVersion: httpVersionOf(config.http_version),
    verify: config.tls?.verify ?? true,
    serverName: config.tls?.server_name,
    identity: identityOf(config.tls),
    expiresWithinMs: msOf(config.tls?.expires_within),
    statuses: listOf(expect.status ?? DEFAULT_STATUS).flatMap((each) => parseStatusRanges(each) ?? []),
    answeredBy: answeredBy(expect.http_version),
    headerExpectations: (expect.headers ?? []).map((expectation) => ({
      expectation,
      pattern: patternOf(expectation.matches),
    })),
    redirectsTo: expect.redirects_to === undefined ? undefined : new URL(expect.redirects_to, config.url),
    bodyContains: listOf(expect.body_contains),
    bodyExcludes: listOf(expect.body_excludes),
    bodyMatches: listOf(expect.body_matches).map((each) => patternOf(each)),
    bodyNotMatches: listOf(expect.body_not_matches).map((each) => patternOf(each)),
    size: expect.size ?? {},
    json: (expect.json ?? []).map(jsonWishOf),
    jsonSchema: schema === undefined ? undefined : lazy(() => compileSchema(schema)),
    latencyMs: msOf(expect.latency),
    latencyDownMs: msOf(expect.latency_down),
    secrets: secretsOf(config),
  };
}

function patternOf(text: string): RegExp;
function patternOf(text: string | undefined): RegExp | undefined;
function patternOf(text: string | undefined): RegExp | undefined {
  return text === undefined ? undefined : new RegExp(text, "u");
}

function headersOf(config: HttpConfig): Map<string, string> {
  const headers = new Map([
    ["user-agent", USER_AGENT],
    ["accept", "*/*"],
    ["accept-encoding", "identity"],
  ]);
  for (const [name, value] of Object.entries(config.headers ?? {})) headers.set(name.toLowerCase(), value);
  const authorization = authorizationOf(config.auth);
  if (authorization !== undefined) headers.set("authorization", authorization);
  return headers;
}

function secretsOf({ auth, headers, proxy }: HttpConfig): string[] {
  const inHeaders = Object.entries(headers ?? {}).flatMap(([name, value]) =>
    isSecretHeader(name) ? [value] : [],
  );
  // To whoever listens, a proxy's credentials look like those of a page.
  const ofProxy =
    proxy?.user === undefined ? undefined : { basic: { user: proxy.user, password: proxy.password ?? "" } };
  return [...inHeaders, ...shownNever(auth), ...shownNever(ofProxy)];
}
