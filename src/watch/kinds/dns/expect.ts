import { humanDuration } from "../../../platform/duration.ts";
import { listOf, msOf } from "../base/fields.ts";
import { type Finding, latencyFindings, quote } from "../base/finding.ts";
import { safeMatch } from "../base/safe-match.ts";
import { DEFAULT_RCODE, DEFAULT_RECORD, type DnsConfig } from "./config.ts";
import type { Reply } from "./message.ts";
import { canonical, type RecordType, written } from "./record.ts";

/** One record of the type asked for. */
export interface Found {
  text: string;
  ttlMs: number;
}

type Expect = NonNullable<DnsConfig["expect"]>;

/** The records of the type asked for, each once; aliases on the way to them are none of these. */
export function foundIn(reply: Reply, type: RecordType): Found[] {
  const found = new Map<string, Found>();
  for (const answer of reply.answers) {
    if (answer.type !== type) continue;
    const text = written(answer);
    found.set(text, { text, ttlMs: ("ttl" in answer ? (answer.ttl ?? 0) : 0) * 1_000 });
  }
  return [...found.values()];
}

/** Everything expected of an answer, met and unmet. An answer with the wrong code is not looked into. */
export function dnsFindings(config: DnsConfig, reply: Reply, totalMs: number): Finding[] {
  const { expect = {}, record = DEFAULT_RECORD } = config;
  const code = rcodeFinding(expect.rcode ?? DEFAULT_RCODE, reply);
  const looked = code.ok && reply.rcode === "NOERROR" ? foundIn(reply, record) : null;
  return [
    code,
    ...(looked ? [...recordFindings(expect, record, looked), ...ttlFindings(expect, looked)] : []),
    ...latencyFindings(
      { latencyMs: msOf(expect.latency), latencyDownMs: msOf(expect.latency_down) },
      totalMs,
    ),
  ];
}

const WORDS: Record<string, string> = {
  NOERROR: "the name exists",
  NXDOMAIN: "there is no such name",
  SERVFAIL: "the name server could not find out",
  REFUSED: "the name server does not answer such questions",
  FORMERR: "the name server did not understand the question",
  NOTIMP: "the name server does not know such questions",
};

function rcodeFinding(wanted: string, { rcode, why }: Reply): Finding {
  const words = [WORDS[rcode], why].filter(Boolean).join("; ");
  const got = words ? `${rcode} (${words})` : rcode;
  return {
    what: "rcode",
    ok: rcode === wanted,
    wanted,
    got,
    status: "down",
    reason: `[rcode] ${got}, wanted ${wanted}`,
    code: `rcode:${rcode}`,
  };
}

function recordFindings(expect: Expect, type: RecordType, found: readonly Found[]): Finding[] {
  const texts = found.map(({ text }) => text);
  const got = texts.length === 0 ? `no ${type} record` : quote(texts.sort().join(", ")).slice(1, -1);
  const finding = (wanted: string, ok: boolean): Finding => ({
    what: "answers",
    ok,
    wanted,
    got,
    status: "down",
    reason: `[answers] ${got}, wanted ${wanted}`,
    code: "answers",
  });
  const wishes = conditions(expect, type);
  if (wishes.length === 0) return [finding("one or more", texts.length > 0)];
  return wishes.map(({ wanted, met }) => finding(wanted, met(texts)));
}

interface Condition {
  wanted: string;
  met(texts: readonly string[]): boolean;
}

function conditions({ answers, includes, matches, count }: Expect, type: RecordType): Condition[] {
  const list: Condition[] = [];
  const add = (wanted: string, met: Condition["met"]) => list.push({ wanted, met });
  const wished = (value: string | string[] | undefined) =>
    [...new Set(listOf(value).map((text) => canonical(type, text) ?? text))].sort();
  if (answers !== undefined) {
    const exact = wished(answers);
    add(
      exact.join(", "),
      (texts) => texts.length === exact.length && exact.every((text) => texts.includes(text)),
    );
  }
  for (const text of wished(includes)) add(`${text} among them`, (texts) => texts.includes(text));
  if (matches !== undefined) {
    const pattern = new RegExp(matches, "u");
    add(`one to match ${matches}`, (texts) => texts.some((text) => safeMatch(pattern, text) === "yes"));
  }
  if (count !== undefined)
    add(`${count} ${count === 1 ? "record" : "records"}`, ({ length }) => length === count);
  return list;
}

/** What is expected of the records, in the words of its findings; empty when any will do. */
export const recordsInWords = (expect: Expect, type: RecordType): string[] =>
  conditions(expect, type).map(({ wanted }) => wanted);

function ttlFindings({ min_ttl, max_ttl }: Expect, found: readonly Found[]): Finding[] {
  if (found.length === 0) return [];
  const ttls = found.map(({ ttlMs }) => ttlMs);
  const finding = (ttlMs: number, ok: boolean, wanted: string): Finding => {
    const got = ttlMs === 0 ? "0 s" : humanDuration(ttlMs);
    return {
      what: "ttl",
      ok,
      wanted,
      got,
      status: "degraded",
      reason: `[ttl] ${got}, wanted ${wanted}`,
      code: "ttl",
    };
  };
  const [shortest, longest] = [Math.min(...ttls), Math.max(...ttls)];
  const [minMs, maxMs] = [msOf(min_ttl), msOf(max_ttl)];
  return [
    ...(minMs === undefined ? [] : [finding(shortest, shortest >= minMs, `${humanDuration(minMs)} or more`)]),
    ...(maxMs === undefined ? [] : [finding(longest, longest <= maxMs, `${humanDuration(maxMs)} or less`)]),
  ];
}
