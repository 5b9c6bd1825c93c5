import { type By, by as handOf, SYSTEM } from "../../org/actor.ts";
import { isBefore } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { inTransaction } from "../../platform/database/transaction.ts";
import { common, joinSpans, without } from "../../platform/hours/spans.ts";
import type { Platform } from "../../platform/platform.ts";
import { outOfOfficeWithin } from "../calendar/out-of-office.ts";
import { schedulesMentioning } from "../on-call.ts";
import { peopleById } from "../people.ts";
import type { Schedule, Span } from "../schedule/types.ts";
import { lockSchedule, namedFrom, type StoredSchedule, toOverride } from "../stored.ts";
import { dutyOf, isAllOnCall } from "./model.ts";
import { insertOffer } from "./offers.ts";
import { closeOffer, EXPIRE, leadsOf, lockOffer, type OfferRow, sayStretch, tellOf } from "./rows.ts";
import { closeMoved } from "./take.ts";
import { REVIEW } from "./wake.ts";

/** How far ahead cover is asked for; a shift that begins later is asked for when it comes nearer. */
const AHEAD_DAYS = 60;
/** Beyond it, so that a shift across the edge is offered whole. */
const MARGIN_DAYS = 35;
const DAILY = "all";

/** Offers that run out, shifts that move under their offers, and people who are away. */
export async function swapEngine(platform: Platform): Promise<void> {
  const { due, db, clock } = platform;
  const hand = () => handOf(platform, SYSTEM);
  due.handle(EXPIRE, async ({ key }) => {
    await inTransaction(db, (tx) => expireOffer(tx, hand(), key));
    return undefined;
  });
  due.handle(REVIEW, async ({ key }) => {
    for (const slug of await slugsOf(platform, key))
      await inTransaction(db, (tx) => reviewSchedule(tx, hand(), slug));
    return key === DAILY ? { again: clock.now().add({ hours: 24 }) } : undefined;
  });
  await due.add(db, { kind: REVIEW, key: DAILY, at: clock.now() });
}

async function slugsOf({ db, clock }: Platform, key: string): Promise<string[]> {
  const [what, id = ""] = key.split(":");
  if (what === "user") return (await schedulesMentioning(db, id, clock.now())).map(({ slug }) => slug);
  const rows = await db
    .selectFrom("schedules")
    .select("slug")
    .$if(what === "schedule", (query) => query.where("id", "=", id))
    .orderBy("slug")
    .execute();
  return rows.map((row) => row.slug);
}

async function expireOffer(tx: Tx, by: By, id: string): Promise<void> {
  const exists = await tx.selectFrom("shift_offers").select("id").where("id", "=", id).executeTakeFirst();
  if (!exists) return;
  const { row, stored } = await lockOffer(tx, by, id);
  if (row.state !== "open" || isBefore(by.at, row.expires_at)) return;
  await closeOffer(tx, by, { row, stored, state: "expired" });
  await tellOf(tx, by, {
    ...{ stored, to: [row.owner_id] },
    title: `Nobody took your shift of ${stored.name}`,
    lines: [
      sayStretch({ from: row.from_at, to: row.to_at }, stored.timeZone),
      "The offer has run out; the shift is yours.",
    ],
  });
}

/** Brings a schedule's offers in line with what it says now. Doing it again changes nothing. */
export async function reviewSchedule(tx: Tx, by: By, slug: string): Promise<void> {
  const stored = await lockSchedule(tx, slug, by.at);
  const rows = await tx
    .selectFrom("shift_offers")
    .selectAll()
    .where("schedule_id", "=", stored.id)
    .where("state", "in", ["open", "taken"])
    .where("to_at", ">", by.at)
    .forUpdate()
    .execute();
  const away = await awayFrom(tx, by, stored, rows);
  const open: OfferRow[] = [];
  for (const row of rows) {
    if (row.state === "taken") await reviewTaken(tx, by, { row, stored });
    else if (await reviewOpen(tx, by, { row, stored, away })) open.push(row);
  }
  await askForCover(tx, by, { stored, away, open });
}

type Away = ReadonlyMap<string, readonly Span[]>;

async function awayFrom(tx: Tx, by: By, stored: StoredSchedule, rows: readonly OfferRow[]): Promise<Away> {
  const users = [
    ...new Set([
      ...namedFrom(stored.rules, by.at),
      ...stored.overrides.flatMap((row) => row.user_id ?? []),
      ...rows.map((row) => row.owner_id),
    ]),
  ];
  const found = await outOfOfficeWithin(tx, {
    users,
    from: by.at,
    to: by.at.add({ hours: 24 * AHEAD_DAYS }),
  });
  return Map.groupBy(found, (entry) => entry.user);
}

/** Answers whether it stays open. */
async function reviewOpen(
  tx: Tx,
  by: By,
  { row, stored, away }: { row: OfferRow; stored: StoredSchedule; away: Away },
): Promise<boolean> {
  const isTheirs = isAllOnCall(stored.rules, row.owner_id, { from: row.from_at, to: row.to_at }, by.at);
  if (row.kind !== "away") {
    if (!isTheirs) await closeMoved(tx, by, { row, stored });
    return isTheirs;
  }
  const ahead = { from: isBefore(row.from_at, by.at) ? by.at : row.from_at, to: row.to_at };
  const isAway = without([ahead], away.get(row.owner_id) ?? []).length === 0;
  if (isTheirs && isAway) return true;
  // What is still to be covered is asked for anew, by its new times.
  await closeOffer(tx, by, { row, stored, state: isAway ? "moved" : "withdrawn" });
  return false;
}

/** Somebody agreed to these hours, so their override stays as agreed; where it covers less than it did, both are told. */
async function reviewTaken(
  tx: Tx,
  by: By,
  { row, stored }: { row: OfferRow; stored: StoredSchedule },
): Promise<void> {
  if (row.moved_at !== null) return;
  const mine = stored.overrides.find((override) => override.id === row.override_id);
  if (!mine) return;
  const before: Schedule = {
    ...stored.rules,
    overrides: stored.overrides.filter((override) => isEarlier(override, mine)).map(toOverride),
  };
  if (isAllOnCall(before, row.owner_id, { from: mine.from_at, to: mine.to_at }, by.at)) return;
  await tx.updateTable("shift_offers").set({ moved_at: by.at }).where("id", "=", row.id).execute();
  const people = await peopleById(tx, [row.owner_id, row.taken_by]);
  const [owner, taker] = [row.owner_id, row.taken_by].map((id) => people.get(id ?? "")?.name ?? "Somebody");
  await tellOf(tx, by, {
    ...{ stored, to: [row.owner_id, row.taken_by, ...(await leadsOf(tx, stored))] },
    title: `A shift that ${taker} took has moved: ${stored.name}`,
    lines: [
      `${taker} agreed to ${sayStretch({ from: mine.from_at, to: mine.to_at }, stored.timeZone)} instead of ${owner}, and ${owner}'s shift is no longer all of that time.`,
      `${taker} comes in only where the two meet. ${owner}: offer the new times if you still need somebody.`,
    ],
  });
}

const isEarlier = (
  a: { id: string; created_at: Temporal.Instant },
  b: { id: string; created_at: Temporal.Instant },
): boolean =>
  (Temporal.Instant.compare(a.created_at, b.created_at) || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0)) < 0;

/** Asks for cover where somebody is away and on call, and nobody has been asked. They stay on call until it is taken. */
async function askForCover(
  tx: Tx,
  by: By,
  { stored, away, open }: { stored: StoredSchedule; away: Away; open: readonly OfferRow[] },
): Promise<void> {
  const end = by.at.add({ hours: 24 * AHEAD_DAYS });
  const range = { from: by.at, to: end.add({ hours: 24 * MARGIN_DAYS }) };
  for (const [owner, entries] of away) {
    const asked = open
      .filter((row) => row.owner_id === owner)
      .map((row) => ({ from: row.from_at, to: row.to_at }));
    const duty = dutyOf(stored.rules, owner, range).filter((span) => isBefore(span.from, end));
    const needed = joinSpans(entries).flatMap((entry) => duty.flatMap((span) => common(span, entry) ?? []));
    for (const span of without(needed, asked)) {
      const ask = { kind: "away" as const, asked: null, note: "", expiresAt: span.to };
      await insertOffer(tx, by, { stored, owner, span, ...ask });
    }
  }
}
