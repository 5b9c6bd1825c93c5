import { connect } from "../base/connection.ts";
import { bodyText } from "../base/evidence.ts";
import { listOf, msOf } from "../base/fields.ts";
import { type Finding, latencyFindings, quote, spell, visible } from "../base/finding.ts";
import { probe } from "../base/probe.ts";
import { type Match, safeMatch } from "../base/safe-match.ts";
import { ageFindings, tlsWishOf } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { type TcpConfig, wantsAnswer } from "./config.ts";
import { unescaped } from "./escapes.ts";
import { type Ended, hear } from "./hear.ts";

/** One connection; where an answer is expected, what is to be sent is sent and the answer read until it is there. */
export function checkTcp(config: TcpConfig, context: CheckContext): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  const deadlineMs = context.monotonicMs() + context.timeoutMs;
  const secure = tlsWishOf(config.tls);
  const { expect = {} } = config;
  const wishes = wishesOf(config);
  let ended: Ended = "enough";
  return probe({
    context,
    trace,
    async talk() {
      const { host, port } = config;
      const socket = await connect({ host, port, tls: secure ?? undefined }, context, trace);
      if (!wantsAnswer(config)) return;
      trace.enter("first_byte");
      if (config.send !== undefined) socket.write(unescaped(config.send));
      const enough = () => isSettled(wishes, bodyText(trace));
      ended = await hear(socket, { trace, monotonicMs: context.monotonicMs, deadlineMs, enough });
    },
    findings: ({ total }) => [
      ...answerFindings(wishes, bodyText(trace), inWords(ended, context.timeoutMs)),
      ...ageFindings(secure, trace, context.wallMs()),
      ...latencyFindings(
        { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
        total ?? 0,
      ),
    ],
    answer: () => (wantsAnswer(config) ? quote(firstLine(bodyText(trace))) : "connected"),
  });
}

interface Wish {
  /** `to contain “220”`. */
  words: string;
  met(text: string): Match;
}

function wishesOf({ expect = {} }: TcpConfig): Wish[] {
  const wishes = listOf(expect.contains).map(
    (part): Wish => ({
      words: `to contain ${quote(visible(part))}`,
      met: (text) => (text.includes(part) ? "yes" : "no"),
    }),
  );
  if (expect.matches === undefined) return wishes;
  const pattern = new RegExp(expect.matches, "u");
  return [...wishes, { words: `to match ${expect.matches}`, met: (text) => safeMatch(pattern, text) }];
}

/** Met in full, or never to be met: a pattern that takes too long does so on more text as well. */
function isSettled(wishes: readonly Wish[], text: string): boolean {
  const matches = wishes.map(({ met }) => met(text));
  return matches.includes("too slow") || matches.every((match) => match === "yes");
}

/** @param ending what came after the text, in words; empty where nothing was waited for */
function answerFindings(wishes: readonly Wish[], text: string, ending: string): Finding[] {
  const came = `${quote(visible(text))}${ending}`;
  return wishes.map(({ words, met }) => {
    const match = met(text);
    const got = match === "too slow" ? `${came}, on which the pattern takes too long` : came;
    return {
      what: "answer",
      ok: match === "yes",
      wanted: words,
      got,
      status: "down",
      reason: `[answer] ${got}; wanted ${words}`,
      code: "answer",
    };
  });
}

function inWords(ended: Ended, timeoutMs: number): string {
  switch (ended) {
    case "enough":
      return "";
    case "closed":
      return ", then the end";
    case "full":
      return " and on for 64 KB";
    case "deadline":
      return `, then nothing within ${spell(timeoutMs)}`;
  }
}

const LONGEST_LINE = 60;
const firstLine = (text: string): string => visible(text.split(/\r?\n/, 1)[0] ?? "").slice(0, LONGEST_LINE);
