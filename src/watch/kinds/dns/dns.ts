import { msOf } from "../base/fields.ts";
import { spell } from "../base/finding.ts";
import { defineKind } from "../kind.ts";
import { checkDns } from "./check.ts";
import { DEFAULT_RCODE, DEFAULT_RECORD, type DnsConfig, dnsConfig, dnsForm } from "./config.ts";
import { dnsDocs, dnsExample } from "./docs.ts";
import { recordsInWords } from "./expect.ts";
import { parseServer } from "./server.ts";

export const dns = defineKind({
  id: "dns",
  label: "DNS record",
  schema: dnsConfig,
  form: dnsForm,
  docs: dnsDocs,
  example: dnsExample,
  secrets: () => [],
  // Many monitors may ask the machine's own name servers; they share no queue for that.
  host: ({ resolver, domain }) => parseServer(resolver ?? "")?.host ?? domain,
  describe: describeDns,
  check: checkDns,
});

/** `A of shop.example.com is 192.0.2.7, asked of 192.0.2.53, in under 100 ms.` */
function describeDns({
  domain,
  record = DEFAULT_RECORD,
  resolver,
  protocol,
  expect = {},
}: DnsConfig): string {
  const { rcode = DEFAULT_RCODE } = expect;
  const wanted = rcode === DEFAULT_RCODE ? recordsInWords(expect, record).join(", ") : rcode;
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  const parts = [
    `${record} of ${domain} is ${wanted || "there"}`,
    resolver === undefined ? "" : `asked of ${resolver}`,
    protocol === "tcp" ? "over TCP" : "",
    limitMs === undefined ? "" : `in under ${spell(limitMs)}`,
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}
