import type { Severity } from "../../catalog/schema.ts";

/** What a silence is about. All parts that are given must match; of a list, any one. */
export interface Matchers {
  services?: readonly string[];
  monitors?: readonly string[];
  severities?: readonly Severity[];
  /** In the title or in a label, in whatever case. */
  text?: string;
  labels?: Readonly<Record<string, string>>;
  /** These very problems, as their source knows them: `<source's id> <dedup key>`. */
  problems?: readonly string[];
}

/** An alert as silences see it. */
export interface Silenceable {
  service: string | null;
  monitor: string | null;
  severity: Severity;
  title: string;
  labels: Readonly<Record<string, string>>;
  problem: string;
}

export const problemKey = (sourceId: string, dedupKey: string): string => `${sourceId} ${dedupKey}`;

const isAmong = (list: readonly string[] | undefined, value: string | null): boolean =>
  list === undefined || (value !== null && list.includes(value));

const hasLabels = (wanted: Matchers["labels"], labels: Silenceable["labels"]): boolean =>
  Object.entries(wanted ?? {}).every(([key, value]) => labels[key] === value);

/** Whether the silence is about this alert. Without any part it is about none. */
export function matches(matchers: Matchers, alert: Silenceable): boolean {
  if (Object.keys(matchers).length === 0) return false;
  return (
    isAmong(matchers.services, alert.service) &&
    isAmong(matchers.monitors, alert.monitor) &&
    isAmong(matchers.severities, alert.severity) &&
    isAmong(matchers.problems, alert.problem) &&
    hasLabels(matchers.labels, alert.labels) &&
    (matchers.text === undefined || hasText(matchers.text, alert))
  );
}

function hasText(text: string, { title, labels }: Silenceable): boolean {
  const wanted = text.toLowerCase();
  const places = [title, ...Object.entries(labels).map(([key, value]) => `${key}=${value}`)];
  return places.some((place) => place.toLowerCase().includes(wanted));
}

/** Whether it silences everything that a monitor or service may say, whatever that will be. */
export function mutes(
  { severities, text, problems, ...rest }: Matchers,
  subject: Pick<Silenceable, "service" | "monitor" | "labels">,
): boolean {
  if (severities || text !== undefined || problems || Object.keys(rest).length === 0) return false;
  return (
    isAmong(rest.services, subject.service) &&
    isAmong(rest.monitors, subject.monitor) &&
    hasLabels(rest.labels, subject.labels)
  );
}
