import { isIP, type LookupFunction } from "node:net";
import type { AddressGuard } from "./address-guard.ts";
import { DnsError, type Resolve } from "./resolver.ts";

/** An address that must not be connected to; `why` is the guard's sentence. */
export class AddressRefused extends Error {
  override readonly name = "AddressRefused" as const;
  readonly why: string;

  constructor(why: string) {
    super(why);
    this.why = why;
  }
}

export interface GuardedTarget {
  host: string;
  port: number;
  /** Only addresses of this family. */
  family?: 4 | 6;
  resolve: Resolve;
  guard: AddressGuard;
}

/**
 * The addresses of a host that may be connected to. One forbidden address among them refuses the host: a name
 * that mixes allowed and forbidden ones is how a guard is walked around. Connect to exactly these addresses.
 * Throws `DnsError` or `AddressRefused`.
 */
export async function resolveGuarded(target: GuardedTarget): Promise<readonly string[]> {
  const addresses = await target.resolve(target.host, target.family);
  for (const address of addresses) {
    const why = target.guard(address, target.port);
    if (why !== null) throw new AddressRefused(why);
  }
  return addresses;
}

/** A `lookup` that answers the given addresses, so that what was checked is what is connected to. */
export const pinnedLookup =
  (addresses: readonly string[]): LookupFunction =>
  (host, options, done) => {
    const wanted =
      options.family === 4 || options.family === "IPv4"
        ? 4
        : options.family === 6 || options.family === "IPv6"
          ? 6
          : 0;
    const all = addresses
      .map((address) => ({ address, family: isIP(address) }))
      .filter(({ family }) => wanted === 0 || family === wanted);
    const first = all[0];
    if (!first) return done(new DnsError("ENOTFOUND", host), "", 0);
    if (options.all) return done(null, all);
    done(null, first.address, first.family);
  };

/**
 * A `lookup` for `net`, `http` and `tls` that resolves and guards. Node doesn't call a lookup for a host that is
 * an address already: ask `resolveGuarded` first where hosts come from outside.
 */
export const guardedLookup =
  (target: Omit<GuardedTarget, "host">): LookupFunction =>
  (host, options, done) => {
    resolveGuarded({ ...target, host }).then(
      (addresses) => pinnedLookup(addresses)(host, options, done),
      (error: unknown) => done(error instanceof Error ? error : new Error(String(error)), "", 0),
    );
  };
