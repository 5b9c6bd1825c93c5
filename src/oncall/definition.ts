import type { DbOrTx } from "../platform/database/database.ts";
import type { PersonRef } from "../platform/http/schema.ts";
import { type Problem, Refusal } from "../platform/refusal.ts";
import { findEmails } from "./people.ts";
import { checkSchedule } from "./schedule/check.ts";
import type { LayerDefinition, ScheduleDefinition } from "./schedule/types.ts";
import type { LayerInput } from "./schema.ts";
import { mentions, renamed } from "./seats.ts";

/** Throws one refusal for all that is wrong with something; nothing for nothing. */
export function refuse(problems: readonly Problem[]): void {
  if (problems.length === 0) return;
  throw new Refusal("invalid", problems.map(({ detail }) => sentence(detail)).join(" "), { problems });
}

const sentence = (detail: string): string =>
  `${detail[0]!.toUpperCase()}${detail.slice(1)}${/[.?!]$/.test(detail) ? "" : "."}`;

/** From e-mails, as layers are written, to ids, as they are stored. Refuses what can't be computed and who doesn't exist. */
export async function readDefinition(db: DbOrTx, written: ScheduleDefinition): Promise<ScheduleDefinition> {
  refuse(checkSchedule(written));
  const named = mentions(written.layers).map(({ pointer, user }) => ({ pointer, email: user }));
  const { idOf, problems } = await findEmails(db, named);
  refuse(problems);
  return { time_zone: written.time_zone, layers: renamed(written.layers, idOf) };
}

/** From ids to e-mails. Somebody who no longer exists leaves a vacant seat. */
export const writtenLayers = (
  layers: readonly LayerDefinition[],
  people: ReadonlyMap<string, PersonRef>,
): LayerInput[] => renamed(layers, (user) => people.get(user)?.email).map(mutable);

/** zod's types are of mutable arrays. */
const mutable = ({ users, shifts, days, only, ...rest }: LayerDefinition): LayerInput => ({
  ...rest,
  ...(users
    ? { users: users.map((seat) => (seat === null || typeof seat === "string" ? seat : [...seat])) }
    : {}),
  ...(shifts
    ? {
        shifts: shifts.map(({ users: all, ...shift }) => ({ ...shift, ...(all ? { users: [...all] } : {}) })),
      }
    : {}),
  ...(days ? { days: [...days] } : {}),
  ...(only
    ? { only: only.map(({ days: on, ...hours }) => ({ ...hours, ...(on ? { days: [...on] } : {}) })) }
    : {}),
});
