import { readFile } from "node:fs/promises";
import { sql } from "kysely";
import type { Actor, By } from "../org/actor.ts";
import type { Tx } from "../platform/database/database.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { type ConfigProblem, inFileOrder, type Parsed, parseConfig, type SourceFile } from "./parse.ts";
import { makePlan, type PlannedChange, type ReadyChange, refusalProblems } from "./plan.ts";
import { sections } from "./sections/index.ts";
import { loosenDependencies, setServiceDependencies } from "./sections/services.ts";
import { readSchedules, type ShiftChange, shiftChanges } from "./shifts.ts";
import type { Variables } from "./variables.ts";

/** Two at once would each compare with what the other is changing. */
const LOCK = [7243, 101] as const;

export interface ConfigInput {
  files: readonly SourceFile[];
  variables: Variables;
  /** Delete also what was made by hand and is not in the files; a document may say so too. */
  prune: boolean;
}

/** What was done, or with a problem what would have been: then nothing was. */
export interface Outcome {
  changes: PlannedChange[];
  /** Whose shifts of the next 30 days change in schedules that are there before and after. */
  shifts: ShiftChange[];
  problems: ConfigProblem[];
}

/** Makes everything as the files say, in one transaction. Anything wrong changes nothing. */
export const applyConfig = (platform: Platform, actor: Actor, input: ConfigInput): Promise<Outcome> =>
  run(platform, { actor, input, keep: true });

/** The same, undone at its end: what only shows when it is tried is a problem here too. */
export const planConfig = (platform: Platform, actor: Actor, input: ConfigInput): Promise<Outcome> =>
  run(platform, { actor, input, keep: false });

/** Carries the outcome out of a transaction that is to be undone. */
class Undo extends Error {
  readonly outcome: Outcome;

  constructor(outcome: Outcome) {
    super("nothing is kept");
    this.outcome = outcome;
  }
}

interface Run {
  actor: Actor;
  input: ConfigInput;
  keep: boolean;
}

async function run(platform: Platform, { actor, input, keep }: Run): Promise<Outcome> {
  const parsed = parseConfig(input.files, input.variables);
  const by: By = { platform, actor, at: platform.clock.now(), managedBy: "config" };
  const prune = input.prune || parsed.document.prune;
  try {
    return await inTransaction(platform.db, async (tx) => {
      const outcome = await work(tx, by, { parsed, prune });
      if (!keep || outcome.problems.length > 0) throw new Undo(outcome);
      return outcome;
    });
  } catch (error) {
    if (error instanceof Undo)
      return { ...error.outcome, problems: inFileOrder(error.outcome.problems, input.files) };
    throw error;
  }
}

async function work(tx: Tx, by: By, { parsed, prune }: { parsed: Parsed; prune: boolean }): Promise<Outcome> {
  const { platform, at } = by;
  await sql`select pg_advisory_xact_lock(${LOCK[0]}, ${LOCK[1]})`.execute(tx);
  const plan = await makePlan(tx, { platform, at }, { parsed, sections, prune });
  const changes = plan.changes.map(({ action, section, key, fields }) => ({ action, section, key, fields }));
  if (plan.problems.length > 0) return { changes, shifts: [], problems: plan.problems };
  const before = await readSchedules(tx, at);
  const problems = await make(tx, by, { parsed, changes: plan.changes });
  if (problems.length > 0) return { changes, shifts: [], problems };
  return { changes, shifts: await shiftChanges(tx, before, at), problems: [] };
}

/** Makes the changes in their order. The first that is refused ends it: after it nothing can be trusted. */
async function make(
  tx: Tx,
  by: By,
  { parsed, changes }: { parsed: Parsed; changes: readonly ReadyChange[] },
): Promise<ConfigProblem[]> {
  for (const { change, verb } of stepsOf(changes)) {
    try {
      await verb(tx, by);
    } catch (error) {
      const found = refusalProblems(parsed, change.path ?? [], error);
      return change.path ? found : found.map((each) => ({ ...each, key: `${change.section}.${change.key}` }));
    }
  }
  return [];
}

interface Step {
  change: ReadyChange;
  verb: (tx: Tx, by: By) => Promise<void>;
}

/**
 * Dependencies point at services further down, and may be turned round: the ones that go are taken away, and then the
 * new ones set, when all services are there.
 */
function stepsOf(changes: readonly ReadyChange[]): Step[] {
  const leaving = changes.filter((change) => change.action === "delete");
  const others = changes.filter((change) => change.action !== "delete");
  const services = others.filter(
    ({ section, fields }) => section === "services" && fields.some(({ field }) => field === "depends_on"),
  );
  const pointing = services.filter(({ before, entry }) => before !== undefined || hasSome(entry.depends_on));
  return [
    ...others.map((change) => ({ change, verb: (tx: Tx, by: By) => makeOne(tx, by, change) })),
    ...pointing.flatMap((change) => {
      const { entry, before } = change;
      return before
        ? [{ change, verb: (tx: Tx, by: By) => loosenDependencies(tx, by, { entry, before }) }]
        : [];
    }),
    ...pointing.map((change) => ({
      change,
      verb: (tx: Tx, by: By) => setServiceDependencies(tx, by, change.entry),
    })),
    ...leaving.map((change) => ({ change, verb: (tx: Tx, by: By) => makeOne(tx, by, change) })),
  ];
}

const hasSome = (value: unknown): boolean => Array.isArray(value) && value.length > 0;

function makeOne(tx: Tx, by: By, { action, section, key, entry, before }: ReadyChange): Promise<void> {
  if (action === "delete") return sections[section].remove(tx, by, key);
  return action === "update" && before
    ? sections[section].update(tx, by, { entry, before })
    : sections[section].create(tx, by, entry);
}

/** Who changes things when a configuration is applied; `how` says by whose hand. */
export const configActor = (how: string): Actor => ({
  type: "config",
  id: null,
  name: `configuration, ${how}`,
  role: "admin",
  teams: [],
  teamScope: null,
});

/**
 * Applies the file that the environment names, at start. A bad one leaves what was applied last in force, and says
 * where it is wrong: the pager runs on. The answer is what is wrong, in lines; none when it was applied.
 */
export async function applyFile(platform: Platform, path: string, variables: Variables): Promise<string[]> {
  const { log } = platform;
  const kept = "the configuration that was applied last stays in force";
  try {
    const files = [{ name: path, text: await readFile(path, "utf8") }];
    const actor = configActor(`applied at start from ${path}`);
    const { changes, problems } = await applyConfig(platform, actor, { files, variables, prune: false });
    for (const { file, line, column, key, message } of problems)
      log.error({ key }, `KEEPWATCH_CONFIG is wrong: ${file}:${line}:${column}: ${message}`);
    if (problems.length > 0) log.error({ path, problems: problems.length }, kept);
    else log.info({ path, changes: changes.length }, "applied the configuration");
    return problems.map(({ file, line, column, message }) => `${file}:${line}:${column}: ${message}`);
  } catch (error) {
    log.error({ error, path }, `KEEPWATCH_CONFIG could not be applied; ${kept}`);
    return [error instanceof Error ? error.message : String(error)];
  }
}
