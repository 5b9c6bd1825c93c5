import type { OnCallJson } from "../oncall/on-call.ts";
import { requireClient } from "./client.ts";
import { type Command, readArgs } from "./command.ts";
import { localText, readInstant, table } from "./text.ts";

export const oncall: Command = {
  name: "oncall",
  usage: "[--at T] [--json]",
  summary: "Who is on call, now or at a given instant",
  async run(context) {
    const { values } = readArgs(context.args, {
      at: { type: "string" },
      json: { type: "boolean", default: false },
    });
    const query = values.at === undefined ? "" : `?at=${encodeURIComponent(readInstant(values.at, "--at"))}`;
    const client = await requireClient(context);
    const answer = await client.get<OnCallJson>(`/oncall${query}`);
    if (values.json) context.print(JSON.stringify(answer, null, 2));
    else if (answer.items.length === 0) context.print("There is no schedule yet.");
    else context.print(table(["SCHEDULE", "ON CALL", "UNTIL", "NEXT"], answer.items.map(row)));
    return 0;
  },
};

const row = ({ schedule, users, until, next, time_zone }: OnCallJson["items"][number]): string[] => [
  schedule,
  users.join(", ") || "nobody",
  until === null ? "no change in sight" : `${localText(until, time_zone)} ${time_zone}`,
  next.join(", ") || "nobody",
];
