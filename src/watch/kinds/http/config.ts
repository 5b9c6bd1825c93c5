import { z } from "zod";
import { duration, pattern, scalar, texts } from "../base/fields.ts";
import { parseJsonPath } from "../base/json-path.ts";
import { parseStatusRanges } from "./status-range.ts";

const url = z.string().superRefine((text, issue) => {
  const parsed = URL.parse(text);
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  if (!parsed) return wrong(`"${text}" is not a URL; write it in full, e.g. https://example.com/health`);
  if (!/^https?:$/.test(parsed.protocol)) return wrong("the URL must begin with http:// or https://");
  if (parsed.username || parsed.password) wrong("put the user and password under auth.basic, not in the URL");
});

// RFC 9110 §5.1: a header's name is a token; its value has no line breaks.
const headerName = z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, "not a header name");
const headerValue = z.string().regex(/^[^\r\n\0]*$/, "a header's value is one line");

const statusRange = z.union([
  z.int().min(100).max(599),
  z.string().refine((text) => parseStatusRanges(text) !== null, 'write a status as 200, "200-299" or "2xx"'),
]);

const jsonExpectation = z
  .strictObject({
    path: z
      .string()
      .refine(
        (text) => parseJsonPath(text) !== null,
        'write a path such as $.items[0].state or $["odd name"]',
      ),
    exists: z.boolean().optional(),
    equals: scalar.optional(),
    not_equals: scalar.optional(),
    contains: z.union([z.string(), z.number(), z.boolean()]).optional(),
    matches: pattern.optional(),
    above: z.number().optional(),
    below: z.number().optional(),
  })
  .refine((each) => Object.keys(each).length > 1, {
    message: "say what to expect there: exists, equals, not_equals, contains, matches, above or below",
  });

const expect = z.strictObject({
  status: z.union([statusRange, z.array(statusRange).min(1).max(20)]).optional(),
  body_contains: texts.optional(),
  body_excludes: texts.optional(),
  json: z.array(jsonExpectation).min(1).max(50).optional(),
  latency: duration.optional(),
  latency_down: duration.optional(),
});

const auth = z.union(
  [
    z.strictObject({ basic: z.strictObject({ user: z.string(), password: z.string() }) }),
    z.strictObject({ bearer: headerValue.min(1) }),
  ],
  { error: "write auth as { basic: { user, password } } or { bearer: token }" },
);

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

export const httpConfig = z
  .strictObject({
    url,
    method: z.enum(METHODS).optional(),
    headers: z.record(headerName, headerValue).optional(),
    body: z.string().max(100_000).optional(),
    auth: auth.optional(),
    redirects: z.int().min(0).max(20).optional(),
    tls: z.strictObject({ verify: z.boolean().optional(), expires_within: duration.optional() }).optional(),
    expect: expect.optional(),
  })
  .superRefine((config, issue) => {
    const wrong = (path: string[], message: string) => issue.addIssue({ code: "custom", path, message });
    const named = Object.keys(config.headers ?? {}).some((name) => name.toLowerCase() === "authorization");
    if (config.auth && named) wrong(["auth"], "give auth or an Authorization header, not both");
    const hasBody = config.expect?.body_contains ?? config.expect?.json;
    if (config.method === "HEAD" && hasBody)
      wrong(["method"], "the answer to HEAD has no body to look into; use GET");
  });

export type HttpConfig = z.infer<typeof httpConfig>;
export type JsonExpectation = z.infer<typeof jsonExpectation>;

/** The JSON pointers of credentials in this configuration. */
export function secretPointers(config: HttpConfig, isSecretHeader: (name: string) => boolean): string[] {
  const headers = Object.keys(config.headers ?? {})
    .filter(isSecretHeader)
    .map((name) => `/headers/${name.replaceAll("~", "~0")}`);
  if (!config.auth) return headers;
  return [...headers, "basic" in config.auth ? "/auth/basic/password" : "/auth/bearer"];
}

/** `[::1]` → `::1`. */
export const bareHost = (url: URL): string => url.hostname.replace(/^\[(.*)\]$/, "$1");
export const portOf = (url: URL): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
