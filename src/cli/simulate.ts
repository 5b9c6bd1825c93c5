import type { SimulationJson } from "../oncall/simulation.ts";
import { humanDuration } from "../platform/duration.ts";
import { requireClient } from "./client.ts";
import { type Command, readArgs, UsageError } from "./command.ts";
import { localText, table } from "./text.ts";

export const simulate: Command = {
  name: "simulate",
  usage:
    '--service S [--at T] [--time-zone Z] [--answer "ada@example.com acknowledge 3m" ...] [--hours N] [--urgency high|low] [--severity SEV3] [--json]',
  summary: "Who would be paged, when and how, if nobody answered or with given answers",
  async run(context) {
    const { values } = readArgs(context.args, {
      service: { type: "string" },
      at: { type: "string" },
      "time-zone": { type: "string" },
      answer: { type: "string", multiple: true, default: [] },
      hours: { type: "string", default: "4" },
      urgency: { type: "string" },
      severity: { type: "string" },
      json: { type: "boolean", default: false },
    });
    if (!values.service) throw new UsageError("Name the service with --service SLUG.");
    const hours = Number(values.hours);
    if (!(hours >= 0.1 && hours <= 72))
      throw new UsageError(`--hours ${values.hours} is not between 0.1 and 72.`);
    const answers = values.answer.map(readAnswer);
    const client = await requireClient(context);
    const { service, at, urgency, severity, "time-zone": time_zone } = values;
    const question = { service, at, time_zone, hours, urgency, severity, answers };
    const answer = await client.send<SimulationJson>("POST", "/simulate", question);
    context.print(values.json ? JSON.stringify(answer, null, 2) : simulationText(answer, time_zone ?? "UTC"));
    return 0;
  },
};

/** `ada@example.com acknowledge 3m`: the verb may be left out, and so may the wait. */
function readAnswer(text: string): { person: string; does?: string; after?: string } {
  const [person, ...rest] = text.trim().split(/\s+/);
  const does = rest.find((word) => /^[a-z]+$/i.test(word));
  const after = rest.find((word) => /^\d/.test(word));
  if (!person?.includes("@") || rest.length > 2 || rest.some((word) => word !== does && word !== after))
    throw new UsageError(
      `--answer "${text}" is not an answer. Write who, what and how long after their page: "ada@example.com acknowledge 3m".`,
    );
  return { person, ...(does ? { does } : {}), ...(after ? { after } : {}) };
}

function simulationText({ at, held_until, policy, items, notes }: SimulationJson, zone: string): string {
  const rows = items.map((item) => [
    item.after_ms === 0 ? "at once" : `+${humanDuration(item.after_ms)}`,
    localText(item.at, zone),
    `level ${item.level}${item.repeat > 0 ? `, repeat ${item.repeat}` : ""}`,
    item.person.email,
    `${item.method} (${item.channel})${item.waits ? `; ${item.waits}` : ""}`,
  ]);
  return [
    `An incident that opens at ${localText(at, zone)} ${zone}, ${policy ? `under escalation policy "${policy.slug}"` : "without an escalation policy"}:`,
    held_until ? `It is held until ${localText(held_until, zone)} ${zone}, when support hours begin.` : "",
    rows.length > 0
      ? table(["AFTER", `AT (${zone})`, "LEVEL", "PERSON", "METHOD"], rows)
      : "Nobody would be paged.",
    notes.map((note) => `${localText(note.at, zone)}  ${note.text}`).join("\n"),
  ]
    .filter(Boolean)
    .join("\n\n");
}
