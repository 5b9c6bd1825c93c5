import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { text } from "node:stream/consumers";
import type { SourceFile } from "../config/parse.ts";
import type { ConfigOutcome } from "../config/schema.ts";
import { referencesIn } from "../config/variables.ts";
import { StartError } from "../platform/start-error.ts";
import { ApiError, requireClient } from "./client.ts";
import { type Command, type CommandContext, type ExitCode, readArgs, UsageError } from "./command.ts";
import { outcomeText, painter } from "./diff.ts";

const OPTIONS = {
  file: { type: "string", short: "f", multiple: true },
  prune: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;

async function readSource(name: string, { variables }: CommandContext): Promise<SourceFile> {
  if (name === "-") return { name: "<stdin>", text: await text(process.stdin) };
  try {
    // npm runs scripts in the project's directory, and says where it was called.
    return { name, text: await readFile(resolve(variables.INIT_CWD ?? "", name), "utf8") };
  } catch (error) {
    throw new StartError(
      `${name} can't be read: ${error instanceof Error ? error.message : String(error)}`,
      "Name a file with -f FILE, or - for standard input.",
      { cause: error },
    );
  }
}

/** Only what the files refer to leaves this machine. */
const variablesFor = (files: readonly SourceFile[], { variables }: CommandContext): Record<string, string> =>
  Object.fromEntries(
    files
      .flatMap((file) => referencesIn(file.text))
      .flatMap((name) => {
        const value = variables[name];
        return value === undefined ? [] : [[name, value] as const];
      }),
  );

async function run(context: CommandContext, verb: "plan" | "apply"): Promise<ExitCode> {
  const { values } = readArgs(context.args, OPTIONS);
  if (!values.file) throw new UsageError("Name the file to read with -f FILE (- for standard input).");
  const files = await Promise.all(values.file.map((name) => readSource(name, context)));
  const client = await requireClient(context);
  const body = { files, variables: variablesFor(files, context), prune: values.prune };
  try {
    const outcome = await client.send<ConfigOutcome>("POST", `/config/${verb}`, body);
    context.print(
      values.json ? JSON.stringify(outcome, null, 2) : outcomeText(outcome, verb, painter(context.variables)),
    );
    return 0;
  } catch (error) {
    if (!(error instanceof ApiError) || error.problems.length === 0) throw error;
    const { problems } = error;
    if (values.json) context.print(JSON.stringify({ changes: [], shifts: [], problems }, null, 2));
    else {
      for (const { file, line, column, key, message } of problems)
        context.complain(`${file}:${line}:${column}: ${key ? `${key}: ` : ""}${message}`);
      context.complain(verb === "apply" ? "\nNothing was changed." : "\nThis could not be applied.");
    }
    return 1;
  }
}

const usage = "-f FILE [-f FILE …] [--prune] [--json]";

export const plan: Command = {
  name: "plan",
  usage,
  summary: "Show what a configuration would change",
  run: (context) => run(context, "plan"),
};

export const apply: Command = {
  name: "apply",
  usage,
  summary: "Apply a configuration, all of it or nothing",
  run: (context) => run(context, "apply"),
};

export const exporting: Command = {
  name: "export",
  usage: "[--json]",
  summary: "Print everything as configuration",
  async run(context) {
    const { values } = readArgs(context.args, { json: { type: "boolean", default: false } });
    const client = await requireClient(context);
    const yaml = await (await client.raw("GET", "/config/export")).text();
    context.print(values.json ? JSON.stringify({ yaml }) : yaml.trimEnd());
    return 0;
  },
};
