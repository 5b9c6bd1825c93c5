import type { Restriction } from "../platform/hours/restrictions.ts";
import { coversEverything } from "../platform/hours/week.ts";
import type { FINDINGS } from "./finding-kinds.ts";
import { type ContactChoice, type NotificationRule, planNotifications } from "./notification-rules.ts";

/** A contact method as the lint looks at it. */
export interface LintedMethod extends ContactChoice {
  channel: string;
  /** Can it wake somebody whose telephone is silent for the night? */
  wakes: boolean;
}

export interface LintedPerson {
  methods: readonly LintedMethod[];
  rules: { high: readonly NotificationRule[]; low: readonly NotificationRule[] };
  quietHours: readonly Restriction[] | null;
}

/** What is wrong with how somebody is paged. `serious`: a page may not wake them, or not reach them at all. */
export interface Finding {
  kind: (typeof FINDINGS)[number];
  serious: boolean;
  /** What is wrong, and the mend. */
  text: string;
  /** Slugs of the contact methods it is about. */
  methods: string[];
}

/** Where people talk: read when somebody looks. */
const CHATS: readonly string[] = ["slack", "telegram", "discord", "teams", "mattermost", "google_chat"];

/** A first message later than this is late at high urgency. */
const LATE_MS = 5 * 60_000;

/** Everything that makes it doubtful that pages reach this person, the worst first. Pure. */
export function lintPerson(person: LintedPerson): Finding[] {
  const usable = person.methods.filter(isUsable);
  const found = [
    ...unusable(person.methods),
    ...(usable.length === 0 ? [nothingUsable(person.methods)] : reach(person, usable)),
    ...rulesWithoutMethod(person),
    ...quiet(person.quietHours),
  ];
  return found.toSorted((a, b) => Number(b.serious) - Number(a.serious));
}

const isUsable = ({ verified, disabled }: ContactChoice): boolean => verified && !disabled;

const slugs = (methods: readonly ContactChoice[]): string[] => methods.map(({ slug }) => slug);

const nothingUsable = (methods: readonly LintedMethod[]): Finding => ({
  ...{ kind: "no_method", serious: true, methods: slugs(methods) },
  text:
    methods.length === 0
      ? "No page can arrive. Add a contact method and verify it."
      : "No contact method can be used, so no page can arrive. Verify one, or switch one on again.",
});

function unusable(methods: readonly LintedMethod[]): Finding[] {
  const unverified = methods.filter(({ verified }) => !verified);
  const disabled = methods.filter((each) => each.verified && each.disabled);
  const found: Finding[] = [];
  if (unverified.length > 0)
    found.push({
      ...{ kind: "unverified_method", serious: false, methods: slugs(unverified) },
      text: `Not verified, so never used: ${slugs(unverified).join(", ")}. Enter the code that was sent, or remove it.`,
    });
  if (disabled.length > 0)
    found.push({
      ...{ kind: "disabled_method", serious: false, methods: slugs(disabled) },
      text: `Switched off, so never used: ${slugs(disabled).join(", ")}. Switch it on again, or remove it.`,
    });
  return found;
}

/** How a page of high urgency goes to somebody who can be reached. */
function reach({ rules }: LintedPerson, usable: readonly LintedMethod[]): Finding[] {
  const { steps } = planNotifications(rules.high, usable);
  const used = [...new Set(steps.map(({ method }) => method))];
  const [first] = steps;
  const found: Finding[] = [];
  if (used.every(({ wakes }) => !wakes))
    found.push({
      ...{ kind: "nothing_wakes", serious: true, methods: slugs(used) },
      text: `At high urgency nothing rings: ${slugs(used).join(", ")} can't wake anybody. Add a call or a push that breaks through silence.`,
    });
  if (first && first.afterMs > LATE_MS)
    found.push({
      ...{ kind: "late_first_message", serious: true, methods: [first.method.slug] },
      text: `At high urgency the first message waits ${Math.round(first.afterMs / 60_000)} minutes. Let one go at once.`,
    });
  if (usable.length === 1)
    found.push({
      ...{ kind: "only_one_method", serious: false, methods: slugs(usable) },
      text: `There is only one way, ${slugs(usable)[0]}: when it fails, nothing else is left. Add a second one.`,
    });
  if (usable.every(({ channel }) => CHATS.includes(channel)))
    found.push({
      ...{ kind: "only_chat", serious: true, methods: slugs(usable) },
      text: "Pages arrive in chat alone, and chat is read when somebody looks. Add a call, an SMS or a push.",
    });
  return found;
}

/** Rules that do nothing. When that leaves none of an urgency, every usable method is used at once instead. */
function rulesWithoutMethod({ rules, methods }: LintedPerson): Finding[] {
  return (["high", "low"] as const).flatMap((urgency): Finding[] => {
    const { reason } = planNotifications(rules[urgency], methods);
    if (reason.kind !== "rules" && reason.kind !== "no-rule-usable") return [];
    if (reason.skipped.length === 0) return [];
    const skipped = [...new Set(reason.skipped)];
    const which = `At ${urgency} urgency rules name what can't be used: ${skipped.join(", ")}.`;
    return reason.kind === "rules"
      ? [
          {
            kind: "rule_without_method",
            serious: false,
            methods: skipped,
            text: `${which} They are skipped.`,
          },
        ]
      : [
          {
            ...{ kind: "no_rule_works", serious: urgency === "high", methods: skipped },
            text: `${which} No rule is left, so everything that can be used is used at once.`,
          },
        ];
  });
}

const quiet = (hours: readonly Restriction[] | null): Finding[] =>
  hours && coversEverything(hours)
    ? [
        {
          ...{ kind: "always_quiet", serious: false, methods: [] },
          text: "The quiet hours leave no time, so they are not kept. Leave some hours of the week out.",
        },
      ]
    : [];
