import { msOf } from "../base/fields.ts";
import { type Finding, latencyFindings } from "../base/finding.ts";
import { probe } from "../base/probe.ts";
import { isSecretHeader } from "../base/redact.ts";
import { ageFindings, tlsWishOf } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { askHealth } from "./call.ts";
import { DEFAULT_WANTED, type GrpcConfig, SERVING, subjectOf } from "./config.ts";

/** One call of the health protocol over a connection of its own. */
export function checkGrpc(config: GrpcConfig, context: CheckContext): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  const { expect = {} } = config;
  let health = "";
  return probe({
    context,
    trace,
    secrets: secretValues(config),
    async talk() {
      const number = await askHealth(config, { context, trace });
      health = SERVING[number] ?? String(number);
      // Seven bytes that nobody can read.
      trace.body.length = 0;
    },
    findings: ({ total }) => [
      healthFinding(config, health),
      ...ageFindings(tlsWishOf(config.tls), trace, context.wallMs()),
      ...latencyFindings(
        { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
        total ?? 0,
      ),
    ],
    answer: () => health.toUpperCase(),
  });
}

const secretValues = ({ metadata }: GrpcConfig): string[] =>
  Object.entries(metadata ?? {}).flatMap(([name, value]) => (isSecretHeader(name) ? [value] : []));

function healthFinding({ grpc_service, expect = {} }: GrpcConfig, health: string): Finding {
  const wish = expect.status ?? DEFAULT_WANTED;
  const [got, wanted] = [health.toUpperCase(), wish.toUpperCase()];
  return {
    what: "health",
    ok: health === wish,
    wanted,
    got,
    status: "down",
    reason: `[health] ${subjectOf(grpc_service)} is ${got}, wanted ${wanted}`,
    code: `health:${got}`,
  };
}
