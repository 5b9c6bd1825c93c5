import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { notify } from "../../org/notices.ts";
import { findUser } from "../../org/people.ts";
import { isBefore } from "../../platform/clock.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { peopleById } from "../people.ts";
import { onCallAt } from "../schedule/on-call.ts";
import { shifts } from "../schedule/shifts.ts";
import { type StoredSchedule, scheduleRows, withRules } from "../stored.ts";
import { sayStretch } from "../swaps/rows.ts";
import { DEFAULT_REMINDERS, type Reminder, remindersOf } from "./model.ts";
import type { Reminders } from "./schema.ts";
import "./table.ts";

/** What was due while nobody was there to say it is still said, if not later than this. */
const LATE_HOURS = 1;
/** A week is the longest anybody can be reminded before; a day more, so that each looks ahead to the next. */
const AHEAD_HOURS = 8 * 24;
/** Shifts that began up to then are known to have begun, however short their present piece is. */
const BACK_HOURS = 48;
const KEPT_DAYS = 14;

/** When each of the people is reminded. */
export async function remindersFor(db: DbOrTx, users: readonly string[]): Promise<Map<string, Reminders>> {
  if (users.length === 0) return new Map();
  const rows = await db.selectFrom("shift_reminders").selectAll().where("user_id", "in", users).execute();
  return new Map(
    rows.map(({ user_id, before_hours, at_start, at_end }) => [user_id, { before_hours, at_start, at_end }]),
  );
}

export async function remindersOfPerson(db: DbOrTx, userId: string): Promise<Reminders> {
  return (await remindersFor(db, [userId])).get(userId) ?? DEFAULT_REMINDERS;
}

/** Says when a person is reminded; by themselves or an administrator. */
export async function setReminders(
  tx: Tx,
  by: By,
  { user, ...input }: Reminders & { user: string },
): Promise<void> {
  const person = await findUser(tx, user);
  must(by.actor, "edit", { type: "person", owner: person.id });
  const before = await remindersOfPerson(tx, person.id);
  const after = { ...input, before_hours: [...new Set(input.before_hours)].sort((a, b) => b - a) };
  const row = { ...after, user_id: person.id, updated_at: by.at };
  await tx
    .insertInto("shift_reminders")
    .values(row)
    .onConflict((conflict) => conflict.column("user_id").doUpdateSet(row))
    .execute();
  const { id, name } = person;
  await audit(tx, by, { action: "updated", type: "shift_reminders", id, name, before, after });
  await by.platform.due.add(tx, { kind: REMIND, key: "all", at: by.at });
}

export const REMIND = "shift-reminders";

/** Says what is due of one schedule, each thing once. Answers when the next is; null: not within a week. */
export async function remind(tx: Tx, by: By, scheduleId: string): Promise<Temporal.Instant | null> {
  const rows = await scheduleRows(tx).where("schedules.id", "=", scheduleId).execute();
  const range = { from: by.at.subtract({ hours: BACK_HOURS }), to: by.at.add({ hours: AHEAD_HOURS }) };
  const [stored] = await withRules(tx, rows, { at: by.at, since: range.from });
  if (!stored) return null;
  const { items } = shifts(stored.rules, range.from, range.to);
  const choices = await remindersFor(tx, [...new Set(items.map((shift) => shift.user))]);
  const cut = { from: msOf(range.from), to: msOf(range.to) };
  const all = remindersOf(items, cut, (user) => choices.get(user) ?? DEFAULT_REMINDERS);
  const late = by.at.subtract({ hours: LATE_HOURS });
  for (const each of all)
    if (!isBefore(by.at, each.at) && isBefore(late, each.at)) await sayOnce(tx, by, { stored, each });
  return all.find(({ at }) => isBefore(by.at, at))?.at ?? null;
}

const msOf = (at: Temporal.Instant) => Temporal.Instant.fromEpochMilliseconds(at.epochMilliseconds);

async function sayOnce(
  tx: Tx,
  by: By,
  { stored, each }: { stored: StoredSchedule; each: Reminder },
): Promise<void> {
  const { user, what, of } = each;
  // Somebody whose shift has begun needs no word that it will.
  if (what.startsWith("before") && !isBefore(by.at, of)) return;
  const said = await tx
    .insertInto("shift_reminders_sent")
    .values({ schedule_id: stored.id, user_id: user, what, of_at: of, sent_at: by.at })
    .onConflict((conflict) => conflict.doNothing())
    .returning("what")
    .executeTakeFirst();
  if (said)
    await notify(tx, by, {
      to: [user],
      ...(await wordsOf(tx, stored, each)),
      path: `/oncall/schedules/${stored.slug}`,
    });
}

async function wordsOf(
  tx: Tx,
  stored: StoredSchedule,
  { user, what, of, shift }: Reminder,
): Promise<{ title: string; lines: string[] }> {
  const just = what === "end" ? of : of.subtract({ milliseconds: 1 });
  const others = onCallAt(stored.rules, just).users.filter((id) => id !== user);
  const names = [...(await peopleById(tx, others)).values()].map(({ name }) => name).join(", ");
  const when = sayStretch(shift, stored.timeZone);
  if (what === "end")
    return {
      title: `Your shift of ${stored.name} is over`,
      lines: [names ? `${names} ${others.length > 1 ? "are" : "is"} on call now.` : "Nobody is on call now."],
    };
  if (what === "start")
    return {
      title: `You are on call now: ${stored.name}`,
      lines: [when, ...(names ? [`You take over from ${names}.`] : [])],
    };
  return { title: `You are on call in ${what.slice("before ".length)} h: ${stored.name}`, lines: [when] };
}

export const dropOldReminders = (tx: Tx, by: By): Promise<unknown> =>
  tx
    .deleteFrom("shift_reminders_sent")
    .where("sent_at", "<", by.at.subtract({ hours: 24 * KEPT_DAYS }))
    .execute();
