import type { By } from "../../org/actor.ts";
import { must } from "../../org/can.ts";
import { findUser } from "../../org/people.ts";
import { isBefore } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { newId } from "../../platform/ids.ts";
import { invalid, Refusal } from "../../platform/refusal.ts";
import { refuse } from "../definition.ts";
import { findEmails, peopleById } from "../people.ts";
import { publishSchedule } from "../publish.ts";
import type { Span } from "../schedule/types.ts";
import { readMoment } from "../schedule-json.ts";
import { scheduleResource } from "../schedules.ts";
import { lockSchedule, type StoredSchedule } from "../stored.ts";
import { isAllOnCall, type OfferKind } from "./model.ts";
import {
  auditOffer,
  closeOffer,
  EXPIRE,
  leadsOf,
  lockOffer,
  type OfferRow,
  peopleOf,
  sayStretch,
  tellOf,
} from "./rows.ts";
import type { ShiftOfferInput } from "./schema.ts";
import "./table.ts";

/**
 * Offers a shift, or a part of one, to the people named or to everybody of the schedule and its team. Its owner stays
 * on call until somebody takes it. The same offer made twice is one. Answers with its id.
 */
export async function offerShift(tx: Tx, by: By, input: ShiftOfferInput): Promise<string> {
  const stored = await lockSchedule(tx, input.schedule, by.at);
  const owner = await ownerOf(tx, by, stored, input.user);
  const span = readStretch(input, { stored, now: by.at });
  if (!isAllOnCall(stored.rules, owner.id, span, by.at))
    throw invalid(
      "/from",
      `${owner.name} is not on call for all of ${sayStretch(span, stored.timeZone)}. Offer only what is theirs.`,
    );
  const open = await overlapping(tx, { stored, owner: owner.id, span });
  const same = open.find(({ to_at, kind }) => kind === input.kind && to_at.equals(span.to));
  if (same && (input.kind === "cover" || same.from_at.equals(span.from))) return same.id;
  if (open.length > 0)
    throw new Refusal(
      "conflict",
      "A part of that time is offered already. Withdraw that offer first, or choose other times.",
    );
  const asked = await readAsked(tx, input.asked, owner.id);
  const expiresAt =
    input.expires === undefined
      ? span.to
      : readMoment(input.expires, { pointer: "/expires", timeZone: stored.timeZone });
  if (!isBefore(by.at, expiresAt)) throw invalid("/expires", "That is over already; write a time to come.");
  const { kind, note } = input;
  return insertOffer(tx, by, { stored, owner: owner.id, span, kind, asked, note, expiresAt });
}

async function ownerOf(tx: Tx, by: By, stored: StoredSchedule, ref: string | undefined) {
  if (ref === undefined && (by.actor.type !== "user" || !by.actor.id))
    throw invalid("/user", "Say whose shift it is.");
  const owner = await findUser(tx, ref ?? by.actor.id ?? "");
  if (by.actor.type !== "user" || owner.id !== by.actor.id)
    must(by.actor, "edit", scheduleResource(stored.team?.id ?? null));
  return owner;
}

function readStretch(
  input: Pick<ShiftOfferInput, "kind" | "from" | "to">,
  { stored, now }: { stored: StoredSchedule; now: Temporal.Instant },
): Span {
  const { timeZone } = stored;
  const to = readMoment(input.to, { pointer: "/to", timeZone });
  const written =
    input.kind === "cover" || input.from === undefined
      ? now
      : readMoment(input.from, { pointer: "/from", timeZone });
  const from = isBefore(written, now) ? now : written;
  if (!isBefore(now, to)) throw invalid("/to", "That is over already; write an end that is to come.");
  if (!isBefore(from, to)) throw invalid("/to", "The end is not after the beginning.");
  return { from, to };
}

async function readAsked(tx: Tx, emails: string[] | null, owner: string): Promise<string[] | null> {
  if (emails === null) return null;
  const people = await findEmails(
    tx,
    emails.map((email, i) => ({ pointer: `/asked/${i}`, email })),
  );
  refuse(people.problems);
  const ids = [...new Set(emails.map((email) => people.idOf(email)))];
  const own = ids.indexOf(owner);
  if (own >= 0) throw invalid(`/asked/${own}`, "It is their own shift; ask somebody else.");
  return ids;
}

const overlapping = (
  tx: Tx,
  { stored, owner, span }: { stored: StoredSchedule; owner: string; span: Span },
): Promise<OfferRow[]> =>
  tx
    .selectFrom("shift_offers")
    .selectAll()
    .where("schedule_id", "=", stored.id)
    .where("owner_id", "=", owner)
    .where("state", "=", "open")
    .where("from_at", "<", span.to)
    .where("to_at", ">", span.from)
    .execute();

export interface NewOffer {
  stored: StoredSchedule;
  owner: string;
  span: Span;
  kind: OfferKind;
  asked: string[] | null;
  note: string;
  expiresAt: Temporal.Instant;
}

/** Writes it and tells those who are asked; of time away also whoever is away and who leads. */
export async function insertOffer(tx: Tx, by: By, input: NewOffer): Promise<string> {
  const { stored, owner, span, kind, asked, note, expiresAt } = input;
  const row: OfferRow = {
    ...{ id: newId(by.platform.clock), schedule_id: stored.id, owner_id: owner, kind, asked, note },
    ...{ from_at: span.from, to_at: span.to, state: "open", expires_at: expiresAt, taken_by: null },
    ...{ override_id: null, trade_override_id: null, moved_at: null, created_at: by.at, closed_at: null },
    created_by: by.actor.type === "user" && by.actor.id ? by.actor.id : by.actor.name,
  };
  await tx.insertInto("shift_offers").values(row).execute();
  await by.platform.due.add(tx, { kind: EXPIRE, key: row.id, at: expiresAt });
  await auditOffer(tx, by, { row, stored, action: "offered" });
  await publishSchedule(by.platform, tx, stored);
  const name = (await peopleById(tx, [owner])).get(owner)?.name ?? "Somebody";
  const when = sayStretch(span, stored.timeZone);
  const title = {
    swap: `${name} offers a shift of ${stored.name}`,
    cover: `${name} asks for cover now: ${stored.name}`,
    away: `${name} is away and needs cover: ${stored.name}`,
  }[kind];
  const people = asked ?? [...(await peopleOf(tx, stored, by.at))].filter((id) => id !== owner);
  const lines = [
    when,
    ...(note ? [note] : []),
    `Whoever takes it first has it. Until then ${name} stays on call.`,
  ];
  await tellOf(tx, by, {
    stored,
    to: kind === "away" ? [...people, owner, ...(await leadsOf(tx, stored))] : people,
    title,
    lines,
  });
  return row.id;
}

/** Takes an open offer back; its owner may, and who may edit the schedule. Doing it twice is no error. */
export async function withdrawOffer(tx: Tx, by: By, id: string): Promise<void> {
  const { row, stored } = await lockOffer(tx, by, id);
  mustOwn(by, { row, stored });
  if (row.state === "withdrawn") return;
  if (row.state !== "open")
    throw new Refusal(
      "conflict",
      `That offer is ${row.state}. ${row.state === "taken" ? "Delete its override to undo it." : ""}`.trim(),
    );
  await closeOffer(tx, by, { row, stored, state: "withdrawn" });
  if (row.kind !== "cover" && row.asked === null) return;
  const name = (await peopleById(tx, [row.owner_id])).get(row.owner_id)?.name ?? "Somebody";
  const lines = [
    sayStretch({ from: row.from_at, to: row.to_at }, stored.timeZone),
    `${name} keeps the shift.`,
  ];
  const to = row.asked ?? (await peopleOf(tx, stored, by.at));
  await tellOf(tx, by, { stored, to, title: `No longer offered: a shift of ${stored.name}`, lines });
}

export function mustOwn(by: By, { row, stored }: { row: OfferRow; stored: StoredSchedule }): void {
  if (by.actor.type === "user" && by.actor.id === row.owner_id) return;
  must(by.actor, "edit", scheduleResource(stored.team?.id ?? null));
}
