import { deepEqual, equal } from "node:assert/strict";
import { test } from "node:test";
import {
  type ContactChoice,
  describePlanReason,
  type NotificationRule,
  planNotifications,
} from "./notification-rules.ts";

const MINUTE_MS = 60_000;
const method = (slug: string, more: Partial<ContactChoice> = {}): ContactChoice => ({
  slug,
  verified: true,
  disabled: false,
  ...more,
});
const HOOK = method("hook");
const MAIL = method("mail");
const UNVERIFIED = method("sms", { verified: false });
const DISABLED = method("slack", { disabled: true });

for (const [claim, rules, methods, steps, said] of [
  [
    "with no rules, every verified method is used at once",
    [],
    [HOOK, MAIL, UNVERIFIED, DISABLED],
    ["hook 0", "mail 0"],
    null,
  ],
  [
    "rules say which method and after how long, in order of time",
    [
      { method: "mail", afterMs: 5 * MINUTE_MS },
      { method: "hook", afterMs: 0 },
    ],
    [HOOK, MAIL],
    ["hook 0", "mail 5"],
    null,
  ],
  [
    "one method can come again later, but not twice at once",
    [
      { method: "hook", afterMs: 0 },
      { method: "hook", afterMs: 0 },
      { method: "hook", afterMs: MINUTE_MS },
    ],
    [HOOK],
    ["hook 0", "hook 1"],
    null,
  ],
  [
    "a rule whose method is missing, unverified or disabled is skipped",
    [
      { method: "gone", afterMs: 0 },
      { method: "sms", afterMs: 0 },
      { method: "slack", afterMs: 0 },
      { method: "mail", afterMs: MINUTE_MS },
    ],
    [HOOK, MAIL, UNVERIFIED, DISABLED],
    ["mail 1"],
    "Rules skipped, their methods can't be used: gone, sms, slack.",
  ],
  [
    "when no rule is left, every verified method is used at once",
    [{ method: "sms", afterMs: MINUTE_MS }],
    [HOOK, MAIL, UNVERIFIED],
    ["hook 0", "mail 0"],
    "No rule has a method that can be used (sms), so all that can are used at once.",
  ],
  [
    "with nothing verified nobody is reached, and it says why",
    [{ method: "sms", afterMs: 0 }],
    [UNVERIFIED, DISABLED],
    [],
    "No contact method can be used (not verified: sms; disabled: slack).",
  ],
  ["without any method nobody is reached", [], [], [], "There is no contact method."],
] as const satisfies [string, NotificationRule[], ContactChoice[], string[], string | null][])
  test(claim, () => {
    const plan = planNotifications(rules, methods);
    deepEqual(
      plan.steps.map((step) => `${step.method.slug} ${step.afterMs / MINUTE_MS}`),
      steps,
    );
    equal(describePlanReason(plan.reason), said);
  });
