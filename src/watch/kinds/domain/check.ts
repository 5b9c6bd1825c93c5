import { humanDuration } from "../../../platform/duration.ts";
import { Failure } from "../base/failure.ts";
import { daysLeft } from "../base/finding.ts";
import { probe } from "../base/probe.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { type DomainConfig, registeredName } from "./config.ts";
import { dayOf, domainFindings } from "./expect.ts";
import type { Registration } from "./registration.ts";
import type { Registry, Told } from "./registry.ts";

const NOTHING: Registration = { expiresMs: null, statuses: [], registrar: null, nameservers: [] };

/** Asks the registry for the domain and judges its registration. */
export async function checkDomain(
  config: DomainConfig,
  context: CheckContext,
  registry: Registry,
): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  const name = registeredName(config);
  const expect = config.expect ?? {};
  let registration = NOTHING;
  let answered = false;
  const result = await probe({
    context,
    trace,
    async talk() {
      try {
        const told = await registry.lookUp(name, config.rdap_url, { context, trace });
        registration = told.registration;
        trace.body.splice(0, trace.body.length, Buffer.from(shown(name, told)));
        if (isMute(config, registration)) throw mute(name);
        answered = true;
      } catch (error) {
        answered = error instanceof Failure && error.code === "domain:unregistered";
        throw error;
      }
    },
    findings: () => domainFindings(expect, registration, context.wallMs()),
    answer: () =>
      registration.expiresMs === null
        ? "registered"
        : `${daysLeft(registration.expiresMs - context.wallMs())} left`,
  });
  // A registry that doesn't answer says nothing of the domain, which goes on working.
  return answered || result.status !== "down" ? result : { ...result, status: "unknown", hard: false };
}

/** Without a date there must be something else to judge, or the monitor would be content with anything. */
const isMute = ({ expect = {} }: DomainConfig, { expiresMs }: Registration): boolean =>
  expiresMs === null && (expect.expires_within !== undefined || Object.keys(expect).length === 0);

const mute = (name: string): Failure =>
  new Failure({
    reason: `[unknown] the registry does not tell when ${name} expires; expect a registrar, name servers or a status instead`,
    code: "domain:no-date",
    status: "unknown",
    hard: false,
  });

/** The registration as text. */
function shown(name: string, { registration, url, ageMs }: Told): string {
  const { expiresMs, registrar, statuses, nameservers } = registration;
  return [
    name,
    `expires: ${expiresMs === null ? "not told" : dayOf(expiresMs)}`,
    `registrar: ${registrar ?? "not told"}`,
    `status: ${statuses.join(", ") || "none"}`,
    `name servers: ${nameservers.join(", ") || "none"}`,
    `from ${url}${ageMs > 0 ? `, ${humanDuration(ageMs)} ago` : ""}`,
  ].join("\n");
}
