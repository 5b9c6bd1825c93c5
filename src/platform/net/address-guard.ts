import { networkInterfaces } from "node:os";
import ipaddr from "ipaddr.js";

/** Answers why an address must not be connected to, in words; null when it may. */
export type AddressGuard = (address: string, port: number) => string | null;

export interface AddressGuardOptions {
  /** Ports this installation listens on; refused on every address of this machine. */
  ownPorts: readonly number[];
  /** The operator's switch: may loopback, RFC 1918 and other private ranges be reached? */
  allowPrivate: boolean;
  /** This machine's addresses; read anew each time one of our ports is asked for. */
  localAddresses?: () => readonly string[];
}

type Ip = ipaddr.IPv4 | ipaddr.IPv6;

/** Where clouds hand credentials to whoever asks from inside the machine; 169.254.0.0/16 is refused as link-local. */
const METADATA = new Set([
  "100.100.100.200", // Alibaba Cloud
  "168.63.129.16", // Azure's wire server
  "192.0.0.192", // Oracle Cloud, older images
  "fd00:ec2::254", // AWS over IPv6
  "fd20:ce::254", // Google Cloud over IPv6
]);

const NAT64_LOCAL = ipaddr.IPv6.parseCIDR("64:ff9b:1::/48");
const V4_COMPATIBLE = ipaddr.IPv6.parseCIDR("::/96");

const v4 = (bytes: readonly number[]): ipaddr.IPv4 => new ipaddr.IPv4([...bytes]);

/** The IPv4 address that an IPv6 one leads to (mapped, NAT64, 6to4, Teredo), else the address itself. */
function innermost(ip: Ip): Ip {
  if (!(ip instanceof ipaddr.IPv6)) return ip;
  const bytes = ip.toByteArray();
  switch (ip.range()) {
    case "ipv4Mapped":
      return ip.toIPv4Address();
    case "rfc6052":
    case "rfc6145":
      return v4(bytes.slice(12));
    case "6to4":
      return v4(bytes.slice(2, 6));
    case "teredo":
      return v4(bytes.slice(12).map((byte) => byte ^ 0xff));
  }
  if (ip.match(NAT64_LOCAL)) return v4(bytes.slice(12));
  const compatible = ip.match(V4_COMPATIBLE) && bytes.slice(12).some((byte, i) => byte > (i === 3 ? 1 : 0));
  return compatible ? v4(bytes.slice(12)) : ip;
}

const NEVER: Record<string, string> = {
  linkLocal: "a link-local address, where clouds keep their metadata",
  multicast: "a multicast address",
  broadcast: "the broadcast address",
};

const everyInterface = (): string[] =>
  Object.values(networkInterfaces()).flatMap((each) => each?.map(({ address }) => address) ?? []);

/**
 * A check of addresses *after* resolution, to be asked for each connection and each redirect. Link-local and
 * cloud metadata addresses and our own ports are refused whatever the switch says.
 */
export function createAddressGuard(options: AddressGuardOptions): AddressGuard {
  const { allowPrivate, localAddresses = everyInterface } = options;
  const ownPorts = new Set(options.ownPorts);
  return (address, port) => {
    const bare = address.replace(/%.*$/, "");
    if (!ipaddr.isValid(bare)) return `${address} is not an IP address`;
    const outer = ipaddr.parse(bare);
    const ip = innermost(outer);
    const range = ip.range();
    if (METADATA.has(ip.toString())) return `${address} is a cloud metadata address`;
    if (NEVER[range]) return `${address} is ${NEVER[range]}`;
    const here = range === "loopback" || range === "unspecified";
    if (ownPorts.has(port) && (here || localAddresses().some((each) => sameAddress(each, ip)))) {
      return `${address} port ${port} is Keepwatch itself`;
    }
    if (!allowPrivate && (range !== "unicast" || (ip === outer && isSiteLocal(ip)))) {
      return `${address} is a private address, and this installation does not allow those`;
    }
    return null;
  };
}

const sameAddress = (text: string, ip: Ip): boolean => {
  const bare = text.replace(/%.*$/, "");
  return ipaddr.isValid(bare) && innermost(ipaddr.parse(bare)).toString() === ip.toString();
};

/** fec0::/10, deprecated but still routed inside some sites; the library counts it as unicast. */
const SITE_LOCAL = ipaddr.IPv6.parseCIDR("fec0::/10");
const isSiteLocal = (ip: Ip): boolean => ip instanceof ipaddr.IPv6 && ip.match(SITE_LOCAL);
