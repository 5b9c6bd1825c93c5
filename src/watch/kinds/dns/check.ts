import type { Answer } from "dns-packet";
import { resolveGuarded } from "../../../platform/net/guarded-lookup.ts";
import { DnsError } from "../../../platform/net/resolver.ts";
import { probe } from "../base/probe.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { ask, type Heard } from "./ask.ts";
import { type DnsConfig, questionOf } from "./config.ts";
import { dnsFindings, foundIn } from "./expect.ts";
import { written } from "./record.ts";
import { parseServer, placeOf, type Server, systemServers } from "./server.ts";

const SILENT: Heard = {
  reply: { rcode: "", truncated: false, flags: [], answers: [], why: "" },
  server: { host: "", port: 0 },
  protocol: "udp",
};

/** As many as a resolv.conf may name. */
const MOST_SERVERS = 3;

/** Asks a name server one question and judges the answer. */
export function checkDns(config: DnsConfig, context: CheckContext): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  const untilMs = context.monotonicMs() + context.timeoutMs;
  const question = questionOf(config);
  let heard = SILENT;
  return probe({
    context,
    trace,
    async talk() {
      const { servers, context: allowed } = await toAsk(config, context, trace);
      try {
        heard = await ask({ question, servers, context: allowed, trace, untilMs }, config.protocol ?? "udp");
      } catch (error) {
        throw config.resolver === undefined ? ofSystem(error, question.name) : error;
      }
      trace.remote = heard.server.host;
      trace.body.push(Buffer.from(shown(heard)));
    },
    findings: ({ total }) => dnsFindings(config, heard.reply, total ?? 0),
    answer: () => {
      if (heard.reply.rcode !== "NOERROR") return heard.reply.rcode;
      const { length } = foundIn(heard.reply, question.type);
      return `${length} ${question.type} ${length === 1 ? "record" : "records"}`;
    },
  });
}

/**
 * The name servers by address, and the context to ask them in. What the monitor names is guarded like any target;
 * the machine's own, which every check asks, are the operator's choice and often link-local in clouds.
 */
async function toAsk(
  { resolver }: DnsConfig,
  context: CheckContext,
  trace: Trace,
): Promise<{ servers: Server[]; context: CheckContext }> {
  const named = resolver === undefined ? null : parseServer(resolver);
  if (!named) {
    const servers = systemServers().slice(0, MOST_SERVERS);
    trace.addresses = servers.map(({ host }) => host);
    return { servers, context: { ...context, guard: () => null } };
  }
  trace.target = placeOf(named);
  trace.enter("dns");
  trace.addresses = await resolveGuarded({ ...context, ...named });
  const servers = trace.addresses.slice(0, MOST_SERVERS).map((host) => ({ host, port: named.port }));
  return { servers, context };
}

/** A machine whose own name server isn't there says nothing of the name. */
const ofSystem = (error: unknown, name: string): unknown =>
  error instanceof Error && "code" in error && error.code === "ECONNREFUSED"
    ? new DnsError("ECONNREFUSED", name)
    : error;

/** The answer as text: who said it, and every record with its TTL. */
function shown({ reply, server, protocol }: Heard): string {
  const { rcode, flags, why, answers } = reply;
  const head = `${rcode}, flags ${flags.join(" ")}, from ${placeOf(server)} over ${protocol}${why && `: ${why}`}`;
  return [head, ...answers.map(line)].join("\n");
}

const line = (answer: Answer): string =>
  [answer.name, "ttl" in answer ? (answer.ttl ?? 0) : "", answer.type, written(answer)].join(" ").trimEnd();
