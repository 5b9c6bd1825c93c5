import { isIP } from "node:net";
import { z } from "zod";
import { duration, host } from "../base/fields.ts";
import { belongTogether, pemCertificates, pemKey } from "../base/pem.ts";

/** Which version of IP; numbers as they stand in YAML, texts as they come from a form. */
export const ip = z.union([z.literal([4, 6]), z.literal(["4", "6", "any"])], {
  error: "write 4, 6 or any",
});

export type Ip = z.infer<typeof ip>;

/** Undefined: any. */
export const familyOf = (value: Ip | undefined): 4 | 6 | undefined => {
  switch (String(value)) {
    case "4":
      return 4;
    case "6":
      return 6;
    default:
      return undefined;
  }
};

/** Why an address can never be reached that way; null when it can. */
export function mismatchOf(value: Ip | undefined, address: string): string | null {
  const family = familyOf(value);
  const given = isIP(address);
  if (!family || given === 0 || given === family) return null;
  return `${address} is an IPv${given} address; write ip: ${given}, or leave ip out`;
}

export const tlsConfig = z
  .strictObject({
    verify: z.boolean().optional(),
    expires_within: duration.optional(),
    server_name: host.optional(),
    certificate: pemCertificates.optional(),
    key: pemKey.optional(),
    ca: pemCertificates.optional(),
  })
  .superRefine(({ certificate, key }, issue) => {
    const wrong = (at: string, message: string) => issue.addIssue({ code: "custom", path: [at], message });
    if (certificate !== undefined && key === undefined) wrong("key", "give the certificate's key as well");
    if (certificate === undefined && key !== undefined)
      wrong("certificate", "give the key's certificate as well");
    if (certificate !== undefined && key !== undefined && !belongTogether(certificate, key))
      wrong("key", "this key belongs to another certificate");
  });

export type TlsConfig = z.infer<typeof tlsConfig>;
