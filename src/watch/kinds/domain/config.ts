import { isIP } from "node:net";
import { domainToASCII } from "node:url";
import { z } from "zod";
import { duration, host, listOf, msOf, texts } from "../base/fields.ts";
import type { FormField } from "../kind.ts";
import { bareName } from "./registration.ts";

export const DEFAULT_WINDOW = "30d";

/** As registries have it: in ASCII and lower case. Empty for what is no name. */
const registered = (text: string): string => bareName(domainToASCII(text));

const domain = z.string().superRefine((text, issue) => {
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  if (text.includes("://")) return wrong(`"${text}" is a URL; write the domain alone, e.g. example.com`);
  const name = registered(text);
  if (isIP(text) !== 0 || !name.includes(".") || !host.safeParse(name).success)
    wrong(`"${text}" is no domain; write one as it was registered, e.g. example.com`);
});

const rdapUrl = z.string().superRefine((text, issue) => {
  const url = URL.parse(text);
  if (!url || !/^https?:$/.test(url.protocol) || url.username || url.password || url.search || url.hash)
    issue.addIssue({
      code: "custom",
      message: `write the RDAP server's base URL, e.g. https://rdap.example.net/; domain/NAME is added to it`,
    });
});

const nameserver = host.refine(
  (text) => isIP(text) === 0,
  "write a name server by its name, e.g. ns1.example.net",
);

export const domainConfig = z.strictObject({
  domain,
  rdap_url: rdapUrl.optional(),
  expect: z
    .strictObject({
      expires_within: duration.optional(),
      registrar: z.string().min(1).optional(),
      nameservers: z.union([nameserver, z.array(nameserver).min(1).max(20)]).optional(),
      status: texts.optional(),
    })
    .optional(),
});

export type DomainConfig = z.infer<typeof domainConfig>;

export const registeredName = ({ domain }: DomainConfig): string => registered(domain);

/** `example.com stays registered for 30 days or more, with “Example Registrar”, at ns1.example.net.` */
export function describeDomain({ domain, expect = {} }: DomainConfig): string {
  const days = Math.round((msOf(expect.expires_within ?? DEFAULT_WINDOW) ?? 0) / 8_640_000) / 10;
  const parts = [
    `${domain} stays registered for ${days} ${days === 1 ? "day" : "days"} or more`,
    expect.registrar === undefined ? "" : `with “${expect.registrar}”`,
    expect.nameservers === undefined ? "" : `at ${listOf(expect.nameservers).join(", ")}`,
    expect.status === undefined ? "" : `with the status ${listOf(expect.status).join(", ")}`,
  ];
  return `${parts.filter(Boolean).join(", ")}.`;
}

export const domainForm: readonly FormField[] = [
  {
    name: "domain",
    label: "Domain",
    type: "text",
    group: "Domain",
    required: true,
    placeholder: "example.com",
    help: "As it was registered, without www.",
  },
  {
    name: "expect.expires_within",
    label: "Degraded when it expires within",
    type: "duration",
    group: "Expect",
    default: DEFAULT_WINDOW,
  },
  {
    name: "expect.nameservers",
    label: "Exactly these name servers",
    type: "texts",
    group: "Expect",
    help: "In any order.",
  },
  {
    name: "expect.registrar",
    label: "Registrar",
    type: "text",
    group: "Expect",
    help: "A part of its name.",
  },
  {
    name: "expect.status",
    label: "Has the status",
    type: "texts",
    group: "Expect",
    placeholder: "client transfer prohibited",
  },
  {
    name: "rdap_url",
    label: "RDAP server",
    type: "url",
    group: "Registry",
    placeholder: "https://rdap.example.net/",
    help: "Left empty: the one that IANA lists for the domain.",
  },
];
