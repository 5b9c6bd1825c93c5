import { z } from "zod";
import { duration, host, msOf, port } from "../base/fields.ts";
import { quote, spell } from "../base/finding.ts";
import { tls, tlsWishOf } from "../base/tls-wish.ts";
import { value, valueInWords } from "../base/value.ts";
import { wordsOf } from "./command.ts";

export const REDIS_PORT = 6379;
/** What stands for no value. */
export const NOTHING = "nil";

const line = z
  .string()
  .max(10_000)
  .superRefine((text, issue) => {
    const words = wordsOf(text);
    const wrong = (message: string) => issue.addIssue({ code: "custom", message });
    if (words === null) wrong("a quote or a backslash at the end has no end; write it like GET 'two words'");
    else if (!words[0]) wrong("write a command, e.g. PING or LLEN jobs");
  });

const list = z.tuple([z.string().min(1)], z.string()).refine((words) => words.length <= 100, {
  message: "write no more than 100 words",
});

export const redisConfig = z
  .strictObject({
    host,
    port: port.optional(),
    user: z.string().min(1, "write the user, or leave it out").optional(),
    password: z.string().min(1, "write the password, or leave it out").optional(),
    database: z.int("write the database's number, e.g. 0").min(0).max(1_000_000).optional(),
    tls: tls.optional(),
    command: z
      .union([line, list], { error: "write one line, e.g. LLEN jobs, or a list of words" })
      .optional(),
    expect: z
      .strictObject({
        value: value.optional(),
        latency: duration.optional(),
        latency_down: duration.optional(),
      })
      .optional(),
  })
  .refine(({ user, password }) => user === undefined || password !== undefined, {
    path: ["password"],
    message: "give the user's password as well",
  });

export type RedisConfig = z.infer<typeof redisConfig>;

/** The command's words; PING unless told otherwise. */
export const commandOf = ({ command = "PING" }: RedisConfig): readonly string[] =>
  typeof command === "string" ? (wordsOf(command) ?? []) : command;

/** `Redis at cache.example.com:6379 answers “LLEN jobs” with a value below 1000 in under 50 ms.` */
export function describeRedis(config: RedisConfig): string {
  const { host, port = REDIS_PORT, database, expect = {}, tls } = config;
  const place = `${host.includes(":") ? `[${host}]` : host}:${port}`;
  const parts = [
    `Redis${database === undefined ? "" : ` database ${database}`} at ${place}`,
    `answers ${quote(commandOf(config).join(" "))}`,
  ];
  if (expect.value) parts.push(`with a value ${valueInWords(expect.value, NOTHING).join(", ")}`);
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const note = tlsWishOf(tls)?.verify === false ? " Any certificate will do." : "";
  return `${parts.join(" ")}${tls === undefined ? "" : ", over TLS"}.${note}`;
}
