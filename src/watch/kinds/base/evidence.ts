import type { X509Certificate } from "node:crypto";
import type { DetailedPeerCertificate, TLSSocket } from "node:tls";
import type { Evidence } from "../kind.ts";
import type { Finding } from "./finding.ts";
import { redactHeaders, redactText, redactUrl } from "./redact.ts";
import type { Trace } from "./trace.ts";

/** Kept of the body. */
const EVIDENCE_BYTES = 4_096;
const LONGEST_CHAIN = 8;
const DAY_MS = 86_400_000;

export interface CertificateFacts {
  validToMs: number;
  leftMs: number;
  lifetimeMs: number;
}

/** How long the shown certificate still has at `wallMs` (epoch ms). Null without one. */
export function certificateFacts(socket: TLSSocket | null, wallMs: number): CertificateFacts | null {
  const certificate = socket?.getPeerX509Certificate();
  if (!certificate) return null;
  const validToMs = certificate.validToDate.getTime();
  return {
    validToMs,
    leftMs: validToMs - wallMs,
    lifetimeMs: validToMs - certificate.validFromDate.getTime(),
  };
}

/** All that was seen, without credentials; `secrets` are the values that must not be shown. */
export function evidenceOf(
  trace: Trace,
  secrets: readonly string[],
  seen: { findings: readonly Finding[]; wallMs: number },
): Evidence {
  const hide = (text: string) => redactText(text, secrets);
  return {
    expectations: seen.findings.map(({ what, ok, wanted, got }) => ({
      what,
      ok,
      wanted: hide(wanted),
      got: hide(got),
    })),
    status: trace.status,
    http_version: trace.httpVersion,
    addresses: [...trace.addresses],
    remote: trace.remote,
    headers: shownHeaders(trace, hide),
    body: hide(bodyText(trace, EVIDENCE_BYTES)),
    certificate: shownCertificate(trace.certificate, seen.wallMs),
    redirects: trace.redirects.map((each) => hide(redactUrl(each))),
  };
}

function shownHeaders({ headers }: Trace, hide: (text: string) => string): Record<string, string> {
  const plain = Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [
      name,
      Array.isArray(value) ? value.join(", ") : (value ?? ""),
    ]),
  );
  const shown = redactHeaders(plain);
  if (shown.location) shown.location = redactUrl(shown.location);
  return Object.fromEntries(Object.entries(shown).map(([name, value]) => [name, hide(value)]));
}

const CHARSET = /charset="?([\w-]+)/i;

/** The body as text in the charset it claims; at most `bytes` of it. */
export function bodyText(trace: Trace, bytes = Number.POSITIVE_INFINITY): string {
  const [only] = trace.body;
  const whole = trace.body.length === 1 && only ? only : Buffer.concat(trace.body);
  const charset = CHARSET.exec(trace.headers["content-type"] ?? "")?.[1]?.toLowerCase() ?? "utf-8";
  const part = whole.subarray(0, Math.min(bytes, whole.length));
  // A cut may go through a character; what is left of it is not text.
  return decode(part, charset, part.length < whole.length);
}

function decode(bytes: Buffer, charset: string, cut: boolean): string {
  try {
    return new TextDecoder(charset).decode(bytes, { stream: cut });
  } catch {
    return bytes.toString("latin1");
  }
}

function shownCertificate(socket: TLSSocket | null, wallMs: number): Evidence["certificate"] {
  const certificate = socket?.getPeerX509Certificate();
  if (!socket || !certificate) return null;
  const validTo = certificate.validToDate;
  return {
    subject: names(certificate),
    issuer: oneLine(certificate.issuer),
    valid_to: validTo.toTemporalInstant().toString(),
    days_left: Math.floor((validTo.getTime() - wallMs) / DAY_MS),
    chain: chainOf(socket),
    fingerprint_sha256: certificate.fingerprint256,
    protocol: socket.getProtocol(),
    cipher: socket.getCipher().standardName,
  };
}

const oneLine = (name: string): string => name.replaceAll("\n", ", ");
const names = ({ subject, subjectAltName }: X509Certificate): string =>
  [oneLine(subject ?? ""), subjectAltName ? `(${subjectAltName})` : ""].filter(Boolean).join(" ");

/** What the server sent, leaf first; the last one's issuer is itself when the root was among them or is known. */
function chainOf(socket: TLSSocket): string[] {
  const chain: string[] = [];
  const seen = new Set<string>();
  let each: DetailedPeerCertificate | undefined = socket.getPeerCertificate(true);
  while (each?.subject && !seen.has(each.fingerprint256) && chain.length < LONGEST_CHAIN) {
    seen.add(each.fingerprint256);
    chain.push([each.subject.CN ?? each.subject.O ?? ""].flat().join(", "));
    each = each.issuerCertificate;
  }
  return chain;
}
