import { DatabaseError } from "pg";
import { Failure } from "../base/failure.ts";
import type { SqlConfig } from "../sql/config.ts";

const SIGN_IN: Record<string, (config: SqlConfig) => string> = {
  "28P01": ({ user }) => `the password of ${user} is wrong, or there is no such user`,
  "3D000": ({ database }) => `there is no database ${database}`,
};

/** What the server means by a SQLSTATE, beside its own message. */
const WORDS: Record<string, string> = {
  "25006": "the query wants to write, and checks run read-only",
  "28000": "the server does not let this user in",
  "42501": "the user may not do this",
  "53300": "too many connections",
  "53400": "a limit of the server is exceeded",
  "57P01": "the server is being shut down",
  "57P02": "the server is recovering from a crash",
  "57P03": "the server does not accept connections yet",
};

/** pg's own words for a server that wants a password and a client that has none. */
const NO_PASSWORD = /client password must be a/;

/** An error of pg's or the server's in the terms of a result; others are passed through. */
export function postgresFailure(error: unknown, config: SqlConfig, signedIn: boolean): unknown {
  if (error instanceof DatabaseError) return serverFailure(error, config, signedIn);
  if (!(error instanceof Error) || "code" in error) return error;
  if (signedIn) return new Failure({ reason: `[protocol] ${error.message}`, code: "protocol" });
  if (NO_PASSWORD.test(error.message)) {
    const reason = "[sign-in] the server asks for a password, and the monitor has none";
    return new Failure({ reason, code: "sql:28P01" });
  }
  return new Failure({ reason: `[sign-in] ${error.message}`, code: "sign-in" });
}

function serverFailure({ code = "", message }: DatabaseError, config: SqlConfig, signedIn: boolean): Failure {
  // Not the server's error but the parser's, of what it could not read.
  if (!code) return new Failure({ reason: `[protocol] ${message}`, code: "protocol" });
  if (code === "57014") {
    return new Failure({
      reason: `[timeout] the query was cancelled: ${message} (57014)`,
      code: "timeout:query",
      hard: false,
    });
  }
  const where = signedIn ? "query" : "sign-in";
  const known = SIGN_IN[code]?.(config) ?? (WORDS[code] ? `${WORDS[code]}: ${message}` : message);
  return new Failure({ reason: `[${where}] ${known} (${code})`, code: `sql:${code}` });
}
