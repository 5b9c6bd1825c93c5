import { z } from "zod";
import { type Fields, firstText, linkOf, listOf, objectOf, textOf, timeOf, webUrl } from "./fields.ts";
import { CREATE_EVENT, invalidEvent, isV1, readV1, v1Answer, v1Example } from "./pagerduty-v1.ts";
import {
  defineSource,
  type Reading,
  type SourceAnswer,
  type SourceEvent,
  type SourceImage,
  type SourceOutcome,
  type SourceRequest,
} from "./source.ts";

const ENQUEUE = "/v2/enqueue";
const CHANGE = "/v2/change/enqueue";
const ACTIONS = ["trigger", "acknowledge", "resolve"] as const;
const SEVERITIES = ["critical", "error", "warning", "info"];
const LONGEST_KEY = 255;

/**
 * PagerDuty's Events API v2 and v1, with its status codes and bodies
 * (https://developer.pagerduty.com/docs/events-api-v2/overview/): what sends there changes only the host.
 */
export const pagerduty = defineSource({
  kind: "pagerduty",
  title: "PagerDuty events",
  docs: "Stands in for PagerDuty's Events API v2 (alerts and change events) and v1. The routing key is the integration's key.",
  settings: z.object({}).strict(),
  form: [],
  setup: ({ home, key }) => `Whatever sends events to PagerDuty sends them here by another host:

- \`https://events.pagerduty.com/v2/enqueue\` becomes \`${home}/v2/enqueue\`
- \`https://events.pagerduty.com/v2/change/enqueue\` becomes \`${home}/v2/change/enqueue\`
- \`https://events.pagerduty.com/generic/2010-04-15/create_event.json\` becomes \`${home}/generic/2010-04-15/create_event.json\`

The routing key (v1: service key) is \`${key}\`.

\`\`\`sh
curl ${home}/v2/enqueue -H 'content-type: application/json' -d '{
  "routing_key": "${key}", "event_action": "trigger", "dedup_key": "disk/db-1",
  "payload": {"summary": "Disk full", "source": "db-1", "severity": "critical"}}'
\`\`\`

In Alertmanager, set \`url: ${home}/v2/enqueue\` in \`pagerduty_configs\`. Better still is the kind
\`alertmanager\`: it knows each alert of a group.`,
  read: (request) =>
    isV1(request) ? readV1(request) : request.path === CHANGE ? readChange(request) : readEvent(request),
  answer: (outcome, request) => (isV1(request) ? v1Answer(outcome) : v2Answer(outcome, request)),
  doors: [
    { method: "POST", url: ENQUEUE, keyOf: keyIn("routing_key") },
    { method: "POST", url: CHANGE, keyOf: keyIn("routing_key") },
    { method: "POST", url: CREATE_EVENT, keyOf: keyIn("service_key") },
  ],
  examples: [
    {
      name: "Triggers",
      path: ENQUEUE,
      body: {
        payload: {
          summary: "Example alert on host1.example.com",
          timestamp: "2026-11-23T08:42:58.315Z",
          source: "monitoringtool:cloudvendor:central-region-dc-01:852559987:cluster/api-stats-prod-003",
          severity: "info",
          component: "postgres",
          group: "prod-datapipe",
          class: "deploy",
          custom_details: { "ping time": "1500ms", "load avg": 0.75 },
        },
        routing_key: "samplekeyhere",
        dedup_key: "samplekeyhere",
        images: [
          {
            src: "https://www.example.com/chart.png",
            href: "https://example.com/",
            alt: "The load of the last hour",
          },
        ],
        links: [{ href: "https://example.com/", text: "Link text" }],
        event_action: "trigger",
        client: "Sample Monitoring Service",
        client_url: "https://monitoring.example.com",
      },
      expect: [
        {
          action: "trigger",
          dedupKey: "samplekeyhere",
          title: "Example alert on host1.example.com",
          severity: "info",
          cause: "deploy",
          startedAt: "2026-11-23T08:42:58.315Z",
        },
      ],
    },
    {
      name: "Acknowledges",
      path: ENQUEUE,
      body: { routing_key: "samplekeyhere", dedup_key: "samplekeyhere", event_action: "acknowledge" },
      expect: [{ action: "acknowledge", dedupKey: "samplekeyhere" }],
    },
    {
      name: "Resolves, as Alertmanager says it",
      path: ENQUEUE,
      body: {
        routing_key: "samplekeyhere",
        dedup_key: "cda6254b69aa",
        event_action: "resolve",
        payload: {
          summary: "[RESOLVED] TargetDown",
          source: "Alertmanager",
          severity: "error",
          custom_details: { firing: "", num_firing: "0", num_resolved: "1", resolved: "" },
        },
      },
      expect: [{ action: "resolve", dedupKey: "cda6254b69aa" }],
    },
    {
      name: "A change",
      path: CHANGE,
      body: {
        routing_key: "samplekeyhere",
        payload: {
          summary: "Build Success - Increase snapshot create timeout to 30 seconds",
          timestamp: "2026-11-23T08:42:58.315Z",
          source: "acme-build-pipeline-tool-default-i-9999",
          custom_details: { build_state: "passed", build_number: "2" },
        },
        links: [{ href: "https://acme.pagerduty.dev/build/2", text: "View more details in Acme!" }],
      },
      expect: [],
      changes: 1,
    },
    v1Example,
  ],
});

function keyIn(name: string) {
  return ({ json }: SourceRequest): string | undefined => textOf(objectOf(json)?.[name]) || undefined;
}

const blank = (name: string) => `'${name}' is missing or blank`;

function readEvent({ json, id }: SourceRequest): Reading {
  const body = objectOf(json);
  if (!body) return { refused: ["JSON parse error"] };
  const action = ACTIONS.find((each) => each === body.event_action);
  const wrong: string[] = [];
  if (!firstText(body.event_action)) wrong.push(blank("event_action"));
  else if (!action)
    wrong.push(
      "'event_action' is invalid (must be one of the following: 'trigger', 'acknowledge' or 'resolve')",
    );
  const given = textOf(body.dedup_key);
  if (given.length > LONGEST_KEY)
    wrong.push(`Length of 'dedup_key' exceeds limit (max ${LONGEST_KEY} characters)`);
  if (action && action !== "trigger" && !given) wrong.push(blank("dedup_key"));
  if (action === "trigger") wrong.push(...wrongPayload(body.payload));
  if (!action || wrong.length > 0) return { refused: wrong };
  // Whoever brings no key learns in the answer what it is called here.
  const dedupKey = given || id.replaceAll("-", "");
  return { events: [action === "trigger" ? triggerOf(body, dedupKey) : { action, dedupKey }] };
}

function wrongPayload(value: unknown): string[] {
  const payload = objectOf(value);
  if (!payload) return [blank("payload")];
  const wrong = ["summary", "source", "severity"]
    .filter((name) => !firstText(payload[name]))
    .map((name) => blank(`payload.${name}`));
  const severity = firstText(payload.severity);
  if (severity && !SEVERITIES.includes(severity.toLowerCase()))
    wrong.push(
      "'payload.severity' is invalid (must be one of the following: 'critical', 'warning', 'error' or 'info')",
    );
  return wrong;
}

function triggerOf(body: Fields, dedupKey: string): SourceEvent {
  const payload = objectOf(body.payload) ?? {};
  const { source, component, group, class: kind } = payload;
  const labels = Object.fromEntries(
    Object.entries({ source, component, group, class: kind }).filter(([, value]) => firstText(value)),
  );
  return {
    ...{ action: "trigger", dedupKey, labels },
    title: firstText(payload.summary),
    reason: Object.values(labels).map(textOf).join(" · "),
    cause: firstText(kind) || undefined,
    severity: firstText(payload.severity).toLowerCase(),
    startedAt: timeOf(payload.timestamp),
    links: [...linksOf(body.links), ...linkOf(body.client_url, firstText(body.client, "Open there"))],
    images: imagesOf(body.images),
    details: payload.custom_details,
  };
}

const linksOf = (links: unknown) =>
  listOf(links).flatMap((each) => linkOf(objectOf(each)?.href, firstText(objectOf(each)?.text, "Link")));

const imagesOf = (images: unknown): SourceImage[] =>
  listOf(images).flatMap((each) => {
    const src = webUrl(objectOf(each)?.src);
    const [href, alt] = [webUrl(objectOf(each)?.href), textOf(objectOf(each)?.alt) || undefined];
    return src ? [{ src, href, alt }] : [];
  });

function readChange({ json }: SourceRequest): Reading {
  const body = objectOf(json);
  const payload = objectOf(body?.payload);
  if (!body) return { refused: ["JSON parse error"] };
  if (!payload) return { refused: [blank("payload")] };
  const summary = firstText(payload.summary);
  if (!summary) return { refused: [blank("payload.summary")] };
  return {
    changes: [
      {
        summary,
        source: firstText(payload.source),
        at: timeOf(payload.timestamp),
        links: linksOf(body.links),
        details: payload.custom_details,
      },
    ],
  };
}

function v2Answer(outcome: SourceOutcome, request: SourceRequest): SourceAnswer | undefined {
  switch (outcome.kind) {
    case "taken":
      return request.path === CHANGE
        ? { status: 202, body: { status: "success", message: "Change event processed" } }
        : {
            status: 202,
            body: {
              ...{ status: "success", message: "Event processed" },
              dedup_key: outcome.events[0]?.dedupKey ?? "",
            },
          };
    case "refused":
      return invalidEvent(outcome.errors);
    case "malformed":
      return {
        status: 400,
        body: {
          ...{ status: "Unrecognized object", message: "Event object format is unrecognized" },
          errors: ["JSON parse error"],
        },
      };
    case "no_key":
      return invalidEvent([blank("routing_key")]);
    case "wrong_key":
      return invalidEvent([
        outcome.key.length === 32
          ? "Invalid routing key"
          : "Length of 'routing_key' is incorrect (should be 32 characters)",
      ]);
    case "too_large":
      return {
        status: 413,
        body: { status: "invalid event", message: "Event is larger than 512 KB", errors: [] },
      };
    case "too_many":
      return {
        status: 429,
        body: {
          status: "throttle exceeded",
          message: "Requests for this service are arriving too quickly. Please retry later.",
        },
      };
    case "not_understood":
      return invalidEvent([outcome.why]);
  }
}
