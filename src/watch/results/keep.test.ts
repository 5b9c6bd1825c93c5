import assert from "node:assert/strict";
import { test } from "node:test";
import { sql } from "kysely";
import { type TestPlatform, testPlatform } from "../../../test/support/platform.ts";
import { json } from "../../platform/database/tables.ts";
import { newId } from "../../platform/ids.ts";
import type { Keep } from "../schema.ts";
import { dropOldDays, packFullHours } from "./keep.ts";
import { readChecks, readHours, readRecent } from "./store.ts";

const at = (text: string) => Temporal.Instant.from(text);

async function monitor(
  { platform: { db, clock } }: TestPlatform,
  slug: string,
  keep: Keep = "30d",
): Promise<string> {
  const [service, id] = [newId(clock), newId(clock)];
  const made = { created_at: clock.now(), updated_at: clock.now() };
  await db
    .insertInto("services")
    .values({ id: service, slug, name: slug, ...made })
    .execute();
  await db
    .insertInto("monitors")
    .values({
      ...{ id, slug, name: slug, keep, service_id: service, kind: "http", config: json({}) },
      ...{ every_ms: 60_000, timeout_ms: 10_000, status_since: clock.now(), ...made },
      confirm: json({ failures: 3, retryEveryMs: [1_000], recoveries: 1 }),
    })
    .execute();
  return id;
}

/** A check a minute; every tenth is down. */
async function insertMinutes(t: TestPlatform, id: string, from: string, count: number): Promise<void> {
  await sql`
    insert into check_results (monitor_id, at, status, connect_ms, total_ms, reason)
    select ${id}::uuid, ${at(from)}::timestamptz + n * interval '1 minute',
      case when n % 10 = 9 then 'down' else 'up' end, 5, 100 + n, case when n % 10 = 9 then '[status] 502' end
    from generate_series(0, ${count - 1}::integer) n`.execute(t.platform.db);
}

test("full hours are packed, and read as they were; the hour that runs stays as it is", async () => {
  await using t = await testPlatform({ at: "2026-11-23T10:30:00Z" });
  const { db } = t.platform;
  const [id, other] = [await monitor(t, "shop"), await monitor(t, "other", "7d")];
  await insertMinutes(t, id, "2026-11-22T22:00:00Z", 750);
  await insertMinutes(t, other, "2026-11-23T09:30:00Z", 60);
  const span = { from: at("2026-11-22T23:30:00Z"), to: at("2026-11-23T10:15:00Z") };
  const before = await readChecks(db, id, span);
  const hoursBefore = await readHours(db, [id, other], span);
  assert.equal(before.length, 645);
  assert.equal(await packFullHours(db, t.clock.now()), 720 + 30);
  assert.deepEqual(await readChecks(db, id, span), before);
  const hours = await readHours(db, [id, other], span);
  assert.deepEqual(
    hours
      .get(id)
      ?.slice(1)
      .map(({ at: hour, figures }) => [hour, figures.counts]),
    hoursBefore
      .get(id)
      ?.slice(1)
      .map(({ at: hour, figures }) => [hour, figures.counts]),
  );
  const left = await db.selectFrom("check_results").select("at").where("monitor_id", "=", id).execute();
  assert.equal(left.length, 30);
  assert.equal(await packFullHours(db, t.clock.now()), 0, "nothing is moved twice");
  const recent = (await readRecent(db, [id, other], { now: t.clock.now(), count: 60 })).get(id) ?? [];
  assert.deepEqual([recent.length, recent.at(-1)?.at], [60, at("2026-11-23T10:29:00Z").epochMilliseconds]);
});

test("a check that comes after its hour was packed joins it, and is counted once", async () => {
  await using t = await testPlatform({ at: "2026-11-23T11:30:00Z" });
  const { db } = t.platform;
  const id = await monitor(t, "shop");
  await insertMinutes(t, id, "2026-11-23T09:00:00Z", 50);
  await packFullHours(db, t.clock.now());
  await insertMinutes(t, id, "2026-11-23T09:50:00Z", 10);
  assert.equal(await packFullHours(db, t.clock.now()), 10);
  const span = { from: at("2026-11-23T09:00:00Z"), to: at("2026-11-23T10:00:00Z") };
  assert.equal((await readChecks(db, id, span)).length, 60);
  const [hour] = (await readHours(db, [id], span)).get(id) ?? [];
  assert.deepEqual(hour?.figures.counts, { up: 54, degraded: 0, down: 6, unknown: 0 });
});

test("each class of monitors is let go after its own days, a day at a time; figures by the hour stay", async () => {
  await using t = await testPlatform({ at: "2026-11-23T11:30:00Z" });
  const { db, clock } = { ...t.platform, clock: t.clock };
  const ids = {
    "7d": await monitor(t, "a", "7d"),
    "30d": await monitor(t, "b"),
    "90d": await monitor(t, "c", "90d"),
  };
  const day = (ago: number) =>
    `${clock.now().toZonedDateTimeISO("UTC").toPlainDate().subtract({ days: ago })}T12:00:00Z`;
  for (const id of Object.values(ids))
    for (const ago of [6, 7, 9, 29, 32, 89, 92]) await insertMinutes(t, id, day(ago), 2);
  await packFullHours(db, clock.now());
  await dropOldDays(db, clock.now());
  const all = { from: at("2026-01-01T00:00:00Z"), to: clock.now() };
  const left = async (id: string) => [
    ...new Set(
      (await readChecks(db, id, all)).map((each) =>
        Math.round((at(day(0)).epochMilliseconds - each.at) / 86_400_000),
      ),
    ),
  ];
  assert.deepEqual(await left(ids["7d"]), [7, 6]);
  assert.deepEqual(await left(ids["30d"]), [29, 9, 7, 6]);
  assert.deepEqual(await left(ids["90d"]), [89, 32, 29, 9, 7, 6]);
  assert.equal((await readHours(db, [ids["7d"]], all)).get(ids["7d"])?.length, 7);
  assert.deepEqual(await dropOldDays(db, clock.now()), []);
});

test("a deleted monitor takes its packed results along", async () => {
  await using t = await testPlatform({ at: "2026-11-23T11:30:00Z" });
  const { db } = t.platform;
  const id = await monitor(t, "shop");
  await insertMinutes(t, id, "2026-11-23T09:00:00Z", 60);
  await packFullHours(db, t.clock.now());
  await db.deleteFrom("monitors").where("id", "=", id).execute();
  const { rows } = await sql`select 1 from check_chunks union all select 1 from check_days`.execute(db);
  assert.equal(rows.length, 0);
});
