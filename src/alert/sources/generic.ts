import { z } from "zod";
import { type Fields, firstText, linkOf, objectOf, textOf, timeOf } from "./fields.ts";
import {
  defineSource,
  type Reading,
  type SourceChange,
  type SourceEvent,
  type SourceRequest,
} from "./source.ts";

const WORDS: Record<SourceEvent["action"], readonly string[]> = {
  trigger: [
    "trigger",
    "triggered",
    "firing",
    "fire",
    "alerting",
    "alert",
    "open",
    "opened",
    "down",
    "critical",
  ],
  acknowledge: ["acknowledge", "acknowledged", "ack"],
  resolve: ["resolve", "resolved", "ok", "okay", "close", "closed", "up", "recovered", "recovery", "normal"],
};
const ALSO_TRIGGER = ["error", "warning", "problem", "failed", "failing", "failure", "degraded", "new", ""];

/** Anything that can send a few fields: JSON, a form, or a line of text. */
export const generic = defineSource({
  kind: "generic",
  title: "Webhook",
  docs: "Reads a simple JSON object (or a list of them), a form, or plain text whose first line is the title.",
  settings: z.object({}).strict(),
  form: [],
  setup: ({ url }) => `Send a \`POST\`:

\`\`\`sh
curl ${url} -H 'content-type: application/json' \\
  -d '{"title": "Disk full on db-1", "severity": "critical", "dedup_key": "disk/db-1"}'
\`\`\`

and when it is over:

\`\`\`sh
curl ${url} -H 'content-type: application/json' -d '{"status": "resolved", "dedup_key": "disk/db-1"}'
\`\`\`

What it may hold:

- \`title\` (or \`summary\`, \`message\`): what is wrong; the only one that is needed
- \`status\`: \`firing\` unless given; \`acknowledged\`; \`resolved\`
- \`dedup_key\` (or \`key\`, \`id\`): what the problem is called; the title when there is none
- \`severity\`: \`SEV1\` to \`SEV5\`, or \`critical\`, \`error\`, \`warning\`, \`info\`; \`urgency\`: \`high\` or \`low\`
- \`description\`, \`labels\`, \`links\`, \`details\`: shown to whoever is paged; \`service\`: another service's slug
- \`at\`, \`started_at\` (RFC 3339): an event older than what was already said changes nothing
- \`type: change\`: a deploy, which pages nobody and is listed with its service`,
  read: readGeneric,
  examples: [
    {
      name: "A disk fills",
      body: {
        title: "Disk full on db-1",
        description: "97 % of /var is used",
        severity: "critical",
        dedup_key: "disk/db-1",
        labels: { host: "db-1" },
      },
      expect: [
        {
          action: "trigger",
          dedupKey: "disk/db-1",
          title: "Disk full on db-1",
          reason: "97 % of /var is used",
          severity: "critical",
          labels: { host: "db-1" },
        },
      ],
    },
    {
      name: "It is over",
      body: { status: "resolved", dedup_key: "disk/db-1" },
      expect: [{ action: "resolve", dedupKey: "disk/db-1" }],
    },
    {
      name: "A line of text",
      body: "The nightly import failed\nexit status 3",
      contentType: "text/plain",
      expect: [
        {
          action: "trigger",
          dedupKey: "The nightly import failed",
          title: "The nightly import failed",
          reason: "exit status 3",
        },
      ],
    },
    {
      name: "What curl -d sends when no type is given",
      body: "Backup of db-1 failed",
      contentType: "application/x-www-form-urlencoded",
      expect: [{ action: "trigger", dedupKey: "Backup of db-1 failed", title: "Backup of db-1 failed" }],
    },
    {
      name: "A deploy",
      body: { type: "change", summary: "shop 4711 deployed", url: "https://ci.example.com/4711" },
      expect: [],
      changes: 1,
    },
  ],
});

function readGeneric(request: SourceRequest): Reading {
  const items = itemsOf(request);
  if (typeof items === "string") return { notUnderstood: items };
  const events: SourceEvent[] = [];
  const changes: SourceChange[] = [];
  const refused: string[] = [];
  for (const [index, item] of items.entries()) {
    const read = readItem({ ...request.query, ...item });
    const where = items.length > 1 ? `[${index}]: ` : "";
    if ("notUnderstood" in read) return { notUnderstood: where + read.notUnderstood };
    if ("refused" in read) refused.push(...read.refused.map((each) => where + each));
    else if ("change" in read) changes.push(read.change);
    else events.push(read.event);
  }
  return refused.length > 0 ? { refused } : { events, changes };
}

/** The objects in the body; why there are none. */
function itemsOf({ json, form, text, query }: SourceRequest): readonly Fields[] | string {
  if (Array.isArray(json)) {
    const items = json.map(objectOf);
    return items.every((item) => item !== undefined) ? items : "a list may hold only objects";
  }
  const body = objectOf(json);
  const several = body && !firstText(body.title, body.summary) ? (body.events ?? body.alerts) : undefined;
  if (Array.isArray(several)) return itemsOf({ json: several, form, text, query } as SourceRequest);
  if (body) return [body];
  if (json !== undefined) return "the body is JSON, but neither an object nor a list of objects";
  const names = Object.keys(form ?? {});
  if (form && !(names.length === 1 && form[names[0] ?? ""] === "")) return [form];
  // curl sends text as a form when it isn't told otherwise: one name without a value.
  const [title = "", ...rest] = (form ? (names[0] ?? "") : text).trim().split(/\r?\n/);
  if (title === "" && Object.keys(query).length === 0) return "the body is empty";
  return [title === "" ? {} : { title, description: rest.join("\n").trim() }];
}

type ReadItem =
  | { event: SourceEvent }
  | { change: SourceChange }
  | { notUnderstood: string }
  | { refused: string[] };

function readItem(item: Fields): ReadItem {
  const refused = wrongTypes(item);
  if (refused.length > 0) return { refused };
  const title = firstText(item.title, item.summary, item.message, item.name, item.text);
  if (firstText(item.type, item.kind).toLowerCase() === "change")
    return title ? { change: changeOf(item, title) } : { notUnderstood: "a change needs a `summary`" };
  const said = firstText(item.status, item.action, item.event_action, item.state).toLowerCase();
  const action = actionOf(said);
  if (!action) return { refused: [`\`status\` is "${said}"; say firing, acknowledged or resolved`] };
  const dedupKey = firstText(
    item.dedup_key,
    item.key,
    item.dedup,
    item.incident_key,
    item.alias,
    item.id,
    title,
  );
  const at = timeOf(item.at ?? item.timestamp);
  if (!dedupKey) return { notUnderstood: "there is neither `title` nor `summary` nor `dedup_key`" };
  if (action !== "trigger")
    return { event: { action, dedupKey, at, reason: title || `${action}d by its sender` } };
  if (!title) return { notUnderstood: "there is neither `title` nor `summary`" };
  const { urgency } = item;
  return {
    event: {
      ...{ action, dedupKey, title, at },
      reason: firstText(item.description, item.reason, item.body, textOf(item.details)),
      cause: firstText(item.cause, item.class) || undefined,
      severity: firstText(item.severity, item.priority, item.level) || undefined,
      urgency: urgency === "high" || urgency === "low" ? urgency : undefined,
      labels: objectOf(item.labels) ?? objectOf(item.tags) ?? objectOf(item.meta),
      startedAt: timeOf(item.started_at ?? item.starts_at),
      service: firstText(item.service) || undefined,
      links: linksOf(item),
      details: objectOf(item.details) ?? objectOf(item.custom_details),
    },
  };
}

const changeOf = (item: Fields, summary: string): SourceChange => ({
  summary,
  source: firstText(item.source),
  at: timeOf(item.at ?? item.timestamp),
  service: firstText(item.service) || undefined,
  links: linksOf(item),
  details: objectOf(item.details) ?? objectOf(item.labels),
});

function actionOf(said: string): SourceEvent["action"] | undefined {
  if (ALSO_TRIGGER.includes(said)) return "trigger";
  return (["trigger", "acknowledge", "resolve"] as const).find((action) => WORDS[action].includes(said));
}

const linksOf = (item: Fields) => [
  ...linkOf(item.url ?? item.link, "More"),
  ...linkOf(item.runbook_url ?? item.runbook, "Runbook"),
  ...(Array.isArray(item.links) ? item.links : []).flatMap((each: unknown) => {
    const link = objectOf(each);
    return link
      ? linkOf(link.href ?? link.url, firstText(link.text, link.title, "Link"))
      : linkOf(each, "Link");
  }),
];

/** This format is ours, so what is of a wrong type is said rather than guessed at. */
function wrongTypes(item: Fields): string[] {
  const wrong: string[] = [];
  const mustBe = (name: string, fits: boolean, what: string) => {
    if (item[name] !== undefined && item[name] !== null && !fits) wrong.push(`\`${name}\` must be ${what}`);
  };
  const plain = (value: unknown) => ["string", "number", "boolean"].includes(typeof value);
  for (const name of ["title", "summary", "dedup_key", "status", "severity", "service"])
    mustBe(name, plain(item[name]), "text");
  mustBe("urgency", item.urgency === "high" || item.urgency === "low", "high or low");
  mustBe("labels", objectOf(item.labels) !== undefined, "an object of texts");
  for (const name of ["at", "started_at"])
    mustBe(name, timeOf(item[name]) !== undefined, "a time such as 2026-11-23T09:00:00Z");
  return wrong;
}
