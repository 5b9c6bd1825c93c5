import dns from "node:dns";
import { isIP } from "node:net";
import { HOSTS_PATH, hostsFile } from "./hosts-file.ts";

/** A name didn't resolve. `code` is c-ares's: ENOTFOUND, ESERVFAIL, ETIMEOUT, ECONNREFUSED, … */
export class DnsError extends Error {
  override readonly name = "DnsError" as const;
  readonly code: string;
  readonly host: string;

  constructor(code: string, host: string) {
    super(`${code} ${host}`);
    this.code = code;
    this.host = host;
  }
}

/** Answers addresses, IPv4 first, or of one family only; never an empty list. Throws a `DnsError`. */
export type Resolve = (host: string, family?: 4 | 6) => Promise<readonly string[]>;

export interface ResolverOptions {
  /** `address` or `address:port` of each name server; without it the system's. Given, only these are asked. */
  servers?: readonly string[];
  hostsPath?: string;
  monotonicMs?: () => number;
}

interface Cached {
  addresses: readonly string[];
  untilMs: number;
}

/** A name server's answer is believed for its TTL, yet a fail-over by DNS must be seen within minutes. */
const LONGEST_TTL_MS = 300_000;
/** getaddrinfo tells no TTL. */
const SYSTEM_TTL_MS = 30_000;
const MOST_NAMES = 10_000;
/** One try, then one more; the check's own deadline may come before. */
const TRY_MS = 2_000;
const TRIES = 3;

/** RFC 6761 §6.3: loopback, whatever a name server would say. */
const LOOPBACK = ["127.0.0.1", "::1"] as const;

interface Answer {
  addresses: string[];
  ttlMs: number;
}

type FamilyAnswer = Answer | { error: string };

const ask = (
  query: (done: (error: NodeJS.ErrnoException | null, records: dns.RecordWithTtl[]) => void) => void,
) =>
  new Promise<FamilyAnswer>((settle) => {
    query((error, records) => {
      if (error) return settle({ error: error.code ?? "EUNKNOWN" });
      const ttlMs = Math.min(LONGEST_TTL_MS, ...records.map(({ ttl }) => ttl * 1_000));
      settle({ addresses: records.map(({ address }) => address), ttlMs });
    });
  });

/** "No such name" or "the name has no such record": the resolver works and has said no. */
const saysNo = (code: string): boolean => code === "ENOTFOUND" || code === "ENODATA";

/** How long the other family may lag behind an answer (RFC 8305 §3): some name servers drop what they don't know. */
const OTHER_FAMILY_MS = 50;

async function bothFamilies(
  first: Promise<FamilyAnswer>,
  second: Promise<FamilyAnswer>,
): Promise<readonly FamilyAnswer[]> {
  const answered = await Promise.any([first, second].map((each) => each.then(answerOrThrow))).catch(
    () => null,
  );
  if (!answered) return Promise.all([first, second]);
  const late = Promise.withResolvers<FamilyAnswer>();
  const timer = setTimeout(() => late.resolve({ error: "ENODATA" }), OTHER_FAMILY_MS);
  const both = await Promise.all([Promise.race([first, late.promise]), Promise.race([second, late.promise])]);
  clearTimeout(timer);
  return both;
}

function answerOrThrow(family: FamilyAnswer): Answer {
  if ("error" in family) throw new Error(family.error);
  return family;
}

/** IPv4 and IPv6 asked at once. One family's answer is enough; of two failures the graver one is told. */
async function askNameServer(resolver: dns.Resolver, host: string, only?: 4 | 6): Promise<Answer> {
  const v4 = () => ask((done) => resolver.resolve4(host, { ttl: true }, done));
  const v6 = () => ask((done) => resolver.resolve6(host, { ttl: true }, done));
  const families = only ? [await (only === 4 ? v4() : v6())] : await bothFamilies(v4(), v6());
  const answers = families.filter((each) => "addresses" in each);
  if (answers.some(({ addresses }) => addresses.length > 0)) {
    return {
      addresses: answers.flatMap(({ addresses }) => addresses),
      ttlMs: Math.min(...answers.map(({ ttlMs }) => ttlMs)),
    };
  }
  const codes = families.map((each) => ("error" in each ? each.error : "ENODATA"));
  throw new DnsError(
    codes.find((code) => !saysNo(code)) ?? (codes.includes("ENOTFOUND") ? "ENOTFOUND" : "ENODATA"),
    host,
  );
}

/** mDNS, search domains and whatever else the system knows. Uses a thread of a pool of four, hence last. */
async function askSystem(host: string, family: 0 | 4 | 6 = 0): Promise<Answer> {
  const found = await dns.promises.lookup(host, { all: true, family, order: "ipv4first" });
  if (found.length === 0) throw new DnsError("ENOTFOUND", host);
  return { addresses: found.map(({ address }) => address), ttlMs: SYSTEM_TTL_MS };
}

/**
 * Names to addresses for checks and webhooks: literal addresses and localhost as they are, the hosts file, then
 * c-ares with a cache by TTL. getaddrinfo is asked only about names the name server denies: behind a name server
 * that is silent it would block the threads everything else needs. Failures are not cached.
 */
export function createResolver(options: ResolverOptions = {}): Resolve {
  const monotonicMs = options.monotonicMs ?? (() => performance.now());
  const inHosts = hostsFile(options.hostsPath ?? HOSTS_PATH, monotonicMs);
  const resolver = new dns.Resolver({ timeout: TRY_MS, tries: TRIES });
  if (options.servers) resolver.setServers(options.servers);
  const cache = new Map<string, Cached>();
  const asking = new Map<string, Promise<readonly string[]>>();

  const fetch = async (host: string, key: string, only?: 4 | 6): Promise<readonly string[]> => {
    const answer = await askNameServer(resolver, host, only).catch(async (error: unknown) => {
      if (options.servers || !(error instanceof DnsError && saysNo(error.code))) throw error;
      return askSystem(host, only).catch(() => {
        throw error;
      });
    });
    if (answer.ttlMs > 0) {
      if (cache.size >= MOST_NAMES) cache.clear();
      cache.set(key, { addresses: answer.addresses, untilMs: monotonicMs() + answer.ttlMs });
    }
    return answer.addresses;
  };

  return async (name, only) => {
    const host = name
      .replace(/^\[(.*)\]$/, "$1")
      .toLowerCase()
      .replace(/\.$/, "");
    if (isIP(host) !== 0) return ofFamily([host], host, only);
    // A hosts file often knows only one of the families a server on localhost may listen on.
    if (host === "localhost") return ofFamily(LOOPBACK, host, only);
    const written = inHosts(host);
    if (written.length > 0) return ofFamily(ipv4First(written), host, only);
    if (host.endsWith(".localhost")) return ofFamily(LOOPBACK, host, only);
    const key = only ? `${host} ${only}` : host;
    const cached = cache.get(key);
    if (cached && cached.untilMs > monotonicMs()) return cached.addresses;
    const running = asking.get(key) ?? fetch(host, key, only).finally(() => asking.delete(key));
    asking.set(key, running);
    return running;
  };
}

function ofFamily(addresses: readonly string[], host: string, only?: 4 | 6): readonly string[] {
  const wanted = only ? addresses.filter((each) => isIP(each) === only) : addresses;
  if (wanted.length === 0) throw new DnsError("ENODATA", host);
  return wanted;
}

const ipv4First = (addresses: readonly string[]): readonly string[] => [
  ...addresses.filter((each) => isIP(each) === 4),
  ...addresses.filter((each) => isIP(each) === 6),
];
