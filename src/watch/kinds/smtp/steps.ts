import { Failure } from "../base/failure.ts";
import { quote, visible } from "../base/finding.ts";
import type { NumberedReply } from "../base/numbered-reply.ts";
import { isGreeting, modeOf, type SmtpConfig } from "./config.ts";
import type { Conversation } from "./conversation.ts";

/** What a conversation came to. */
export interface Heard {
  greeting: NumberedReply;
  /** The answer that `expect.code` is about. */
  judged: NumberedReply;
  /** What it answered: `the connection`, `MAIL`, `RCPT`. */
  to: string;
}

/** Everything up to the last answer that is wanted. Throws at the first refusal nobody expects. */
export async function converse(talk: Conversation, config: SmtpConfig): Promise<Heard> {
  const { host, expect, from = "", to } = config;
  const anyCode = expect?.code !== undefined;
  const greeting = await talk.hear();
  const first = { greeting, judged: greeting, to: "the connection" };
  if (greeting.code !== "220") {
    if (anyCode && isGreeting(config)) return first;
    throw refusal("greeting", `${host} turns everybody away`, greeting);
  }
  let offers = await introduce(talk);
  if (modeOf(config) === "starttls") {
    if (!offers.some((line) => /^STARTTLS\b/i.test(line)))
      throw new Failure({ reason: "[tls] the server does not offer STARTTLS", code: "tls:none" });
    await talk.encrypt();
    offers = await introduce(talk);
  }
  if (config.user !== undefined) await signIn(talk, config, offers);
  if (isGreeting(config)) return first;
  const mail = await talk.ask(`MAIL FROM:<${from}>`);
  if (!anyCode && !isGranted(mail)) throw refusal("sender", `<${from}> ${refusedOrPutOff(mail)}`, mail);
  if (to === undefined || !isGranted(mail)) return { greeting, judged: mail, to: "MAIL" };
  const rcpt = await talk.ask(`RCPT TO:<${to}>`);
  if (!anyCode && !isGranted(rcpt)) throw refusal("recipient", `<${to}> ${refusedOrPutOff(rcpt)}`, rcpt);
  return { greeting, judged: rcpt, to: "RCPT" };
}

/** What the server can do beyond the oldest rules; nothing for one that knows only those. */
async function introduce(talk: Conversation): Promise<string[]> {
  const offers = await talk.ask(`EHLO ${talk.name}`);
  if (offers.code === "250") return offers.lines.slice(1);
  const old = /^50[02]$/.test(offers.code) ? await talk.ask(`HELO ${talk.name}`) : offers;
  if (old.code !== "250") throw refusal("greeting", `${talk.name} is not welcome`, old);
  return [];
}

const base64 = (text: string): string => Buffer.from(text).toString("base64");
const plainOf = (user: string, password: string): string => base64(`\0${user}\0${password}`);

/** The password in all shapes in which it is sent. */
export const secretsOf = ({ user = "", password }: SmtpConfig): string[] =>
  password === undefined ? [] : [password, base64(password), plainOf(user, password)];

async function signIn(talk: Conversation, config: SmtpConfig, offers: readonly string[]): Promise<void> {
  const { user = "", password = "" } = config;
  const ways = offers
    .filter((line) => /^AUTH[ =]/i.test(line))
    .flatMap((line) => line.slice(5).toUpperCase().split(/\s+/));
  const reply = ways.includes("PLAIN")
    ? await talk.ask(`AUTH PLAIN ${plainOf(user, password)}`, "AUTH PLAIN …")
    : ways.includes("LOGIN")
      ? await login(talk, user, password)
      : cannotSignIn(ways, modeOf(config) === "none");
  if (reply.code === "235") return;
  const known = reply.code === "535" ? `the password of ${user} is wrong, or there is no such user` : "";
  throw refusal("sign-in", known || `${user} ${refusedOrPutOff(reply)}`, reply);
}

async function login(talk: Conversation, user: string, password: string): Promise<NumberedReply> {
  const first = await talk.ask("AUTH LOGIN");
  if (first.code !== "334") return first;
  const second = await talk.ask(base64(user), "…");
  return second.code === "334" ? talk.ask(base64(password), "…") : second;
}

function cannotSignIn(ways: readonly string[], inClear: boolean): never {
  const words =
    ways.length > 0
      ? `the server offers ${ways.join(", ")}, and neither PLAIN nor LOGIN`
      : `the server does not offer to sign in${inClear ? "; most do so over TLS alone" : ""}`;
  throw new Failure({ reason: `[sign-in] ${words}`, code: "sign-in" });
}

const isGranted = ({ code }: NumberedReply): boolean => code.startsWith("2");
/** 4 at the front means "not now", as greylisting has it (RFC 5321 §4.2.1). */
const isPutOff = ({ code }: NumberedReply): boolean => code.startsWith("4");
const refusedOrPutOff = (reply: NumberedReply): string => (isPutOff(reply) ? "was put off" : "was refused");

function refusal(step: string, words: string, reply: NumberedReply): Failure {
  const reason = `[${step}] ${words}: ${quote(visible(reply.said))}`;
  return new Failure({ reason, code: `${step}:${reply.code}`, hard: !isPutOff(reply) });
}
