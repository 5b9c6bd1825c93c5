import { z } from "zod";
import { authConfig, authSecrets } from "./auth-config.ts";
import { httpVersion, httpVersionOf, ip, mismatchOf, proxyConfig, tlsConfig } from "./connection-config.ts";
import { expectConfig, OF_THE_BODY } from "./expect-config.ts";
import { headerName, headerValue } from "./header.ts";
import { webUrl } from "./web-url.ts";

const redirects = z.union([z.int().min(0).max(20), z.literal(false)], {
  error: "write how many redirects to follow, from 0 to 20; false is 0",
});

export const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"] as const;

const url = webUrl("put the user and password under auth.basic, not in the URL");

export const httpConfig = z
  .strictObject({
    url,
    method: z.enum(METHODS).optional(),
    headers: z.record(headerName, headerValue).optional(),
    body: z.string().max(100_000).optional(),
    auth: authConfig.optional(),
    redirects: redirects.optional(),
    http_version: httpVersion.optional(),
    ip: ip.optional(),
    proxy: proxyConfig.optional(),
    tls: tlsConfig.optional(),
    expect: expectConfig.optional(),
  })
  .superRefine((config, issue) => {
    const wrong = (path: string[], message: string) => issue.addIssue({ code: "custom", path, message });
    const named = Object.keys(config.headers ?? {}).some((name) => name.toLowerCase() === "authorization");
    if (config.auth && named) wrong(["auth"], "give auth or an Authorization header, not both");
    if (config.proxy && config.ip !== undefined)
      wrong(["ip"], "the proxy chooses the version of IP; leave ip out, or the proxy");
    const isToldToProxy = config.proxy?.url.startsWith("http:") && config.url.startsWith("http:");
    if (isToldToProxy && httpVersionOf(config.http_version) === "2")
      wrong(
        ["http_version"],
        "an http proxy passes http:// on by HTTP/1.1; leave http_version out, or use https://",
      );
    const mismatch = mismatchOf(config.ip, bareHost(URL.parse(config.url)));
    if (mismatch) wrong(["ip"], mismatch);
    const looksIntoBody = OF_THE_BODY.some((key) => config.expect?.[key] !== undefined);
    if (config.method === "HEAD" && looksIntoBody)
      wrong(["method"], "the answer to HEAD has no body to look into; use GET");
  });

export type HttpConfig = z.infer<typeof httpConfig>;

/** The JSON pointers of credentials in this configuration. */
export function secretPointers(config: HttpConfig, isSecretHeader: (name: string) => boolean): string[] {
  const headers = Object.keys(config.headers ?? {})
    .filter(isSecretHeader)
    .map((name) => `/headers/${name.replaceAll("~", "~0")}`);
  return [
    ...headers,
    ...authSecrets(config.auth),
    ...(config.tls?.key === undefined ? [] : ["/tls/key"]),
    ...(config.proxy?.password === undefined ? [] : ["/proxy/password"]),
  ];
}

/** `[::1]` → `::1`. */
export const bareHost = (url: URL | null): string => (url?.hostname ?? "").replace(/^\[(.*)\]$/, "$1");
export const portOf = (url: URL): number => Number(url.port) || (url.protocol === "https:" ? 443 : 80);
