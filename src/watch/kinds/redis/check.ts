import { connect } from "../base/connection.ts";
import { Dialogue } from "../base/dialogue.ts";
import { msOf } from "../base/fields.ts";
import { type Finding, latencyFindings, quote, visible } from "../base/finding.ts";
import { probe } from "../base/probe.ts";
import { ageFindings, tlsWishOf } from "../base/tls-wish.ts";
import { Trace } from "../base/trace.ts";
import { valueFindings } from "../base/value.ts";
import type { CheckContext, CheckResult } from "../kind.ts";
import { encoded } from "./command.ts";
import { commandOf, NOTHING, REDIS_PORT, type RedisConfig } from "./config.ts";
import { refusalFailure } from "./failure.ts";
import { MOST_HEARD, type Reply, readReply, textOf } from "./reply.ts";

/** Signs in if there is a password, chooses the database if one is given, and runs one command. */
export function checkRedis(config: RedisConfig, context: CheckContext): Promise<CheckResult> {
  const trace = new Trace(context.monotonicMs);
  const secure = tlsWishOf(config.tls);
  const { host, port = REDIS_PORT, password } = config;
  let reply: Reply = null;
  return probe({
    context,
    trace,
    secrets: password === undefined ? [] : [password],
    async talk() {
      const socket = await connect({ host, port, tls: secure ?? undefined }, context, trace);
      trace.enter("first_byte");
      const dialogue = new Dialogue(socket, "Redis", MOST_HEARD);
      for (const { step, words } of stepsOf(config)) {
        trace.asked = words[0]?.toUpperCase() ?? null;
        reply = await ask(dialogue, step, words);
      }
      trace.body.push(Buffer.from(textOf(reply) ?? NOTHING));
    },
    findings: ({ total }) => [
      ...replyFindings(config, reply, total ?? 0),
      ...ageFindings(secure, trace, context.wallMs()),
    ],
    answer: () => inShort(reply),
  });
}

/** What is asked, in order; each only once what came before was granted. */
function stepsOf(config: RedisConfig): { step: string; words: readonly string[] }[] {
  const { user, password, database } = config;
  const signIn = password === undefined ? [] : ["AUTH", ...(user === undefined ? [] : [user]), password];
  return [
    { step: "sign-in", words: signIn },
    { step: "database", words: database === undefined ? [] : ["SELECT", String(database)] },
    { step: "command", words: commandOf(config) },
  ].filter(({ words }) => words.length > 0);
}

async function ask(dialogue: Dialogue, step: string, words: readonly string[]): Promise<Reply> {
  dialogue.say(encoded(words));
  const reply = await readReply(dialogue);
  if (reply !== null && typeof reply === "object" && "refusal" in reply)
    throw refusalFailure(reply.refusal, step);
  return reply;
}

function replyFindings({ command, expect = {} }: RedisConfig, reply: Reply, totalMs: number): Finding[] {
  // Anything may answer +OK to whatever it hears; only PING's answer is known beforehand.
  const wanted = expect.value ?? (command === undefined ? { equals: "PONG" } : {});
  return [
    ...valueFindings(wanted, textOf(reply), NOTHING),
    ...latencyFindings(
      { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
      totalMs,
    ),
  ];
}

const LONGEST = 60;

/** `“PONG”`, `12`, `nil`, `3 elements`. */
function inShort(reply: Reply): string {
  if (Array.isArray(reply)) return `${reply.length} ${reply.length === 1 ? "element" : "elements"}`;
  const text = textOf(reply);
  if (text === null) return NOTHING;
  const [first = ""] = text.split(/\r?\n/, 1);
  return /^-?\d+$/.test(text) ? text : quote(visible(first).slice(0, LONGEST));
}
