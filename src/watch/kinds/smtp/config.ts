import { z } from "zod";
import { duration, host, listOf, msOf, port, texts } from "../base/fields.ts";
import { quote, spell } from "../base/finding.ts";
import { type TlsWish, tlsWishOf } from "../base/tls-wish.ts";

export const MODES = ["none", "starttls", "implicit"] as const;
export type Mode = (typeof MODES)[number];
export const SMTP_PORT = 25;
const IMPLICIT_PORT = 465;

const WHAT_TLS =
  "write starttls, implicit or none, or an object such as { mode: starttls, verify: false } or { expires_within: 14d }";

const tls = z.union(
  [
    z.literal(true),
    z.enum(MODES),
    z.strictObject({
      mode: z.enum(["starttls", "implicit"]).optional(),
      verify: z.boolean().optional(),
      server_name: host.optional(),
      expires_within: duration.optional(),
    }),
  ],
  { error: WHAT_TLS },
);

/** What stands between angle brackets in the protocol; more would be read as another command. */
const mailbox = z
  .string()
  .max(254)
  .regex(/^[!-;=?-~]+@[!-;=?-~]+$/, "write an address such as postmaster@example.com");

const credential = (what: string) =>
  z
    .string()
    .min(1, `write the ${what}`)
    .max(1_000)
    .regex(/^[^\0]*$/, `a ${what} has no NUL character`);

const expectation = z.strictObject({
  code: z.int("write a code of three digits, e.g. 220").min(200).max(599).optional(),
  contains: texts.optional(),
  latency: duration.optional(),
  latency_down: duration.optional(),
});

export const smtpConfig = z
  .strictObject({
    host,
    port: port.optional(),
    tls: tls.optional(),
    user: credential("user").optional(),
    password: credential("password").optional(),
    helo: z
      .string()
      .max(255)
      .regex(/^[\w.:[\]-]+$/, "write a name such as keepwatch.example.com, or an address in brackets")
      .optional(),
    from: z.union([mailbox, z.literal("")], { error: "write an address such as a@example.com" }).optional(),
    to: mailbox.optional(),
    expect: expectation.optional(),
  })
  .superRefine((config, issue) => {
    const { user, password } = config;
    const wrong = (at: string, message: string) => issue.addIssue({ code: "custom", path: [at], message });
    if (user !== undefined && password === undefined) wrong("password", "give the user's password as well");
    if (user === undefined && password !== undefined) wrong("user", "give the password's user as well");
    if (password !== undefined && config.tls === undefined && modeOf(config) === "none")
      wrong("tls", "the password would go in clear: write tls: starttls, or tls: none to have it so");
  });

export type SmtpConfig = z.infer<typeof smtpConfig>;

type Place = Pick<SmtpConfig, "port" | "tls">;

/** How it is encrypted; what was left open goes by the port, whose one meaning is TLS from the first byte. */
export function modeOf({ port, tls }: Place): Mode {
  const byPort = port === IMPLICIT_PORT ? "implicit" : null;
  if (tls === undefined) return byPort ?? "none";
  if (tls === true) return byPort ?? "starttls";
  if (typeof tls === "string") return tls;
  return tls.mode ?? byPort ?? "starttls";
}

export const portOf = (config: Place): number =>
  config.port ?? (modeOf(config) === "implicit" ? IMPLICIT_PORT : SMTP_PORT);

/** Null is without TLS. */
export function secureOf(config: Place): TlsWish | null {
  if (modeOf(config) === "none") return null;
  if (typeof config.tls !== "object") return tlsWishOf(true);
  const { mode: _, ...wish } = config.tls;
  return tlsWishOf(wish);
}

/** `mail.example.com:587 greets, lets ada sign in and takes mail for a@example.com in under 2 s, after STARTTLS.` */
export function describeSmtp(config: SmtpConfig): string {
  const { host, user, from, to, expect = {} } = config;
  const mode = modeOf(config);
  const wanted = listOf(expect.contains).map(quote);
  const does = [
    `greets${expect.code !== undefined && isGreeting(config) ? ` with ${expect.code}` : ""}${wanted.length > 0 ? ` with ${wanted.join(", ")}` : ""}`,
    ...(user === undefined ? [] : [`lets ${user} sign in`]),
    ...(from !== undefined && to === undefined
      ? [`${answering(expect.code)} mail from ${from || "<>"}`]
      : []),
    ...(to === undefined ? [] : [`${answering(expect.code)} mail for ${to}`]),
  ];
  const last = does.pop() ?? "";
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  const parts = [
    `${host.includes(":") ? `[${host}]` : host}:${portOf(config)}`,
    does.length > 0 ? `${does.join(", ")} and ${last}` : last,
    ...(limitMs === undefined ? [] : [`in under ${spell(limitMs)}`]),
  ];
  const how = { none: "", starttls: ", after STARTTLS", implicit: ", over TLS" }[mode];
  const note = secureOf(config)?.verify === false ? " Any certificate will do." : "";
  return `${parts.join(" ")}${how}.${note}`;
}

const answering = (code: number | undefined): string =>
  code === undefined || code < 400 ? "takes" : `answers ${code} to`;

/** Whether the greeting is what `expect.code` is about: without an envelope there is nothing else. */
export const isGreeting = ({ from, to }: Pick<SmtpConfig, "from" | "to">): boolean =>
  from === undefined && to === undefined;
