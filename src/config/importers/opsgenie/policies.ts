import type { ImportedDocument, NotMapped } from "../report.ts";
import type { People } from "./people.ts";
import type { Escalation, Recipient } from "./shape.ts";

type Entry = NonNullable<ImportedDocument["escalation_policies"]>[number];
type Target = Entry["levels"][number]["targets"][number];
type Rule = Escalation["rules"][number];

const MINUTES = { minutes: 1, hours: 60, days: 1440 } as const;
const MOST_REPEATS = 20;
/** What a policy's last level waits when Opsgenie says nothing. */
const LAST_WAIT = 5;

export interface PolicyInput {
  escalation: Escalation;
  slug: string;
  team: string | null;
  path: string;
  people: People;
  /** The schedules that Opsgenie's one became. */
  schedulesOf: (who: Recipient) => readonly string[];
  teamOf: (who: Recipient) => string | undefined;
  notMapped: NotMapped[];
}

/** Rules of the same delay are one level; undefined when no rule reaches anybody. */
export function readPolicy(input: PolicyInput): Entry | undefined {
  const { escalation, slug, team, path, notMapped } = input;
  const note = (at: string, what: string, proposal: string) =>
    notMapped.push({ path: `${path}${at}`, what, proposal });
  const levels = new Map<number, Target[]>();
  escalation.rules.forEach((rule, i) => {
    const at = `/rules/${i}`;
    if (rule.condition !== "if-not-acked")
      note(at, `condition ${rule.condition}`, "Levels stop when somebody acknowledges; check this level.");
    const targets = targetsOf(input, rule, (what, proposal) => note(at, what, proposal));
    const after = rule.delay.timeAmount * MINUTES[rule.delay.timeUnit];
    if (targets.length > 0) levels.set(after, [...(levels.get(after) ?? []), ...targets]);
  });
  const ordered = [...levels].sort(([a], [b]) => a - b);
  const first = ordered[0]?.[0];
  if (first === undefined) {
    note(
      "",
      `escalation "${escalation.name}" reaches nobody`,
      "It is left out; write a policy with people in it.",
    );
    return undefined;
  }
  if (first > 0)
    note(
      "/rules",
      `its first rule waits ${first} minutes`,
      "The first level is paged at once; later waits are kept.",
    );
  const { repeat } = escalation;
  if (repeat?.closeAlertAfterAll)
    note(
      "/repeat/closeAlertAfterAll",
      "closes alerts in the end",
      "Incidents stay open until they are resolved.",
    );
  if ((repeat?.count ?? 0) > MOST_REPEATS)
    note("/repeat/count", `${repeat?.count} repeats`, `${MOST_REPEATS} is the most.`);
  return {
    slug,
    name: escalation.name.trim().slice(0, 120) || slug,
    team,
    repeat: Math.min(repeat?.count ?? 0, MOST_REPEATS),
    levels: ordered.map(([after, targets], i) => {
      const next = ordered[i + 1]?.[0];
      const wait = next === undefined ? repeat?.waitInterval || LAST_WAIT : next - after;
      return { targets: unique(targets), wait: `${wait}m` };
    }),
  };
}

const unique = (targets: readonly Target[]): Target[] => [
  ...new Map(targets.map((target) => [JSON.stringify(target), target])).values(),
];

function targetsOf(
  input: PolicyInput,
  { recipient, notifyType }: Rule,
  note: (what: string, proposal: string) => void,
): Target[] {
  const named = recipient.username ?? recipient.name ?? recipient.id ?? "";
  const targets = reached(input, recipient, notifyType);
  if (targets.length === 0)
    note(`${recipient.type} ${named} (${notifyType})`, "It is left out of the level; name a target instead.");
  else if (!["default", "all", "next", "admins"].includes(notifyType))
    note(
      `notifies ${notifyType} of ${recipient.type} ${named}`,
      "All of it is paged instead; check the level.",
    );
  return targets;
}

function reached({ people, schedulesOf, teamOf }: PolicyInput, who: Recipient, notifyType: string): Target[] {
  if (who.type === "user") {
    const user = people.emailOf(who);
    return user ? [{ user }] : [];
  }
  if (who.type === "schedule")
    return schedulesOf(who).map((slug) => (notifyType === "next" ? { next: slug } : { schedule: slug }));
  const team = who.type === "team" ? teamOf(who) : undefined;
  if (!team) return [];
  return [notifyType === "admins" ? { lead: team } : { team }];
}
