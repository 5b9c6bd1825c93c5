import { defineKind } from "../kind.ts";
import { checkDomain } from "./check.ts";
import { describeDomain, domainConfig, domainForm, registeredName } from "./config.ts";
import { domainDocs, domainExample } from "./docs.ts";
import { createRegistry, type RegistryOptions } from "./registry.ts";

/** The kind with another list of RDAP servers than IANA's. */
export function domainKind(options: RegistryOptions) {
  const registry = createRegistry(options);
  return defineKind({
    id: "domain",
    label: "Domain registration",
    schema: domainConfig,
    form: domainForm,
    docs: domainDocs,
    example: domainExample,
    secrets: () => [],
    // The registry bears it, and nearly always has one server for all names of one ending.
    host: (config) => config.rdap_url ?? `rdap:${registeredName(config).split(".").at(-1)}`,
    describe: describeDomain,
    check: (config, context) => checkDomain(config, context, registry),
  });
}

export const domain = domainKind({ bootstrapUrl: "https://data.iana.org/rdap/dns.json" });
