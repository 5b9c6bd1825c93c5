import type { X509Certificate } from "node:crypto";
import { isIP } from "node:net";
import type { TLSSocket } from "node:tls";
import { tlsFailure } from "../base/failure.ts";
import { listOf } from "../base/fields.ts";
import { type Finding, quote } from "../base/finding.ts";
import type { TlsConfig, TlsExpect } from "./config.ts";

const MOST_NAMES = 5;

const finding = (
  what: string,
  ok: boolean,
  more: { wanted: string; got: string; code?: string },
): Finding => ({
  what,
  ok,
  wanted: more.wanted,
  got: more.got,
  status: "down",
  reason: `[${what}] ${more.got}, wanted ${more.wanted}`,
  code: more.code ?? `tls:${what}`,
});

/** Everything expected of what the server showed, but for its age. */
export const shownFindings = (config: TlsConfig, socket: TLSSocket): Finding[] => [
  ...(config.verify === false ? [] : [trustFinding(config, socket)]),
  ...versionFindings(config.expect ?? {}, socket),
  ...certificateFindings(config.expect ?? {}, socket.getPeerX509Certificate()),
];

/** What the certificate is refused for, in the words that every kind has for it, and more where more is known. */
function trustFinding(config: TlsConfig, socket: TLSSocket): Finding {
  const name = config.server_name ?? config.host;
  const wanted = `trusted for ${name}`;
  if (socket.authorized) return finding("trust", true, { wanted, got: "trusted" });
  // Node's type says Error; it is the code as text.
  const code = String(socket.authorizationError);
  const failure = tlsFailure(code, code);
  const got = wordsFor(code, { name, socket }) ?? failure.reason.replace(/^\[tls\] /, "");
  return { ...finding("trust", false, { wanted, got, code: failure.code }), reason: `[tls] ${got}` };
}

function wordsFor(code: string, { name, socket }: { name: string; socket: TLSSocket }): string | undefined {
  const certificate = socket.getPeerX509Certificate();
  if (!certificate) return undefined;
  if (code === "ERR_TLS_CERT_ALTNAME_INVALID")
    return `the certificate is for ${namesOf(certificate)}, not for ${name}`;
  if (code === "UNABLE_TO_VERIFY_LEAF_SIGNATURE")
    return (
      "the chain is incomplete: the server sends its own certificate alone, and this machine does not know its " +
      `issuer, ${oneLine(certificate.issuer)}`
    );
  return undefined;
}

const oneLine = (name: string): string => name.replaceAll("\n", ", ");

function namesOf({ subjectAltName, subject }: X509Certificate): string {
  const names = (subjectAltName ?? "").split(", ").map((each) => each.replace(/^(?:DNS|IP Address):/, ""));
  if (!subjectAltName) return oneLine(subject ?? "nobody");
  const more = names.length - MOST_NAMES;
  return `${names.slice(0, MOST_NAMES).join(", ")}${more > 0 ? ` and ${more} more` : ""}`;
}

function versionFindings({ min_version }: TlsExpect, socket: TLSSocket): Finding[] {
  if (min_version === undefined) return [];
  const version = (socket.getProtocol() ?? "").replace(/^TLSv/, "");
  const ok = Number(version) >= Number(min_version);
  return [finding("protocol", ok, { wanted: `TLS ${min_version} or newer`, got: `TLS ${version}` })];
}

function certificateFindings(expect: TlsExpect, certificate: X509Certificate | undefined): Finding[] {
  if (!certificate) return [];
  const issuer = oneLine(certificate.issuer);
  const fingerprints = listOf(expect.fingerprint_sha256);
  return [
    ...(expect.issuer === undefined
      ? []
      : [
          finding("issuer", issuer.includes(expect.issuer), {
            wanted: `to contain ${quote(expect.issuer)}`,
            got: quote(issuer),
          }),
        ]),
    ...listOf(expect.san).map((name) =>
      finding("san", isFor(certificate, name), { wanted: name, got: namesOf(certificate) }),
    ),
    ...(fingerprints.length === 0
      ? []
      : [
          finding("fingerprint", fingerprints.map(bare).includes(bare(certificate.fingerprint256)), {
            wanted: fingerprints.map(short).join(" or "),
            got: short(certificate.fingerprint256),
          }),
        ]),
  ];
}

/** Browsers have stopped looking at the subject's own name. */
const isFor = (certificate: X509Certificate, name: string): boolean =>
  isIP(name) === 0
    ? certificate.checkHost(name, { subject: "never" }) !== undefined
    : certificate.checkIP(name) !== undefined;

const bare = (fingerprint: string): string => fingerprint.replaceAll(":", "").toLowerCase();
const short = (fingerprint: string): string => `${bare(fingerprint).slice(0, 16)}…`;
