import type { z } from "zod";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { findUser } from "../../org/people.ts";
import { isBefore } from "../../platform/clock.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { isId, newId } from "../../platform/ids.ts";
import { invalid, missing, Refusal } from "../../platform/refusal.ts";
import { readMoment } from "../schedule-json.ts";
import { reviewOffers } from "../swaps/wake.ts";
import type { OutOfOfficeInput, outOfOffice } from "./schema.ts";
import "./table.ts";

type OutOfOfficeJson = z.output<typeof outOfOffice>;

/** A stretch in which somebody is away: from `from` up to but without `to`. */
export interface OutOfOffice {
  id: string;
  user: string;
  from: Temporal.Instant;
  to: Temporal.Instant;
  source: "manual" | "ical";
  summary: string;
}

const LONGEST_DAYS = 400;
const isDay = (text: string): boolean => /^\d{4}-\d{2}-\d{2}$/.test(text);

/**
 * Says that a person is away, by themselves or an administrator. Local times are read in the person's own zone, and a
 * last day alone is all of that day. Answers with its id.
 */
export async function addOutOfOffice(
  tx: Tx,
  by: By,
  input: OutOfOfficeInput & { user: string },
): Promise<string> {
  const person = await findUser(tx, input.user);
  must(by.actor, "edit", { type: "person", owner: person.id });
  const { from, to } = readStretch(input, person.time_zone);
  if (!isBefore(by.at, to)) throw invalid("/to", "That is over already; write an end that is to come.");
  const row = {
    ...{ id: newId(by.platform.clock), user_id: person.id, from_at: from, to_at: to },
    ...{ source: "manual" as const, summary: input.summary, created_at: by.at },
    created_by: by.actor.type === "user" && by.actor.id ? by.actor.id : by.actor.name,
  };
  await tx.insertInto("out_of_office").values(row).execute();
  const after = { user: person.email, from: from.toString(), to: to.toString(), summary: input.summary };
  await audit(tx, by, { action: "created", type: "out_of_office", id: row.id, name: person.name, after });
  await reviewOffers(tx, by, { user: person.id });
  return row.id;
}

function readStretch({ from: written, to: end }: OutOfOfficeInput, timeZone: string) {
  const from = readMoment(written, { pointer: "/from", timeZone });
  const last = readMoment(end, { pointer: "/to", timeZone });
  const to = isDay(end) ? last.toZonedDateTimeISO(timeZone).add({ days: 1 }).startOfDay().toInstant() : last;
  if (!isBefore(from, to)) throw invalid("/to", `The end is not after the beginning: ${written} to ${end}.`);
  if (isBefore(from.add({ hours: LONGEST_DAYS * 24 }), to))
    throw invalid("/to", `That is more than ${LONGEST_DAYS} days; write a shorter stretch.`);
  return { from, to };
}

/** Takes it back. One that has begun ends now, since what was, was; one that is over stays. */
export async function endOutOfOffice(tx: Tx, by: By, input: { user: string; id: string }): Promise<void> {
  const person = await findUser(tx, input.user);
  must(by.actor, "edit", { type: "person", owner: person.id });
  const row = isId(input.id)
    ? await tx
        .selectFrom("out_of_office")
        .selectAll()
        .where("id", "=", input.id)
        .where("user_id", "=", person.id)
        .forUpdate()
        .executeTakeFirst()
    : undefined;
  if (!row) throw missing("such time away of this person");
  if (!isBefore(by.at, row.to_at)) throw new Refusal("conflict", "That is over; it stays as it was.");
  const hasBegun = isBefore(row.from_at, by.at);
  if (hasBegun)
    await tx.updateTable("out_of_office").set({ to_at: by.at }).where("id", "=", row.id).execute();
  else await tx.deleteFrom("out_of_office").where("id", "=", row.id).execute();
  const before = { user: person.email, from: row.from_at.toString(), to: row.to_at.toString() };
  await audit(tx, by, {
    ...{ action: hasBegun ? "ended" : "deleted", type: "out_of_office", id: row.id, name: person.name },
    before,
    ...(hasBegun ? { after: { ...before, to: by.at.toString() } } : {}),
  });
  await reviewOffers(tx, by, { user: person.id });
}

/** When the given people (everybody without `users`) are away at some time within [from, to), in order of `from`. */
export async function outOfOfficeWithin(
  db: DbOrTx,
  range: { users?: readonly string[]; from: Temporal.Instant; to?: Temporal.Instant },
): Promise<OutOfOffice[]> {
  if (range.users?.length === 0) return [];
  let select = db.selectFrom("out_of_office").selectAll().where("to_at", ">", range.from);
  if (range.users) select = select.where("user_id", "in", [...range.users]);
  if (range.to) select = select.where("from_at", "<", range.to);
  const rows = await select.orderBy("from_at").orderBy("id").execute();
  return rows.map(({ id, user_id: user, from_at: from, to_at: to, source, summary }) => ({
    ...{ id, user, from, to, source, summary },
  }));
}

export const outOfOfficeJson = ({ id, from, to, source, summary }: OutOfOffice): OutOfOfficeJson => ({
  ...{ id, from: from.toString(), to: to.toString(), source, summary },
});
