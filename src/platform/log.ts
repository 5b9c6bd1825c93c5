import pino from "pino";

export type Log = pino.Logger;

/** Structured lines on standard output. `level` is pino's: trace, debug, info, warn, error, silent. */
export const createLog = (level: string): Log =>
  pino({
    level,
    serializers: { error: pino.stdSerializers.err },
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    redact: ["*.password", "*.secret", "*.token"],
  });

/** A log for tests: says nothing. */
export const silentLog: Log = pino({ level: "silent" });
