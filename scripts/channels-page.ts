import { channels } from "../src/page/channels/index.ts";
import { findProviderKind } from "../src/page/providers/index.ts";
import type { AnyProviderKind } from "../src/page/providers/kind.ts";

const HEAD = `# Channels

A person is reached by contact methods; notification rules say which one when, by urgency. Without rules, every verified
method is used at once: a missing rule is never the reason that a page goes nowhere.

Every attempt is on the incident, under the person: when, which way, what the provider said. A refusal moves on to the
person's next method at once, and so does a receipt that was promised and doesn't come; a failure that may pass is tried
again for as long as the page is wanted, at most a minute apart. Messages are delivered at least once, and every try of one carries the same delivery id. A new address is verified by
a code sent to it, or by a code sent from it; in applied configuration it counts as verified by the operator.

Channels that go through somebody else need a **provider**, an account there. It is set up under Settings → Providers, in
[configuration as code](configuration.md), or by environment variables. Of several of one kind the first that works carries
the message; one that has failed five times in a row rests for half a minute. Nobody is called faster than their
documentation allows: what is too much waits in line, urgent pages first, and the ledger says so. When a message has failed
twice, or for five seconds, the person's next method rings beside it; pages of a channel that is stuck for a minute take another one, and an alert says so.

In words people answer: \`ack 12\`, \`4 12\`, \`12a\`, \`a\` (what you were paged for last), \`ack all\`, \`resolve 12\`, \`escalate 12\`,
\`can't 12\`, \`snooze 12 30m\`, \`note 12 TEXT\`, \`reassign 12 NAME\`, \`list\`, \`help\`. Case, quotes and spaces don't matter. An
answer that comes twice is carried out once; one that comes late is told the truth. Answers count only from whoever the
contact method belongs to.

Made from the channels themselves by \`npm run docs\`; change them there.
`;

const RECEIPTS = {
  none: "no receipt: accepted is the last word",
  delivered: "tells when a message has arrived, and when it has not",
  seen: "tells when a message has been seen",
} as const;

const ANSWERS = {
  none: "",
  outbound: "Answers are asked for: nothing has to reach Keepwatch from outside.",
  inbound: "Answers come by the provider's calling Keepwatch at an address that can be reached from outside.",
} as const;

/** docs/channels.md: every channel's own words, with the providers that it goes through. */
export function channelsPage(): string {
  const told = new Set<string>();
  const sections = channels.map((channel) => {
    const { id, label, docs, receipt, receiptWithinMs, wakes, providers } = channel.any;
    const waits = receiptWithinMs ? `; waited for ${receiptWithinMs / 1_000} s` : "";
    const facts = `\`${id}\` · ${RECEIPTS[receipt]}${waits} · ${wakes ? "can wake somebody" : "wakes nobody whose telephone is silent"}`;
    const accounts = providers.flatMap((kind) => provider(findProviderKind(kind), told));
    return [`## ${label}`, facts, docs.trim(), ...accounts].join("\n\n");
  });
  return `${[HEAD.trim(), ...sections].join("\n\n")}\n`;
}

/** A provider is described with the first channel that goes through it. */
function provider(kind: AnyProviderKind | undefined, told: Set<string>): string[] {
  if (!kind) return [];
  if (told.has(kind.id)) return [`Goes through the provider \`${kind.id}\`, described above.`];
  told.add(kind.id);
  const settings = kind.form.map(
    ({ name, help, required }) =>
      `| \`${name}\`${required ? "*" : ""} | ${kind.environment[name] ? `\`${kind.environment[name]}\`` : ""} | ${help} |`,
  );
  return [
    `### Provider: ${kind.label} (\`${kind.id}\`)`,
    kind.docs.trim(),
    ...(kind.make ? [] : accountLines(kind, settings)),
  ];
}

/** What somebody has to bring, where Keepwatch doesn't make it itself. */
const accountLines = (kind: AnyProviderKind, settings: readonly string[]): string[] =>
  [
    ANSWERS[kind.answers],
    ["| setting | environment variable | |", "| --- | --- | --- |", ...settings].join("\n"),
  ].filter((line) => line !== "");
