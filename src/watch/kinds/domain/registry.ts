import { humanDuration } from "../../../platform/duration.ts";
import { connect } from "../base/connection.ts";
import { bodyText } from "../base/evidence.ts";
import { Failure } from "../base/failure.ts";
import type { Trace } from "../base/trace.ts";
import { bareHost, portOf } from "../http/config.ts";
import { exchange, type Request } from "../http/exchange.ts";
import { planOf } from "../http/plan.ts";
import { nextRequest } from "../http/redirect.ts";
import type { CheckContext } from "../kind.ts";
import { type Registration, readRegistration, readServers, type Servers, serverFor } from "./registration.ts";

const HOUR_MS = 3_600_000;
/** RFC 9224 §8 leaves it to the answer's headers; the list changes every few days. */
const SERVERS_KEPT_MS = 24 * HOUR_MS;
/** A registration changes rarely, and registries shut out who asks every minute. */
const ANSWER_KEPT_MS = HOUR_MS;
const SHORTEST_HOLD_MS = 60_000;
const USUAL_HOLD_MS = 15 * 60_000;
const MOST_KEPT = 10_000;

export interface Hands {
  context: CheckContext;
  trace: Trace;
}

export interface Told {
  registration: Registration;
  /** Where it was asked for. */
  url: string;
  /** How old the answer is, in ms; 0 when just asked. */
  ageMs: number;
}

export interface RegistryOptions {
  /** The list of RDAP servers. */
  bootstrapUrl: string;
}

export interface Registry {
  /** Throws a `Failure`: `unknown` for all that says nothing of the domain. @param server base URL, if it is known */
  lookUp(name: string, server: string | undefined, hands: Hands): Promise<Told>;
}

/** Asks registries for domains; keeps what they say for an hour, and who they are for a day. */
export function createRegistry({ bootstrapUrl }: RegistryOptions): Registry {
  let list: { servers: Servers; atMs: number } | undefined;
  const kept = new Map<string, { registration: Registration; atMs: number }>();
  /** Until when a server wants to be left alone, by origin. */
  const held = new Map<string, number>();

  async function servers(hands: Hands): Promise<Servers> {
    const nowMs = hands.context.monotonicMs();
    if (list && nowMs - list.atMs < SERVERS_KEPT_MS) return list.servers;
    try {
      const servers = readServers(await fetchJson(bootstrapUrl, hands, held));
      if (!servers) throw notRdap(bootstrapUrl);
      list = { servers, atMs: nowMs };
    } catch (error) {
      // Yesterday's list is better than none.
      if (!list) throw error;
    }
    return list.servers;
  }

  return {
    async lookUp(name, server, hands) {
      const base = server ?? serverFor(name, await servers(hands));
      if (base === undefined) throw unlisted(name);
      const url = `${base.replace(/\/*$/, "/")}domain/${name}`;
      const nowMs = hands.context.monotonicMs();
      const known = kept.get(url);
      // Who looks on wants to see it as it is now.
      if (known && !hands.context.verbose && nowMs - known.atMs < ANSWER_KEPT_MS)
        return { registration: known.registration, url, ageMs: nowMs - known.atMs };
      const document = await fetchJson(url, hands, held);
      if (hands.trace.status === 404) throw unregistered(name, url);
      const registration = readRegistration(document);
      if (!registration) throw notRdap(url);
      if (kept.size >= MOST_KEPT) kept.clear();
      kept.set(url, { registration, atMs: nowMs });
      return { registration, url, ageMs: 0 };
    },
  };
}

/** As an `http` monitor gets a page: guarded, verified, redirects followed, 1 MiB of it at most. */
async function get(address: string, { context, trace }: Hands): Promise<void> {
  const plan = planOf({
    url: address,
    headers: { accept: "application/rdap+json, application/json" },
  });
  let request: Request | null = plan;
  while (request) {
    const { url }: Request = request;
    const tls = url.protocol === "https:" ? { verify: true, alpn: ["http/1.1"] } : undefined;
    const socket = await connect({ host: bareHost(url), port: portOf(url), tls }, context, trace);
    await exchange(request, { socket }, trace);
    request = nextRequest(request, plan, trace);
  }
}

/** The body of a good answer; undefined with 404, which says that there is no such thing. */
async function fetchJson(
  url: string,
  { context, trace }: Hands,
  held: Map<string, number>,
): Promise<unknown> {
  const { origin, host } = new URL(url);
  const leftMs = (held.get(origin) ?? 0) - context.monotonicMs();
  if (leftMs > 0)
    throw unknown(
      `${host} was asked too often and is left alone for another ${humanDuration(leftMs)}`,
      "domain:held",
    );
  trace.redirects = [];
  await get(url, { context, trace });
  const { status } = trace;
  if (status === 404) return undefined;
  if (status === 429) {
    const seconds = Number(trace.headers["retry-after"]);
    const holdMs =
      seconds > 0 ? Math.max(SHORTEST_HOLD_MS, Math.min(seconds * 1_000, HOUR_MS)) : USUAL_HOLD_MS;
    held.set(origin, context.monotonicMs() + holdMs);
    throw unknown(
      `${host} was asked too often (429); it is left alone for ${humanDuration(holdMs)}`,
      "domain:held",
    );
  }
  if (status !== 200)
    throw unknown(`${host} answered ${status}, which says nothing of the domain`, `status:${status}`);
  try {
    return JSON.parse(bodyText(trace));
  } catch {
    throw notRdap(url);
  }
}

const unknown = (words: string, code: string): Failure =>
  new Failure({ reason: `[unknown] ${words}`, code, status: "unknown", hard: false });

const notRdap = (url: string): Failure =>
  unknown(`what ${new URL(url).host} answered is not RDAP`, "protocol");

const unlisted = (name: string): Failure =>
  unknown(
    `no RDAP server is listed for .${name.split(".").at(-1)}; if its registry has one, write it under rdap_url`,
    "domain:unlisted",
  );

const unregistered = (name: string, url: string): Failure =>
  new Failure({
    reason: `[domain] ${name} is not registered, says ${new URL(url).host}; only the name as it was registered counts, not one below it`,
    code: "domain:unregistered",
  });
