import { type CommandContext, type ExitCode, UsageError } from "./cli/command.ts";
import { commands } from "./cli/index.ts";
import { readEnvironment } from "./platform/environment.ts";
import { armFailpoint } from "./platform/failpoint.ts";
import { Refusal } from "./platform/refusal.ts";
import { StartError } from "./platform/start-error.ts";

/** Everything from outside enters here: arguments, environment, signals. `serve` is the command when none is named. */
async function main(): Promise<ExitCode> {
  const [first, ...rest] = process.argv.slice(2);
  if (first === "help" || first === "--help" || first === "-h") return help();
  const named = first !== undefined && !first.startsWith("-");
  const name = named ? first : "serve";
  const known = commands[name];
  if (!known) {
    process.stderr.write(`There is no command "${name}".\n\n`);
    help();
    return 2;
  }
  const command = await known.load();
  try {
    return await command.run(context(named ? rest : process.argv.slice(2)));
  } catch (error) {
    return explain(error, `keepwatch ${command.name} ${command.usage}`);
  }
}

function context(args: string[]): CommandContext {
  const stopping = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
    process.on(signal, () => stopping.abort(new Error(signal)));
  }
  armFailpoint(process.env.KEEPWATCH_FAILPOINT);
  return {
    args,
    variables: process.env,
    environment: () =>
      readEnvironment(process.env, {
        asRoot: process.getuid?.() === 0,
        cwd: process.env.INIT_CWD ?? process.cwd(),
      }),
    print: (text) => void process.stdout.write(`${text}\n`),
    complain: (text) => void process.stderr.write(`${text}\n`),
    signal: stopping.signal,
  };
}

function help(): ExitCode {
  const width = Math.max(...Object.keys(commands).map((name) => name.length));
  const lines = Object.entries(commands).map(([name, { summary }]) => `  ${name.padEnd(width)}  ${summary}`);
  process.stdout.write(`keepwatch COMMAND\n\n${lines.join("\n")}\n`);
  return 0;
}

/** What is expected to go wrong is said in words; anything else is a bug and shows its stack. */
function explain(error: unknown, usage: string): ExitCode {
  if (error instanceof UsageError) {
    process.stderr.write(`${error.message}\nUsage: ${usage}\n`);
    return 2;
  }
  if (error instanceof StartError) process.stderr.write(`\n${error.message}\n${error.mend}\n`);
  else if (error instanceof Refusal) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  return 1;
}

process.exitCode = await main();
