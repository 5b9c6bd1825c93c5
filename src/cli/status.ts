import { requireClient } from "./client.ts";
import { type Command, readArgs, UsageError } from "./command.ts";

const STATUSES = ["up", "degraded", "down"];

export const status: Command = {
  name: "status",
  usage: "MONITOR up|degraded|down [--reason TEXT] [--for 2h]",
  summary: "Say how a manual monitor is, e.g. from a script; down and degraded need a reason",
  async run(context) {
    const options = { reason: { type: "string", default: "" }, for: { type: "string" } } as const;
    const { positionals, values } = readArgs(context.args, options, { min: 2 });
    const [slug = "", said = ""] = positionals;
    if (!STATUSES.includes(said)) throw new UsageError("A monitor is set to up, degraded or down.");
    if (said !== "up" && values.reason.trim() === "")
      throw new UsageError(`Say why it is ${said}, with --reason: whoever is paged reads it.`);
    const client = await requireClient(context);
    await client.send("POST", `/monitors/${encodeURIComponent(slug)}/status`, {
      ...{ status: said, reason: values.reason },
      ...(values.for === undefined ? {} : { for: values.for }),
    });
    const then = said === "up" ? "unknown" : "up";
    context.print(
      values.for === undefined
        ? `${slug} is ${said}, until it is set again.`
        : `${slug} is ${said} for ${values.for}, then ${then}.`,
    );
    return 0;
  },
};
