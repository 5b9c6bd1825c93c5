import { statfs } from "node:fs/promises";
import type { z } from "zod";
import type { Service } from "../catalog/schema.ts";
import type { OnCallJson } from "../oncall/on-call.ts";
import type { policy, shifts } from "../oncall/schema.ts";
import type { Me } from "../org/schema.ts";
import type { ContactMethodJson } from "../page/schema.ts";
import type { Readiness } from "../platform/readiness.ts";
import { type Client, connectClient } from "./client.ts";
import { type Command, type CommandContext, readArgs } from "./command.ts";
import { count, localText } from "./text.ts";

/** One thing that was looked at. `problem`: pages may not go out; `warning`: somebody should know. */
export interface Finding {
  what: string;
  state: "ok" | "warning" | "problem";
  text: string;
}

const GAP_DAYS = 14;
const LEAST_FREE_BYTES = 1024 ** 3;

const ok = (what: string, text: string): Finding => ({ what, state: "ok", text });
const warning = (what: string, text: string): Finding => ({ what, state: "warning", text });
const problem = (what: string, text: string): Finding => ({ what, state: "problem", text });

async function parts(client: Client): Promise<Finding[]> {
  const response = await fetch(`${client.url}/readyz`);
  const state = (await response.json()) as Readiness;
  return Object.entries(state.parts).map(([name, told]) =>
    told === "ready" ? ok(name, "ready") : problem(name, told),
  );
}

async function installation(client: Client): Promise<Finding[]> {
  const { installation: found } = await client.get<Me>("/me");
  const host = new URL(found.url).hostname;
  const loopback = /^(localhost|127\.|\[::1\])/.test(host);
  return [
    found.mail
      ? ok("mail", "a mail server is configured")
      : warning("mail", "no mail server: invitations and pages by mail can't go out; set KEEPWATCH_SMTP_URL"),
    loopback
      ? warning(
          "address",
          `links lead to ${found.url}, which opens on this machine alone; set KEEPWATCH_URL to what phones can reach`,
        )
      : ok("address", `links lead to ${found.url}`),
    ...(found.paging_paused
      ? [
          problem(
            "paging",
            `paused by ${found.paging_paused.by} until ${localText(found.paging_paused.until, "UTC")} UTC`,
          ),
        ]
      : []),
  ];
}

async function gaps(client: Client): Promise<Finding[]> {
  const policies = await client.all<z.output<typeof policy>>("/escalation-policies");
  const targets = policies.flatMap(({ levels, fallback }) => [
    ...levels.flatMap((level) => level.targets),
    ...fallback,
  ]);
  const used = new Set(targets.flatMap((target) => ("schedule" in target ? [target.schedule] : [])));
  const { at, items } = await client.get<OnCallJson>("/oncall");
  const to = Temporal.Instant.from(at).add({ hours: 24 * GAP_DAYS });
  const found: Finding[] = [];
  for (const { schedule, time_zone: zone } of items.filter((item) => used.has(item.schedule))) {
    const answer = await client.get<z.output<typeof shifts>>(
      `/schedules/${encodeURIComponent(schedule)}/shifts?from=${at}&to=${to}`,
    );
    const [first] = answer.gaps;
    if (!first) continue;
    const more = answer.gaps.length > 1 ? `, the first of ${answer.gaps.length} gaps` : "";
    const span = `${localText(first.from, zone)} – ${localText(first.to, zone)} ${zone}`;
    found.push(warning(`schedule ${schedule}`, `nobody is on call ${span}${more}`));
  }
  return found.length > 0
    ? found
    : [
        ok(
          "schedules",
          `no gaps in the next ${GAP_DAYS} days in ${count(used.size, "schedule")} that policies use`,
        ),
      ];
}

async function services(client: Client): Promise<Finding[]> {
  const all = await client.all<Service>("/services");
  const without = all.filter((service) => service.escalation_policy === null);
  return without.length > 0
    ? without.map(({ slug }) =>
        warning(`service ${slug}`, "has no escalation policy: its incidents page the administrators"),
      )
    : [ok("services", `${count(all.length, "service")}, each with an escalation policy`)];
}

async function reachability(client: Client): Promise<Finding[]> {
  const { items } = await client.get<OnCallJson>("/oncall");
  const onCall = [...new Set(items.flatMap((item) => item.users))].sort();
  const found: Finding[] = [];
  for (const email of onCall) {
    const path = `/users/${encodeURIComponent(email)}/contact-methods`;
    const { items: methods } = await client.get<{ items: ContactMethodJson[] }>(path);
    const usable = methods.filter((method) => method.verified_at !== null && method.disabled === null);
    if (usable.length === 0)
      found.push(problem(`person ${email}`, "is on call and has no contact method that can be used"));
  }
  return found.length > 0
    ? found
    : [ok("people", `${count(onCall.length, "person")} on call, all reachable`)];
}

async function disk(context: CommandContext): Promise<Finding[]> {
  const { dataDir } = context.environment();
  try {
    const { bavail, bsize } = await statfs(dataDir);
    const free = bavail * bsize;
    const text = `${(free / 1024 ** 3).toFixed(1)} GB free where ${dataDir} is`;
    return [free < LEAST_FREE_BYTES ? problem("disk", text) : ok("disk", text)];
  } catch {
    // The server's data directory is on another machine.
    return [];
  }
}

async function examine(context: CommandContext): Promise<Finding[]> {
  const client = await connectClient(context);
  const { url } = context.environment();
  if (!client) {
    const text = `no Keepwatch answers at ${url}; start it with \`npm start\`, or set KEEPWATCH_URL to where it runs`;
    return [problem("server", text), ...(await disk(context))];
  }
  const found = [ok("server", `answers at ${url}`)];
  for (const look of [parts, installation, services, gaps, reachability]) found.push(...(await look(client)));
  return [...found, ...(await disk(context))];
}

const SIGNS = { ok: "ok      ", warning: "warning ", problem: "PROBLEM " } as const;

export const doctor: Command = {
  name: "doctor",
  usage: "[--json]",
  summary: "Look for what is wrong; exit status 1 when something is that keeps pages from going out",
  async run(context) {
    const { values } = readArgs(context.args, { json: { type: "boolean", default: false } });
    const items = await examine(context);
    context.print(
      values.json
        ? JSON.stringify({ items }, null, 2)
        : items.map(({ what, state, text }) => `${SIGNS[state]} ${what}: ${text}`).join("\n"),
    );
    return items.some((item) => item.state === "problem") ? 1 : 0;
  },
};
