import tls, { type SecureContext } from "node:tls";
import { Failure } from "./failure.ts";
import { pemOf } from "./pem.ts";

let roots: string[] | undefined;

/** What this machine trusts as well as what Node brings: companies put their own authority into the former. */
export const trustedRoots = (): string[] =>
  (roots ??= [...new Set([...tls.getCACertificates("default"), ...tls.getCACertificates("system")])]);

/** PEM texts: the client's own certificate with its key, and whom to trust in place of this machine's authorities. */
export interface TlsIdentity {
  certificate?: string;
  key?: string;
  ca?: string;
}

/** Throws a `Failure` when the texts don't make an identity: that says nothing of the target. */
export function identityContext({ certificate, key, ca }: TlsIdentity): SecureContext {
  try {
    return tls.createSecureContext({
      ca: ca === undefined ? trustedRoots() : pemOf(ca),
      cert: certificate === undefined ? undefined : pemOf(certificate),
      key: key === undefined ? undefined : pemOf(key),
    });
  } catch (error) {
    const detail = error instanceof Error ? error.message : String(error);
    const words = /key values mismatch/i.test(detail) ? "the key belongs to another certificate" : detail;
    const reason = `[unknown] not checked: the monitor's client certificate cannot be used: ${words}`;
    throw new Failure({ reason, code: "own:certificate", status: "unknown", hard: false });
  }
}
