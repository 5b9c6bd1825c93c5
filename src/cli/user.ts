import type { z } from "zod";
import type { resetLink, userMade, user as userSchema } from "../org/schema.ts";
import { requireClient } from "./client.ts";
import { type Command, type CommandContext, type ExitCode, readArgs, UsageError } from "./command.ts";
import { localText, table } from "./text.ts";

type User = z.infer<typeof userSchema>;
const JSON_OPTION = { json: { type: "boolean", default: false } } as const;

const verbs: Record<string, (context: CommandContext) => Promise<ExitCode>> = {
  async list(context) {
    const { values } = readArgs(context.args, JSON_OPTION);
    const client = await requireClient(context);
    const items = await client.all<User>("/users?active=all");
    const rows = items.map((each) => [
      each.email,
      each.name,
      each.active ? each.role : "deactivated",
      each.time_zone,
      each.teams.map((team) => team.slug).join(", "),
      each.invited ? "has no password yet" : "",
    ]);
    context.print(
      values.json
        ? JSON.stringify({ items }, null, 2)
        : table(["EMAIL", "NAME", "ROLE", "TIME ZONE", "TEAMS", ""], rows),
    );
    return 0;
  },

  async add(context) {
    const options = {
      ...JSON_OPTION,
      name: { type: "string" },
      role: { type: "string", default: "responder" },
      "time-zone": { type: "string", default: "UTC" },
    } as const;
    const { positionals, values } = readArgs(context.args, options, { min: 1 });
    const email = positionals[0] ?? "";
    const client = await requireClient(context);
    const made = await client.send<z.infer<typeof userMade>>("POST", "/users", {
      email,
      name: values.name ?? email.split("@")[0],
      role: values.role,
      time_zone: values["time-zone"],
    });
    const { url, expires_at: end, mailed } = made.invitation;
    const handed = mailed
      ? "An invitation was mailed; this is its link:"
      : "No mail was sent. Hand them this link:";
    context.print(
      values.json
        ? JSON.stringify(made, null, 2)
        : `${made.email} is a ${made.role} now. ${handed}\n${url}\nIt works once, until ${localText(end, "UTC")} UTC.`,
    );
    return 0;
  },

  async reset(context) {
    const { positionals, values } = readArgs(context.args, JSON_OPTION, { min: 1 });
    const email = positionals[0] ?? "";
    const client = await requireClient(context);
    const path = `/users/${encodeURIComponent(email)}/reset-link`;
    const made = await client.send<z.infer<typeof resetLink>>("POST", path);
    context.print(
      values.json
        ? JSON.stringify(made, null, 2)
        : `With this link ${email} chooses a new password. It works once, until ${localText(made.expires_at, "UTC")} UTC:\n${made.url}`,
    );
    return 0;
  },
};

export const user: Command = {
  name: "user",
  usage:
    "list [--json] | add EMAIL [--name NAME] [--role admin|responder|viewer] [--time-zone ZONE] [--json] | reset EMAIL [--json]",
  summary: "List people, add one, reset a password",
  run(context) {
    const [name = "", ...args] = context.args;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb)
      throw new UsageError(name ? `"${name}" is not list, add or reset.` : "Say list, add or reset.");
    return verb({ ...context, args });
  },
};
