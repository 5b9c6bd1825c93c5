import { createHash } from "node:crypto";
import { isBefore, later } from "../../platform/clock.ts";
import type { Tx } from "../../platform/database/database.ts";
import { json } from "../../platform/database/tables.ts";
import type { Platform } from "../../platform/platform.ts";
import { missing, Refusal } from "../../platform/refusal.ts";
import { schedulesMentioning } from "../on-call.ts";
import { peopleById } from "../people.ts";
import type { Span } from "../schedule/types.ts";
import { type StoredSchedule, scheduleBySlug } from "../stored.ts";
import { type FoundFeed, feedAt } from "./feeds.ts";
import { type CalendarEvent, writeCalendar } from "./ics.ts";
import { revise } from "./revisions.ts";
import { slottedShifts } from "./slots.ts";

const PAST_DAYS = 30;
const AHEAD_DAYS = 366;
/** Beyond both ends, so that a shift across them is shown whole and keeps its slot. */
const MARGIN_DAYS = 62;
const READ_STEP_MS = 60_000;

export interface FeedText {
  body: string;
  etag: string;
  changedAt: Temporal.Instant;
}

/**
 * The calendar at a secret address: shifts from 30 days ago to a year ahead, by whole months, so that it is the same
 * from one reading to the next unless something changed. Throws `missing` for an unknown address, `gone` for a revoked.
 */
export async function readFeed(
  tx: Tx,
  platform: Platform,
  { token, remindMinutes }: { token: string; remindMinutes?: number },
): Promise<FeedText> {
  const feed = await feedAt(tx, token);
  if (!feed) throw missing("calendar at this address");
  if (feed.revoked)
    throw new Refusal("gone", "This calendar was ended by its owner. Make a new one in Keepwatch.");
  const now = platform.clock.now();
  const events = await eventsOf(tx, platform, feed, now);
  const { revisions, changed } = revise(
    feed.revisions,
    events.map((event) => ({ uid: event.uid, fingerprint: fingerprint(event) })),
    now,
  );
  if (changed || !feed.last_read_at || !isBefore(now, later(feed.last_read_at, READ_STEP_MS)))
    await tx
      .updateTable("calendar_feeds")
      .set({ last_read_at: now, ...(changed ? { revisions: json(revisions), changed_at: now } : {}) })
      .where("id", "=", feed.id)
      .execute();
  const named = feed.schedule_id === null ? null : await scheduleOf(tx, feed, now);
  const body = writeCalendar({
    name: named ? `On call: ${named.name}` : `On call: ${feed.user_name}`,
    timeZone: named?.timeZone ?? feed.user_time_zone,
    events: events.map((event) => {
      const { sequence, at } = revisions[event.uid]!;
      return { ...event, sequence, at: Temporal.Instant.from(at) };
    }),
    remindMinutes,
  });
  return { body, etag: `"${hash(body)}"`, changedAt: changed ? now : feed.changed_at };
}

const hash = (text: string): string => createHash("sha256").update(text).digest("base64url").slice(0, 22);
const fingerprint = ({ from, to, summary, description }: CalendarEvent): string =>
  hash(JSON.stringify([`${from}`, `${to}`, summary, description]));

const scheduleOf = (tx: Tx, feed: FoundFeed, since: Temporal.Instant): Promise<StoredSchedule> =>
  scheduleBySlug(tx, feed.schedule_slug ?? "", { at: since });

/** What is shown, by whole months of UTC, and the wider range in which shifts are worked out. */
function ranges(now: Temporal.Instant): { shown: Span; computed: Span } {
  const day = now.toZonedDateTimeISO("UTC").startOfDay();
  const first = day.subtract({ days: PAST_DAYS }).with({ day: 1 });
  const last = day.add({ days: AHEAD_DAYS }).with({ day: 1 }).add({ months: 1 });
  return {
    shown: { from: first.toInstant(), to: last.toInstant() },
    computed: {
      from: first.subtract({ days: MARGIN_DAYS }).toInstant(),
      to: last.add({ days: MARGIN_DAYS }).toInstant(),
    },
  };
}

async function eventsOf(
  tx: Tx,
  { url }: Platform,
  feed: FoundFeed,
  now: Temporal.Instant,
): Promise<CalendarEvent[]> {
  const { shown, computed } = ranges(now);
  const stored =
    feed.schedule_id === null
      ? await schedulesMentioning(tx, feed.user_id, computed.from)
      : [await scheduleOf(tx, feed, computed.from)];
  const found = stored.flatMap((schedule) =>
    shiftsOf(schedule, computed)
      .filter((shift) => feed.schedule_id !== null || shift.user === feed.user_id)
      .filter(({ from, to }) => isBefore(shown.from, to) && isBefore(from, shown.to))
      .filter(
        ({ from, to }) => Math.floor(from.epochMilliseconds / 1000) < Math.floor(to.epochMilliseconds / 1000),
      )
      .map((shift) => ({ schedule, shift })),
  );
  const people = await peopleById(
    tx,
    found.map(({ shift }) => shift.user),
  );
  return found
    .sort((a, b) => Temporal.Instant.compare(a.shift.from, b.shift.from))
    .flatMap(({ schedule, shift }) => {
      const name = people.get(shift.user)?.name;
      if (name === undefined) return [];
      const link = `${url}/oncall/schedules/${schedule.slug}`;
      return [
        {
          ...{ uid: uidOf(schedule.id, shift.slot), from: shift.from, to: shift.to, url: link },
          summary: `On call: ${schedule.name} (${name})`,
          description: `${name} is on call for ${schedule.name}.\n${link}`,
        },
      ];
    });
}

const shiftsOf = ({ rules, overrides, timeZone }: StoredSchedule, range: Span) =>
  slottedShifts({
    ...{ rules, timeZone, range },
    overrides: overrides.map(({ id, user_id: user, from_at: from, to_at: to }) => ({ id, user, from, to })),
  });

/** The same in every feed that shows the shift; says nothing of whom or what (RFC 7986 §5.3). */
const uidOf = (scheduleId: string, slot: string): string =>
  `${createHash("sha256").update(`${scheduleId} ${slot}`).digest("hex").slice(0, 32)}@keepwatch`;
