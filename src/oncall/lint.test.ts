import { deepEqual, match } from "node:assert/strict";
import { test } from "node:test";
import { type LintedMethod, type LintedPerson, lintPerson } from "./lint.ts";

const CALL: LintedMethod = { slug: "call", channel: "voice", wakes: true, verified: true, disabled: false };
const MAIL: LintedMethod = { slug: "mail", channel: "email", wakes: false, verified: true, disabled: false };
const CHAT: LintedMethod = { ...MAIL, slug: "chat", channel: "slack" };
const person = (some: Partial<LintedPerson>): LintedPerson => ({
  ...{ methods: [CALL, MAIL], rules: { high: [], low: [] }, quietHours: null },
  ...some,
});
const kinds = (some: Partial<LintedPerson>) => lintPerson(person(some)).map(({ kind }) => kind);
const rule = (method: string, afterMs = 0) => ({ method, afterMs });

test("a call and a mail, both verified, leave nothing to say", () => deepEqual(kinds({}), []));

test("who has no way to be reached, or none that works, is named first", () => {
  deepEqual(kinds({ methods: [] }), ["no_method"]);
  deepEqual(kinds({ methods: [{ ...CALL, verified: false }] }), ["no_method", "unverified_method"]);
  deepEqual(kinds({ methods: [{ ...CALL, disabled: true }] }), ["no_method", "disabled_method"]);
});

test("one way alone, chat alone, and nothing that rings are warned of", () => {
  deepEqual(kinds({ methods: [CALL] }), ["only_one_method"]);
  deepEqual(kinds({ methods: [CHAT, { ...CHAT, slug: "other" }] }), ["nothing_wakes", "only_chat"]);
  deepEqual(kinds({ methods: [MAIL, CHAT] }), ["nothing_wakes"]);
});

test("a call that no rule of high urgency uses wakes nobody", () => {
  deepEqual(kinds({ rules: { high: [rule("mail")], low: [] } }), ["nothing_wakes"]);
  deepEqual(kinds({ rules: { high: [rule("call")], low: [rule("mail")] } }), []);
});

test("a first message that comes late at high urgency is warned of", () => {
  deepEqual(kinds({ rules: { high: [rule("call", 600_000)], low: [] } }), ["late_first_message"]);
});

test("rules that name what is disabled or gone are named with what happens instead", () => {
  const methods = [CALL, MAIL, { ...CHAT, disabled: true }];
  const some = lintPerson(person({ methods, rules: { high: [rule("chat"), rule("call")], low: [] } }));
  deepEqual(
    some.map(({ kind }) => kind),
    ["disabled_method", "rule_without_method"],
  );
  match(some[1]?.text ?? "", /chat\. They are skipped/);
  deepEqual(kinds({ rules: { high: [rule("gone")], low: [] } }), ["no_rule_works"]);
});

test("quiet hours that never end are warned of", () => {
  deepEqual(kinds({ quietHours: [{}] }), ["always_quiet"]);
  deepEqual(kinds({ quietHours: [{ from: "22:00", to: "07:00" }] }), []);
});
