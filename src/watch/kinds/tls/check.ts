import type { Socket } from "node:net";
import { connect, upgrade } from "../base/connection.ts";
import { Dialogue } from "../base/dialogue.ts";
import { certificateFacts } from "../base/evidence.ts";
import { msOf } from "../base/fields.ts";
import { daysLeft, type Finding, latencyFindings } from "../base/finding.ts";
import { probe } from "../base/probe.ts";
import { ageFindings } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { portOf, type TlsConfig } from "./config.ts";
import { shownFindings } from "./findings.ts";
import { STARTTLS } from "./starttls.ts";

/** Shakes hands over a connection of its own, after asking for TLS where the protocol begins in clear. */
export function checkTls(config: TlsConfig, context: CheckContext): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  return probe({
    context,
    trace,
    async talk() {
      const socket = await shakeHands(config, context, trace);
      const farewell = config.starttls && STARTTLS[config.starttls].farewell;
      // Until it is on its way: the check closes the connection.
      if (farewell) await new Promise<void>((sent) => socket.write(farewell, () => sent()));
    },
    findings: ({ total }) => findings(config, { trace, wallMs: context.wallMs(), totalMs: total ?? 0 }),
    answer: () => inShort(trace, context.wallMs()),
  });
}

async function shakeHands(config: TlsConfig, context: CheckContext, trace: Trace): Promise<Socket> {
  const { host, starttls, server_name } = config;
  const port = portOf(config);
  // Whether it is to be trusted is a finding beside the others, so that all of them are told.
  const secure = { verify: false, serverName: server_name };
  if (!starttls) return connect({ host, port, tls: secure }, context, trace);
  const plain = await connect({ host, port }, context, trace);
  trace.enter("first_byte");
  const { label, begin } = STARTTLS[starttls];
  const dialogue = new Dialogue(plain, label);
  await begin(dialogue);
  dialogue.over();
  return upgrade(plain, { host, secure }, { context, trace });
}

interface Seen {
  trace: Trace;
  wallMs: number;
  totalMs: number;
}

function findings({ expect = {}, ...config }: TlsConfig, { trace, wallMs, totalMs }: Seen): Finding[] {
  const shown = trace.certificate ? shownFindings({ ...config, expect }, trace.certificate) : [];
  // Its age also where nobody need trust it: it is what people watch certificates for.
  const age = ageFindings({ verify: true, expiresWithinMs: msOf(expect.expires_within) }, trace, wallMs);
  const isToldAsExpired = shown.some(({ ok, code }) => !ok && code === "tls:CERT_HAS_EXPIRED");
  return [
    ...shown,
    ...(isToldAsExpired ? [] : age),
    ...latencyFindings(
      { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
      totalMs,
    ),
  ];
}

/** `TLS 1.3, 89 days left`. */
function inShort(trace: Trace, wallMs: number): string {
  const version = (trace.certificate?.getProtocol() ?? "").replace(/^TLSv/, "TLS ");
  const facts = certificateFacts(trace.certificate, wallMs);
  return [version, facts ? `${daysLeft(facts.leftMs)} left` : ""].filter(Boolean).join(", ");
}
