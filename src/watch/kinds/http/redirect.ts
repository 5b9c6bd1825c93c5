import { Failure } from "../base/failure.ts";
import { isSecretHeader } from "../base/redact.ts";
import type { Trace } from "../base/trace.ts";
import type { Request } from "./exchange.ts";
import type { Plan } from "./plan.ts";

const REDIRECTS = new Set([301, 302, 303, 307, 308]);
/** Headers that describe a body that is no longer sent. */
const OF_THE_BODY = new Set(["content-type", "content-length", "content-encoding", "content-language"]);

/** Where the answer in `trace` leads, if it leads on; null when it is the one to judge. Throws a `Failure`. */
export function nextRequest(request: Request, plan: Plan, trace: Trace): Request | null {
  const location = trace.headers.location;
  if (plan.followRedirects === 0 || !REDIRECTS.has(trace.status ?? 0) || location === undefined) return null;
  const url = URL.parse(location, request.url.href);
  if (!url || !/^https?:$/.test(url.protocol)) {
    throw new Failure({
      reason: `[redirect] leads to “${location}”, which is no http address`,
      code: "redirect",
    });
  }
  trace.redirects.push(url.href);
  if (trace.redirects.length > plan.followRedirects) {
    const reason = `[redirect] more than ${plan.followRedirects} redirects, the last to ${url.origin}${url.pathname}`;
    throw new Failure({ reason, code: "redirect" });
  }
  return redirected(request, url, trace.status ?? 0);
}

/** As browsers do (RFC 9110 §15.4): 303 and a POST's 301 or 302 become GET; another origin gets no credentials. */
function redirected(request: Request, url: URL, status: number): Request {
  const becomesGet =
    (status === 303 && request.method !== "HEAD") ||
    ((status === 301 || status === 302) && request.method === "POST");
  const leavesOrigin = url.origin !== request.url.origin;
  const kept = [...request.headers].filter(
    ([name]) =>
      !(becomesGet && OF_THE_BODY.has(name)) && !(leavesOrigin && (isSecretHeader(name) || name === "host")),
  );
  return {
    url,
    method: becomesGet ? "GET" : request.method,
    headers: new Map(kept),
    body: becomesGet ? undefined : request.body,
  };
}

/** Where the followed redirects led, or the one that isn't followed leads; null without any. */
export function ledTo({ followRedirects, url }: Plan, trace: Trace): string | null {
  if (followRedirects > 0) return trace.redirects.at(-1) ?? null;
  const { location } = trace.headers;
  return location === undefined ? null : (URL.parse(location, url.href)?.href ?? location);
}
