import { stringify } from "yaml";
import { humanDuration } from "../platform/duration.ts";
import type { ActionItem } from "./action-item-list.ts";
import type { Facts, SectionName } from "./schema.ts";
import { sectionNames } from "./schema.ts";
import type { PostmortemJson } from "./show.ts";
import { fullTime, plain } from "./words.ts";

const HEADINGS: Record<SectionName, string> = {
  summary: "Summary",
  impact: "Impact",
  detection: "Detection",
  response: "Response",
  causes: "Causes",
  resolution: "Resolution",
  lessons_well: "What went well",
  lessons_poorly: "What went poorly",
  lessons_lucky: "Where we were lucky",
};

/** The whole postmortem as one Markdown document: YAML front matter, facts, sections, timeline, actions as a checklist. */
export function toMarkdown(postmortem: PostmortemJson): string {
  const parts = [
    frontMatter(postmortem),
    `# ${plain(postmortem.title)}`,
    postmortem.headline.trim() === "" ? "" : `> ${plain(postmortem.headline)}`,
    factsTable(postmortem),
    ...sectionNames.map((name) => section(name, postmortem.sections[name])),
    timelineTable(postmortem.facts),
    checklist(postmortem.action_items),
  ];
  return `${parts.filter((part) => part !== "").join("\n\n")}\n`;
}

/** A name for the file, made of the number and the title's plain letters. */
export function fileName({ number, title }: Pick<PostmortemJson, "number" | "title">): string {
  const words = title
    .normalize("NFKD")
    .toLowerCase()
    .replace(/[\u0300-\u036f]/g, "")
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "")
    .slice(0, 60)
    .replace(/-+$/, "");
  return `postmortem-${number}${words === "" ? "" : `-${words}`}.md`;
}

function frontMatter(postmortem: PostmortemJson): string {
  const { facts } = postmortem;
  const fields = {
    title: postmortem.title,
    number: postmortem.number,
    state: postmortem.state,
    severity: postmortem.severity,
    service: postmortem.service?.slug ?? null,
    services: facts.services.map(({ slug }) => slug),
    incidents: postmortem.incidents.map(({ number }) => number),
    started_at: facts.started_at,
    detected_at: facts.detected_at,
    acknowledged_at: facts.acknowledged_at,
    resolved_at: facts.resolved_at,
    author: postmortem.author?.name ?? null,
    tags: postmortem.tags,
    published_at: postmortem.published_at,
    url: postmortem.url,
  };
  return `---\n${stringify(fields, { lineWidth: 0 })}---`;
}

const instant = (text: string | null): string =>
  text === null ? "unknown" : fullTime(Temporal.Instant.from(text));
const duration = (ms: number | null): string => (ms === null ? "unknown" : humanDuration(ms));

function factsTable({ facts, severity, incidents }: PostmortemJson): string {
  const paged = facts.paged.map(
    ({ name, level, answered }) => `${plain(name)} (level ${level}${answered ? ", answered" : ""})`,
  );
  const checks = facts.total_checks === 0 ? "unknown" : `${facts.failed_checks} of ${facts.total_checks}`;
  return table(
    ["Fact", "Value"],
    [
      ["Incidents", incidents.map(({ number }) => `#${number}`).join(", ")],
      ["Severity", severity],
      ["Services", facts.services.map(({ name }) => plain(name)).join(", ") || "unknown"],
      ["Started", instant(facts.started_at)],
      ["Detected", instant(facts.detected_at)],
      ["Acknowledged", instant(facts.acknowledged_at)],
      ["Resolved", instant(facts.resolved_at)],
      ["Duration", duration(facts.duration_ms)],
      ["Time to detect", duration(facts.detect_ms)],
      ["Time to acknowledge", duration(facts.acknowledge_ms)],
      ["Time to resolve", duration(facts.resolve_ms)],
      ["Failed checks", checks],
      ["Paged", paged.join(", ") || "nobody"],
    ],
  );
}

const section = (name: SectionName, text: string | undefined): string =>
  (text ?? "").trim() === "" ? "" : `## ${HEADINGS[name]}\n\n${(text ?? "").trim()}`;

function timelineTable({ timeline }: Facts): string {
  if (timeline.length === 0) return "";
  const rows = timeline.map(({ at, actor, text, starred }) => [
    instant(at),
    plain(actor),
    `${starred ? "★ " : ""}${plain(text)}`,
  ]);
  return `## Timeline\n\n${table(["Time", "Who", "What"], rows)}`;
}

/** Cells are plain text already: no line ends and no bare pipes. */
const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

function checklist(items: readonly ActionItem[]): string {
  if (items.length === 0) return "";
  return `## Action items\n\n${items.map(checkbox).join("\n")}`;
}

function checkbox(item: ActionItem): string {
  const details = [
    item.type,
    `${item.priority} priority`,
    item.owner ? `owner ${plain(item.owner.name)}` : "no owner",
    item.due ? `due ${item.due}` : "",
    item.guard ? `guarded by ${plain(item.guard.monitor.name)}` : "",
    item.state === "wont_do" ? `won't do: ${plain(item.reason ?? "no reason given")}` : "",
  ].filter((detail) => detail !== "");
  const title = item.state === "wont_do" ? `~~${plain(item.title)}~~` : plain(item.title);
  return `- [${item.state === "done" ? "x" : " "}] ${title} (${details.join("; ")})`;
}
