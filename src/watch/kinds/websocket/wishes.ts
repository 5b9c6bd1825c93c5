import { listOf } from "../base/fields.ts";
import { type Finding, quote, visible } from "../base/finding.ts";
import { documentOf, jsonWishFindings, jsonWishOf, notJson } from "../base/json-wish.ts";
import { safeMatch } from "../base/safe-match.ts";
import type { WebsocketExpect } from "./config.ts";

/** How one message is judged; `came` is the message in the words of a reason. */
export type Judge = (message: string | null, came: string) => Finding[];

/** All that is wanted of a message, parsed once. A message meets it when each finding is met. */
export function judgeOf({ contains, matches, json }: WebsocketExpect): Judge {
  const pattern = matches === undefined ? undefined : new RegExp(matches, "u");
  const paths = (json ?? []).map(jsonWishOf);
  return (message, came) => {
    const texts = listOf(contains).map((part) =>
      messageFinding(`to contain ${quote(visible(part))}`, came, message?.includes(part) === true),
    );
    if (pattern) texts.push(patternFinding(pattern, message, came));
    if (paths.length === 0) return texts;
    if (message === null) return [...texts, messageFinding("JSON", came, false)];
    const document = documentOf(message);
    if (!document) return [...texts, { ...notJson("the message"), got: came }];
    return [...texts, ...paths.flatMap((path) => jsonWishFindings(path, document.value))];
  };
}

const messageFinding = (wanted: string, got: string, ok: boolean): Finding => ({
  what: "message",
  ok,
  wanted,
  got,
  status: "down",
  reason: `[message] ${got}; wanted ${wanted}`,
  code: "message",
});

function patternFinding(pattern: RegExp, message: string | null, came: string): Finding {
  const match = message === null ? "no" : safeMatch(pattern, message);
  const finding = messageFinding(`to match ${pattern.source}`, came, match === "yes");
  if (match !== "too slow") return finding;
  const reason = `[message] ${pattern.source} takes too long to search for; write it without nested repetition`;
  // The message may be fine: a pattern that can't be searched for is ours, and no reason to wake anybody.
  return { ...finding, got: "searched for too long", status: "degraded", reason, code: "pattern" };
}

export const closeFinding = (code: number, wanted: number, got: string): Finding => ({
  what: "close",
  ok: code === wanted,
  wanted: String(wanted),
  got,
  status: "down",
  reason: `[close] ${got}, wanted ${wanted}`,
  code: code === 0 ? "close" : `close:${code}`,
});

export const subprotocolFinding = (got: string, wanted: string): Finding => ({
  what: "subprotocol",
  ok: got === wanted,
  wanted,
  got,
  status: "down",
  reason: `[subprotocol] the server chose ${got}, wanted ${wanted}`,
  code: "subprotocol",
});
