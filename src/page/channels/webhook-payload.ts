import type { Item, Message } from "../message.ts";
import type { Subject } from "../model.ts";

const seconds = (at: Temporal.Instant): string => at.toString({ smallestUnit: "millisecond" });

const incidentOf = (subject: Subject) => ({
  id: subject.id,
  number: subject.number,
  title: subject.title,
  severity: subject.severity,
  urgency: subject.urgency,
  status: subject.status,
  url: subject.url,
  service: subject.service,
  since: seconds(subject.since),
  acknowledged_by: subject.acknowledged?.by ?? null,
  resolved_at: subject.resolved ? seconds(subject.resolved.at) : null,
  runbook: subject.runbook,
  also_paged: subject.whoElse,
  alerts: subject.alerts.map((alert) => ({ ...alert, since: seconds(alert.since) })),
});

const partsOf = ({ page, subject, actions }: Item) => ({
  page,
  incident: incidentOf(subject),
  actions: {
    acknowledge: { url: actions.acknowledge },
    resolve: { url: actions.resolve },
    escalate: { url: actions.escalate },
  },
  similar: subject.similar,
});

/**
 * The JSON that a webhook receives. A bundle's first incident stands where a single one would; `bundle` lists all
 * of them, and is there only when there are several.
 */
export function webhookPayload(message: Message): Record<string, unknown> {
  const { email, name } = message.person;
  const head = { type: message.type, delivery_id: message.deliveryId };
  const tail = { person: { email, name }, sent_at: seconds(message.sentAt) };
  switch (message.type) {
    case "verification":
      return { ...head, code: message.code, valid_minutes: message.minutes, ...tail };
    case "test":
      return { ...head, text: "A test from Keepwatch: pages will arrive here.", ...tail };
    case "notice": {
      const { title, lines, link: url } = message;
      return { ...head, title, text: lines.join("\n"), url, ...tail };
    }
    default: {
      const [first] = message.items;
      const bundle = message.items.length > 1 ? { bundle: message.items.map(partsOf) } : {};
      return { ...head, ...partsOf(first), ...bundle, ...tail };
    }
  }
}
