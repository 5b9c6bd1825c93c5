import { randomInt } from "node:crypto";
import {
  type Answer,
  type DecodedPacket,
  decode,
  encode,
  type OptAnswer,
  RECURSION_DESIRED,
} from "dns-packet";
import { Failure } from "../base/failure.ts";
import type { RecordType } from "./record.ts";

export interface Question {
  name: string;
  type: RecordType;
}

/** One question on its way. */
export interface Query extends Question {
  id: number;
  bytes: Buffer;
}

export interface Reply {
  /** `NOERROR`, `NXDOMAIN`, … */
  rcode: string;
  /** Cut to fit into a datagram; the whole is to be had over TCP. */
  truncated: boolean;
  /** Two letters each, as name servers' tools write them: `qr aa rd`. */
  flags: readonly string[];
  answers: readonly Answer[];
  /** What the server says of its failure (RFC 8914); empty when nothing. */
  why: string;
}

/** What fits through every network without being cut (DNS flag day 2020). */
const LARGEST_DATAGRAM = 1_232;
const HEADER_BYTES = 12;
const RESPONSE = 0x8000;
const TRUNCATED = 0x0200;

/** RFC 1035 §4.1.1 and RFC 2136 §2.2, by number. */
const RCODES = [
  "NOERROR",
  "FORMERR",
  "SERVFAIL",
  "NXDOMAIN",
  "NOTIMP",
  "REFUSED",
  "YXDOMAIN",
  "YXRRSET",
  "NXRRSET",
  "NOTAUTH",
  "NOTZONE",
];

const EXTENSIONS: OptAnswer = {
  type: "OPT",
  name: ".",
  udpPayloadSize: LARGEST_DATAGRAM,
  extendedRcode: 0,
  ednsVersion: 0,
  flags: 0,
  flag_do: false,
  options: [],
};

/** A question with an id nobody can guess. @param extended without it, as some old servers want (RFC 6891 §7) */
export function queryFor({ name, type }: Question, extended: boolean): Query {
  const id = randomInt(65_536);
  const bytes = encode({
    type: "query",
    id,
    flags: RECURSION_DESIRED,
    questions: [{ type, name }],
    additionals: extended ? [EXTENSIONS] : [],
  });
  return { name, type, id, bytes };
}

/** Null for what doesn't answer this query: another id, another question, no answer at all. Throws a `Failure`. */
export function readReply(bytes: Buffer, query: Query): Reply | null {
  if (bytes.length < HEADER_BYTES || bytes.readUInt16BE(0) !== query.id) return null;
  const flags = bytes.readUInt16BE(2);
  if ((flags & RESPONSE) === 0) return null;
  const rcode = RCODES[flags & 15] ?? `RCODE${flags & 15}`;
  const packet = decoded(bytes);
  // Some servers cut through a record; all that counts then is that it is to be asked for over TCP.
  if ((flags & TRUNCATED) !== 0 && !packet)
    return { rcode, truncated: true, flags: ["qr", "tc"], answers: [], why: "" };
  if (!packet) {
    throw new Failure({
      reason: "[protocol] the answer is not DNS: it ends in the middle or makes no sense",
      code: "protocol",
    });
  }
  if (!isAbout(packet, query, rcode)) return null;
  return {
    rcode,
    truncated: packet.flag_tc,
    flags: flagsOf(packet),
    answers: packet.answers ?? [],
    why: explanation(packet),
  };
}

function decoded(bytes: Buffer): DecodedPacket | null {
  try {
    return decode(bytes);
  } catch {
    return null;
  }
}

/** Whoever could not read the question sends none back. */
function isAbout({ questions = [] }: DecodedPacket, query: Query, rcode: string): boolean {
  const [asked] = questions;
  if (!asked) return rcode !== "NOERROR";
  return asked.type === query.type && sameName(asked.name, query.name);
}

const sameName = (one: string, other: string): boolean => bare(one) === bare(other);
const bare = (name: string): string => name.toLowerCase().replace(/\.$/, "");

const flagsOf = (packet: DecodedPacket): string[] => [
  "qr",
  ...(packet.flag_aa ? ["aa"] : []),
  ...(packet.flag_tc ? ["tc"] : []),
  ...(packet.flag_rd ? ["rd"] : []),
  ...(packet.flag_ra ? ["ra"] : []),
  ...(packet.flag_ad ? ["ad"] : []),
];

const EXTENDED_ERROR = 15;

/** RFC 8914 §4, those that say something to who isn't the resolver's operator. */
const WHY: Record<number, string> = {
  3: "stale answer",
  6: "DNSSEC is bogus",
  7: "the DNSSEC signature has expired",
  8: "the DNSSEC signature is not valid yet",
  9: "the DNSKEY is missing",
  10: "the DNSSEC signatures are missing",
  12: "the NSEC records are missing",
  15: "blocked",
  16: "censored",
  17: "filtered",
  18: "prohibited",
  20: "not authoritative",
  22: "no authority can be reached",
  23: "network error",
};

function explanation({ additionals = [] }: DecodedPacket): string {
  const options = additionals.flatMap((each) => (each.type === "OPT" ? each.options : []));
  return options
    .flatMap(({ code, data }) => {
      if (Number(code) !== EXTENDED_ERROR || !data || data.length < 2) return [];
      const number = data.readUInt16BE(0);
      const text = data.toString("utf8", 2).replace(/\0+$/, "");
      return [[WHY[number] ?? `error ${number}`, text && `(${text})`].filter(Boolean).join(" ")];
    })
    .join(", ");
}
