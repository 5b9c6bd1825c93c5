import { z } from "zod";
import { severity } from "../catalog/schema.ts";
import { email, id, instant, named, patchOf, personRef, slug } from "../platform/http/schema.ts";

export const postmortemState = z.enum(["draft", "in_review", "published"]);
export type PostmortemState = z.infer<typeof postmortemState>;
export const actionPriority = z.enum(["high", "normal"]);
export type ActionPriority = z.infer<typeof actionPriority>;
export const actionType = z.enum(["investigate", "repair", "detect", "mitigate", "prevent"]);
export type ActionType = z.infer<typeof actionType>;
export const actionState = z.enum(["open", "done", "wont_do"]);
export type ActionState = z.infer<typeof actionState>;

/** Sections in the order they are read; each is Markdown. */
export const sectionNames = [
  "summary",
  "impact",
  "detection",
  "response",
  "causes",
  "resolution",
  "lessons_well",
  "lessons_poorly",
  "lessons_lucky",
] as const;
export const sectionName = z.enum(sectionNames);
export type SectionName = z.infer<typeof sectionName>;
export const sections = z.partialRecord(sectionName, z.string().max(100_000));
export type Sections = z.infer<typeof sections>;

/**
 * What the record says, filled in when the draft is made and again on request: nobody types these. Durations in ms,
 * null where the record doesn't know.
 */
export const facts = z.object({
  started_at: instant,
  detected_at: instant,
  acknowledged_at: instant.nullable(),
  resolved_at: instant.nullable(),
  duration_ms: z.number().nullable().describe("from the start to the end"),
  detect_ms: z.number().nullable().describe("from the start to detection; null when a person noticed first"),
  acknowledge_ms: z.number().nullable().describe("from detection"),
  resolve_ms: z.number().nullable().describe("from detection"),
  failed_checks: z.number().int().describe("degraded or down, between start and end"),
  total_checks: z.number().int(),
  paged: z.array(z.object({ name: z.string(), at: instant, level: z.number().int(), answered: z.boolean() })),
  services: z.array(named),
  timeline: z.array(
    z.object({ at: instant, kind: z.string(), actor: z.string(), text: z.string(), starred: z.boolean() }),
  ),
  charts: z.array(
    z.object({
      monitor: named,
      from: instant,
      to: instant,
      points: z.array(z.object({ at: instant, ms: z.number().nullable(), status: z.string() })),
    }),
  ),
});
export type Facts = z.infer<typeof facts>;

export const actionItem = z
  .object({
    id,
    title: z.string(),
    owner: personRef.nullable(),
    priority: actionPriority,
    type: actionType,
    due: z.iso.date().nullable(),
    state: actionState,
    reason: z.string().nullable(),
    guard: z.object({ monitor: named.extend({ status: z.string() }) }).nullable(),
    postmortem: z.object({ id, title: z.string(), url: z.string() }),
    created_at: instant,
    closed_at: instant.nullable(),
  })
  .meta({ id: "ActionItem" });
export const actionItemCreate = z.object({
  postmortem: id,
  title: z.string().trim().min(1).max(300),
  owner: email.nullable().default(null),
  priority: actionPriority.default("normal"),
  type: actionType.default("repair"),
  due: z.iso.date().nullable().default(null),
  guard: z.object({ monitor: slug }).strict().nullable().default(null),
});
export const actionItemPatch = patchOf(actionItemCreate.omit({ postmortem: true })).extend({
  state: actionState.optional(),
  reason: z.string().max(2000).nullable().optional(),
});

export const postmortem = z
  .object({
    id,
    number: z.number().int(),
    title: z.string(),
    headline: z.string(),
    state: postmortemState,
    severity,
    service: named.nullable(),
    tags: z.array(z.string()),
    visibility: z.enum(["company", "team"]),
    version: z.number().int().describe("send it back with PATCH; a stale one is a conflict"),
    author: personRef.nullable(),
    sections,
    facts,
    incidents: z.array(z.object({ id, number: z.number().int(), title: z.string(), url: z.string() })),
    action_items: z.array(actionItem),
    url: z.string(),
    occurred_at: instant,
    created_at: instant,
    updated_at: instant,
    published_at: instant.nullable(),
    can_edit: z.boolean().describe("whether whoever asks may write it; a published one is reopened first"),
  })
  .meta({ id: "Postmortem" });

/** A row of the library. `match` is the passage that the search found, in pieces: those with `hit` are the words. */
export const postmortemSummary = postmortem
  .pick({
    id: true,
    number: true,
    title: true,
    headline: true,
    state: true,
    severity: true,
    service: true,
    tags: true,
    author: true,
    url: true,
    occurred_at: true,
    published_at: true,
  })
  .extend({
    duration_ms: z.number().nullable(),
    actions: z.object({ done: z.number().int(), total: z.number().int() }),
    match: z.array(z.object({ text: z.string(), hit: z.boolean() })).nullable(),
  })
  .meta({ id: "PostmortemSummary" });

export const postmortemCreate = z.object({ incidents: z.array(id).min(1, "name at least one incident") });
export const postmortemPatch = z
  .object({
    title: z.string().trim().min(1).max(200),
    headline: z.string().max(300),
    severity,
    sections,
    tags: z.array(z.string().trim().min(1).max(40)).max(20),
    visibility: z.enum(["company", "team"]),
    state: z.enum(["draft", "in_review"]),
    version: z.number().int(),
  })
  .partial();
export const postmortemQuery = z.object({
  q: z.string().max(200).optional().describe('words; the last one may be unfinished. "a phrase", -not, or'),
  state: z.string().optional().describe("comma-separated: draft,in_review,published"),
  service: slug.optional(),
  severity: z.string().optional().describe("comma-separated: SEV1,SEV2"),
  tag: z.string().optional(),
});
export const actionItemQuery = z.object({
  state: z.string().optional().describe("comma-separated: open,done,wont_do"),
  owner: z.string().max(254).optional().describe('an e-mail address, "me" or "nobody"'),
  postmortem: id.optional(),
});
