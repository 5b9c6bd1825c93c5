import pino from "pino";

export type Log = pino.Logger;

/** What helps of an error; a database error carries its whole connection along, which does not. */
function briefly(error: unknown): unknown {
  if (!(error instanceof Error)) return error;
  const code = "code" in error ? error.code : undefined;
  const cause = error.cause === undefined ? undefined : briefly(error.cause);
  return { name: error.name, message: error.message, code, stack: error.stack, cause };
}

/** Structured lines on standard output. `level` is pino's: trace, debug, info, warn, error, silent. */
export const createLog = (level: string): Log =>
  pino({
    level,
    serializers: { error: briefly },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.password", "*.secret", "*.token"],
  });

/** A log for tests: says nothing. */
export const silentLog: Log = pino({ level: "silent" });
