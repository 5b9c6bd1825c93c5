import { createHash } from "node:crypto";
import type { TriggerEvent } from "./model.ts";

/** What makes one failure the same as another, whenever it happens: who saw it, of what kind, at which step, saying what. */
export interface FailureIdentity {
  /** `monitor:<id>`; for an integration also the parts of its key that are words. */
  source: string;
  /** The kind of failure with its code class: `status:403`, `timeout:connect`. */
  cause: string;
  /** Of a scenario: the step that failed. */
  step: string;
  /** The first line that says something, without numbers, ids and hosts. */
  line: string;
  /** Whether the failing side said that line, or we said it of it. */
  saidBy: "target" | "us";
}

type Seen = Pick<TriggerEvent, "cause" | "reason" | "title" | "evidence"> & {
  source: { type: string; id: string };
  dedupKey: string;
};

/** The identity of the failure an alert tells of. Pure: the same alert always has the same one. */
export function identityOf(seen: Seen): FailureIdentity {
  const { type, id } = seen.source;
  const key = type === "monitor" ? "" : wordsOfKey(seen.dedupKey);
  const evidence = asEvidence(seen.evidence);
  const step = evidence.steps.find(({ status }) => status !== "up");
  return {
    source: key ? `${type}:${id}:${key}` : `${type}:${id}`,
    cause: seen.cause,
    step: step?.name ?? "",
    ...lineOf(seen, evidence.body),
  };
}

/** 32 hexadecimal digits of SHA-256 over the parts of an identity. */
export const fingerprintOf = ({ source, cause, step, line }: FailureIdentity): string =>
  createHash("sha256").update([source, cause, step, line].join("\n")).digest("hex").slice(0, 32);

/** What the failing side says of itself, or else what we say of it. */
function lineOf({ reason, title, source }: Seen, body: string): Pick<FailureIdentity, "line" | "saidBy"> {
  const said = normalLine(firstLine(body));
  if (said) return { line: said, saidBy: "target" };
  const ours = normalLine(reason);
  if (source.type === "monitor") return { line: ours, saidBy: "us" };
  return { line: [normalLine(title), ours].filter(Boolean).join(" · "), saidBy: "target" };
}

interface SeenEvidence {
  body: string;
  steps: { name: string; status: string }[];
}

function asEvidence(evidence: unknown): SeenEvidence {
  const nothing: SeenEvidence = { body: "", steps: [] };
  if (typeof evidence !== "object" || evidence === null) return nothing;
  const body = "body" in evidence && typeof evidence.body === "string" ? evidence.body : "";
  const steps = "steps" in evidence && Array.isArray(evidence.steps) ? evidence.steps : [];
  return { body, steps: steps.filter(isStep) };
}

const isStep = (step: unknown): step is { name: string; status: string } =>
  typeof step === "object" && step !== null && "name" in step && "status" in step;

/** Fields in which programs say what went wrong, the most telling first. */
const TELLING = ["message", "error_description", "detail", "error", "reason", "title", "code", "status"];

/** The first meaningful line of an answer: of HTML its title or heading, of JSON its error, else of the text. */
export function firstLine(body: string): string {
  const text = body.trim();
  if (text === "") return "";
  if (text.startsWith("{") || text.startsWith("[")) return fromJson(text) ?? fromText(text);
  if (/^<(!doctype|html|\?xml|head|body|title|h1)/i.test(text)) return fromHtml(text);
  return fromText(text);
}

function fromHtml(text: string): string {
  const inner = (tag: string) =>
    new RegExp(`<${tag}[^>]*>([^<]{1,500})`, "i").exec(text)?.[1]?.replace(/\s+/g, " ").trim() ?? "";
  return inner("title") || inner("h1") || fromText(text.replace(/<[^>]{0,2000}>/g, "\n"));
}

function fromJson(text: string): string | undefined {
  try {
    return told(JSON.parse(text), 0);
  } catch {
    // Cut at 4 KB, or not JSON after all: the telling field may stand near its beginning.
    for (const name of TELLING) {
      const found = new RegExp(`"${name}"\\s*:\\s*"([^"\\\\]{1,300})`, "i").exec(text)?.[1];
      if (found) return found;
    }
    return undefined;
  }
}

function told(value: unknown, depth: number): string | undefined {
  if (typeof value === "string") return value;
  if (depth > 3 || typeof value !== "object" || value === null) return undefined;
  if (Array.isArray(value)) return told(value[0], depth + 1);
  const fields = new Map(Object.entries(value).map(([name, each]) => [name.toLowerCase(), each] as const));
  const parts = TELLING.map((name) => told(fields.get(name), depth + 1)).filter((each) => each);
  return parts[0];
}

/** Stack frames, rules and times of day say nothing of what failed. */
const SAYS_NOTHING = /^(at\s|File "|\s*\^+\s*$|Traceback|[-=*_#\s]+$|[\d\s:.,/TZ+-]+$)/;

const fromText = (text: string): string =>
  text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .find((line) => /\p{L}{2}/u.test(line) && !SAYS_NOTHING.test(line)) ?? "";

const LONGEST_LINE = 160;

/** What differs each time though the failure is the same. The order matters: wholes before their parts. */
// biome-ignore lint/suspicious/noControlCharactersInRegex: terminal colours begin with one
const TERMINAL_COLOURS = /\u001b\[[\d;]*m/g;
const VARYING: readonly (readonly [RegExp, string])[] = [
  [TERMINAL_COLOURS, ""],
  [/\b[a-z][a-z\d+.-]*:\/\/[^\s"'<>)]+/gi, "<url>"],
  [/\b[\w.+-]+@[\w-]+\.[\w.-]+/g, "<email>"],
  [/\b[\da-f]{8}-(?:[\da-f]{4}-){3}[\da-f]{12}\b/gi, "<id>"],
  [/\b\d{4}-\d\d-\d\d[t ]\d\d:\d\d(:\d\d([.,]\d+)?)?(z|[+-]\d\d:?\d\d)?\b/gi, "<time>"],
  [
    /\b(mon|tue|wed|thu|fri|sat|sun)[a-z]*,? \d{1,2} [a-z]{3} \d{4}( \d\d:\d\d(:\d\d)?)?( gmt| utc)?/gi,
    "<time>",
  ],
  [/\b\d{1,2}:\d\d(:\d\d([.,]\d+)?)?\b/g, "<time>"],
  [/\b(?:\d{1,3}\.){3}\d{1,3}(?::\d+)?\b/g, "<host>"],
  [/\[?\b(?:[\da-f]{1,4}:){3,7}[\da-f]{1,4}\b\]?(?::\d+)?/gi, "<host>"],
  // Host names, but neither classes (java.lang.Exception) nor files (app.py).
  [
    /\b(?:[a-z\d](?:[a-z\d-]*[a-z\d])?\.)+(?!(?:py|js|ts|rb|go|php|html|json|ya?ml|conf|log|sql|sh|txt|so)\b)[a-z]{2,12}(?::\d+)?(?![\w.])/g,
    "<host>",
  ],
  [/\b[a-z][\w-]*:\d{2,5}\b/gi, "<host>"],
  // A pod's or a task's random ending.
  [/-[a-z\d]{7,10}-[a-z\d]{5}\b/g, "-<id>"],
  [/\b0x[\da-f]+\b/gi, "<id>"],
  [/(?<![a-z\d])(?=[\da-f]*\d)(?=[\da-f]*[a-f])[\da-f]{6,}(?![a-z\d])/gi, "<id>"],
  [/(?<![a-z\d])(?=[a-z]*\d)(?=\d*[a-z])[a-z\d]{16,}(?![a-z\d])/gi, "<id>"],
  [/\d+(?:[.,]\d+)*/g, "#"],
];

/** A line as it would be said next time, in small letters: numbers, ids, times and hosts replaced by what they are. */
export function normalLine(line: string): string {
  const plain = VARYING.reduce((text, [what, by]) => text.replace(what, by), line.slice(0, 2_000));
  return plain.toLowerCase().replace(/\s+/g, " ").trim().slice(0, LONGEST_LINE).trim();
}

/** The words of a deduplication key; a key that is only an id says nothing of what failed. */
const wordsOfKey = (key: string): string => {
  const plain = normalLine(key);
  return /[a-z]{2}/.test(plain.replace(/<\w+>/g, "")) ? plain : "";
};
