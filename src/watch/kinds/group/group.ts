import { z } from "zod";
import { defineKind, NO_TIMINGS } from "../kind.ts";
import { groupDocs, groupExample } from "./docs.ts";

const slug = z.string().regex(/^[a-z0-9][a-z0-9-]{0,63}$/, "write the slug of a monitor, e.g. shop-home");

export const groupConfig = z
  .strictObject({
    members: z.array(slug).min(1, "name at least one monitor").max(200, "200 members are the most"),
    rule: z.enum(["all", "any"]).optional(),
    at_least: z.number().int().min(1).optional(),
  })
  .superRefine(({ members, rule, at_least }, issue) => {
    const wrong = (path: string, message: string) =>
      issue.addIssue({ code: "custom", path: [path], message });
    if (new Set(members).size < members.length) wrong("members", "name each monitor once");
    if (rule !== undefined && at_least !== undefined)
      wrong("at_least", "give either rule or at_least, not both");
    if (at_least !== undefined && at_least > members.length)
      wrong("at_least", `there are only ${members.length} members`);
  });

export type GroupConfig = z.infer<typeof groupConfig>;

/** The members of a group as it is stored or written; none of what is no group. */
export const membersOf = ({ members }: Record<string, unknown>): string[] =>
  Array.isArray(members) ? members.map(String) : [];

export const group = defineKind<GroupConfig, "group">({
  id: "group",
  label: "Group",
  probed: false,
  schema: groupConfig,
  form: [
    {
      ...{ name: "members", label: "Monitors", type: "monitors", group: "Members", required: true },
      help: "A group may be a member, too.",
    },
    {
      ...{ name: "rule", label: "Up while", type: "select", group: "Members", default: "all" },
      ...{ options: ["all", "any"], help: "All of them are up, or any of them is." },
    },
    {
      ...{ name: "at_least", label: "Or at least so many are up", type: "number", group: "Members", min: 1 },
      help: "In place of the rule.",
    },
  ],
  docs: groupDocs,
  example: groupExample,
  secrets: () => [],
  host: () => "",
  describe: ({ members, rule = "all", at_least }) =>
    `Up while ${at_least === undefined ? rule : `at least ${at_least}`} of ${members.join(", ")} ${rule === "any" && at_least === undefined ? "is" : "are"} up.`,
  check: async () => ({
    status: "unknown",
    reason: "a group follows its members; there is nothing to check",
    cause: "group:none",
    timings: NO_TIMINGS,
    evidence: null,
    hard: false,
  }),
});
