import type { Selectable } from "kysely";
import type { By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { type Notice, notify } from "../../org/notices.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { dayTime } from "../../platform/day-time.ts";
import { isId } from "../../platform/ids.ts";
import { missing } from "../../platform/refusal.ts";
import { peopleById } from "../people.ts";
import { publishSchedule } from "../publish.ts";
import { lockSchedule, namedFrom, type StoredSchedule } from "../stored.ts";
import type { Offer, OfferState } from "./model.ts";
import type { ShiftOfferTable } from "./table.ts";

export type OfferRow = Selectable<ShiftOfferTable>;

export const EXPIRE = "shift-offer-end";

export const toOffer = (row: OfferRow): Offer => ({
  ...{ owner: row.owner_id, state: row.state, takenBy: row.taken_by, asked: row.asked },
  ...{ from: row.from_at, to: row.to_at },
});

/** An offer and its schedule, both held until the transaction ends: two who take it at once give one outcome. */
export async function lockOffer(
  tx: Tx,
  by: By,
  id: string,
): Promise<{ row: OfferRow; stored: StoredSchedule }> {
  const found = isId(id)
    ? await tx
        .selectFrom("shift_offers as o")
        .innerJoin("schedules as s", "s.id", "o.schedule_id")
        .select("s.slug")
        .where("o.id", "=", id)
        .executeTakeFirst()
    : undefined;
  if (!found) throw missing(`shift offer ${id}`);
  const stored = await lockSchedule(tx, found.slug, by.at);
  const row = await tx
    .selectFrom("shift_offers")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirstOrThrow();
  return { row, stored };
}

/** Everybody whom the schedule names, now or in a version to come, and its team. Only those still active. */
export async function peopleOf(
  db: DbOrTx,
  stored: StoredSchedule,
  at: Temporal.Instant,
): Promise<Set<string>> {
  const named = namedFrom(stored.rules, at);
  const members = stored.team
    ? await db.selectFrom("team_members").select("user_id").where("team_id", "=", stored.team.id).execute()
    : [];
  const ids = [...new Set([...named, ...members.map((row) => row.user_id)])];
  if (ids.length === 0) return new Set();
  const active = await db
    .selectFrom("users")
    .select("id")
    .where("id", "in", ids)
    .where("deactivated_at", "is", null)
    .where("role", "!=", "viewer")
    .execute();
  return new Set(active.map((row) => row.id));
}

/** Who leads the schedule's team; nobody where it has none. */
export async function leadsOf(db: DbOrTx, stored: StoredSchedule): Promise<string[]> {
  if (!stored.team) return [];
  const rows = await db
    .selectFrom("team_members")
    .select("user_id")
    .where("team_id", "=", stored.team.id)
    .where("lead", "=", true)
    .execute();
  return rows.map((row) => row.user_id);
}

/** "Tue 24 Nov 09:00–18:00 Europe/Paris": a stretch by the schedule's clock. */
export function sayStretch(
  { from, to }: { from: Temporal.Instant; to: Temporal.Instant },
  timeZone: string,
): string {
  return `${dayTime(from, timeZone)} to ${dayTime(to, timeZone)} (${timeZone})`;
}

/** Ends an offer in another state: audited, its timer stopped, open browsers told. */
export async function closeOffer(
  tx: Tx,
  by: By,
  {
    row,
    stored,
    state,
    ...more
  }: {
    row: OfferRow;
    stored: StoredSchedule;
    state: Exclude<OfferState, "open">;
  } & Partial<Pick<OfferRow, "taken_by" | "override_id" | "trade_override_id">>,
): Promise<void> {
  await tx
    .updateTable("shift_offers")
    .set({ ...more, state, closed_at: by.at })
    .where("id", "=", row.id)
    .execute();
  await by.platform.due.cancel(tx, EXPIRE, row.id);
  await auditOffer(tx, by, { row: { ...row, ...more, state }, stored, action: state, before: row.state });
  await publishSchedule(by.platform, tx, stored);
}

export async function auditOffer(
  tx: Tx,
  by: By,
  {
    row,
    stored,
    action,
    before,
  }: { row: OfferRow; stored: StoredSchedule; action: string; before?: OfferState },
): Promise<void> {
  const people = await peopleById(tx, [row.owner_id, row.taken_by]);
  const after = {
    ...{ schedule: stored.slug, owner: people.get(row.owner_id)?.email, state: row.state, kind: row.kind },
    ...{ from: row.from_at.toString(), to: row.to_at.toString() },
    ...(row.taken_by ? { taken_by: people.get(row.taken_by)?.email } : {}),
  };
  const { id } = row;
  const change = { action, type: "shift_offer", id, name: `Shift of ${stored.name}`, after };
  await audit(
    tx,
    by,
    before === undefined ? change : { ...change, before: { ...after, state: before, taken_by: undefined } },
  );
}

/** Tells people of an offer, in words by the schedule's clock; whoever did it knows already. */
export const tellOf = (
  tx: Tx,
  by: By,
  { stored, to, ...notice }: { stored: StoredSchedule; to: Iterable<string | null> } & Omit<Notice, "path">,
): Promise<void> =>
  notify(tx, by, {
    ...notice,
    to: [...to].filter((id) => id !== null).filter((id) => id !== by.actor.id),
    path: `/oncall/schedules/${stored.slug}`,
  });
