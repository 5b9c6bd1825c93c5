import { listOf, msOf } from "../base/fields.ts";
import { type Finding, latencyFindings, quote, visible } from "../base/finding.ts";
import { asSent } from "../base/numbered-reply.ts";
import { probe } from "../base/probe.ts";
import { ageFindings } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { type SmtpConfig, secureOf } from "./config.ts";
import { Conversation } from "./conversation.ts";
import { converse, type Heard, secretsOf } from "./steps.ts";

/** Greets, signs in and names an envelope as far as the configuration goes; no mail is ever sent. */
export function checkSmtp(config: SmtpConfig, context: CheckContext): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  let heard: Heard | undefined;
  return probe({
    context,
    trace,
    secrets: secretsOf(config),
    async talk() {
      const talk = await Conversation.open(config, { context, trace });
      try {
        heard = await converse(talk, config);
      } catch (error) {
        void talk.leave();
        throw error;
      }
      await talk.leave();
    },
    findings: ({ total }) => [
      ...(heard ? answerFindings(config, heard) : []),
      ...ageFindings(secureOf(config), trace, context.wallMs()),
      ...latencyFindings(
        { latencyMs: msOf(config.expect?.latency), latencyDownMs: msOf(config.expect?.latency_down) },
        total ?? 0,
      ),
    ],
    answer: () => visible(heard?.judged.said ?? "").slice(0, LONGEST),
  });
}

const LONGEST = 60;

function answerFindings({ expect = {} }: SmtpConfig, { greeting, judged, to }: Heard): Finding[] {
  const greeted = asSent(greeting).join("\n");
  const texts = listOf(expect.contains).map((wanted) =>
    finding("greeting", greeted.includes(wanted), {
      wanted: `to contain ${quote(wanted)}`,
      got: quote(visible(greeted)),
    }),
  );
  if (expect.code === undefined) return texts;
  const wanted = `${expect.code} to ${to}`;
  const code = finding("code", judged.code === String(expect.code), { wanted, got: visible(judged.said) });
  return [code, ...texts];
}

const finding = (what: string, ok: boolean, { wanted, got }: { wanted: string; got: string }): Finding => ({
  what,
  ok,
  wanted,
  got,
  status: "down",
  reason: `[${what}] ${got}, wanted ${wanted}`,
  code: what,
});
