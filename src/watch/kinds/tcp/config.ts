import { z } from "zod";
import { duration, host, listOf, msOf, pattern, port, texts } from "../base/fields.ts";
import { quote, spell } from "../base/finding.ts";
import { tls, tlsWishOf } from "../base/tls-wish.ts";
import { badEscape } from "./escapes.ts";

const send = z
  .string()
  .min(1)
  .max(10_000)
  .superRefine((text, issue) => {
    const bad = badEscape(text);
    if (bad === null) return;
    const message = `"${bad}" is no escape; write \\r, \\n, \\t, \\xNN for a byte, or \\\\ for a backslash`;
    issue.addIssue({ code: "custom", message });
  });

const expectation = z.strictObject({
  contains: texts.optional(),
  matches: pattern.optional(),
  latency: duration.optional(),
  latency_down: duration.optional(),
});

export const tcpConfig = z
  .strictObject({ host, port, tls: tls.optional(), send: send.optional(), expect: expectation.optional() })
  .refine((config) => config.send === undefined || wantsAnswer(config), {
    path: ["send"],
    message: "say what should come back: expect.contains or expect.matches",
  });

export type TcpConfig = z.infer<typeof tcpConfig>;

/** Without, an accepted connection is all there is to see. */
export const wantsAnswer = ({ expect }: { expect?: z.infer<typeof expectation> }): boolean =>
  expect?.contains !== undefined || expect?.matches !== undefined;

/** `mail.example.com:25 says “220” in under 500 ms.` */
export function describeTcp(config: TcpConfig): string {
  const { host, port, send, expect = {} } = config;
  const secure = tlsWishOf(config.tls);
  const parts = [`${host.includes(":") ? `[${host}]` : host}:${port}`];
  if (!wantsAnswer(config)) parts.push("accepts a connection");
  else parts.push(send === undefined ? "greets" : `answers ${quote(send)}`);
  const wanted = listOf(expect.contains).map(quote);
  if (wanted.length > 0) parts.push(`with ${wanted.join(", ")}`);
  if (expect.matches !== undefined) parts.push(`with something like ${expect.matches}`);
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const note = secure?.verify === false ? " Any certificate will do." : "";
  return `${parts.join(" ")}${secure ? ", over TLS" : ""}.${note}`;
}
