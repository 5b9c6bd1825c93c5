import { once } from "node:events";
import { join } from "node:path";
import { type ProcessRole, ROLES, startApplication } from "../main/application.ts";
import type { Environment } from "../platform/environment.ts";
import { riseAgain } from "../platform/rise-again.ts";
import { VERSION } from "../version.ts";
import { type Command, type CommandContext, type ExitCode, readArgs, UsageError } from "./command.ts";

function readRoles(text: string): ReadonlySet<ProcessRole> {
  if (text === "all") return new Set(ROLES);
  const roles = text.split(",").map((word) => {
    const known = ROLES.find((role) => role === word.trim());
    if (!known) throw new UsageError(`"${word}" is not a role. Roles: all, or any of ${ROLES.join(", ")}.`);
    return known;
  });
  return new Set(roles);
}

/** The demo's past never mixes with real data. */
const ofItsOwn = (environment: Environment): Environment => ({
  ...environment,
  dataDir: join(environment.dataDir, "demo"),
});

async function run(context: CommandContext, { demo }: { demo: boolean }): Promise<ExitCode> {
  const { values } = readArgs(context.args, { role: { type: "string", default: "all" } });
  const roles = readRoles(values.role);
  const environment = demo ? ofItsOwn(context.environment()) : context.environment();
  context.print(`Keepwatch ${VERSION} is starting; its data is in ${environment.dataDir}`);
  const application = await startApplication({ environment, roles, demo, variables: context.variables });
  const stopWatching = riseAgain(context.variables);
  announce(context, { url: environment.url, ...application });
  if (!context.signal.aborted) await once(context.signal, "abort");
  context.print("Stopping: finishing what is under way…");
  stopWatching();
  await application.stop();
  return 0;
}

function announce(
  { print }: CommandContext,
  {
    url,
    setupLink,
    demoLogin,
  }: { url: string; setupLink: string | undefined; demoLogin: string | undefined },
): void {
  print("");
  print(`  Keepwatch is ready at ${url}`);
  if (setupLink) print(`  Set it up here (this link works once): ${setupLink}`);
  if (demoLogin) print(`  ${demoLogin}`);
  print("  Stop it with Ctrl-C.");
  print("");
}

export const serve: Command = {
  name: "serve",
  usage: "[--role all|web,worker,prober]",
  summary: "Run Keepwatch",
  run: (context) => run(context, { demo: false }),
};

export const demo: Command = {
  name: "demo",
  usage: "",
  summary: "Run Keepwatch with 90 days of made-up history",
  run: (context) => run(context, { demo: true }),
};
