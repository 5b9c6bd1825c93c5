import type { Matchers } from "./model.ts";

const anyOf = (list: readonly string[]): string => list.join(" or ");

/** What a silence is about: `service shop, severity SEV3 or SEV4, with “disk”`. */
export function silenceInWords({ services, monitors, severities, text, labels, problems }: Matchers): string {
  return [
    services && `service ${anyOf(services)}`,
    monitors && `monitor ${anyOf(monitors)}`,
    severities && `severity ${anyOf(severities)}`,
    labels &&
      `with ${Object.entries(labels)
        .map(([key, value]) => `${key}=${value}`)
        .join(" and ")}`,
    text !== undefined && `with “${text}”`,
    problems &&
      (problems.length === 1 ? "one problem of an incident" : `${problems.length} problems of an incident`),
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(", ");
}
