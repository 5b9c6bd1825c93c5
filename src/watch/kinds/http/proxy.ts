import { isIP, type Socket } from "node:net";
import { AddressRefused } from "../../../platform/net/guarded-lookup.ts";
import { addressOf, connect, upgrade } from "../base/connection.ts";
import { Dialogue } from "../base/dialogue.ts";
import { Failure } from "../base/failure.ts";
import { basicOf } from "./auth.ts";
import { bareHost, portOf } from "./config.ts";
import type { ProxyConfig } from "./connection-config.ts";
import type { Hands, Way } from "./open.ts";
import type { Plan } from "./plan.ts";
import { secureFor } from "./secure.ts";

/** A proxy made ready to use. */
export interface WebProxy {
  speaks: "http" | "socks5";
  host: string;
  port: number;
  user: string | undefined;
  password: string;
  /** For an http proxy; undefined without a user. */
  authorization: string | undefined;
}

const SOCKS_PORT = 1080;

export function proxyOf(config: ProxyConfig | undefined): WebProxy | undefined {
  if (!config) return undefined;
  const { user, password = "" } = config;
  const url = new URL(config.url);
  const speaks = url.protocol === "http:" ? "http" : "socks5";
  return {
    speaks,
    host: bareHost(url),
    port: Number(url.port) || (speaks === "http" ? portOf(url) : SOCKS_PORT),
    user,
    password,
    authorization: user === undefined ? undefined : basicOf(user, password),
  };
}

/** Through the proxy, which resolves names itself; an address as the target is guarded here all the same. */
export async function openThrough(
  proxy: WebProxy,
  { plan, url, role }: { plan: Plan; url: URL; role: string | undefined },
  hands: Hands,
): Promise<Way> {
  const { context, trace } = hands;
  const target = { host: bareHost(url), port: portOf(url) };
  const refused = isIP(target.host) === 0 ? null : context.guard(target.host, target.port);
  if (refused !== null) throw new AddressRefused(refused);
  const { host, port, authorization } = proxy;
  const line = await connect({ host, port, role: "the proxy" }, context, trace);
  const secure = secureFor(plan, url);
  const isTold = proxy.speaks === "http" && !secure;
  if (proxy.speaks === "socks5") await askSocks(proxy, line, { ...hands, target });
  else if (secure) await askTunnel(proxy, line, { ...hands, target });
  trace.asked = null;
  trace.target = `${role ? `${role} ` : ""}${addressOf(target.host, target.port)} through the proxy`;
  if (isTold) return { socket: line, forProxy: { authorization } };
  return { socket: secure ? await upgrade(line, { host: target.host, secure }, hands) : line };
}

interface Asking extends Hands {
  target: { host: string; port: number };
}

/** RFC 9110 §9.3.6. */
async function askTunnel(proxy: WebProxy, line: Socket, { trace, target }: Asking): Promise<void> {
  const to = addressOf(target.host, target.port);
  const credentials = proxy.authorization ? `proxy-authorization: ${proxy.authorization}\r\n` : "";
  const dialogue = new Dialogue(line, "an HTTP proxy's");
  trace.asked = `CONNECT ${to}`;
  dialogue.say(`CONNECT ${to} HTTP/1.1\r\nhost: ${to}\r\n${credentials}\r\n`);
  const first = await dialogue.line();
  const status = Number(/^HTTP\/1\.[01] (\d{3})(?: |$)/.exec(first)?.[1] ?? 0);
  if (status === 0) throw dialogue.notSpoken(first);
  if (status < 200 || status > 299) throw proxyFailure(proxy, status, `to CONNECT ${to}`);
  while ((await dialogue.line()) !== "");
  dialogue.over();
}

/** What an http proxy said instead of passing on what the target says. */
export function proxyFailure({ host, port, user }: WebProxy, status: number, to: string): Failure {
  const whose = `[proxy] the proxy ${addressOf(host, port)}`;
  const wish = user === undefined ? "a user and a password" : "another user or password";
  const reason = status === 407 ? `${whose} wants ${wish} (407)` : `${whose} answered ${status} ${to}`;
  return new Failure({ reason, code: `proxy:${status}` });
}

async function askSocks(proxy: WebProxy, line: Socket, { context, trace, target }: Asking): Promise<void> {
  const { host, port, user, password } = proxy;
  // Loaded by those who have such a proxy.
  const { SocksClient } = await import("socks");
  trace.asked = `the request for ${addressOf(target.host, target.port)}`;
  const credentials = user === undefined ? {} : { userId: user, password };
  try {
    await SocksClient.createConnection({
      command: "connect",
      proxy: { host, port, type: 5, ...credentials },
      destination: target,
      existing_socket: line,
      timeout: context.timeoutMs,
    });
  } catch (error) {
    throw socksFailure(proxy, error instanceof Error ? error.message : String(error), target);
  }
}

function socksFailure({ host, port, user }: WebProxy, message: string, target: Asking["target"]): Failure {
  const whose = `[proxy] the proxy ${addressOf(host, port)}`;
  const rejected = /rejected connection - (\w+)/.exec(message)?.[1];
  if (rejected) {
    const why = rejected.replace(/\B[A-Z]/g, (letter) => ` ${letter}`).toLowerCase();
    const reason = `${whose} could not reach ${addressOf(target.host, target.port)}: ${why}`;
    return new Failure({ reason, code: `proxy:${rejected}` });
  }
  if (/authentication/i.test(message)) {
    const wish = user === undefined ? "a user and a password" : "another user or password";
    return new Failure({ reason: `${whose} wants ${wish}`, code: "proxy:authentication" });
  }
  return new Failure({ reason: `${whose} does not do as SOCKS5 has it: ${message}`, code: "proxy:protocol" });
}
