import { type ParseArgsConfig, parseArgs } from "node:util";
import type { Environment } from "../platform/environment.ts";

/** What a command gets of the world. */
export interface CommandContext {
  args: string[];
  /** The variables of whoever runs the command: for `${NAME}` in configuration, and for finding the server. */
  variables: Readonly<Record<string, string | undefined>>;
  /** Reads the environment; throws a `StartError` that names a wrong variable. */
  environment(): Environment;
  print(text: string): void;
  complain(text: string): void;
  signal: AbortSignal;
}

/** Exit statuses: 0 done, 1 failed, 2 called wrongly. */
export type ExitCode = 0 | 1 | 2;

export interface Command {
  name: string;
  /** After the name, e.g. `-f FILE [--json]`. */
  usage: string;
  summary: string;
  run(context: CommandContext): Promise<ExitCode>;
}

/** Called wrongly: the message and the usage are printed, exit status 2. */
export class UsageError extends Error {
  override readonly name = "UsageError" as const;
}

type Options = NonNullable<ParseArgsConfig["options"]>;

/** Parses options strictly; what does not fit is a usage error in node's own words. */
export function readArgs<const T extends Options>(
  args: string[],
  options: T,
  positionals: { min?: number; max?: number } = {},
) {
  const { min = 0, max = min } = positionals;
  try {
    const parsed = parseArgs({ args, options, allowPositionals: max > 0, strict: true });
    const count = parsed.positionals.length;
    if (count < min || count > max)
      throw new UsageError(count < min ? "Something is missing." : "That is too much.");
    return parsed;
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(error instanceof Error ? error.message : String(error), { cause: error });
  }
}
