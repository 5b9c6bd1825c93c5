import type { By } from "../../org/actor.ts";
import { must } from "../../org/can.ts";
import { isBefore } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { invalid, Refusal } from "../../platform/refusal.ts";
import { scheduleChanged } from "../engine.ts";
import { insertOverride } from "../overrides.ts";
import { peopleById } from "../people.ts";
import { publishSchedule } from "../publish.ts";
import type { Span } from "../schedule/types.ts";
import { readMoment } from "../schedule-json.ts";
import type { StoredSchedule } from "../stored.ts";
import { allDeclined, decideTake, dutyOf, isAllOnCall, type Take } from "./model.ts";
import { mustOwn } from "./offers.ts";
import {
  closeOffer,
  leadsOf,
  lockOffer,
  type OfferRow,
  peopleOf,
  sayStretch,
  tellOf,
  toOffer,
} from "./rows.ts";

/** "moved" is written down, so it is an answer and not a refusal that would undo it. */
export type Taken = "taken" | "moved";

interface Held {
  row: OfferRow;
  stored: StoredSchedule;
}

/** Takes an offered shift: its override is made here. Of several at once the first has it; taking it twice is no error. */
export async function takeOffer(tx: Tx, by: By, id: string): Promise<Taken> {
  const held = await lockOffer(tx, by, id);
  const taker = personOf(by, held);
  return settle(tx, by, { ...held, taker, trade: null });
}

/** The person who answers; a link or a token has no shifts. */
function personOf(by: By, { stored }: Held): string {
  if (by.actor.type !== "user" || !by.actor.id)
    throw new Refusal("forbidden", "Only a person who is signed in can answer an offer.");
  must(by.actor, "respond", { type: "schedule", team: stored.team?.id ?? null });
  return by.actor.id;
}

async function settle(
  tx: Tx,
  by: By,
  { row, stored, taker, trade }: Held & { taker: string; trade: Span | null },
): Promise<Taken> {
  const people = await peopleOf(tx, stored, by.at);
  const decided = decideTake(toOffer(row), taker, { rules: stored.rules, people, now: by.at });
  if (decided.kind === "done") return "taken";
  if (decided.kind === "moved") {
    await closeMoved(tx, by, { row, stored });
    return "moved";
  }
  if (decided.kind === "refuse") throw new Refusal("conflict", await whyNot(tx, { row, stored }, decided));
  const { id: scheduleId } = stored;
  const first = {
    kind: "replace" as const,
    user: taker,
    replaces: row.owner_id,
    from: decided.from,
    to: row.to_at,
  };
  const override_id = await insertOverride(tx, by, { scheduleId, override: first });
  const trade_override_id = trade && (await insertTrade(tx, by, { row, stored, taker, trade }));
  await closeOffer(tx, by, { row, stored, state: "taken", taken_by: taker, override_id, trade_override_id });
  await scheduleChanged(tx, by, stored.id);
  await tellTaken(tx, by, { row, stored, taker, trade, from: decided.from });
  return "taken";
}

const insertTrade = (
  tx: Tx,
  by: By,
  { row, stored, taker, trade }: Held & { taker: string; trade: Span },
): Promise<string> =>
  insertOverride(tx, by, {
    scheduleId: stored.id,
    override: { kind: "replace", user: row.owner_id, replaces: taker, from: trade.from, to: trade.to },
    // After the first one: overrides act in order.
    createdAt: by.at.add({ microseconds: 1 }),
  });

async function whyNot(
  tx: Tx,
  { row }: Held,
  { because }: Extract<Take, { kind: "refuse" }>,
): Promise<string> {
  switch (because) {
    case "closed": {
      const taker = (await peopleById(tx, [row.taken_by])).get(row.taken_by ?? "")?.name;
      return row.state === "taken"
        ? `${taker ?? "Somebody else"} has taken it already.`
        : `That offer is ${row.state} already.`;
    }
    case "over":
      return "That shift is over.";
    case "own":
      return "It is your own shift; withdraw the offer to keep it.";
    case "not-asked":
      return "This shift was offered to other people. Ask its owner to offer it to you.";
    case "on-call":
      return "You are on call yourself in a part of that time. Somebody else must take it.";
  }
}

/** The shift was changed after it was offered: nobody takes what was not asked for, and its owner is told to ask again. */
export async function closeMoved(tx: Tx, by: By, { row, stored }: Held): Promise<void> {
  await closeOffer(tx, by, { row, stored, state: "moved" });
  await tellOf(tx, by, {
    ...{ stored, to: [row.owner_id, ...(await leadsOf(tx, stored))] },
    title: `A shift that was offered has moved: ${stored.name}`,
    lines: [
      `It was offered for ${sayStretch({ from: row.from_at, to: row.to_at }, stored.timeZone)}, which is no longer one person's shift.`,
      "The offer is closed. Offer the new times if you still need somebody.",
    ],
  });
}

async function tellTaken(
  tx: Tx,
  by: By,
  { row, stored, taker, trade, from }: Held & { taker: string; trade: Span | null; from: Temporal.Instant },
): Promise<void> {
  const people = await peopleById(tx, [row.owner_id, taker]);
  const [owner, other] = [row.owner_id, taker].map((id) => people.get(id)?.name ?? "Somebody");
  const lines = [
    `${other} is on call instead of ${owner}: ${sayStretch({ from, to: row.to_at }, stored.timeZone)}.`,
    ...(trade ? [`In exchange ${owner} takes ${sayStretch(trade, stored.timeZone)}.`] : []),
  ];
  const title = `${other} takes ${owner}'s shift of ${stored.name}`;
  // Also whoever did it: it is their receipt.
  const others = [row.owner_id, taker, ...(await leadsOf(tx, stored))];
  await tellOf(tx, { ...by, actor: { ...by.actor, id: null } }, { stored, to: others, title, lines });
}

/** Says no. When all who were named have, the owner is told that the shift stays theirs. */
export async function declineOffer(tx: Tx, by: By, id: string): Promise<void> {
  const { row, stored } = await lockOffer(tx, by, id);
  const person = personOf(by, { row, stored });
  mustBeOpen(row);
  await answer(tx, by, {
    offer_id: id,
    user_id: person,
    answer: "declined",
    trade_from: null,
    trade_to: null,
  });
  const said = await tx
    .selectFrom("shift_offer_answers")
    .select("user_id")
    .where("offer_id", "=", id)
    .where("answer", "=", "declined")
    .execute();
  await publishSchedule(by.platform, tx, stored);
  if (!allDeclined(toOffer(row), new Set(said.map((each) => each.user_id)))) return;
  await closeOffer(tx, by, { row, stored, state: "declined" });
  const lines = [
    sayStretch({ from: row.from_at, to: row.to_at }, stored.timeZone),
    "Everybody who was asked has declined; it stays yours.",
  ];
  await tellOf(tx, by, {
    stored,
    to: [row.owner_id],
    title: `Nobody takes your shift of ${stored.name}`,
    lines,
  });
}

/** "I take it if you take mine of …": the owner decides. Asking again replaces what was asked before. */
export async function proposeTrade(
  tx: Tx,
  by: By,
  { id, ...input }: { id: string; from: string; to: string },
): Promise<void> {
  const { row, stored } = await lockOffer(tx, by, id);
  const person = personOf(by, { row, stored });
  mustBeOpen(row);
  const { timeZone, rules } = stored;
  const from = readMoment(input.from, { pointer: "/from", timeZone });
  const to = readMoment(input.to, { pointer: "/to", timeZone });
  if (!isBefore(from, to)) throw invalid("/to", "The end is not after the beginning.");
  if (isBefore(from, by.at) || !isAllOnCall(rules, person, { from, to }, by.at))
    throw invalid(
      "/from",
      "You are not on call for all of that time. Name a shift of yours that is to come.",
    );
  mustNotCollide(stored, row, { from, to });
  const people = await peopleOf(tx, stored, by.at);
  const decided = decideTake(toOffer(row), person, { rules, people, now: by.at });
  if (decided.kind === "refuse") throw new Refusal("conflict", await whyNot(tx, { row, stored }, decided));
  await answer(tx, by, { offer_id: id, user_id: person, answer: "trade", trade_from: from, trade_to: to });
  await publishSchedule(by.platform, tx, stored);
  const lines = [
    `For your ${sayStretch({ from: row.from_at, to: row.to_at }, timeZone)}, if you take theirs: ${sayStretch({ from, to }, timeZone)}.`,
    "It is yours to accept.",
  ];
  await tellOf(tx, by, {
    stored,
    to: [row.owner_id],
    title: `${by.actor.name} offers a trade: ${stored.name}`,
    lines,
  });
}

function mustNotCollide({ rules }: StoredSchedule, row: OfferRow, trade: Span): void {
  if (dutyOf(rules, row.owner_id, trade).length > 0)
    throw new Refusal(
      "conflict",
      "They are on call themselves in a part of the time that you offer in exchange.",
    );
}

/** The owner agrees to a trade: both overrides, or neither. */
export async function acceptTrade(
  tx: Tx,
  by: By,
  { id, user }: { id: string; user: string },
): Promise<Taken> {
  const { row, stored } = await lockOffer(tx, by, id);
  mustOwn(by, { row, stored });
  const found = await tx
    .selectFrom("shift_offer_answers")
    .selectAll()
    .where("offer_id", "=", id)
    .where("user_id", "=", user)
    .where("answer", "=", "trade")
    .executeTakeFirst();
  if (!found?.trade_from || !found.trade_to)
    throw new Refusal("missing", "They offer no trade for this shift.");
  const trade = { from: found.trade_from, to: found.trade_to };
  if (row.state === "open") {
    if (isBefore(trade.from, by.at) || !isAllOnCall(stored.rules, user, trade, by.at))
      throw new Refusal(
        "conflict",
        "What they offered in exchange is no longer their shift. Ask them for other times.",
      );
    mustNotCollide(stored, row, trade);
  }
  return settle(tx, by, { row, stored, taker: user, trade });
}

function mustBeOpen(row: OfferRow): void {
  if (row.state !== "open") throw new Refusal("conflict", `That offer is ${row.state} already.`);
}

const answer = (
  tx: Tx,
  by: By,
  said: {
    offer_id: string;
    user_id: string;
    answer: "declined" | "trade";
    trade_from: Temporal.Instant | null;
    trade_to: Temporal.Instant | null;
  },
) =>
  tx
    .insertInto("shift_offer_answers")
    .values({ ...said, at: by.at })
    .onConflict((conflict) => conflict.columns(["offer_id", "user_id"]).doUpdateSet({ ...said, at: by.at }))
    .execute();
