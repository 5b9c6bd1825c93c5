import { z } from "zod";
import { type Fields, firstText, linkOf, listOf, objectOf, textOf, timeOf } from "./fields.ts";
import { defineSource, type Reading, type SourceEvent } from "./source.ts";

/** While an alert fires its end is Go's zero time. */
const NOT_YET = "0001-01-01T00:00:00Z";

/**
 * Prometheus Alertmanager's webhook, version 4 (https://prometheus.io/docs/alerting/latest/configuration/#webhook_config).
 * An alert is one of ours by its fingerprint: a group that is sent as firing may hold some that are over.
 */
export const alertmanager = defineSource({
  kind: "alertmanager",
  title: "Prometheus Alertmanager",
  docs: "Reads Alertmanager's webhook. Each alert of a group is an alert of its own, also when some of them are over.",
  settings: z.object({}).strict(),
  form: [],
  setup: ({ url }) => `In \`alertmanager.yml\`:

\`\`\`yaml
receivers:
  - name: keepwatch
    webhook_configs:
      - url: ${url}
        send_resolved: true
        max_alerts: 0
\`\`\`

and \`receiver: keepwatch\` in the route. A short \`group_wait\` (\`0s\`) pages sooner; Keepwatch groups by itself.
The label \`severity\` becomes the severity, the annotations \`summary\` and \`description\` the words, \`runbook_url\` a link.`,
  read: ({ json }) => readAlertmanager(json),
  examples: [
    {
      name: "A group in which one alert fires and another is over",
      body: {
        version: "4",
        groupKey: '{}:{alertname="HighLatency"}',
        truncatedAlerts: 0,
        status: "firing",
        receiver: "keepwatch",
        groupLabels: { alertname: "HighLatency" },
        commonLabels: { alertname: "HighLatency", job: "shop", severity: "critical" },
        commonAnnotations: { summary: "The shop answers slowly" },
        externalURL: "http://alertmanager.example.com:9093",
        alerts: [
          {
            status: "firing",
            labels: { alertname: "HighLatency", instance: "web-1:9100", job: "shop", severity: "critical" },
            annotations: {
              summary: "The shop answers slowly",
              description: "p99 is 4.2 s on web-1",
              runbook_url: "https://runbooks.example.com/latency",
            },
            startsAt: "2026-11-23T08:58:12.345Z",
            endsAt: NOT_YET,
            generatorURL: "http://prometheus.example.com:9090/graph?g0.expr=latency",
            fingerprint: "c6b1b1f0a3d4e5f6",
          },
          {
            status: "resolved",
            labels: { alertname: "HighLatency", instance: "web-2:9100", job: "shop", severity: "critical" },
            annotations: { summary: "The shop answers slowly" },
            startsAt: "2026-11-23T08:40:12.345Z",
            endsAt: "2026-11-23T08:59:42.345Z",
            generatorURL: "http://prometheus.example.com:9090/graph?g0.expr=latency",
            fingerprint: "d7c2c2e1b4c5d6e7",
          },
        ],
      },
      expect: [
        {
          action: "trigger",
          dedupKey: "c6b1b1f0a3d4e5f6",
          title: "The shop answers slowly",
          reason: "p99 is 4.2 s on web-1",
          cause: "HighLatency",
          severity: "critical",
          startedAt: "2026-11-23T08:58:12.345Z",
        },
        { action: "resolve", dedupKey: "d7c2c2e1b4c5d6e7", at: "2026-11-23T08:59:42.345Z" },
      ],
    },
  ],
});

/** The same for other senders of this format. */
export function readAlertmanager(json: unknown): Reading {
  const body = objectOf(json);
  if (!body || !Array.isArray(body.alerts)) return { notUnderstood: "there is no list `alerts`" };
  const events: SourceEvent[] = [];
  for (const [index, each] of body.alerts.entries()) {
    const event = readAlert(objectOf(each), body);
    if (typeof event === "string") return { notUnderstood: `alerts[${index}]: ${event}` };
    events.push(event);
  }
  const cut = Number(body.truncatedAlerts ?? 0);
  return {
    events,
    ...(cut > 0 && {
      note: `Alertmanager left out ${cut} alerts: set max_alerts to 0 in its webhook_config`,
    }),
  };
}

function readAlert(alert: Fields | undefined, group: Fields): SourceEvent | string {
  if (!alert) return "not an object";
  const labels = objectOf(alert.labels) ?? {};
  const dedupKey = firstText(alert.fingerprint) || fallbackKey(labels);
  if (!dedupKey) return "neither `fingerprint` nor `labels`";
  const status = firstText(alert.status, group.status);
  if (status === "resolved")
    return { action: "resolve", dedupKey, at: knownEnd(alert.endsAt), reason: "resolved in Alertmanager" };
  if (status !== "firing") return `\`status\` is "${status}", neither firing nor resolved`;
  const annotations = objectOf(alert.annotations) ?? {};
  const name = firstText(labels.alertname);
  const title = firstText(annotations.summary, annotations.title, annotations.message, name, "Alert");
  return {
    action: "trigger",
    dedupKey,
    title,
    reason: firstText(annotations.description, annotations.message, whereOf(labels)),
    cause: name,
    severity: firstText(labels.severity, labels.priority) || undefined,
    labels,
    startedAt: timeOf(alert.startsAt),
    service: firstText(labels.keepwatch_service) || undefined,
    links: [
      ...linkOf(annotations.runbook_url ?? annotations.runbook, "Runbook"),
      ...linkOf(annotations.dashboard_url ?? annotations.dashboard, "Dashboard"),
      ...linkOf(alert.generatorURL, "In Prometheus"),
      ...linkOf(group.externalURL, "Alertmanager"),
    ],
    details: { annotations, receiver: textOf(group.receiver), group: objectOf(group.groupLabels) ?? {} },
  };
}

/** Senders without fingerprints are told apart by their labels. */
const fallbackKey = (labels: Fields): string =>
  Object.keys(labels)
    .sort()
    .map((name) => `${name}=${textOf(labels[name])}`)
    .join(",");

const whereOf = (labels: Fields): string => {
  const words = listOf(["instance", "job", "namespace", "pod"]).flatMap((name) => {
    const value = textOf(labels[String(name)]);
    return value ? [`${name} ${value}`] : [];
  });
  return words.join(", ");
};

const knownEnd = (end: unknown): string | undefined => {
  const time = timeOf(end);
  return time === NOT_YET ? undefined : time;
};
