import type { Check } from "../watch/schema.ts";
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
    const result = await client.send<Check>("POST", `/monitors/${slug}/check`);
    context.print(values.json ? JSON.stringify(result, null, 2) : checkText(result));
    return result.status === "up" || result.status === "degraded" ? 0 : 1;
  },
};

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
