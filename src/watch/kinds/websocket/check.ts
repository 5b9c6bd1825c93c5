import { Failure } from "../base/failure.ts";
import { msOf } from "../base/fields.ts";
import { type Finding, latencyFindings, quote, spell, visible } from "../base/finding.ts";
import { probe } from "../base/probe.ts";
import { isSecretHeader } from "../base/redact.ts";
import { ageFindings } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { type WebsocketConfig, wantsMessage } from "./config.ts";
import { closeInWords, Ear, type Heard, heardInWords } from "./hear.ts";
import { loadLibrary, openLine } from "./open.ts";
import { closeFinding, judgeOf, subprotocolFinding } from "./wishes.ts";

/** Opens a connection of its own and, where a message is expected, says what is to be said and listens for it. */
export async function checkWebsocket(config: WebsocketConfig, context: CheckContext): Promise<CheckResult> {
  // Not on the target's time.
  await loadLibrary();
  const trace = new Trace(context.monotonicMs);
  const { expect = {} } = config;
  const judge = judgeOf(expect);
  const ear = new Ear({
    trace,
    monotonicMs: context.monotonicMs,
    // A pattern that takes too long does so on other messages as well.
    isWanted: (message) =>
      wantsMessage(expect) && judge(message, "").every(({ ok, code }) => ok || code === "pattern"),
    untilClosed: expect.close_code !== undefined,
  });
  const said = (heard: Heard) => heardInWords(heard, context.timeoutMs);
  return probe({
    context,
    trace,
    secrets: secretValues(config),
    talk: () => converse(config, { context, trace, ear }),
    findings: ({ total }) => [
      ...subprotocolFindings(config, trace),
      ...(wantsMessage(expect) ? judge(ear.heard.message, said(ear.heard)) : []),
      ...closeFindings(config, ear.heard),
      ...ageFindings(tlsWish(config), trace, context.wallMs()),
      ...latencyFindings(
        { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
        total ?? 0,
      ),
    ],
    answer: () => inShort(ear.heard),
  });
}

interface Hands {
  context: CheckContext;
  trace: Trace;
  ear: Ear;
}

async function converse(config: WebsocketConfig, { context, trace, ear }: Hands): Promise<void> {
  const { expect = {} } = config;
  const deadlineMs = context.monotonicMs() + context.timeoutMs;
  const { socket, webSocket } = await openLine(config, context, trace, ear.listens);
  try {
    if (!wantsMessage(expect) && expect.close_code === undefined) return;
    trace.enter("transfer");
    if (config.send !== undefined) webSocket.send(config.send);
    const heard = await ear.until(deadlineMs, socket, webSocket);
    if (wantsMessage(expect) && heard.count === 0) throw nothingHeard(heard, context.timeoutMs);
  } finally {
    // A good-bye, so that the server logs no broken connection; the check doesn't wait for its answer.
    webSocket.close(1_000);
  }
}

/** Where a message was wanted and none came, that is the cause, with patience where the server may yet speak. */
function nothingHeard({ ended, close }: Heard, timeoutMs: number): Failure {
  if (ended === "closed")
    return new Failure({
      reason: `[close] opened, then ${closeInWords(close)} before any message`,
      code: `close:${close?.code}`,
    });
  if (ended === "full") return new Failure({ reason: "[message] none, but endless pings", code: "message" });
  const reason = `[timeout] opened, but no message came within ${spell(timeoutMs)}`;
  return new Failure({ reason, code: "timeout:transfer", hard: false });
}

const secretValues = ({ headers, tls }: WebsocketConfig): string[] => [
  ...Object.entries(headers ?? {}).flatMap(([name, value]) => (isSecretHeader(name) ? [value] : [])),
  ...(tls?.key === undefined ? [] : [tls.key]),
];

const tlsWish = ({ tls }: WebsocketConfig) => ({
  verify: tls?.verify ?? true,
  expiresWithinMs: msOf(tls?.expires_within),
});

function subprotocolFindings({ expect = {} }: WebsocketConfig, { headers }: Trace): Finding[] {
  const { subprotocol } = expect;
  return subprotocol === undefined
    ? []
    : [subprotocolFinding(headers["sec-websocket-protocol"] ?? "none", subprotocol)];
}

function closeFindings({ expect = {} }: WebsocketConfig, heard: Heard): Finding[] {
  if (expect.close_code === undefined) return [];
  return [closeFinding(heard.close?.code ?? 0, expect.close_code, closeInWords(heard.close))];
}

const LONGEST_ANSWER = 60;
function inShort({ message, close }: Heard): string {
  if (message !== null) return quote(visible(message.slice(0, LONGEST_ANSWER)));
  return close ? closeInWords(close) : "open";
}
