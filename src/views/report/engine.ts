import { actorForUser } from "../../org/actor-load.ts";
import type { Platform } from "../../platform/platform.ts";
import { reportDue } from "./model.ts";
import { type ReportPorts, readReport } from "./read.ts";
import { reportMail } from "./render.ts";
import "../../org/table.ts";
import "./table.ts";

const KIND = "oncall-report";
/** Zones begin their hours at quarters, so nine o'clock is never missed by more than this. */
const EVERY_MINUTES = 15;

interface Lead {
  team: string;
  slug: string;
  user: string;
  email: string;
  zone: string;
}

/** Sends leads the report of the week on Monday at nine by their own clock. */
export async function reportEngine(platform: Platform, ports: ReportPorts): Promise<void> {
  const { due, clock, db } = platform;
  due.handle(KIND, async () => {
    await sendReports(platform, ports);
    const now = clock.now();
    return { again: nextQuarter(now) };
  });
  await due.add(db, { kind: KIND, key: "all", at: clock.now() });
}

const nextQuarter = (now: Temporal.Instant): Temporal.Instant =>
  now
    .add({ seconds: 1 })
    .round({ smallestUnit: "minute", roundingIncrement: EVERY_MINUTES, roundingMode: "ceil" });

/** What is due now and hasn't gone out. One that can't be sent is tried again a quarter of an hour later. */
export async function sendReports(platform: Platform, ports: ReportPorts): Promise<void> {
  if (!platform.mail.available) return;
  for (const lead of await leadsOf(platform)) {
    try {
      await sendReport(platform, ports, lead);
    } catch (error) {
      platform.log.warn({ error, team: lead.slug, to: lead.email }, "the on-call report could not be sent");
    }
  }
}

async function leadsOf({ db }: Platform): Promise<Lead[]> {
  const rows = await db
    .selectFrom("team_members as m")
    .innerJoin("users as u", "u.id", "m.user_id")
    .innerJoin("teams as t", "t.id", "m.team_id")
    .leftJoin("oncall_reports_off as off", "off.team_id", "t.id")
    .select(["t.id as team", "t.slug", "u.id as user", "u.email", "u.time_zone as zone"])
    .where("m.lead", "=", true)
    .where("u.deactivated_at", "is", null)
    .where("off.team_id", "is", null)
    .orderBy("t.slug")
    .orderBy("u.email")
    .execute();
  return rows;
}

async function sendReport(platform: Platform, ports: ReportPorts, lead: Lead): Promise<void> {
  const { db, clock, mail, url } = platform;
  const now = clock.now();
  const week = reportDue(now, lead.zone);
  if (!week) return;
  const key = { team_id: lead.team, user_id: lead.user, week: week.toString() };
  const sent = await db
    .selectFrom("oncall_reports_sent")
    .select("week")
    .where("team_id", "=", key.team_id)
    .where("user_id", "=", key.user_id)
    .where("week", "=", key.week)
    .executeTakeFirst();
  if (sent) return;
  const viewer = await actorForUser(db, lead.user);
  if (!viewer) return;
  const report = await readReport(db, viewer, {
    asked: { team: lead.slug, week, zone: lead.zone, now, url },
    ports,
  });
  // A team that neither is on call nor had an incident has nothing to read.
  const isEmpty = report.incidents.length === 0 && report.rota.people.length === 0;
  if (!isEmpty || report.rota.gaps_ahead.length > 0) await mail.send(reportMail(lead, report));
  await db
    .insertInto("oncall_reports_sent")
    .values({ ...key, sent_at: now })
    .onConflict((conflict) => conflict.doNothing())
    .execute();
}
