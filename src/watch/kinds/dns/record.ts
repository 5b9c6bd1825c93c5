import { isIP } from "node:net";
import type { Answer } from "dns-packet";
import ipaddr from "ipaddr.js";

/** The types of record a monitor may ask for. */
export const RECORDS = ["A", "AAAA", "CNAME", "MX", "NS", "TXT", "SRV", "CAA", "SOA", "PTR"] as const;
export type RecordType = (typeof RECORDS)[number];

/** How a record of each type is written, for whoever wrote it otherwise. */
export const WRITTEN_AS: Record<RecordType, string> = {
  A: "an IPv4 address, e.g. 192.0.2.7",
  AAAA: "an IPv6 address, e.g. 2001:db8::7",
  CNAME: "a name, e.g. shop.example.com",
  MX: 'preference and name, e.g. "10 mail.example.com"',
  NS: "a name, e.g. ns1.example.com",
  TXT: "its text in one piece",
  SRV: 'priority, weight, port and name, e.g. "10 60 5060 sip.example.com"',
  CAA: "flags, tag and value, e.g. 0 issue letsencrypt.org",
  SOA: "primary server, mailbox, serial, refresh, retry, expire and minimum in one line",
  PTR: "a name, e.g. mail.example.com",
};

const name = (text: string): string => text.toLowerCase().replace(/(?<=.)\.$/, "");
const isName = (text: string): boolean => /^(?:\.|[^\s.:]+(?:\.[^\s.:]+)*\.?)$/.test(text);

/** Words in single spaces; `shape` has a 9 for each number among them and an n for each name. Null if it has another. */
function words(text: string, shape: string): string | null {
  const parts = text.trim().split(/\s+/);
  const fits = (part: string, i: number) => (shape[i] === "9" ? /^\d{1,10}$/.test(part) : isName(part));
  if (parts.length !== shape.length || !parts.every(fits)) return null;
  return parts.map((part, i) => (shape[i] === "9" ? Number(part) : name(part))).join(" ");
}

const ipv6 = (text: string): string => ipaddr.IPv6.parse(text).toRFC5952String();

const CAA = /^(\d{1,3})\s+([a-z\d]+)\s+("?)(.*)\3$/is;
const QUOTED = /^(?:"[^"]*"\s*)+$/;

/**
 * A record as somebody wrote it, in the one way it is compared: names in lower case without the last dot, single
 * spaces, addresses in their short form. Null when it is no record of that type.
 */
export function canonical(type: RecordType, text: string): string | null {
  switch (type) {
    case "A":
      return isIP(text) === 4 ? text : null;
    case "AAAA":
      return isIP(text) === 6 && !text.includes("%") ? ipv6(text) : null;
    case "CNAME":
    case "NS":
    case "PTR":
      return words(text, "n");
    case "MX":
      return words(text, "9n");
    case "SRV":
      return words(text, "999n");
    case "SOA":
      return words(text, "nn99999");
    case "CAA": {
      const [, flags, tag = "", , value] = CAA.exec(text) ?? [];
      return flags === undefined ? null : `${Number(flags)} ${tag.toLowerCase()} "${value}"`;
    }
    case "TXT":
      // As zone files have it: one or several quoted parts.
      return QUOTED.test(text) ? text.trimEnd().slice(1, -1).replaceAll(/"\s*"/g, "") : text;
  }
}

/** A record as it came, written in the same way. */
export function written(answer: Answer): string {
  switch (answer.type) {
    case "A":
      return answer.data;
    case "AAAA":
      return isIP(answer.data) === 6 ? ipv6(answer.data) : answer.data;
    case "CNAME":
    case "DNAME":
    case "NS":
    case "PTR":
      return name(answer.data);
    case "MX":
      return `${answer.data.preference} ${name(answer.data.exchange)}`;
    case "SRV": {
      const { priority, weight, port, target } = answer.data;
      return `${priority} ${weight} ${port} ${name(target)}`;
    }
    case "CAA":
      return `${answer.data.flags} ${answer.data.tag.toLowerCase()} "${answer.data.value}"`;
    case "SOA": {
      const { mname, rname, serial, refresh, retry, expire, minimum } = answer.data;
      return [name(mname), name(rname), serial, refresh, retry, expire, minimum].join(" ");
    }
    case "TXT":
      return textOf(answer.data);
    default:
      return "";
  }
}

/** Parts belong together without anything between them (RFC 7208 §3.3). */
const textOf = (data: string | Buffer | (string | Buffer)[]): string =>
  Buffer.concat([data].flat().map((part) => Buffer.from(part))).toString("utf8");

/** The name under which an address has its PTR record: `7.2.0.192.in-addr.arpa`. */
export function reverseName(address: string): string {
  const bytes = ipaddr.parse(address).toByteArray();
  if (bytes.length === 4) return `${bytes.reverse().join(".")}.in-addr.arpa`;
  const nibbles = bytes.flatMap((byte) => [byte >> 4, byte & 15]).reverse();
  return `${nibbles.map((each) => each.toString(16)).join(".")}.ip6.arpa`;
}
