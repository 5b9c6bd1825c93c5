import type { z } from "zod";
import type { apiToken, apiTokenMade } from "../org/schema.ts";
import { later, systemClock } from "../platform/clock.ts";
import { parseDuration } from "../platform/duration.ts";
import { requireClient } from "./client.ts";
import { type Command, type CommandContext, type ExitCode, readArgs, UsageError } from "./command.ts";
import { localText, readInstant, table } from "./text.ts";

type Token = z.infer<typeof apiToken>;
const JSON_OPTION = { json: { type: "boolean", default: false } } as const;

const day = (instant: string | null, otherwise: string): string =>
  instant === null ? otherwise : localText(instant, "UTC");

const verbs: Record<string, (context: CommandContext) => Promise<ExitCode>> = {
  async list(context) {
    const { values } = readArgs(context.args, JSON_OPTION);
    const client = await requireClient(context);
    const { items } = await client.get<{ items: Token[] }>("/tokens");
    const rows = items.map((each) => [
      each.id,
      each.name,
      each.role,
      each.team?.slug ?? "",
      each.created_by,
      day(each.expires_at, "never"),
      day(each.last_used_at, "never"),
    ]);
    const head = ["ID", "NAME", "ROLE", "TEAM", "MADE BY", "EXPIRES (UTC)", "LAST USED (UTC)"];
    context.print(values.json ? JSON.stringify({ items }, null, 2) : table(head, rows));
    return 0;
  },

  async create(context) {
    const options = {
      ...JSON_OPTION,
      role: { type: "string", default: "responder" },
      team: { type: "string" },
      expires: { type: "string" },
    } as const;
    const { positionals, values } = readArgs(context.args, options, { min: 1 });
    const expires_at = values.expires === undefined ? null : readExpiry(values.expires);
    const client = await requireClient(context);
    const made = await client.send<z.infer<typeof apiTokenMade>>("POST", "/tokens", {
      name: positionals[0],
      role: values.role,
      team: values.team ?? null,
      expires_at,
    });
    context.print(
      values.json
        ? JSON.stringify(made, null, 2)
        : `${made.token}\nA ${made.role}'s token, ${made.expires_at ? `good until ${localText(made.expires_at, "UTC")} UTC` : "good until it is revoked"}. It is shown this once.`,
    );
    return 0;
  },

  async revoke(context) {
    const { positionals, values } = readArgs(context.args, JSON_OPTION, { min: 1 });
    const client = await requireClient(context);
    const id = positionals[0] ?? "";
    await client.send("DELETE", `/tokens/${encodeURIComponent(id)}`);
    context.print(values.json ? JSON.stringify({ revoked: id }) : `Revoked ${id}. It works no longer.`);
    return 0;
  },
};

/** A duration from now, such as 30d, or an instant. */
function readExpiry(text: string): string {
  const ms = parseDuration(text);
  return ms === undefined ? readInstant(text, "--expires") : later(systemClock.now(), ms).toString();
}

export const token: Command = {
  name: "token",
  usage:
    "list [--json] | create NAME [--role admin|responder|viewer] [--team SLUG] [--expires 30d] [--json] | revoke ID [--json]",
  summary: "List, make and revoke API tokens",
  run(context) {
    const [name = "", ...args] = context.args;
    const verb = Object.hasOwn(verbs, name) ? verbs[name] : undefined;
    if (!verb)
      throw new UsageError(name ? `"${name}" is not list, create or revoke.` : "Say list, create or revoke.");
    return verb({ ...context, args });
  },
};
