import type { SimulationJson } from "../oncall/simulation.ts";
import { systemClock } from "../platform/clock.ts";
import { humanDuration } from "../platform/duration.ts";
import { requireClient } from "./client.ts";
import { type Command, readArgs, UsageError } from "./command.ts";
import { localText, readInstant, table } from "./text.ts";

export const simulate: Command = {
  name: "simulate",
  usage: "--service S [--at T] [--hours N] [--urgency high|low] [--severity SEV3] [--json]",
  summary: "Who would be paged, when and how, if nobody answered",
  async run(context) {
    const { values } = readArgs(context.args, {
      service: { type: "string" },
      at: { type: "string" },
      hours: { type: "string", default: "4" },
      urgency: { type: "string" },
      severity: { type: "string" },
      json: { type: "boolean", default: false },
    });
    if (!values.service) throw new UsageError("Name the service with --service SLUG.");
    const hours = Number(values.hours);
    if (!(hours >= 0.1 && hours <= 72))
      throw new UsageError(`--hours ${values.hours} is not between 0.1 and 72.`);
    const at = values.at === undefined ? systemClock.now().toString() : readInstant(values.at, "--at");
    const client = await requireClient(context);
    const { service, urgency, severity } = values;
    const question = { service, at, hours, urgency, severity };
    const answer = await client.send<SimulationJson>("POST", "/simulate", question);
    context.print(values.json ? JSON.stringify(answer, null, 2) : simulationText(answer, at));
    return 0;
  },
};

function simulationText({ policy, items, notes }: SimulationJson, at: string): string {
  const rows = items.map((item) => [
    item.after_ms === 0 ? "at once" : `+${humanDuration(item.after_ms)}`,
    localText(item.at, "UTC"),
    `level ${item.level}${item.repeat > 0 ? `, repeat ${item.repeat}` : ""}`,
    item.person.email,
    `${item.method} (${item.channel})`,
  ]);
  return [
    `An incident that opens at ${localText(at, "UTC")} UTC, ${policy ? `under escalation policy "${policy.slug}"` : "without an escalation policy"}:`,
    rows.length > 0
      ? table(["AFTER", "AT (UTC)", "LEVEL", "PERSON", "METHOD"], rows)
      : "Nobody would be paged.",
    notes.map((note) => `${localText(note.at, "UTC")}  ${note.text}`).join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}
