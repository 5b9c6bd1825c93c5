import { z } from "zod";
import { host, msOf, port } from "../base/fields.ts";
import { quote, spell } from "../base/finding.ts";
import { hostField, latencyFields, portField, tlsField, valueFields } from "../base/form-fields.ts";
import { tls, tlsWishOf } from "../base/tls-wish.ts";
import { valueInWords } from "../base/value.ts";
import type { FormField } from "../kind.ts";
import { NOTHING, sqlExpect } from "./result.ts";

/** What ends a text in both protocols; more would be read as another field. */
const text = (what: string) =>
  z
    .string()
    .min(1, `write the ${what}`)
    .regex(/^[^\0]*$/, `a ${what} has no NUL character`);

/** The configuration of a monitor that asks a database one question. */
export const sqlConfig = z.strictObject({
  host,
  port: port.optional(),
  database: text("database"),
  user: text("user"),
  password: text("password").optional(),
  tls: tls.optional(),
  query: text("query").max(10_000).optional(),
  expect: sqlExpect.optional(),
});

export type SqlConfig = z.infer<typeof sqlConfig>;

export const DEFAULT_QUERY = "select 1";

/** JSON pointers of the credentials in this configuration. */
export const sqlSecrets = ({ password }: SqlConfig): string[] =>
  password === undefined ? [] : ["/password"];

/** @param kind the product, e.g. `PostgreSQL` */
export function describeSql(config: SqlConfig, kind: { label: string; port: number }): string {
  const { host, port, database, query = DEFAULT_QUERY, expect = {}, tls } = config;
  const place = `${host.includes(":") ? `[${host}]` : host}:${port ?? kind.port}`;
  const parts = [`${kind.label} database ${database} at ${place} answers ${quote(query)}`];
  if (expect.rows !== undefined) parts.push(`with ${expect.rows} ${expect.rows === 1 ? "row" : "rows"}`);
  if (expect.min_rows !== undefined) parts.push(`with ${expect.min_rows} or more rows`);
  if (expect.value) parts.push(`with a value ${valueInWords(expect.value, NOTHING).join(", ")}`);
  const limitMs = msOf(expect.latency ?? expect.latency_down);
  if (limitMs !== undefined) parts.push(`in under ${spell(limitMs)}`);
  const note = tlsWishOf(config.tls)?.verify === false ? " Any certificate will do." : "";
  return `${parts.join(" ")}${tls === undefined ? "" : ", over TLS"}.${note}`;
}

/** @param defaultPort of the protocol */
export const sqlForm = (defaultPort: number): readonly FormField[] => [
  hostField("Database", "db.example.com"),
  portField("Database", defaultPort),
  { name: "database", label: "Database", type: "text", group: "Database", required: true },
  {
    name: "user",
    label: "User",
    type: "text",
    group: "Database",
    required: true,
    help: "One that may only read, and only what the query needs.",
  },
  { name: "password", label: "Password", type: "secret", group: "Database" },
  {
    name: "query",
    label: "Query",
    type: "textarea",
    group: "Query",
    placeholder: DEFAULT_QUERY,
    help: "One statement, run read-only.",
  },
  {
    name: "expect.rows",
    label: "Exactly so many rows",
    type: "number",
    group: "Expect",
    min: 0,
    max: 999,
  },
  {
    name: "expect.min_rows",
    label: "At least so many rows",
    type: "number",
    group: "Expect",
    min: 1,
    max: 1_000,
  },
  ...valueFields("Value", { help: "The value is the first column of the first row." }),
  ...latencyFields("200ms", "2s"),
  tlsField(),
];
