import { z } from "zod";
import { isTimeZone } from "../../../oncall/schedule/check.ts";

/** The lists of Opsgenie's REST API v2, as far as they are read. Keys beyond these are passed over. */

const moment = z.string().refine((text) => {
  try {
    return Boolean(Temporal.Instant.from(text));
  } catch {
    return false;
  }
}, "write an instant such as 2026-11-23T09:00:00Z");

const amount = z.object({
  timeAmount: z.number().nonnegative(),
  timeUnit: z.enum(["minutes", "hours", "days"]).default("minutes"),
});

const recipient = z.object({
  type: z.string(),
  id: z.string().optional(),
  name: z.string().optional(),
  username: z.string().optional(),
});
export type Recipient = z.output<typeof recipient>;

const hour = z.number().int().min(0).max(24);
const minute = z.number().int().min(0).max(59).default(0);
const hours = z.object({ startHour: hour, startMin: minute, endHour: hour, endMin: minute });
const day = z
  .string()
  .toLowerCase()
  .pipe(z.enum(["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]));
const timeRestriction = z.discriminatedUnion("type", [
  z.object({ type: z.literal("time-of-day"), restriction: hours }),
  z.object({
    type: z.literal("weekday-and-time-of-day"),
    restrictions: z.array(hours.extend({ startDay: day, endDay: day })),
  }),
]);
export type TimeRestriction = z.output<typeof timeRestriction>;

const rotation = z.object({
  id: z.string().default(""),
  name: z.string().default(""),
  startDate: moment,
  endDate: moment.nullish(),
  type: z.enum(["hourly", "daily", "weekly"]),
  length: z.number().int().min(1).default(1),
  participants: z.array(recipient).default([]),
  timeRestriction: timeRestriction.nullish(),
});
export type Rotation = z.output<typeof rotation>;

const override = z.object({
  alias: z.string().default(""),
  user: recipient,
  startDate: moment,
  endDate: moment,
  rotations: z.array(z.object({ id: z.string().optional(), name: z.string().optional() })).nullish(),
});
export type Override = z.output<typeof override>;

const owner = z.object({ id: z.string().optional(), name: z.string().optional() }).nullish();

const schedule = z.object({
  id: z.string(),
  name: z.string(),
  timezone: z.string().refine(isTimeZone, "write an IANA time zone such as Europe/Paris").default("UTC"),
  enabled: z.boolean().default(true),
  ownerTeam: owner,
  rotations: z.array(rotation).default([]),
  overrides: z.array(override).default([]),
});
export type Schedule = z.output<typeof schedule>;

const escalation = z.object({
  id: z.string(),
  name: z.string(),
  ownerTeam: owner,
  rules: z
    .array(
      z.object({
        condition: z.string().default("if-not-acked"),
        notifyType: z.string().default("default"),
        delay: amount,
        recipient,
      }),
    )
    .default([]),
  repeat: z
    .object({
      waitInterval: z.number().nonnegative().default(0),
      count: z.number().int().nonnegative().default(0),
      resetRecipientStates: z.boolean().default(false),
      closeAlertAfterAll: z.boolean().default(false),
    })
    .nullish(),
});
export type Escalation = z.output<typeof escalation>;

const user = z.object({
  id: z.string(),
  username: z.email(),
  fullName: z.string().default(""),
  timeZone: z.string().optional(),
  blocked: z.boolean().default(false),
  role: z.object({ name: z.string().default("") }).nullish(),
  contacts: z
    .array(z.object({ contactMethod: z.string().optional(), method: z.string().optional(), to: z.string() }))
    .default([]),
  notificationRules: z.array(z.object({ name: z.string().default(""), actionType: z.string() })).default([]),
});
export type User = z.output<typeof user>;

const team = z.object({
  id: z.string(),
  name: z.string(),
  members: z
    .array(
      z.object({
        user: z.object({ id: z.string().optional(), username: z.string().optional() }),
        role: z.string().default("user"),
      }),
    )
    .default([]),
  routingRules: z
    .array(
      z.object({ name: z.string().default(""), isDefault: z.boolean().default(false), notify: recipient }),
    )
    .default([]),
});
export type Team = z.output<typeof team>;

const listed = z.object({ name: z.string().default("") });

export const opsgenieExport = z.object({
  users: z.array(user).default([]),
  teams: z.array(team).default([]),
  schedules: z.array(schedule).default([]),
  escalations: z.array(escalation).default([]),
  services: z
    .array(z.object({ id: z.string(), name: z.string(), teamId: z.string().optional() }))
    .default([]),
  integrations: z.array(listed).default([]),
});
export type OpsgenieExport = z.output<typeof opsgenieExport>;
