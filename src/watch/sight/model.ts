import ipaddr from "ipaddr.js";
import type { CheckResult } from "../kinds/kind.ts";

/** How a target is reached: on this machine, over a network of our own, or over the internet. */
export type Way = "here" | "private" | "internet";

/** What may be out of sight. `portal`: something between us and the internet answers in the targets' place. */
export type Ground = "names" | "private" | "internet" | "portal";

/** Something that answers as long as our own side works. */
export interface Reference {
  /** As it is shown: `the gateway 192.168.1.1`. */
  name: string;
  /** What it shows when it answers. */
  shows: "names" | "private" | "internet";
  /** Named by the operator, so that it counts from the start; any other once it has answered. */
  chosen: boolean;
  ask: Question;
}

export type Question =
  /** A connection, or a refusal by that very machine, at any of the ports. */
  | { by: "connection"; host: string; ports: readonly number[] }
  /** A name server, `address` or `address:port`, asked for the servers of the root. */
  | { by: "name server"; server: string }
  /** `status` is what it must answer with; without it any answer that isn't somebody else's. */
  | { by: "web"; url: string; status: number | null };

/** `odd`: an answer came, but not from whom we asked. */
export interface Outcome {
  reference: Reference;
  answer: "ok" | "silent" | "odd";
  words: string;
}

export type Sight = { sees: true } | { sees: false; ground: Ground; words: string };

const PRIVATE = new Set(["private", "uniqueLocal", "carrierGradeNat", "linkLocal", "reserved"]);

/** The way to an IP address; null for a name. `isOurs`: is it an address of this machine? */
export function wayTo(address: string, isOurs: (address: string) => boolean): Way | null {
  const bare = address.replace(/^\[(.*)\]$/, "$1").replace(/%.*$/, "");
  if (bare === "localhost" || bare.endsWith(".localhost")) return "here";
  if (!ipaddr.isValid(bare)) return null;
  const ip = ipaddr.process(bare);
  const range = ip.range();
  if (range === "loopback" || range === "unspecified" || isOurs(ip.toString())) return "here";
  return PRIVATE.has(range) ? "private" : "internet";
}

type Seen = Pick<CheckResult, "status" | "cause">;

/** The name server has answered about this very name: that is the target's failure. */
const DENIED = new Set(["dns:ENOTFOUND", "dns:ENODATA"]);
/** No answer of the target's: by the cause alone it could be our own side. */
const NO_ANSWER =
  /^(timeout:|refused|reset|unreachable|error(:|$)|own:E(NETDOWN|NETUNREACH)|tls:(EPROTO|ECONNRESET))/;
/** An answer that a captive portal could have given. */
const ANSWERED_FOR = /^(redirect|status:|body|header|content|json|tls:|certificate|protocol)/;

/** What must be in sight for this result to be the target's own; nothing for a good one and for targets on this machine. */
export function groundsOf({ status, cause }: Seen, way: Way | null): readonly Ground[] {
  if (status === "up" || way === "here") return [];
  if (cause === "timeout:dns" || (cause.startsWith("dns:") && !DENIED.has(cause)))
    return ["names", "internet"];
  const internet = way !== "private";
  if (NO_ANSWER.test(cause)) return internet ? ["portal", "internet"] : ["private"];
  return internet && ANSWERED_FOR.test(cause) ? ["portal"] : [];
}

/** Whether a good result shows that we do see there. Names may come from a cache, and so show nothing. */
export const contradicts = (ground: Ground, way: Way): boolean =>
  ground === "private" ? way === "private" : ground !== "names" && way === "internet";

/** References that decide about this ground. Without any for the internet, those on the way to it. */
export function witnesses(ground: Ground, references: readonly Reference[]): readonly Reference[] {
  if (ground === "portal") return references.filter(({ ask }) => ask.by === "web");
  const own = references.filter(({ shows }) => shows === ground);
  return ground === "internet" && own.length === 0
    ? references.filter(({ shows }) => shows === "private")
    : own;
}

/**
 * Whether we see what `grounds` name, by what their witnesses answered. One that answers is enough; where there are
 * none, nothing can be said against the results. `outcomes` are of references that count.
 */
export function seeing(grounds: readonly Ground[], outcomes: readonly Outcome[]): Sight {
  for (const ground of grounds) {
    const those = witnesses(
      ground,
      outcomes.map(({ reference }) => reference),
    );
    const heard = outcomes.filter(({ reference }) => those.includes(reference));
    if (heard.length === 0 || heard.some(({ answer }) => answer === "ok")) continue;
    if (ground === "portal" && heard.every(({ answer }) => answer !== "odd")) continue;
    return { sees: false, ground, words: wordsOf(ground, heard) };
  }
  return { sees: true };
}

function wordsOf(ground: Ground, heard: readonly Outcome[]): string {
  const each = heard.map(({ reference, words }) => `${reference.name} ${words}`).join(", ");
  switch (ground) {
    case "names":
      return `this prober can't resolve any name: ${each}`;
    case "private":
      return `this prober can't reach its own network: ${each}`;
    case "internet":
      return `this prober can't reach anything: ${each}`;
    case "portal":
      return `something answers in the targets' place, as a sign-in page of a network does: ${each}`;
  }
}

export const BLIND_CAUSE = "own:blind";

/** A result that isn't the target's doing: what was seen stays in its evidence and at the end of its reason. */
export const withheld = <Result extends CheckResult>(result: Result, words: string): Result => ({
  ...result,
  status: "unknown",
  hard: false,
  cause: BLIND_CAUSE,
  reason: `[unknown] ${words} (seen: ${result.reason})`,
});
