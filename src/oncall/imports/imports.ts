import type { Selectable } from "kysely";
import type { z } from "zod";
import type { Actor, By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { can, must } from "../../org/can.ts";
import { findUser } from "../../org/people.ts";
import { isBefore } from "../../platform/clock.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { isId, newId } from "../../platform/ids.ts";
import { invalid, missing } from "../../platform/refusal.ts";
import type { ImportedSpan } from "../calendar/parse.ts";
import { peopleById } from "../people.ts";
import { reviewOffers } from "../swaps/wake.ts";
import { type AwayEvent, awayEvents } from "./model.ts";
import type { CalendarImportInput, calendarImport } from "./schema.ts";
import type { CalendarImportTable } from "./table.ts";
import "../calendar/table.ts";

export const READ = "calendar-import";
export type ImportRow = Selectable<CalendarImportTable>;

const resource = (userId: string | null) =>
  userId === null ? { type: "installation" } : { type: "person", owner: userId };
const action = (userId: string | null) => (userId === null ? ("administer" as const) : ("edit" as const));

/** Has a calendar read for time away: one's own, or as an administrator one that names people. Answers with its id. */
export async function addImport(tx: Tx, by: By, input: CalendarImportInput): Promise<string> {
  const url = readAddress(input.url);
  const ref = input.user === undefined ? by.actor.id : input.user;
  const person = ref === null ? null : await findUser(tx, ref);
  const userId = person?.id ?? null;
  must(by.actor, action(userId), resource(userId));
  const id = newId(by.platform.clock);
  const row = { id, user_id: userId, host: url.host, words: input.words, created_at: by.at };
  await tx
    .insertInto("calendar_imports")
    .values({
      ...row,
      url_sealed: by.platform.secrets.seal(url.href),
      created_by: by.actor.id ?? by.actor.name,
    })
    .execute();
  const after = { user: person?.email ?? null, host: url.host, words: input.words };
  await audit(tx, by, {
    action: "created",
    type: "calendar_import",
    id,
    name: person?.name ?? url.host,
    after,
  });
  await by.platform.due.add(tx, { kind: READ, key: id, at: by.at });
  return id;
}

function readAddress(text: string): URL {
  const url = URL.parse(text.replace(/^webcals?:/i, "https:"));
  if (!url || !["http:", "https:"].includes(url.protocol))
    throw invalid("/url", "That is not the address of a calendar; it begins with https:// or webcal://.");
  return url;
}

/** Stops reading it. What it said is to come goes with it; what has begun ends now. */
export async function removeImport(tx: Tx, by: By, id: string): Promise<void> {
  const row = await importRow(tx, by.actor, id);
  await applyEvents(tx, by, row, []);
  await tx.deleteFrom("calendar_imports").where("id", "=", row.id).execute();
  await by.platform.due.cancel(tx, READ, row.id);
  const before = { host: row.host, words: row.words };
  await audit(tx, by, { action: "deleted", type: "calendar_import", id: row.id, name: row.host, before });
}

/** One that the actor may change; `missing` for any other. */
export async function importRow(db: DbOrTx, actor: Actor, id: string): Promise<ImportRow> {
  const row = isId(id)
    ? await db.selectFrom("calendar_imports").selectAll().where("id", "=", id).executeTakeFirst()
    : undefined;
  if (!row || !can(actor, action(row.user_id), resource(row.user_id))) throw missing(`calendar import ${id}`);
  return row;
}

export async function importsFor(db: DbOrTx, viewer: Actor): Promise<z.output<typeof calendarImport>[]> {
  const rows = await db
    .selectFrom("calendar_imports")
    .selectAll()
    .orderBy("created_at")
    .orderBy("id")
    .execute();
  const mine = rows.filter((row) => can(viewer, action(row.user_id), resource(row.user_id)));
  const people = await peopleById(
    db,
    mine.map((row) => row.user_id),
  );
  return mine.map(({ id, host, words, failure, events, unmatched, ...row }) => ({
    ...{ id, host, words, failure, events, unmatched, user: people.get(row.user_id ?? "") ?? null },
    ...{
      last_tried_at: row.last_tried_at?.toString() ?? null,
      last_read_at: row.last_read_at?.toString() ?? null,
    },
  }));
}

/** What a reading gave: the times away are made those of the calendar. Also of one that was removed meanwhile. */
export async function keepReading(
  tx: Tx,
  by: By,
  { id, spans }: { id: string; spans: readonly ImportedSpan[] },
): Promise<void> {
  const row = await tx
    .selectFrom("calendar_imports")
    .selectAll()
    .where("id", "=", id)
    .forUpdate()
    .executeTakeFirst();
  if (!row) return;
  const known = await tx
    .selectFrom("users")
    .select(["id", "name", "email"])
    .where("deactivated_at", "is", null)
    .execute();
  const { events, unmatched } = awayEvents(spans, { user: row.user_id, words: row.words, known });
  await applyEvents(tx, by, row, events);
  await tx
    .updateTable("calendar_imports")
    .set({
      last_tried_at: by.at,
      last_read_at: by.at,
      failure: null,
      events: events.length,
      unmatched: json(unmatched.slice(0, 100)),
    })
    .where("id", "=", id)
    .execute();
}

export const keepFailure = (
  tx: Tx,
  by: By,
  { id, failure }: { id: string; failure: string },
): Promise<unknown> =>
  tx
    .updateTable("calendar_imports")
    .set({ last_tried_at: by.at, failure: failure.slice(0, 500) })
    .where("id", "=", id)
    .execute();

const signature = (event: AwayEvent): string =>
  JSON.stringify([event.user, `${event.from}`, `${event.to}`, event.summary]);

async function applyEvents(tx: Tx, by: By, row: ImportRow, events: readonly AwayEvent[]): Promise<void> {
  const stored = await tx
    .selectFrom("out_of_office")
    .selectAll()
    .where("import_id", "=", row.id)
    .where("to_at", ">", by.at)
    .execute();
  const cut = events
    .map((event) => ({ ...event, summary: event.summary.slice(0, 200) }))
    .filter((event) => isBefore(by.at, event.to));
  const wanted = new Map(cut.map((event) => [signature(event), event]));
  const touched = new Set<string>();
  for (const each of stored) {
    const key = signature({ user: each.user_id, from: each.from_at, to: each.to_at, summary: each.summary });
    if (wanted.delete(key)) continue;
    touched.add(each.user_id);
    // What was, was: one that has begun ends now.
    if (isBefore(each.from_at, by.at))
      await tx.updateTable("out_of_office").set({ to_at: by.at }).where("id", "=", each.id).execute();
    else await tx.deleteFrom("out_of_office").where("id", "=", each.id).execute();
  }
  for (const { user, from, to, summary } of wanted.values()) {
    touched.add(user);
    await tx
      .insertInto("out_of_office")
      .values({
        ...{
          id: newId(by.platform.clock),
          user_id: user,
          from_at: from,
          to_at: to,
          summary,
          import_id: row.id,
        },
        ...{ source: "ical", created_by: `calendar at ${row.host}`, created_at: by.at },
      })
      .execute();
  }
  for (const user of touched) await reviewOffers(tx, by, { user });
}
