import { z } from "zod";
import { duration, host } from "../base/fields.ts";
import { belongTogether, pemCertificates, pemKey } from "../base/pem.ts";

export { familyOf, type Ip, ip, mismatchOf } from "../base/ip.ts";

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
