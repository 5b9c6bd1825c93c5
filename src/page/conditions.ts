import { sql } from "kysely";
import type { By } from "../org/actor.ts";
import { pagingPausedUntil } from "../org/installation.ts";
import { quietHoursOf, quietUntil } from "../org/quiet-hours.ts";
import { isBefore, later } from "../platform/clock.ts";
import type { Tx } from "../platform/database/database.ts";
import type { Answer } from "./answer.ts";
import { happened, note, type Told } from "./ledger.ts";
import { BUNDLE_MS, holdUntil, MAY_HAVE_REACHED, type Purpose, type Urgency } from "./model.ts";
import type { DeliveryStatus } from "./schema.ts";

/** While paging is paused, how soon is it seen that somebody ended the pause. */
const PAUSE_LOOK_MS = 5_000;
/** A notice waits for a page that is just going out, so that "resolved" never comes before its page. */
const ORDER_LOOK_MS = 500;
/** How long ago a delivery can have been planned that still counts as part of a storm. */
const STORM_LOOK_BACK_MS = 6 * 3_600_000;

/** A delivery with what its page says; one without a page takes its round from its own content. */
export interface DeliveryRow extends Told {
  person_id: string;
  contact_method_id: string | null;
  channel: string;
  purpose: Purpose;
  status: DeliveryStatus;
  bundle_id: string | null;
  /** The line in which it stands. */
  waits_for: string | null;
  due_at: Temporal.Instant;
  created_at: Temporal.Instant;
  round: number;
  urgency: Urgency;
  page_reason: string | null;
}

/** Until when the message has to wait; null: it goes now. */
export async function notBefore(
  tx: Tx,
  by: By,
  { seen, open }: { seen: DeliveryRow; open: readonly DeliveryRow[] },
): Promise<Temporal.Instant | null> {
  const early = open.every((row) => row.status === "queued" && isBefore(by.at, row.due_at));
  if (early) return open.map((row) => row.due_at).sort(Temporal.Instant.compare)[0] ?? null;
  if (seen.purpose !== "page") return afterItsPage(tx, by, seen);
  const paused = await pagingPausedUntil(tx, by.at);
  if (paused) {
    const look = later(by.at, PAUSE_LOOK_MS);
    return isBefore(paused, look) ? paused : look;
  }
  const quiet = await untilQuietHoursEnd(tx, by, { seen, open });
  if (quiet) return quiet;
  return seen.bundle_id === null ? holdForBundle(tx, by, seen) : null;
}

/** A page of low urgency that is tried again, or brought forward, must not fall into the person's quiet hours. */
async function untilQuietHoursEnd(
  tx: Tx,
  by: By,
  { seen, open }: { seen: DeliveryRow; open: readonly DeliveryRow[] },
): Promise<Temporal.Instant | null> {
  if (open.some((row) => row.urgency === "high" || row.status !== "queued")) return null;
  const until = quietUntil((await quietHoursOf(tx, [seen.person_id])).get(seen.person_id), by.at);
  if (until) await note(tx, by, seen, { dueAt: until, reason: "waits for the end of their quiet hours" });
  return until;
}

/** A page that comes within seconds of another one waits for what else comes, and says so on the ledger. */
async function holdForBundle(tx: Tx, by: By, seen: DeliveryRow): Promise<Temporal.Instant | null> {
  const recent = await tx
    .selectFrom("deliveries as d")
    .innerJoin("delivery_attempts as a", "a.delivery_id", "d.id")
    .innerJoin("pages as p", "p.id", "d.page_id")
    .select(["a.at", "p.urgency", "d.subject_id as subjectId"])
    .select(sql<boolean>`p.answered_at is not null`.as("answered"))
    .where("a.number", "=", 1)
    .where("a.at", ">", later(by.at, -BUNDLE_MS))
    .where("d.person_id", "=", seen.person_id)
    .where("d.created_at", ">", later(by.at, -STORM_LOOK_BACK_MS))
    .where("d.contact_method_id", "=", seen.contact_method_id)
    .where("d.purpose", "=", "page")
    .where("d.status", "not in", ["failed", "cancelled"])
    .execute();
  const until = holdUntil({ subjectId: seen.subject_id, urgency: seen.urgency }, recent, by.at);
  if (until)
    await note(tx, by, seen, {
      dueAt: until,
      reason: "waits to go out together with what else comes in within 30 s",
    });
  return until;
}

async function afterItsPage(tx: Tx, by: By, notice: DeliveryRow): Promise<Temporal.Instant | null> {
  const sending = await tx
    .selectFrom("deliveries")
    .select("id")
    .where("subject_id", "=", notice.subject_id)
    .where("contact_method_id", "=", notice.contact_method_id)
    .where("purpose", "=", "page")
    .where("status", "=", "sending")
    .executeTakeFirst();
  return sending ? later(by.at, ORDER_LOOK_MS) : null;
}

/** Asks the subject about each; what is not wanted any more is cancelled with the reason. */
export async function keepWanted(
  tx: Tx,
  by: By,
  { rows, answer }: { rows: readonly DeliveryRow[]; answer: Answer },
): Promise<DeliveryRow[]> {
  const kept: DeliveryRow[] = [];
  for (const row of rows) {
    const wanted = await answer.wanted(tx, {
      subjectId: row.subject_id,
      round: row.round,
      personId: row.person_id,
      purpose: row.purpose,
    });
    const why = wanted.yes ? await neverPaged(tx, row) : wanted.why;
    if (why === null) kept.push(row);
    else await happened(tx, by, { rows: [row], event: { kind: "unwanted" }, reason: why });
  }
  return kept;
}

/** Who was spared the page is spared its end: a page can be answered between its claim and its sending. */
async function neverPaged(tx: Tx, row: DeliveryRow): Promise<string | null> {
  if (row.purpose !== "resolved" && row.purpose !== "answered") return null;
  const reached = await tx
    .selectFrom("deliveries as d")
    .select("d.id")
    .where("d.subject_id", "=", row.subject_id)
    .where("d.person_id", "=", row.person_id)
    .where("d.purpose", "=", "page")
    .where((eb) =>
      eb.or([
        eb("d.status", "in", MAY_HAVE_REACHED),
        eb.exists(
          eb
            .selectFrom("delivery_attempts as a")
            .select("a.number")
            .whereRef("a.delivery_id", "=", "d.id")
            .where("a.outcome", "in", ["sending", "accepted"]),
        ),
      ]),
    )
    .executeTakeFirst();
  return reached ? null : "the page itself never went out";
}
