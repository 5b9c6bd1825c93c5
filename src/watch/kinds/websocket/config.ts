import { z } from "zod";
import { humanDuration } from "../../../platform/duration.ts";
import { duration, listOf, msOf, pattern, texts } from "../base/fields.ts";
import { quote, spell, visible } from "../base/finding.ts";
import { jsonExpectations } from "../base/json-wish.ts";
import { isSecretHeader, redactUrl } from "../base/redact.ts";
import { tlsConfig } from "../http/connection-config.ts";
import { headerName, headerValue } from "../http/header.ts";

const url = z.string().superRefine((text, issue) => {
  const parsed = URL.parse(text);
  const wrong = (message: string) => issue.addIssue({ code: "custom", message });
  if (!parsed) return wrong(`"${text}" is not a URL; write it in full, e.g. wss://example.com/live`);
  if (!/^wss?:$/.test(parsed.protocol)) return wrong("the URL must begin with ws:// or wss://");
  if (parsed.username || parsed.password)
    wrong("put the user and password into an Authorization header, not into the URL");
  if (parsed.hash) wrong("leave out what begins with #: it is never sent");
});

const OURS = /^(?:sec-websocket-.*|connection|upgrade)$/i;

// RFC 6455 §4.1: a token, as a header's name is.
const subprotocol = z.string().regex(/^[!#$%&'*+.^_`|~\w-]+$/, "write a subprotocol's name, e.g. mqtt");
const several = z
  .array(subprotocol)
  .min(1)
  .max(20)
  .refine((all) => new Set(all).size === all.length, { message: "name each subprotocol once" });

const CLOSE_CODE = "write the code of a closing frame, from 1000 to 4999; 1005 and 1006 are never sent";

const expectation = z.strictObject({
  contains: texts.optional(),
  matches: pattern.optional(),
  json: jsonExpectations.optional(),
  subprotocol: subprotocol.optional(),
  close_code: z
    .int(CLOSE_CODE)
    .min(1_000, CLOSE_CODE)
    .max(4_999, CLOSE_CODE)
    .refine((code) => code !== 1_005 && code !== 1_006, { message: CLOSE_CODE })
    .optional(),
  latency: duration.optional(),
  latency_down: duration.optional(),
});

export const websocketConfig = z
  .strictObject({
    url,
    headers: z.record(headerName, headerValue).optional(),
    subprotocols: z.union([subprotocol, several]).optional(),
    send: z.string().min(1).max(10_000).optional(),
    tls: tlsConfig.optional(),
    expect: expectation.optional(),
  })
  .superRefine((config, issue) => {
    const wrong = (path: string[], message: string) => issue.addIssue({ code: "custom", path, message });
    const { send, subprotocols, expect = {} } = config;
    if (send !== undefined && !wantsMessage(expect) && expect.close_code === undefined)
      wrong(["send"], "say what should come back: expect.contains, expect.matches or expect.json");
    if (expect.subprotocol !== undefined && !listOf(subprotocols).includes(expect.subprotocol))
      wrong(["expect", "subprotocol"], "a server chooses among those offered: list it under subprotocols");
    for (const name of Object.keys(config.headers ?? {}).filter((each) => OURS.test(each)))
      wrong(["headers", name], "Keepwatch writes this header itself; subprotocols stand under subprotocols");
    if (config.tls && /^ws:/i.test(config.url)) wrong(["tls"], "ws:// is not encrypted; write wss://");
  });

export type WebsocketConfig = z.infer<typeof websocketConfig>;
export type WebsocketExpect = z.infer<typeof expectation>;

/** Without, and without a code to close with, an open connection is all there is to see. */
export const wantsMessage = ({ contains, matches, json }: WebsocketExpect): boolean =>
  contains !== undefined || matches !== undefined || json !== undefined;

/** JSON pointers of the credentials in this configuration. */
export function websocketSecrets({ headers, tls }: WebsocketConfig): string[] {
  const names = Object.keys(headers ?? {}).filter(isSecretHeader);
  return [
    ...names.map((name) => `/headers/${name.replaceAll("~", "~0")}`),
    ...(tls?.key === undefined ? [] : ["/tls/key"]),
  ];
}

/** `wss://shop.example.com/live opens and answers “ping” with “pong” in under 800 ms.` */
export function describeWebsocket(config: WebsocketConfig): string {
  const { send, expect = {}, tls } = config;
  const parts = [`${redactUrl(config.url)} opens`];
  if (expect.subprotocol !== undefined) parts.push(`speaking ${expect.subprotocol}`);
  if (send !== undefined) parts.push(`and answers ${quote(visible(send))}`);
  else if (wantsMessage(expect)) parts.push("and sends a message");
  const contained = listOf(expect.contains).map(quote);
  if (contained.length > 0) parts.push(`with ${contained.join(", ")}`);
  if (expect.matches !== undefined) parts.push(`with something like ${expect.matches}`);
  const paths = new Set((expect.json ?? []).map(({ path }) => path));
  if (paths.size > 0) parts.push(`with ${[...paths].join(", ")} as expected`);
  if (expect.close_code !== undefined) parts.push(`and closes with ${expect.close_code}`);
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const leftMs = msOf(tls?.expires_within);
  const notes = [
    tls?.certificate === undefined ? "" : "With a client certificate.",
    tls?.verify === false ? "Any certificate will do." : "",
    leftMs === undefined ? "" : `The certificate is good for ${humanDuration(leftMs)} or more.`,
  ];
  return [`${parts.join(" ")}.`, ...notes].filter(Boolean).join(" ");
}
