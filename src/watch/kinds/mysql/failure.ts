import { Failure } from "../base/failure.ts";
import type { SqlConfig } from "../sql/config.ts";

/** What a server's error number means, beside its own message. */
const WORDS: Record<number, string> = {
  1040: "too many connections",
  1053: "the server is being shut down",
  1129: "the server has blocked this machine after too many errors",
  1130: "the server does not let this machine in",
  1142: "the user may not do this",
  1203: "too many connections of this user",
  1226: "a limit of this user is exceeded",
  1792: "the query wants to write, and checks run read-only",
  3159: "the server wants TLS",
};

const SIGN_IN: Record<number, (config: SqlConfig) => string> = {
  1044: ({ user, database }) => `${user} may not use the database ${database}, or there is none`,
  1045: ({ user }) => `the password of ${user} is wrong, or there is no such user`,
  1049: ({ database }) => `there is no database ${database}`,
  1698: ({ user }) => `${user} does not sign in with a password, or there is no such user`,
};

/** The server ended the statement: interrupted, MariaDB's time limit, MySQL's. */
const CANCELLED = new Set([1317, 1969, 3024]);

const property = (error: Error, name: string): unknown => Reflect.get(error, name);

/** An error of the driver's or the server's in the terms of a result; those of the connection are passed through. */
export function mysqlFailure(error: unknown, config: SqlConfig, signedIn: boolean): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const number = property(error, "errno");
  // Node's errors have numbers too, below zero.
  if (typeof number === "number" && number > 0) return serverFailure(error, number, { config, signedIn });
  if (error instanceof RangeError) return notMysql(error);
  switch (property(error, "code")) {
    case "HANDSHAKE_NO_SSL_SUPPORT":
      return new Failure({ reason: "[tls] the server does not offer TLS", code: "tls:none" });
    case "AUTH_SWITCH_PLUGIN_ERROR":
      return new Failure({ reason: `[sign-in] ${error.message}`, code: "sign-in" });
    case "HANDSHAKE_UNKNOWN_ERROR":
    case "PROTOCOL_ERROR":
    case "PROTOCOL_UNEXPECTED_PACKET":
    case undefined:
      return notMysql(error);
  }
  return error;
}

const notMysql = ({ message }: Error): Failure =>
  new Failure({ reason: `[protocol] the answer is not MySQL: ${message}`, code: "protocol" });

function serverFailure(
  error: Error,
  number: number,
  { config, signedIn }: { config: SqlConfig; signedIn: boolean },
): Failure {
  const said = property(error, "sqlMessage");
  const message = typeof said === "string" ? said : error.message;
  if (CANCELLED.has(number)) {
    return new Failure({
      reason: `[timeout] the query was cancelled: ${message} (${number})`,
      code: "timeout:query",
      hard: false,
    });
  }
  const where = signedIn ? "query" : "sign-in";
  const own = signedIn ? undefined : SIGN_IN[number]?.(config);
  const known = own ?? (WORDS[number] ? `${WORDS[number]}: ${message}` : message);
  return new Failure({ reason: `[${where}] ${known} (${number})`, code: `sql:${number}` });
}
