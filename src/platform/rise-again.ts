/** In the environment of a program that has risen: what ended the one before. */
export const FELL = "KEEPWATCH_FELL";

/** A program that falls sooner than this after it was ready would only fall again. */
const LEAST_UPTIME_MS = 10_000;
const LONGEST_REASON = 2_000;

/**
 * An error that nobody caught leaves a process in a state nobody knows: it has to end. But the pager must not end with
 * it, and not everybody runs a supervisor. So the same program begins anew in the same process id, with what the
 * database knows; all that counts is durable there. Windows can't replace a process, and ends.
 * @param variables the environment to begin anew in
 * @returns stops watching
 */
export function riseAgain(variables: Readonly<Record<string, string | undefined>>): () => void {
  const readyMs = performance.now();
  const fell = (error: unknown) => {
    const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
    process.stderr.write(`Keepwatch failed: ${text}\n`);
    const upMs = performance.now() - readyMs;
    if (upMs < LEAST_UPTIME_MS || typeof process.execve !== "function") process.exit(1);
    process.stderr.write("Keepwatch starts again.\n");
    process.execve(process.execPath, [process.execPath, ...process.execArgv, ...process.argv.slice(1)], {
      ...defined(variables),
      [FELL]: text.slice(0, LONGEST_REASON),
    });
  };
  process.on("uncaughtException", fell);
  return () => void process.off("uncaughtException", fell);
}

const defined = (variables: Readonly<Record<string, string | undefined>>): Record<string, string> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]])),
  );
