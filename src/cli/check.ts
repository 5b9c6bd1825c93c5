import { humanDuration } from "../platform/duration.ts";
import type { Heartbeat } from "../watch/heartbeat/routes.ts";
import type { Check, Monitor } from "../watch/schema.ts";
import { requireClient } from "./client.ts";
import { type Command, readArgs } from "./command.ts";

export const check: Command = {
  name: "check",
  usage: "MONITOR [--json]",
  summary: "Run a monitor's check once and print all of it; exit status 1 unless it is up or degraded",
  async run(context) {
    const options = { json: { type: "boolean", default: false } } as const;
    const { positionals, values } = readArgs(context.args, options, { min: 1 });
    const client = await requireClient(context);
    const slug = encodeURIComponent(positionals[0] ?? "");
    const { kind } = await client.get<Monitor>(`/monitors/${slug}`);
    const result = await client.send<Check>("POST", `/monitors/${slug}/check`);
    // Nobody goes to look at a heartbeat: what it said itself is what there is to see.
    const heartbeat =
      kind === "heartbeat" ? await client.get<Heartbeat>(`/monitors/${slug}/heartbeat`) : undefined;
    const { pings = [], expected_at, due_at, running_since, next_runs } = heartbeat ?? {};
    const told = heartbeat && {
      expected_at,
      due_at,
      running_since,
      next_runs,
      pings: pings.slice(0, SHOWN_PINGS),
    };
    if (values.json) context.print(JSON.stringify(told ? { ...result, heartbeat: told } : result, null, 2));
    else context.print([checkText(result), ...(heartbeat ? heartbeatLines(heartbeat) : [])].join("\n"));
    return result.status === "up" || result.status === "degraded" ? 0 : 1;
  },
};

const SHOWN_PINGS = 5;

/** When the next ping is wanted, and the last ones with what came along. */
function heartbeatLines({ expected_at, due_at, running_since, pings }: Heartbeat): string[] {
  return [
    "",
    ...(running_since ? [`running since ${running_since}`] : []),
    ...(expected_at ? [`next ping expected ${expected_at}, missed from ${due_at ?? "?"}`] : []),
    ...(pings.length === 0 ? ["no ping yet"] : ["last pings:"]),
    ...pings.slice(0, SHOWN_PINGS).map((ping) => {
      const words = [
        ping.kind,
        ping.exit_status === null ? "" : `exit status ${ping.exit_status}`,
        ping.duration_ms === null ? "" : `took ${humanDuration(ping.duration_ms)}`,
        ping.body
          ?.split("\n")
          .find((line) => line.trim() !== "")
          ?.trim()
          .slice(0, 120) ?? "",
      ];
      return `  ${ping.at}  ${words.filter(Boolean).join(", ")}`;
    }),
  ];
}

function checkText({ at, status, reason, cause, timings, evidence }: Check): string {
  const times = Object.entries(timings).flatMap(([phase, ms]) =>
    ms === null ? [] : [`${phase.replace("_", " ")} ${Math.round(ms * 10) / 10} ms`],
  );
  const lines = [`${status}: ${reason}`, `at ${at}, cause ${cause}`, times.join(", ")];
  if (!evidence) return lines.filter(Boolean).join("\n");
  const {
    expectations = [],
    addresses = [],
    remote,
    certificate,
    redirects = [],
    headers = {},
    body,
  } = evidence;
  lines.push(
    "",
    ...expectations.map(
      ({ ok, what, wanted, got }) => `${ok ? "ok  " : "FAIL"} [${what}] wanted ${wanted}, got ${got}`,
    ),
  );
  if (addresses.length > 0)
    lines.push(`addresses: ${addresses.join(", ")}${remote ? `; used ${remote}` : ""}`);
  if (redirects.length > 0) lines.push(`redirects: ${redirects.join(" → ")}`);
  if (certificate) {
    const { subject, issuer, valid_to, days_left } = certificate;
    lines.push(
      `certificate: ${subject}, by ${issuer}, until ${valid_to} (${Math.floor(days_left)} days left)`,
    );
  }
  const shown = Object.entries(headers).map(([name, value]) => `${name}: ${value}`);
  if (shown.length > 0) lines.push("", ...shown);
  if (body) lines.push("", body);
  return lines.join("\n");
}
