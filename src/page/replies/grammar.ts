import { parseDuration } from "../../platform/duration.ts";

/** What a person wants done about what they were paged for. */
export type Action =
  | { verb: "acknowledge" | "resolve" | "escalate" | "decline" }
  | { verb: "snooze"; forMs: number }
  | { verb: "note"; text: string }
  | { verb: "reassign"; to: string };

/** What a few words mean. `about` is the number of an incident, everything that is open, or not said. */
export type Meaning =
  | { kind: "answer"; action: Action; about: number | "all" | null }
  | { kind: "list" | "help" | "stop" | "start" | "unknown" };

/** As a person says that they want no more messages, or want them again: the words that SMS carriers prescribe. */
const STOP = new Set(["stop", "stopall", "unsubscribe", "end", "quit", "cancel"]);
const START = new Set(["start", "unstop"]);
const LIST = new Set(["list", "status", "open", "?"]);
const HELP = new Set(["help", "info", "h"]);

type PlainVerb = "acknowledge" | "resolve" | "escalate" | "decline";

/** The digits are those of PagerDuty's and GoAlert's telephone menus. */
const PLAIN: Readonly<Record<string, PlainVerb>> = {
  ...words("acknowledge", ["4", "a", "ack", "acked", "acknowledge", "yes", "ok", "on it", "mine"]),
  ...words("resolve", ["6", "r", "c", "resolve", "resolved", "close", "closed", "done", "fixed"]),
  ...words("escalate", ["5", "e", "esc", "escalate"]),
  ...words("decline", [
    "next",
    "no",
    "can't",
    "cant",
    "cannot",
    "i can't",
    "i cant",
    "i can't, next",
    "pass",
  ]),
};

function words(verb: PlainVerb, texts: readonly string[]): Record<string, PlainVerb> {
  return Object.fromEntries(texts.map((text) => [text, verb]));
}

const SNOOZE = /^(?:s|z|snooze|later)$/;
const NOTE = /^(?:n|note|comment)$/;
const REASSIGN = /^(?:reassign|assign|hand)$/;
/** Snoozed without saying how long. */
const SNOOZE_MS = 30 * 60_000;
const LONGEST_SNOOZE_MS = 7 * 86_400_000;

/**
 * Reads an answer as people write it with one thumb: `ack 12`, `4 12`, `12a`, `a`, `ack all`, `snooze 12 30m`,
 * `note 12 restarting the database`, `reassign 12 bo@example.com`, `can't`. Case, quotes, `#` and spaces don't matter.
 */
export function readAnswer(said: string): Meaning {
  const plain = said
    .normalize("NFKC")
    .replaceAll(/[’‘`´]/g, "'")
    .replaceAll(/["“”«»]/g, " ")
    .replaceAll(/\s+/g, " ")
    .trim()
    .replace(/^'(.*)'$/, "$1")
    .trim();
  const text = plain
    .toLowerCase()
    .replace(/[.!]+$/, "")
    .trim();
  if (STOP.has(text)) return { kind: "stop" };
  if (START.has(text)) return { kind: "start" };
  if (LIST.has(text)) return { kind: "list" };
  if (HELP.has(text)) return { kind: "help" };
  return readPlain(text) ?? readWithMore(plain) ?? { kind: "unknown" };
}

/** A verb alone, or with a number or `all`, in either order. */
function readPlain(text: string): Meaning | undefined {
  const answer = (verb: string | undefined, about: string | undefined): Meaning | undefined => {
    const known = PLAIN[verb?.trim() ?? ""];
    return known && { kind: "answer", action: { verb: known }, about: readAbout(about) };
  };
  if (PLAIN[text]) return answer(text, undefined);
  const first = /^(.+?)\s*#?(\d+|(?<=\s)all)$/.exec(text);
  if (text === "aa") return answer("a", "all");
  if (text === "cc" || text === "rr") return answer("r", "all");
  const last = /^#?(\d+|all)\s*([a-z].*)$/.exec(text);
  return answer(first?.[1], first?.[2]) ?? answer(last?.[2], last?.[1]);
}

function readAbout(text: string | undefined): number | "all" | null {
  if (text === undefined) return null;
  return text === "all" ? "all" : Number(text);
}

/** Verbs that need more than a number: how long, what, to whom. */
function readWithMore(text: string): Meaning | undefined {
  const [head = "", ...rest] = text.split(" ");
  const verb = head.toLowerCase().replace(/:$/, "");
  const numbered = /^#?(\d+):?$/.exec(rest[0] ?? "");
  const about = numbered ? Number(numbered[1]) : null;
  const more = (numbered ? rest.slice(1) : rest).join(" ").trim();
  if (SNOOZE.test(verb)) return readSnooze(rest.map((each) => each.toLowerCase()));
  if (NOTE.test(verb) && more) return { kind: "answer", action: { verb: "note", text: more }, about };
  if (!REASSIGN.test(verb)) return undefined;
  const to = more.replace(/^to /i, "").trim();
  return to ? { kind: "answer", action: { verb: "reassign", to }, about } : undefined;
}

/** `snooze`, `snooze 30m`, `snooze 12 30m`, `snooze 1h 12`. */
function readSnooze(rest: readonly string[]): Meaning | undefined {
  if (rest.length > 2) return undefined;
  const lengths = rest.flatMap((each) => parseDuration(each) ?? []);
  const numbers = rest.flatMap((each) => /^#?(\d+)$/.exec(each)?.[1] ?? []);
  if (lengths.length + numbers.length !== rest.length || lengths.length > 1 || numbers.length > 1)
    return undefined;
  const forMs = Math.min(LONGEST_SNOOZE_MS, Math.max(60_000, lengths[0] ?? SNOOZE_MS));
  return { kind: "answer", action: { verb: "snooze", forMs }, about: readAbout(numbers[0]) };
}

/** What a person may say, in one text short enough for a telephone. */
export const HELP_TEXT =
  "Answer: ack 12, resolve 12, escalate 12, snooze 12 30m, note 12 TEXT, reassign 12 NAME, can't 12, ack all, list. Without a number: what you were paged for last.";
