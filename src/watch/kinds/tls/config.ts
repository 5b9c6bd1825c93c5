import { z } from "zod";
import { humanDuration } from "../../../platform/duration.ts";
import { duration, host, listOf, msOf, port } from "../base/fields.ts";
import { quote, spell } from "../base/finding.ts";
import { STARTTLS, STARTTLS_NAMES } from "./starttls.ts";

export const VERSIONS = ["1.2", "1.3"] as const;

const fingerprint = z
  .string()
  .regex(
    /^(?:[\da-f]{2}:?){31}[\da-f]{2}$/i,
    "write the certificate's SHA-256 fingerprint: 64 hexadecimal digits, with or without colons",
  );

const expectation = z.strictObject({
  expires_within: duration.optional(),
  // YAML reads it as a number unless it is quoted.
  min_version: z.union([z.enum(VERSIONS), z.literal([1.2, 1.3])], { error: "write 1.2 or 1.3" }).optional(),
  issuer: z.string().min(1).optional(),
  san: z.union([host, z.array(host).min(1).max(50)]).optional(),
  fingerprint_sha256: z.union([fingerprint, z.array(fingerprint).min(1).max(10)]).optional(),
  latency: duration.optional(),
  latency_down: duration.optional(),
});

export const tlsConfig = z.strictObject({
  host,
  port: port.optional(),
  starttls: z.enum(STARTTLS_NAMES, `write one of ${STARTTLS_NAMES.join(", ")}`).optional(),
  server_name: host.optional(),
  verify: z.boolean().optional(),
  expect: expectation.optional(),
});

export type TlsConfig = z.infer<typeof tlsConfig>;
export type TlsExpect = z.infer<typeof expectation>;

export const HTTPS_PORT = 443;

/** Its own, else the usual one of the protocol. */
export const portOf = ({ port, starttls }: TlsConfig): number =>
  port ?? (starttls ? STARTTLS[starttls].port : HTTPS_PORT);

/** `mail.example.com:25 shows a trusted certificate by STARTTLS of SMTP, good for 30 d or more.` */
export function describeTls(config: TlsConfig): string {
  const { host, starttls, server_name, verify = true, expect = {} } = config;
  const place = `${host.includes(":") ? `[${host}]` : host}:${portOf(config)}`;
  const parts = [`${place} shows ${verify ? "a trusted" : "any"} certificate`];
  if (starttls) parts.push(`by STARTTLS of ${STARTTLS[starttls].label}`);
  if (server_name) parts.push(`when asked for ${server_name}`);
  if (expect.issuer) parts.push(`from ${quote(expect.issuer)}`);
  const names = listOf(expect.san);
  if (names.length > 0) parts.push(`for ${names.join(", ")}`);
  if (expect.fingerprint_sha256) parts.push("of the fingerprint given");
  if (expect.min_version) parts.push(`over TLS ${expect.min_version} or newer`);
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const windowMs = msOf(expect.expires_within);
  const age = windowMs === undefined ? "" : `, good for ${humanDuration(windowMs)} or more`;
  return `${parts.join(" ")}${age}.`;
}
