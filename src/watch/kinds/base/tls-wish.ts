import { z } from "zod";
import { certificateFacts } from "./evidence.ts";
import { duration, host, msOf } from "./fields.ts";
import { certificateFinding, type Finding } from "./finding.ts";
import type { Trace } from "./trace.ts";

/** The key `tls` of kinds that encrypt on wish. */
export const tls = z.union(
  [
    z.literal(true),
    z.strictObject({
      verify: z.boolean().optional(),
      server_name: host.optional(),
      expires_within: duration.optional(),
    }),
  ],
  {
    error:
      "write tls as true, or as { verify: false }, { server_name: shop.example.com } or { expires_within: 14d }",
  },
);

type TlsKey = z.infer<typeof tls>;

export interface TlsWish {
  verify: boolean;
  /** Undefined: the host. */
  serverName: string | undefined;
  /** Undefined: the default rule, see `certificateWindowMs`. */
  expiresWithinMs: number | undefined;
}

/** With defaults; null is plain TCP. */
export function tlsWishOf(wish: TlsKey | undefined): TlsWish | null {
  if (wish === undefined) return null;
  const { verify = true, server_name, expires_within } = wish === true ? {} : wish;
  return { verify, serverName: server_name, expiresWithinMs: msOf(expires_within) };
}

/** What the age of the shown certificate comes to; nothing where any certificate will do and nobody asked. */
export function ageFindings(
  wish: Omit<TlsWish, "serverName"> | null,
  trace: Trace,
  wallMs: number,
): Finding[] {
  const facts = certificateFacts(trace.certificate, wallMs);
  if (!wish || !facts || (!wish.verify && wish.expiresWithinMs === undefined)) return [];
  return [certificateFinding(facts, wish.expiresWithinMs)];
}
