import { sql } from "kysely";
import type { z } from "zod";
import type { Actor, By } from "../../org/actor.ts";
import { audit } from "../../org/audit.ts";
import { must } from "../../org/can.ts";
import { findUser } from "../../org/people.ts";
import type { DbOrTx, Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import { isId, newId, newToken } from "../../platform/ids.ts";
import type { Platform } from "../../platform/platform.ts";
import { invalid, missing } from "../../platform/refusal.ts";
import { hashToken } from "../../platform/secrets.ts";
import { scheduleResource } from "../schedules.ts";
import { scheduleBySlug } from "../stored.ts";
import type { calendarFeed, calendarFeedCreate, calendarFeedMade } from "./schema.ts";
import "./table.ts";

type FeedJson = z.output<typeof calendarFeed>;
type FeedMade = z.output<typeof calendarFeedMade>;

const feedRows = (db: DbOrTx) =>
  db
    .selectFrom("calendar_feeds")
    .innerJoin("users", "users.id", "calendar_feeds.user_id")
    .leftJoin("schedules", "schedules.id", "calendar_feeds.schedule_id")
    .select([
      "calendar_feeds.id",
      "calendar_feeds.user_id",
      "calendar_feeds.created_at",
      "calendar_feeds.last_read_at",
      "users.name as user_name",
      "users.email as user_email",
      "schedules.slug as schedule_slug",
      "schedules.name as schedule_name",
    ])
    .where("revoked_at", "is", null);

type FeedRow = Awaited<ReturnType<ReturnType<typeof feedRows>["executeTakeFirstOrThrow"]>>;

const toJson = (row: FeedRow): FeedJson => ({
  id: row.id,
  user: { id: row.user_id, name: row.user_name, email: row.user_email },
  schedule:
    row.schedule_slug === null
      ? null
      : { slug: row.schedule_slug, name: row.schedule_name ?? row.schedule_slug },
  created_at: row.created_at.toString(),
  last_read_at: row.last_read_at?.toString() ?? null,
});

/** The feeds that work, the newest first: an administrator sees everybody's, others their own. */
export async function listFeeds(db: DbOrTx, viewer: Actor): Promise<FeedJson[]> {
  let select = feedRows(db);
  if (viewer.role !== "admin") {
    if (viewer.type !== "user" || viewer.id === null) return [];
    select = select.where("calendar_feeds.user_id", "=", viewer.id);
  }
  const rows = await select
    .orderBy("calendar_feeds.created_at", "desc")
    .orderBy("calendar_feeds.id", "desc")
    .execute();
  return rows.map(toJson);
}

/** Makes a secret address for a person: of a schedule, or of their own shifts everywhere. It is shown this once. */
export async function createFeed(
  tx: Tx,
  by: By,
  input: z.output<typeof calendarFeedCreate>,
): Promise<FeedMade> {
  const ref = input.user ?? (by.actor.type === "user" ? by.actor.id : null);
  if (ref === null) throw invalid("/user", "An API token has no shifts; name the person whose feed it is.");
  const person = await findUser(tx, ref);
  must(by.actor, "edit", { type: "person", owner: person.id });
  const schedule = input.schedule === null ? null : await scheduleBySlug(tx, input.schedule, { at: by.at });
  if (schedule) must(by.actor, "read", scheduleResource(schedule.team?.id ?? null));
  const id = newId(by.platform.clock);
  const token = newToken();
  await tx
    .insertInto("calendar_feeds")
    .values({
      ...{ id, user_id: person.id, schedule_id: schedule?.id ?? null, token_hash: hashToken(token) },
      ...{ created_at: by.at, changed_at: by.at, last_read_at: null, revoked_at: null },
    })
    .execute();
  const made = toJson(await feedOf(tx, id));
  await auditFeed(tx, by, "created", made);
  return { ...made, ...addresses(by.platform, token) };
}

/** Gives a feed another secret address; the old one ends at once. */
export async function rotateFeed(tx: Tx, by: By, id: string): Promise<FeedMade> {
  const feed = await mustOwn(tx, by, id);
  const token = newToken();
  await tx
    .updateTable("calendar_feeds")
    .set({ token_hash: hashToken(token), last_read_at: null })
    .where("id", "=", id)
    .execute();
  await auditFeed(tx, by, "rotated", feed);
  return { ...feed, last_read_at: null, ...addresses(by.platform, token) };
}

/** Ends a feed: its address answers 410 from now on. */
export async function revokeFeed(tx: Tx, by: By, id: string): Promise<void> {
  const feed = await mustOwn(tx, by, id);
  await tx
    .updateTable("calendar_feeds")
    .set({ revoked_at: by.at, revisions: json({}) })
    .where("id", "=", id)
    .execute();
  await auditFeed(tx, by, "revoked", feed);
}

async function feedOf(db: DbOrTx, id: string): Promise<FeedRow> {
  const row = isId(id)
    ? await feedRows(db).where("calendar_feeds.id", "=", id).executeTakeFirst()
    : undefined;
  if (!row) throw missing("such calendar feed");
  return row;
}

async function mustOwn(tx: Tx, by: By, id: string): Promise<FeedJson> {
  const row = await feedOf(tx, id);
  // Another person's is said not to exist: even that they have one is theirs.
  if (by.actor.role !== "admin" && row.user_id !== by.actor.id) throw missing("such calendar feed");
  must(by.actor, "edit", { type: "calendar feed", owner: row.user_id });
  return toJson(row);
}

const auditFeed = (tx: Tx, by: By, action: "created" | "rotated" | "revoked", feed: FeedJson) =>
  audit(tx, by, {
    ...{ action, type: "calendar_feed", id: feed.id },
    name: feed.schedule ? feed.schedule.name : `Shifts of ${feed.user.name}`,
    ...(action === "created"
      ? { after: { user: feed.user.email, schedule: feed.schedule?.slug ?? null } }
      : {}),
  });

function addresses({ url }: Pick<Platform, "url">, token: string): { url: string; webcal: string } {
  const https = `${url}/calendar/${token}.ics`;
  return { url: https, webcal: https.replace(/^https?:/, "webcal:") };
}

/** What an address leads to; `revoked` also when its person is deactivated, undefined for an unknown one. */
export async function feedAt(tx: Tx, token: string) {
  const row = await tx
    .selectFrom("calendar_feeds")
    .innerJoin("users", "users.id", "calendar_feeds.user_id")
    .leftJoin("schedules", "schedules.id", "calendar_feeds.schedule_id")
    .selectAll("calendar_feeds")
    .select([
      "schedules.slug as schedule_slug",
      "users.name as user_name",
      "users.time_zone as user_time_zone",
      sql<boolean>`revoked_at is not null or users.deactivated_at is not null`.as("revoked"),
    ])
    .where("token_hash", "=", hashToken(token))
    .forUpdate("calendar_feeds")
    .executeTakeFirst();
  return row;
}
export type FoundFeed = NonNullable<Awaited<ReturnType<typeof feedAt>>>;
