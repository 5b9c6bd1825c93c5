import type { SecureContext } from "node:tls";
import { identityContext } from "../base/client-tls.ts";
import type { TlsWanted } from "../base/connection.ts";
import { lazy } from "../base/lazy.ts";
import type { TlsConfig } from "./connection-config.ts";
import type { Plan } from "./plan.ts";

/** Whom a monitor trusts, and who it is itself. Both throw a `Failure`. */
export interface Identity {
  /** With the client's certificate, for the monitor's own origin. */
  own(): SecureContext;
  /** Without it, for wherever a redirect leads; undefined: the shared context. */
  elsewhere(): SecureContext | undefined;
}

export function identityOf(tls: TlsConfig | undefined): Identity | undefined {
  const { certificate, key, ca } = tls ?? {};
  if (certificate === undefined && ca === undefined) return undefined;
  const authority = lazy(() => identityContext({ ca }));
  return {
    own: lazy(() => identityContext({ certificate, key, ca })),
    elsewhere: () => (ca === undefined ? undefined : authority()),
  };
}

const ALPN = { "1.1": ["http/1.1"], "2": ["h2"], any: ["h2", "http/1.1"] } as const;

/** How to encrypt on the way to `url`; undefined for http. Name and certificate are shown to the own origin alone. */
export function secureFor(plan: Plan, url: URL): TlsWanted | undefined {
  const { url: home, verify, serverName, identity, httpVersion } = plan;
  if (url.protocol !== "https:") return undefined;
  const isHome = url.origin === home.origin;
  return {
    verify,
    alpn: ALPN[httpVersion],
    serverName: isHome ? serverName : undefined,
    secureContext: isHome ? identity?.own() : identity?.elsewhere(),
  };
}
