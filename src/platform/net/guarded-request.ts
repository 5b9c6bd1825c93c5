import { request as httpRequest, type IncomingMessage } from "node:http";
import { request as httpsRequest } from "node:https";
import type { AddressGuard } from "./address-guard.ts";
import { pinnedLookup, resolveGuarded } from "./guarded-lookup.ts";
import type { Resolve } from "./resolver.ts";

export interface RequestContext {
  resolve: Resolve;
  guard: AddressGuard;
  signal: AbortSignal;
}

export interface GuardedRequest {
  method: string;
  url: URL;
  /** `name:password`, for Basic authentication. */
  auth?: string;
  headers?: Record<string, string>;
  body?: string | Uint8Array;
}

/**
 * One request over http or https, to addresses that the guard has allowed and to no others. Redirects are not followed.
 * Answers as soon as the answer's head is there; throws what the network threw, or the signal's reason.
 */
export async function guardedRequest(
  { method, url, auth, headers, body }: GuardedRequest,
  { resolve, guard, signal }: RequestContext,
): Promise<IncomingMessage> {
  const secure = url.protocol === "https:";
  const port = Number(url.port || (secure ? 443 : 80));
  const host = url.hostname.replace(/^\[(.*)\]$/, "$1");
  const addresses = await orAborted(resolveGuarded({ host, port, resolve, guard }), signal);
  const length = body === undefined ? {} : { "content-length": String(Buffer.byteLength(body)) };
  return new Promise((done, fail) => {
    const request = (secure ? httpsRequest : httpRequest)(
      {
        method,
        host,
        port,
        path: url.pathname + url.search,
        auth,
        agent: false,
        lookup: pinnedLookup(addresses),
        signal,
        headers: { "user-agent": "Keepwatch", ...length, ...headers },
      },
      done,
    );
    request.on("error", fail);
    request.end(body);
  });
}

const orAborted = <T>(work: Promise<T>, signal: AbortSignal): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const stop = () => reject(signal.reason);
    signal.addEventListener("abort", stop, { once: true });
    work.then(resolve, reject).finally(() => signal.removeEventListener("abort", stop));
  });
