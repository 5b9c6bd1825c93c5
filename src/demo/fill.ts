import { SECTIONS } from "../config/document.ts";
import type { Entry } from "../config/section.ts";
import { sections } from "../config/sections/index.ts";
import { setServiceDependencies } from "../config/sections/services.ts";
import { changeActionItem, createActionItem } from "../learn/action-items.ts";
import { createPostmortem } from "../learn/create.ts";
import { changePostmortem, publishPostmortem } from "../learn/postmortems.ts";
import { sayVerdict, sayWhyAgain } from "../learn/problems/verdict.ts";
import { type Actor, type By, SYSTEM } from "../org/actor.ts";
import { actorForUser } from "../org/actor-load.ts";
import { hashPassword, storePassword } from "../org/passwords.ts";
import type { Tx } from "../platform/database/database.ts";
import { json } from "../platform/database/tables.ts";
import { inTransaction } from "../platform/database/transaction.ts";
import type { Platform } from "../platform/platform.ts";
import { StartError } from "../platform/start-error.ts";
import { type JudgeState, newJudgeState } from "../watch/judge.ts";
import { cast } from "./cast.ts";
import { DEMO_DAYS, type MonitorPast, writeHistory } from "./history.ts";
import { LESSONS, type Lesson } from "./lessons.ts";
import { beganAt, type StoryMonitor, tellStory } from "./past.ts";
import { STORIES, type Story } from "./stories.ts";
import "../watch/table.ts";

const ADMIN = "ada@harbour.example";
const PASSWORD = "keep-the-light-on";

/** Makes the demo's 90 days once, in one transaction, and says how to sign in. The same past every time. */
export async function fillDemo(
  platform: Platform,
  { shopUrl }: { shopUrl: string | undefined },
): Promise<string> {
  const login = `Sign in as ${ADMIN} with the password ${PASSWORD}`;
  const { db, clock } = platform;
  const there = await db.selectFrom("users").select("email").orderBy("created_at").executeTakeFirst();
  if (there) {
    const ours = await db.selectFrom("users").select("id").where("email", "=", ADMIN).executeTakeFirst();
    if (ours) return login;
    throw new StartError(
      "This database has people of its own in it; the demo would mix with them.",
      "Run the demo with another KEEPWATCH_DATA or DATABASE_URL.",
    );
  }
  const now = clock.now();
  const hash = await hashPassword(PASSWORD);
  await inTransaction(db, async (tx) => {
    const past = now.subtract({ hours: 24 * DEMO_DAYS });
    await makeCast(
      tx,
      { platform, actor: SYSTEM, at: past, managedBy: "ui" },
      shopUrl ?? "http://127.0.0.1:7244/",
    );
    const people = await actors(tx);
    const keeper: By = { platform, actor: SYSTEM, at: now, managedBy: "ui" };
    for (const { id } of people.values()) if (id) await storePassword(tx, keeper, { userId: id, hash });
    const monitors = await monitorsOf(tx);
    await writeHistory(tx, pastOf(monitors, now), now.epochMilliseconds);
    await beginUp(tx, past);
    await stayUp(tx, monitors, { past, now });
    const incidents = new Map<string, string>();
    for (const story of STORIES) {
      incidents.set(story.id, await tellStory({ platform, tx, now, people, monitors }, story));
    }
    for (const lesson of LESSONS) await teach(tx, { platform, people, incidents, now }, lesson);
    for (const story of STORIES) await recognise(tx, { platform, people, incidents, now }, story);
    await tx
      .updateTable("installation")
      .set({ name: "Harbour goods", setup_done_at: now, setup_token_hash: null })
      .execute();
  });
  return login;
}

async function makeCast(tx: Tx, by: By, shopUrl: string): Promise<void> {
  const document = cast(shopUrl);
  for (const name of SECTIONS) {
    for (const entry of document[name])
      await sections[name].create(tx, by, sections[name].normalise(entry as Entry));
  }
  for (const service of document.services) await setServiceDependencies(tx, by, service as Entry);
}

async function actors(tx: Tx): Promise<Map<string, Actor>> {
  const rows = await tx.selectFrom("users").select(["id", "email"]).execute();
  const found = new Map<string, Actor>();
  for (const { id, email } of rows) {
    const actor = await actorForUser(tx, id);
    if (actor) found.set(email, actor);
  }
  return found;
}

async function monitorsOf(tx: Tx): Promise<Map<string, StoryMonitor & { everyMs: number }>> {
  const rows = await tx
    .selectFrom("monitors")
    .innerJoin("services", "services.id", "monitors.service_id")
    .select([
      "monitors.id",
      "monitors.slug",
      "monitors.name",
      "monitors.severity",
      "monitors.every_ms",
      "services.id as serviceId",
      "services.name as serviceName",
      "services.urgency",
    ])
    .orderBy("monitors.slug")
    .execute();
  return new Map(rows.map(({ every_ms, ...row }) => [row.slug, { ...row, everyMs: every_ms }]));
}

const pastOf = (
  monitors: ReadonlyMap<string, StoryMonitor & { everyMs: number }>,
  now: Temporal.Instant,
): MonitorPast[] =>
  [...monitors.values()].map((monitor) => ({
    id: monitor.id,
    everyMs: monitor.everyMs,
    outages: STORIES.filter((story) => story.monitor === monitor.slug).map((story) => {
      const from = beganAt(story, now).epochMilliseconds;
      return {
        from,
        to: from + story.lastedMin * 60_000,
        reason: story.reason,
        slow: story.cause.startsWith("latency"),
      };
    }),
  }));

/** Every monitor has been up since the demo's first day, outages apart. */
async function beginUp(tx: Tx, at: Temporal.Instant): Promise<void> {
  const rows = await tx.selectFrom("monitors").select("id").execute();
  await tx
    .insertInto("monitor_transitions")
    .values(
      rows.map(({ id }) => ({
        id: crypto.randomUUID(),
        monitor_id: id,
        at,
        from_status: "unknown" as const,
        to_status: "up" as const,
        reason: "[status] 200",
      })),
    )
    .execute();
  await tx.updateTable("monitors").set({ created_at: at }).execute();
}

/** The watch goes on from where the past ends: up since the last outage. */
async function stayUp(
  tx: Tx,
  monitors: ReadonlyMap<string, StoryMonitor & { everyMs: number }>,
  { past, now }: { past: Temporal.Instant; now: Temporal.Instant },
): Promise<void> {
  for (const { id, outages } of pastOf(monitors, now)) {
    const since = Math.max(past.epochMilliseconds, ...outages.map((outage) => outage.to));
    const judge: JudgeState = { ...newJudgeState(since), status: "up", known: "up" };
    await tx
      .updateTable("monitors")
      .set({ status: "up", status_since: Temporal.Instant.fromEpochMilliseconds(since), judge: json(judge) })
      .where("id", "=", id)
      .execute();
  }
}

interface Teaching {
  platform: Platform;
  people: ReadonlyMap<string, Actor>;
  incidents: ReadonlyMap<string, string>;
  now: Temporal.Instant;
}

/** The postmortem of a story, written two days after it and published the day after that. */
/** Whoever met the failure again said so two hours later, and why it came back. */
async function recognise(
  tx: Tx,
  { platform, people, incidents, now }: Teaching,
  story: Story,
): Promise<void> {
  if (!story.repeats) return;
  const { id, by: name, why, text } = story.repeats;
  const actor = people.get(`${name}@harbour.example`);
  const [incidentId, otherId] = [incidents.get(story.id), incidents.get(id)];
  if (!actor || !incidentId || !otherId) throw new Error(`The demo's story ${story.id} repeats nothing`);
  const by: By = {
    platform,
    actor: { ...actor, role: "admin" },
    at: beganAt(story, now).add({ hours: 2 }),
    managedBy: "ui",
  };
  await sayVerdict(tx, by, { incidentId, otherId, verdict: "same_cause" });
  await sayWhyAgain(tx, by, { incidentId, why, text });
}

async function teach(tx: Tx, { platform, people, incidents, now }: Teaching, lesson: Lesson): Promise<void> {
  const story = STORIES.find((each) => each.id === lesson.story);
  const author = people.get(`${lesson.author}@harbour.example`);
  const incident = incidents.get(lesson.story);
  if (!story || !author || !incident) throw new Error(`The demo's lesson of ${lesson.story} has no story`);
  const wrote = beganAt(story, now).add({ hours: 46 });
  const by: By = { platform, actor: { ...author, role: "admin" }, at: wrote, managedBy: "ui" };
  const id = await createPostmortem(tx, by, { incidents: [incident] });
  await changePostmortem(tx, by, {
    id,
    title: lesson.title,
    headline: lesson.headline,
    tags: lesson.tags,
    sections: {
      causes: lesson.causes,
      resolution: lesson.resolution,
      lessons_well: lesson.well,
      lessons_poorly: lesson.poorly,
      lessons_lucky: lesson.lucky,
    },
  });
  for (const action of lesson.actions) {
    const due = wrote.toZonedDateTimeISO("UTC").toPlainDate().add({ days: action.dueDays });
    const item = await createActionItem(tx, by, {
      postmortem: id,
      title: action.title,
      owner: `${action.owner}@harbour.example`,
      priority: action.priority ?? "normal",
      type: action.type,
      due: due.toString(),
      guard: null,
    });
    if (action.state === "done") {
      const closed = earlier(due.toZonedDateTime({ timeZone: "UTC", plainTime: "15:00" }).toInstant(), now);
      await changeActionItem(tx, { ...by, at: closed }, { id: item, state: "done" });
    }
    if (action.guard) await guard(tx, { item, monitor: action.guard });
  }
  await publishPostmortem(tx, { ...by, at: wrote.add({ hours: 20 }) }, id);
}

const earlier = (a: Temporal.Instant, b: Temporal.Instant): Temporal.Instant =>
  Temporal.Instant.compare(a, b) < 0 ? a : b;

/** Set afterwards: an item cannot be called done while its guard has not been seen up, which of the past is known. */
async function guard(tx: Tx, { item, monitor }: { item: string; monitor: string }): Promise<void> {
  const { id } = await tx
    .selectFrom("monitors")
    .select("id")
    .where("slug", "=", monitor)
    .executeTakeFirstOrThrow();
  await tx.updateTable("action_items").set({ guard_monitor_id: id }).where("id", "=", item).execute();
}
