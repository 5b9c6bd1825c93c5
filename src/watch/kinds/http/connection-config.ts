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

/** Numbers as they stand in YAML, texts as they come from a form. */
export const httpVersion = z.union([z.literal([1.1, 2]), z.literal(["1.1", "2", "any"])], {
  error: "write 1.1, 2 or any",
});

export const httpVersionOf = (value: z.infer<typeof httpVersion> = "1.1"): "1.1" | "2" | "any" =>
  value === "any" ? "any" : Number(value) === 2 ? "2" : "1.1";

const proxyUrl = z.string().superRefine((text, issue) => {
  const url = URL.parse(text);
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  if (!url?.hostname || !/^(?:http|socks5h?):$/.test(url.protocol))
    return wrong("write the proxy as http://proxy.example.com:3128 or socks5://proxy.example.com:1080");
  if (url.username || url.password) wrong("put user and password beside the url: { url, user, password }");
  if (!/^\/?$/.test(url.pathname) || url.search)
    wrong("a proxy has no path; write its scheme, host and port alone");
});

export const proxyConfig = z
  .strictObject(
    {
      url: proxyUrl,
      // Longer ones have no place in the answer to a SOCKS5 proxy (RFC 1929 §2).
      user: z.string().min(1).max(255).optional(),
      password: z.string().max(255).optional(),
    },
    "write proxy as { url: http://proxy.example.com:3128 }, with user and password beside the url",
  )
  .refine(({ user, password }) => password === undefined || user !== undefined, {
    path: ["user"],
    message: "give the password's user as well",
  });

export type ProxyConfig = z.infer<typeof proxyConfig>;
