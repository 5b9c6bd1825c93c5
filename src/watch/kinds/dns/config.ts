import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import { duration, host, listOf, pattern, texts } from "../base/fields.ts";
import { latencyFields } from "../base/form-fields.ts";
import type { FormField } from "../kind.ts";
import { canonical, RECORDS, reverseName, WRITTEN_AS } from "./record.ts";
import { parseServer } from "./server.ts";

export const RCODES = ["NOERROR", "NXDOMAIN", "SERVFAIL", "REFUSED"] as const;
export const PROTOCOLS = ["udp", "tcp"] as const;
export const DEFAULT_RECORD = "A";
export const DEFAULT_RCODE = "NOERROR";

// RFC 1035 §2.3.4; what stands in a label is the zone's business.
const NAME = /^(?=.{1,253}\.?$)(?:\.|[^\s.:]{1,63}(?:\.[^\s.:]{1,63})*\.?)$/;

/** What is asked for; names in other scripts as their ASCII form. Undefined for what is no name. */
function asciiName(text: string): string | undefined {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: ASCII is what it means
  const ascii = /^[\x00-\x7f]*$/.test(text) ? text : domainToASCII(text);
  return NAME.test(ascii) ? ascii : undefined;
}

const domain = z.string().superRefine((text, issue) => {
  if (isIP(text) !== 0 || asciiName(text) !== undefined) return;
  const message = text.includes("://")
    ? `"${text}" is a URL; write the name alone, e.g. shop.example.com`
    : `"${text}" is no name; write one like shop.example.com`;
  issue.addIssue({ code: "custom", message });
});

const resolver = z.string().refine(
  (text) => {
    const server = parseServer(text);
    return server !== null && host.safeParse(server.host).success;
  },
  { error: 'write a name server as "192.0.2.53", "192.0.2.53:5353" or "[2001:db8::53]:53"' },
);

const expect = z
  .strictObject({
    rcode: z.enum(RCODES, `write one of ${RCODES.join(", ")}`).optional(),
    answers: texts.optional(),
    includes: texts.optional(),
    matches: pattern.optional(),
    count: z.int().min(0).max(1_000).optional(),
    min_ttl: duration.optional(),
    max_ttl: duration.optional(),
    latency: duration.optional(),
    latency_down: duration.optional(),
  })
  .superRefine((wanted, issue) => {
    if ((wanted.rcode ?? DEFAULT_RCODE) === DEFAULT_RCODE) return;
    for (const key of ["answers", "includes", "matches", "count", "min_ttl", "max_ttl"] as const) {
      if (wanted[key] === undefined) continue;
      const message = `an answer of ${wanted.rcode} has no records; leave ${key} out, or rcode`;
      issue.addIssue({ code: "custom", path: [key], message });
    }
  });

export const dnsConfig = z
  .strictObject({
    domain,
    record: z.enum(RECORDS, `write one of ${RECORDS.join(", ")}`).optional(),
    resolver: resolver.optional(),
    protocol: z.enum(PROTOCOLS, "write udp or tcp").optional(),
    expect: expect.optional(),
  })
  .superRefine(({ domain, record = DEFAULT_RECORD, expect = {} }, issue) => {
    const wrong = (path: string[], message: string) => issue.addIssue({ code: "custom", path, message });
    if (isIP(domain) !== 0 && record !== "PTR")
      wrong(["record"], "an address has only a PTR record; set record: PTR, or write a name");
    for (const key of ["answers", "includes"] as const) {
      const odd = listOf(expect[key]).find((text) => canonical(record, text) === null);
      if (odd !== undefined)
        wrong(["expect", key], `"${odd}" is no ${record} record; write it as ${WRITTEN_AS[record]}`);
    }
  });

export type DnsConfig = z.infer<typeof dnsConfig>;

/** What a name server is asked: the name in ASCII, an address turned round (RFC 1035 §3.5, RFC 3596 §2.5). */
export const questionOf = ({ domain, record = DEFAULT_RECORD }: DnsConfig) => ({
  name: isIP(domain) === 0 ? (asciiName(domain) ?? domain) : reverseName(domain),
  type: record,
});

export const dnsForm: readonly FormField[] = [
  {
    name: "domain",
    label: "Name",
    type: "text",
    group: "Question",
    required: true,
    placeholder: "shop.example.com",
    help: "For PTR an IP address will do.",
  },
  {
    name: "record",
    label: "Record",
    type: "select",
    group: "Question",
    options: RECORDS,
    default: DEFAULT_RECORD,
  },
  {
    name: "resolver",
    label: "Name server",
    type: "text",
    group: "Question",
    placeholder: "192.0.2.53",
    help: "Left empty: those that this machine asks.",
  },
  {
    name: "expect.answers",
    label: "Exactly these records",
    type: "texts",
    group: "Expect",
    help: "In any order.",
  },
  { name: "expect.includes", label: "These records among others", type: "texts", group: "Expect" },
  {
    name: "expect.matches",
    label: "Each record matches",
    type: "text",
    group: "Expect",
    help: "A regular expression.",
  },
  { name: "expect.count", label: "So many records", type: "number", group: "Expect", min: 0, max: 1_000 },
  {
    name: "expect.rcode",
    label: "Response code",
    type: "select",
    group: "Expect",
    options: RCODES,
    default: DEFAULT_RCODE,
    help: "NXDOMAIN: the name must not exist.",
  },
  {
    name: "expect.min_ttl",
    label: "Degraded when a TTL is shorter than",
    type: "duration",
    group: "Expect",
    placeholder: "1m",
  },
  {
    name: "expect.max_ttl",
    label: "Degraded when a TTL is longer than",
    type: "duration",
    group: "Expect",
    placeholder: "1h",
  },
  ...latencyFields("100ms", "1s"),
  {
    name: "protocol",
    label: "Protocol",
    type: "select",
    group: "Connection",
    options: PROTOCOLS,
    default: "udp",
    help: "UDP goes on over TCP where an answer does not fit.",
  },
];
