import { readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { type ComparedShift, compareShifts } from "../config/importers/compare.ts";
import { importOpsgenie } from "../config/importers/opsgenie/import.ts";
import { opsgenieExport } from "../config/importers/opsgenie/shape.ts";
import type { Imported } from "../config/importers/report.ts";
import type { ConfigOutcome } from "../config/schema.ts";
import { systemClock } from "../platform/clock.ts";
import { StartError } from "../platform/start-error.ts";
import { requireClient } from "./client.ts";
import { type Command, type CommandContext, type ExitCode, readArgs, UsageError } from "./command.ts";
import { outcomeText, painter } from "./diff.ts";
import { count, localText } from "./text.ts";

const OPTIONS = {
  out: { type: "string" },
  yes: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
} as const;
const DAYS = 30;

async function readJson(path: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(path, "utf8"));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new StartError(
      `${path} can't be read: ${why}`,
      "Name the JSON file of the export, or its folder.",
      {
        cause: error,
      },
    );
  }
}

/** One file with the lists under their keys, or a folder of answers: `users.json`, `schedules-2.json`, … */
async function readExport(path: string): Promise<unknown> {
  const folder = await stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
  if (!folder) return readJson(path);
  const lists: Record<string, unknown[]> = {};
  for (const name of (await readdir(path)).filter((each) => each.endsWith(".json")).sort()) {
    const answer = await readJson(join(path, name));
    const list = typeof answer === "object" && answer && "data" in answer ? answer.data : answer;
    if (!Array.isArray(list))
      throw new StartError(`${name} holds no list.`, 'Save the API\'s answer as it is: {"data": […]}.');
    const key = name.replace(/(-\d+)?\.json$/, "");
    lists[key] = [...(lists[key] ?? []), ...list];
  }
  return lists;
}

function readOpsgenie(content: unknown, name: string): Imported {
  const parsed = opsgenieExport.safeParse(content);
  const known = Object.keys(opsgenieExport.shape);
  const has = typeof content === "object" && content && known.some((key) => key in content);
  if (parsed.success && has) return importOpsgenie(parsed.data);
  const wrong = (parsed.error?.issues ?? []).map(
    ({ path, message }) => `${name}#/${path.map(String).join("/")}: ${message}`,
  );
  throw new StartError(
    wrong.length > 0 ? wrong.join("\n") : `${name} has none of ${known.join(", ")}.`,
    "Export it again as the manual's page on importing says, or mend it at these places.",
  );
}

async function run(context: CommandContext): Promise<ExitCode> {
  const { values, positionals } = readArgs(context.args, OPTIONS, { min: 2 });
  const [source = "", file = ""] = positionals;
  if (source !== "opsgenie") throw new UsageError(`"${source}" can't be imported; say opsgenie.`);
  const imported = readOpsgenie(await readExport(resolve(context.variables.INIT_CWD ?? "", file)), file);
  const from = systemClock.now().round({ smallestUnit: "minute", roundingMode: "floor" });
  const shifts = compareShifts(imported, { from, to: from.add({ hours: 24 * DAYS }) });
  const yaml = stringify(imported.document, { lineWidth: 0 });
  const found = { not_mapped: imported.notMapped, shifts };
  if (values.out !== undefined) {
    await writeFile(resolve(context.variables.INIT_CWD ?? "", values.out), yaml);
    context.print(values.json ? JSON.stringify(found, null, 2) : reportText(imported, shifts));
    return 0;
  }
  const client = await requireClient(context);
  const body = { files: [{ name: file, text: yaml }] };
  const plan = await client.send<ConfigOutcome>("POST", "/config/plan", body);
  const ready = values.yes && plan.changes.length > 0;
  if (ready) refuseDeletions(plan);
  const outcome = ready ? await client.send<ConfigOutcome>("POST", "/config/apply", body) : plan;
  if (values.json) context.print(JSON.stringify({ ...outcome, ...found, applied: ready }, null, 2));
  else {
    const text = outcomeText(outcome, ready ? "apply" : "plan", painter(context.variables));
    const hint =
      plan.changes.length > 0 && !ready ? "\n\nApply it with --yes, or write it with --out FILE." : "";
    context.print(
      `${reportText(imported, shifts)}\n\n${text.replace(" Make it so with `keepwatch apply`.", "")}${hint}`,
    );
  }
  return 0;
}

/** A configuration is whole: what an earlier one made and this one lacks would go. */
function refuseDeletions({ changes }: ConfigOutcome): void {
  const gone = changes.filter(({ action }) => action === "delete");
  if (gone.length === 0) return;
  throw new StartError(
    `Applying this alone would delete ${gone.map(({ section, key }) => `${section} ${key}`).join(", ")}, which other configuration files made. Nothing was changed.`,
    "Write it with --out FILE and apply it together with the other files: keepwatch apply -f FILE -f OTHER.",
  );
}

function reportText({ notMapped }: Imported, shifts: readonly ComparedShift[]): string {
  const names = (users: readonly string[]) => users.join(", ") || "nobody";
  const differing = shifts.filter(({ same }) => !same).length;
  return [
    notMapped.length === 0 ? "Everything maps." : `Not mapped (${notMapped.length}):`,
    ...notMapped.map(({ path, what, proposal }) => `  ${path}  ${what}\n      ${proposal}`),
    "",
    `On call in the next ${DAYS} days, the source | Keepwatch (${differing === 0 ? "no differences" : count(differing, "difference")}):`,
    ...shifts.map(
      (each) =>
        `${each.same ? " " : "!"} ${each.schedule}  ${localText(each.from, each.time_zone)} – ${localText(each.to, each.time_zone)} ${each.time_zone}: ${names(each.source)} | ${names(each.keepwatch)}`,
    ),
  ].join("\n");
}

export const importing: Command = {
  name: "import",
  usage: "opsgenie FILE|FOLDER [--out FILE] [--yes] [--json]",
  summary: "Bring teams, schedules and policies over from Opsgenie",
  run,
};
