import { sources } from "../src/alert/sources/index.ts";
import type { AnySource } from "../src/alert/sources/source.ts";

const HEAD = `# Integrations

What others watch pages here, too. An integration is an address with a key; its kind says which payload it reads. It is made
under Settings → Integrations, by \`POST /api/v1/integrations\`, or in [configuration as code](configuration.md#integrations).

A sender is answered once what it sent is on disk. Requests that arrive together share one commit, so that durability doesn't
cost throughput. Bodies may be 512 KB, packed by gzip, deflate or brotli or not (413 beyond), and each key may send
\`rate_limit\` requests a minute (429 with \`Retry-After\` beyond). Everything that came is kept as it came for 30 days, or until
there are 2 GB of it, with what it became: the integration's page shows it, without the key, to those who may change it.

**One problem, one alert.** Alerts are told apart by integration and deduplication key. A trigger for a key that fires is the
same alert with newer words; a resolve ends it; an acknowledgement acknowledges its incident in the integration's name; a
trigger after a resolve is a new incident. Where the source tells its own time of an event, one that comes late changes
nothing; only the source's own times are compared with each other, so that no difference of clocks swallows an alert. With
\`auto_resolve_after\`, an alert of which nothing was heard for so long is resolved; time in which Keepwatch wasn't listening
doesn't count.

**What can't be read** is answered with 422, kept and shown, and raises one low-urgency alert for the integration, until it can
be read again. A paused integration takes everything and does nothing with it.

**Severity.** Words that are known by themselves, in any case:

| severity | words |
| --- | --- |
| SEV1 | critical, page, fatal, emergency, disaster, P1 |
| SEV2 | error, high, major, urgent, severe, P2 |
| SEV3 | warning, average, medium, moderate, minor, P3; and what says nothing |
| SEV4 | low, P4; info, information and notice, with low urgency |
| SEV5 | debug, P5, with low urgency |

\`severities\` on the integration says otherwise, \`severity\` and \`urgency\` what holds where nothing is said; urgency is else the
service's.

**Services.** Alerts belong to the integration's service, unless an event names another one that the whole company may see or
that is of the same team.

**Changes** (deploys, flags) page nobody. They are kept for 90 days and listed by \`GET /api/v1/change-events?service=\`.

Made from the kinds themselves by \`npm run docs\`; change them there.
`;

/** docs/integrations.md: every kind's own words, with its set-up and what it reads. */
export function integrationsPage(): string {
  return `${[HEAD.trim(), ...sources.map(section)].join("\n\n")}\n`;
}

const AT = { home: "https://keepwatch.example.com", url: "https://keepwatch.example.com/in/KEY", key: "KEY" };

function section({ kind, title, docs, setup, form, doors = [] }: AnySource): string {
  const addresses = ["`/in/{key}`", ...doors.map(({ url }) => `\`${url}\``)].join(", ");
  const settings = form.map(({ name, help = "" }) => `| \`${name}\` | ${help} |`);
  return [
    `## ${title}`,
    `\`${kind}\` · ${addresses}`,
    docs.trim(),
    setup(AT).trim(),
    ...(settings.length > 0 ? [["| setting | |", "| --- | --- |", ...settings].join("\n")] : []),
  ].join("\n\n");
}
