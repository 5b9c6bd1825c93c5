import { z } from "zod";
import { quietHours } from "../platform/hours/schema.ts";
import { email, id, instant, named, pageQuery, patchOf, personRef, slug } from "../platform/http/schema.ts";

export const role = z.enum(["admin", "responder", "viewer"]);
export type Role = z.infer<typeof role>;

export const user = z
  .object({
    id,
    email,
    name: z.string(),
    role,
    time_zone: z.string(),
    quiet_hours: quietHours.nullable(),
    teams: z.array(named),
    active: z.boolean(),
    invited: z.boolean().describe("has not set a password yet"),
    managed_by: z.enum(["ui", "config"]),
    created_at: instant,
  })
  .meta({ id: "User" });

export const userCreate = z.object({
  email,
  name: z.string().trim().min(1).max(120),
  role: role.default("responder"),
  time_zone: z.string().default("UTC"),
  teams: z.array(slug).default([]),
  invite: z
    .boolean()
    .default(true)
    .describe("send an invitation by mail; the answer holds its link either way"),
});
export const userPatch = z
  .object({
    name: z.string().trim().min(1).max(120),
    role,
    time_zone: z.string(),
    quiet_hours: quietHours.nullable(),
    theme: z.enum(["auto", "light", "dark"]),
    teams: z.array(slug),
  })
  .partial();
export const mePatch = userPatch.pick({ name: true, time_zone: true, quiet_hours: true, theme: true });
export const userQuery = pageQuery.extend({
  q: z.string().max(200).optional().describe("in name and e-mail address"),
  role: role.optional(),
  team: slug.optional(),
  active: z.enum(["true", "false", "all"]).default("true"),
});

/** Shortest password taken, in characters. */
export const MIN_PASSWORD = 10;
const password = z.string().min(MIN_PASSWORD, `at least ${MIN_PASSWORD} characters`).max(200);

export const invitation = z.object({ url: z.url(), expires_at: instant, mailed: z.boolean() });
/** A one-time link by which a person chooses a new password, for the administrator to hand over. */
export const resetLink = z.object({ url: z.url(), expires_at: instant });
export const userMade = user.extend({ invitation });
/** What an invitation's link shows before it is taken up. */
export const invited = z.object({ email, name: z.string(), time_zone: z.string() });
export const invitationAccept = z.object({
  password,
  name: z.string().trim().min(1).max(120).optional(),
  time_zone: z.string().optional(),
});

/** Where a person is still needed; removing them asks who takes each place. */
export const userUses = z.object({
  items: z.array(
    z.object({
      type: z.enum(["schedule", "override", "escalation_policy", "action_item", "team", "service"]),
      slug: z.string(),
      name: z.string(),
      detail: z.string(),
    }),
  ),
});
export const userRemove = z.object({ replace_with: email.nullable().default(null) });

export const team = z
  .object({
    id,
    slug,
    name: z.string(),
    members: z.array(personRef.extend({ lead: z.boolean() })),
    services: z.number().int(),
    managed_by: z.enum(["ui", "config"]),
  })
  .meta({ id: "Team" });
export const teamCreate = z.object({
  slug,
  name: z.string().trim().min(1).max(120),
  members: z.array(email).default([]),
  leads: z.array(email).default([]),
});
export const teamPatch = patchOf(teamCreate.omit({ slug: true }));

export const me = z.object({
  user: z
    .object({
      type: z.enum(["user", "token"]),
      id,
      email: email.nullable().describe("null for an API token"),
      name: z.string(),
      role,
      time_zone: z.string(),
      theme: z.enum(["auto", "light", "dark"]),
      teams: z.array(named),
    })
    .describe("the person, or for an API token the token itself"),
  installation: z.object({
    name: z.string(),
    version: z.string(),
    url: z.string(),
    demo: z.boolean(),
    mail: z.boolean().describe("outgoing mail is configured"),
    paging_paused: z.object({ until: instant, by: z.string() }).nullable(),
  }),
  on_call: z.array(z.object({ schedule: named, until: instant.nullable() })),
});
export type Me = z.infer<typeof me>;

export const setupState = z.object({
  needed: z.boolean().describe("no administrator exists yet"),
  demo: z.boolean(),
  mail: z.boolean(),
});
export const setup = z.object({
  token: z.string(),
  name: z.string().trim().min(1).max(120),
  email,
  password,
  time_zone: z.string(),
  organisation: z.string().trim().max(120).optional(),
});

export const installationPatch = z.object({ name: z.string().trim().min(1).max(120) });
export const installationState = me.shape.installation.pick({ name: true, paging_paused: true });
export const pausePaging = z.object({
  minutes: z.number().int().min(1).max(240).default(30),
  reason: z.string().max(500).default(""),
});

export const apiToken = z
  .object({
    id,
    name: z.string(),
    role,
    team: named.nullable(),
    created_by: z.string(),
    created_at: instant,
    expires_at: instant.nullable(),
    last_used_at: instant.nullable(),
  })
  .meta({ id: "ApiToken" });
export const apiTokenCreate = z.object({
  name: z.string().trim().min(1).max(120),
  role: role.default("responder"),
  team: slug.nullable().default(null),
  expires_at: instant.nullable().default(null),
});
export const apiTokenMade = apiToken.extend({ token: z.string().describe("shown this once") });

export const auditEntry = z
  .object({
    id,
    at: instant,
    actor: z.object({
      type: z.string().describe("user, token, config, link, monitor or system"),
      name: z.string(),
    }),
    action: z.string(),
    object: z.object({ type: z.string(), id: z.string(), name: z.string() }),
    before: z.unknown().nullable(),
    after: z.unknown().nullable(),
  })
  .meta({ id: "AuditEntry" });
export const auditQuery = pageQuery.extend({
  type: z.string().max(60).optional().describe("the object's type, e.g. service"),
  object: z.string().max(200).optional().describe("the object's id"),
  actor: z.string().max(200).optional().describe("who did it: an id or a part of the name"),
  q: z.string().max(200).optional().describe("in the object's name and the action"),
});
