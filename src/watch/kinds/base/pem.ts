import { createPrivateKey, X509Certificate } from "node:crypto";
import { z } from "zod";
import { UNCHANGED_SECRET } from "../../kind-config.ts";

const BLOCK = /-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \1-----/gs;
const WIDTH = 64;
const LONGEST = 100_000;

const lines = (base64: string): string => base64.match(new RegExp(`.{1,${WIDTH}}`, "g"))?.join("\n") ?? "";

/** PEM as OpenSSL wants it, also where a form or an environment variable has made one line of it. */
export const pemOf = (text: string): string =>
  [...text.matchAll(BLOCK)]
    .map(
      ([, label, body = ""]) =>
        `-----BEGIN ${label}-----\n${lines(body.replace(/\\n|\s/g, ""))}\n-----END ${label}-----\n`,
    )
    .join("");

const isReadable = (read: () => unknown): boolean => {
  try {
    read();
    return true;
  } catch {
    return false;
  }
};

const certificatesIn = (text: string): string[] => pemOf(text).match(BLOCK) ?? [];

/** One certificate or a chain, the first one's own first. */
export const pemCertificates = z
  .string()
  .max(LONGEST)
  .refine(
    (text) => {
      const all = certificatesIn(text);
      return all.length > 0 && all.every((each) => isReadable(() => new X509Certificate(each)));
    },
    {
      message:
        "paste the certificate as PEM, from -----BEGIN CERTIFICATE----- to -----END CERTIFICATE-----, with all its lines",
    },
  );

/** A private key, or the mark that the stored one stays. */
export const pemKey = z
  .string()
  .max(LONGEST)
  .superRefine((text, issue) => {
    if (text === UNCHANGED_SECRET) return;
    const wrong = (message: string) => issue.addIssue({ code: "custom", message });
    if (/ENCRYPTED/.test(text))
      return wrong("the key is locked with a passphrase; give it without one: openssl pkey -in key.pem");
    if (!isReadable(() => createPrivateKey(pemOf(text))))
      wrong("paste the key as PEM, from -----BEGIN PRIVATE KEY----- to -----END PRIVATE KEY-----");
  });

/** Whether the key is the certificate's; true as well while either cannot be read here. */
export function belongTogether(certificates: string, key: string): boolean {
  const [first = ""] = certificatesIn(certificates);
  let matches = true;
  isReadable(() => {
    matches = new X509Certificate(first).checkPrivateKey(createPrivateKey(pemOf(key)));
  });
  return matches;
}
