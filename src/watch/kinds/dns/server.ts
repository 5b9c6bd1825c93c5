import dns from "node:dns";
import { isIP } from "node:net";

/** A name server to ask. */
export interface Server {
  /** A name or an address, without brackets. */
  host: string;
  port: number;
}

const DNS_PORT = 53;
const BRACKETED = /^\[([\da-f:.%\w]+)\](?::(\d{1,5}))?$/i;
const PLAIN = /^([^\s:/]+)(?::(\d{1,5}))?$/;

/** Reads `192.0.2.53`, `ns1.example.com:5353`, `2001:db8::53` or `[2001:db8::53]:53`; null for anything else. */
export function parseServer(text: string): Server | null {
  if (isIP(text) === 6) return { host: text, port: DNS_PORT };
  const [, host, digits] = BRACKETED.exec(text) ?? PLAIN.exec(text) ?? [];
  const port = digits === undefined ? DNS_PORT : Number(digits);
  if (host === undefined || port < 1 || port > 65_535) return null;
  return { host, port };
}

/** Those that this machine asks, in its order. */
export const systemServers = (): Server[] => dns.getServers().flatMap((each) => parseServer(each) ?? []);

/** `192.0.2.53:53`, `[2001:db8::53]:53`. */
export const placeOf = ({ host, port }: Server): string =>
  isIP(host) === 6 ? `[${host}]:${port}` : `${host}:${port}`;
