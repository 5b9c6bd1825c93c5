import type { SilenceJson } from "../alert/silence/schema.ts";
import { StartError } from "../platform/start-error.ts";
import { ApiError, type Client, requireClient } from "./client.ts";
import { type Command, readArgs, UsageError } from "./command.ts";
import { readInstant } from "./text.ts";

const kindOptions = {
  service: { type: "boolean", default: false },
  monitor: { type: "boolean", default: false },
} as const;

export const mute: Command = {
  name: "mute",
  usage: "SERVICE|MONITOR (--for 30m | --until T) [--reason TEXT] [--service | --monitor] [--json]",
  summary: "Page nobody about a service or a monitor for a while, e.g. while you deploy",
  async run(context) {
    const options = {
      ...kindOptions,
      for: { type: "string" },
      until: { type: "string" },
      reason: { type: "string", default: "" },
      json: { type: "boolean", default: false },
    } as const;
    const { positionals, values } = readArgs(context.args, options, { min: 1 });
    if ((values.for === undefined) === (values.until === undefined))
      throw new UsageError("Say how long, with --for 30m or with --until and a time.");
    const howLong =
      values.until === undefined ? { for: values.for } : { until: readInstant(values.until, "--until") };
    const client = await requireClient(context);
    const path = await pathOf(client, positionals[0] ?? "", values);
    const silence = await client.send<SilenceJson>("POST", `${path}/mute`, {
      ...howLong,
      reason: values.reason,
    });
    context.print(
      values.json
        ? JSON.stringify(silence, null, 2)
        : `Muted ${silence.sentence} until ${silence.until}. Alerts are recorded and page nobody.`,
    );
    return 0;
  },
};

export const unmute: Command = {
  name: "unmute",
  usage: "SERVICE|MONITOR [--service | --monitor]",
  summary: "Page again about what was muted; what still fails pages at once",
  async run(context) {
    const { positionals, values } = readArgs(context.args, kindOptions, { min: 1 });
    const client = await requireClient(context);
    const slug = positionals[0] ?? "";
    await client.send("POST", `${await pathOf(client, slug, values)}/unmute`);
    context.print(`Unmuted ${slug}. What still fails pages now.`);
    return 0;
  },
};

/** A slug is a service's or a monitor's; when it is both, the caller says which is meant. */
async function pathOf(
  client: Client,
  slug: string,
  { service, monitor }: { service: boolean; monitor: boolean },
): Promise<string> {
  if (service && monitor) throw new UsageError("--service or --monitor, not both.");
  const ofService = `/services/${encodeURIComponent(slug)}`;
  const ofMonitor = `/monitors/${encodeURIComponent(slug)}`;
  if (service) return ofService;
  if (monitor) return ofMonitor;
  const isService = await exists(client, ofService);
  const isMonitor = await exists(client, ofMonitor);
  if (isService !== isMonitor) return isService ? ofService : ofMonitor;
  if (isService)
    throw new StartError(
      `"${slug}" is a service and a monitor.`,
      "Say which one is meant with --service (all of its monitors) or --monitor.",
    );
  throw new StartError(
    `There is no service and no monitor "${slug}".`,
    "Use the slug, which stands in its page's address.",
  );
}

async function exists(client: Client, path: string): Promise<boolean> {
  try {
    await client.get(path);
    return true;
  } catch (error) {
    if (error instanceof ApiError && error.status === 404) return false;
    throw error;
  }
}
