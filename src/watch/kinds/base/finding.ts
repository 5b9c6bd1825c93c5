import type { Expectation, Status } from "../kind.ts";

/** One expectation looked at; `status` is what the monitor is when it isn't met. */
export interface Finding extends Expectation {
  status: Exclude<Status, "up" | "unknown">;
  /** `[status] 502, wanted 200–299`. */
  reason: string;
  /** The failure's code for the fingerprint, as in a result's `cause`. */
  code: string;
}

const DAY_MS = 86_400_000;
const LONGEST_WARNING_MS = 14 * DAY_MS;
const LONGEST_QUOTE = 200;

/** Limits on how long the whole check took, in ms. */
export interface LatencyLimits {
  latencyMs?: number | undefined;
  latencyDownMs?: number | undefined;
}

export function latencyFindings({ latencyMs, latencyDownMs }: LatencyLimits, totalMs: number): Finding[] {
  const finding = (limitMs: number, status: Finding["status"]): Finding => ({
    what: "latency",
    ok: totalMs < limitMs,
    wanted: `under ${spell(limitMs)}`,
    got: spell(totalMs),
    status,
    reason: `[latency] ${spell(totalMs)}, wanted under ${spell(limitMs)}`,
    code: "latency",
  });
  return [
    ...(latencyDownMs === undefined ? [] : [finding(latencyDownMs, "down")]),
    ...(latencyMs === undefined ? [] : [finding(latencyMs, "degraded")]),
  ];
}

/** What a text that must be there, or must not, comes to. `what` names the text looked into. */
export const containsFinding = (what: string, text: string, wanted: string): Finding => {
  const ok = text.includes(wanted);
  return {
    what,
    ok,
    wanted: `contains ${quote(wanted)}`,
    got: ok ? "found" : "not found",
    status: "down",
    reason: `[${what}] ${quote(wanted)} is missing`,
    code: what,
  };
};

export const excludesFinding = (what: string, text: string, unwanted: string): Finding => {
  const ok = !text.includes(unwanted);
  return {
    what,
    ok,
    wanted: `does not contain ${quote(unwanted)}`,
    got: ok ? "not found" : "found",
    status: "down",
    reason: `[${what}] contains ${quote(unwanted)}, which it must not`,
    code: what,
  };
};

/**
 * How long before its end a certificate is too old. Without a wish of the monitor's: 14 days, yet no more than
 * a fifth of its life, since those made for a week are rightly never 14 days from their end.
 */
const certificateWindowMs = (wishMs: number | undefined, lifetimeMs: number): number =>
  wishMs ?? Math.min(LONGEST_WARNING_MS, lifetimeMs / 5);

/**
 * Near its end it is degraded, which is of low urgency and one severity less: somebody has days. Past it, down.
 * @param expiresWithinMs undefined: the default rule
 */
export function certificateFinding(
  certificate: { leftMs: number; lifetimeMs: number },
  expiresWithinMs: number | undefined,
): Finding {
  const windowMs = certificateWindowMs(expiresWithinMs, certificate.lifetimeMs);
  const wanted = `valid for ${daysLeft(windowMs)} or more`;
  if (certificate.leftMs <= 0) {
    const reason = "[certificate] has expired";
    const code = "tls:CERT_HAS_EXPIRED";
    return { what: "certificate", ok: false, wanted, got: "expired", status: "down", reason, code };
  }
  const got = daysLeft(certificate.leftMs);
  return {
    what: "certificate",
    ok: certificate.leftMs >= windowMs,
    wanted,
    got: `expires in ${got}`,
    status: "degraded",
    reason: `[certificate] expires in ${got}, wanted ${daysLeft(windowMs)}`,
    code: "tls:expires",
  };
}

/** `0.34 ms`, `340 ms`, `1.2 s`. */
export const spell = (ms: number): string =>
  ms < 1_000
    ? `${ms < 1 ? Number(ms.toFixed(2)) : Math.round(ms)} ms`
    : `${Number((ms / 1_000).toFixed(ms < 10_000 ? 2 : 1))} s`;

/** `1 day`, `1.5 days`, `12 days`. */
export const daysLeft = (ms: number): string => {
  const count = Math.floor((ms / DAY_MS) * 10) / 10;
  return count >= 2 ? `${Math.floor(count)} days` : `${count} ${count === 1 ? "day" : "days"}`;
};

/** A value as it stands in a sentence, cut where it gets long. */
export function quote(value: unknown): string {
  const text = typeof value === "string" ? `“${value}”` : JSON.stringify(value);
  return text.length > LONGEST_QUOTE ? `${text.slice(0, LONGEST_QUOTE)}…` : text;
}

/** On one line, with what cannot be seen written as escapes; blanks at the end are left out. */
export const visible = (text: string): string =>
  text
    .trimEnd()
    .replaceAll("\r", "\\r")
    .replaceAll("\n", "\\n")
    .replaceAll("\t", "\\t")
    .replace(/\p{Cc}/gu, (each) => `\\x${each.charCodeAt(0).toString(16).padStart(2, "0")}`);
