import type { z } from "zod";
import type { Actor } from "../../org/actor.ts";
import { can } from "../../org/can.ts";
import type { DbOrTx } from "../../platform/database/database.ts";
import { peopleById } from "../people.ts";
import { scheduleResource } from "../schedules.ts";
import { type StoredSchedule, scheduleRows, withRules } from "../stored.ts";
import { decideTake } from "./model.ts";
import { type OfferRow, peopleOf, toOffer } from "./rows.ts";
import type { shiftOffer } from "./schema.ts";

export type OfferJson = z.output<typeof shiftOffer>;

export interface OfferQuery {
  at: Temporal.Instant;
  schedule?: string;
  id?: string;
}

/** Offers that are not over, those taken too, in order of their beginning; by id any one. */
export async function offersFor(db: DbOrTx, viewer: Actor, query: OfferQuery): Promise<OfferJson[]> {
  const { at, schedule, id } = query;
  let select = db
    .selectFrom("shift_offers")
    .innerJoin("schedules as s", "s.id", "shift_offers.schedule_id")
    .selectAll("shift_offers");
  if (schedule !== undefined) select = select.where("s.slug", "=", schedule);
  select =
    id === undefined
      ? select
          .where("to_at", ">", at)
          .where("state", "in", ["open", "taken", "moved"])
          // Deleting its override undoes a swap.
          .where((eb) => eb.or([eb("state", "!=", "taken"), eb("override_id", "is not", null)]))
      : select.where("shift_offers.id", "=", id);
  const rows = await select.orderBy("from_at").orderBy("shift_offers.id").limit(500).execute();
  if (rows.length === 0) return [];
  const ids = [...new Set(rows.map((row) => row.schedule_id))];
  const stored = await withRules(db, await scheduleRows(db).where("schedules.id", "in", ids).execute(), {
    at,
  });
  const byId = new Map(stored.map((each) => [each.id, each]));
  const answers = await db
    .selectFrom("shift_offer_answers")
    .selectAll()
    .where(
      "offer_id",
      "in",
      rows.map((row) => row.id),
    )
    .orderBy("at")
    .execute();
  const people = await peopleById(db, [
    ...rows.flatMap((row) => [row.owner_id, row.taken_by, ...(row.asked ?? [])]),
    ...answers.map((answer) => answer.user_id),
  ]);
  const among = new Map<string, Set<string>>();
  for (const each of stored) among.set(each.id, await peopleOf(db, each, at));
  return rows.flatMap((row) => {
    const its = byId.get(row.schedule_id);
    const owner = people.get(row.owner_id);
    if (!its || !owner || !can(viewer, "read", scheduleResource(its.team?.id ?? null))) return [];
    const said = answers.filter((answer) => answer.offer_id === row.id);
    const person = (of: string) => people.get(of) ?? [];
    return {
      ...{
        id: row.id,
        kind: row.kind,
        state: row.state,
        owner,
        note: row.note,
        moved: row.moved_at !== null || row.state === "moved",
      },
      schedule: { slug: its.slug, name: its.name, time_zone: its.timeZone },
      ...{
        from: `${row.from_at}`,
        to: `${row.to_at}`,
        expires_at: `${row.expires_at}`,
        created_at: `${row.created_at}`,
      },
      asked: row.asked?.flatMap(person) ?? null,
      taken_by: people.get(row.taken_by ?? "") ?? null,
      declined: said.filter(({ answer }) => answer === "declined").flatMap(({ user_id }) => person(user_id)),
      trades: said.flatMap(({ user_id, trade_from: from, trade_to: to }) => {
        const user = people.get(user_id);
        return from && to && user ? [{ user, from: `${from}`, to: `${to}` }] : [];
      }),
      ...mayDo(viewer, row, { its, people: among.get(its.id) ?? new Set(), at }),
    };
  });
}

function mayDo(
  viewer: Actor,
  row: OfferRow,
  { its, people, at }: { its: StoredSchedule; people: ReadonlySet<string>; at: Temporal.Instant },
): Pick<OfferJson, "may_take" | "may_withdraw"> {
  const isOwner = viewer.type === "user" && viewer.id === row.owner_id;
  const edits = can(viewer, "edit", scheduleResource(its.team?.id ?? null));
  const isOpen = row.state === "open";
  const takes =
    isOpen && viewer.type === "user" && viewer.id !== null && viewer.role !== "viewer"
      ? decideTake(toOffer(row), viewer.id, { rules: its.rules, people, now: at }).kind === "take"
      : false;
  return { may_take: takes, may_withdraw: isOpen && (isOwner || edits) };
}
