import dns from "node:dns";
import { readFile } from "node:fs/promises";
import { isIP } from "node:net";
import { StartError } from "../../platform/start-error.ts";
import { type Reference, wayTo } from "./model.ts";

/** Name servers of the root, a and k: for decades at these addresses, and at hundreds of places each. */
const ROOT_SERVERS = ["198.41.0.4", "193.0.14.129"];
/** A router answers at one of these, or refuses: both show that it is there. */
const ROUTER_PORTS = [53, 80, 443];
const MOST_RESOLVERS = 2;

/**
 * What is asked before a burst of failures is believed: the gateway, the system's first two name servers, and either
 * what KEEPWATCH_REFERENCES names or two name servers of the root. `none` asks nothing.
 */
export async function findReferences(setting: string | undefined): Promise<Reference[]> {
  if (setting === "none") return [];
  const gateway = gatewayIn(await readFile("/proc/net/route", "utf8").catch(() => ""));
  const found: Reference[] = [
    ...(gateway ? [gatewayReference(gateway)] : []),
    ...dns.getServers().slice(0, MOST_RESOLVERS).map(resolverReference),
  ];
  const outside = setting === undefined ? ROOT_SERVERS.map(rootServer) : readReferences(setting);
  return [...found, ...outside];
}

const gatewayReference = (host: string): Reference => ({
  name: `the gateway ${host}`,
  shows: "private",
  chosen: false,
  ask: { by: "connection", host, ports: ROUTER_PORTS },
});

const resolverReference = (server: string): Reference => ({
  name: `the name server ${server}`,
  shows: "names",
  chosen: false,
  ask: { by: "name server", server },
});

const rootServer = (server: string): Reference => ({
  name: `the root's name server ${server}`,
  shows: "internet",
  chosen: false,
  ask: { by: "name server", server },
});

/** The address of the default route in Linux's table; the one with the lowest metric. */
export function gatewayIn(table: string): string | null {
  const defaults = table
    .split("\n")
    .map((line) => line.trim().split(/\s+/))
    .filter(([, destination, gateway]) => destination === "00000000" && /^[0-9A-F]{8}$/.test(gateway ?? ""))
    .sort((a, b) => Number(a[6]) - Number(b[6]));
  const hex = defaults[0]?.[2];
  if (!hex || hex === "00000000") return null;
  // The kernel prints the number as it lies in memory: the last byte first.
  return (hex.match(/../g) ?? [])
    .reverse()
    .map((byte) => Number.parseInt(byte, 16))
    .join(".");
}

/** `host:port` and `https://…` separated by commas; `#204` after a URL is the status it must answer with. */
export function readReferences(setting: string): Reference[] {
  return setting
    .split(",")
    .map((each) => each.trim())
    .filter((each) => each !== "")
    .map((text) => (/^https?:\/\//.test(text) ? webReference(text) : portReference(text)));
}

const shows = (host: string): Reference["shows"] =>
  wayTo(host, () => false) === "private" ? "private" : "internet";

function webReference(text: string): Reference {
  if (!URL.canParse(text)) throw unusable(text);
  const url = new URL(text);
  const status = /^#[1-5]\d\d$/.test(url.hash) ? Number(url.hash.slice(1)) : null;
  if (url.hash && status === null) throw unusable(text);
  url.hash = "";
  return {
    name: url.host,
    shows: shows(url.hostname),
    chosen: true,
    ask: { by: "web", url: url.href, status },
  };
}

function portReference(text: string): Reference {
  const [, host, port] = /^(.+):(\d{1,5})$/.exec(text) ?? [];
  const bare = host?.replace(/^\[(.*)\]$/, "$1");
  const usable = bare && (isIP(bare) !== 0 || /^[\w.-]+$/.test(bare));
  if (!usable || Number(port) < 1 || Number(port) > 65_535) throw unusable(text);
  return {
    name: text,
    shows: shows(bare),
    chosen: true,
    ask: { by: "connection", host: bare, ports: [Number(port)] },
  };
}

const unusable = (text: string): StartError =>
  new StartError(
    `KEEPWATCH_REFERENCES has “${text}”, which is neither a URL nor a host with a port.`,
    "Write e.g. 1.1.1.1:443,https://example.com/ (or https://example.com/alive#204 for the status it must answer with), or none.",
  );
