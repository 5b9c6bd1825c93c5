import { type RawBuilder, sql } from "kysely";
import { type Clock, isBefore, later } from "../clock.ts";
import type { Db, DbOrTx } from "../database/database.ts";
import type { Listener } from "../database/listen.ts";
import { notify } from "../database/notify.ts";
import { failpoint } from "../failpoint.ts";
import { newId } from "../ids.ts";
import type { Log } from "../log.ts";
import "./table.ts";

export interface NewJob {
  kind: string;
  /** One row per (kind, key): adding it again moves it earlier and makes a running one run once more. */
  key: string;
  at: Temporal.Instant;
  payload?: unknown;
  maxAttempts?: number;
}

export interface Job {
  id: string;
  kind: string;
  key: string;
  payload: unknown;
  /** 1 on the first run. */
  attempt: number;
  dueAt: Temporal.Instant;
}

/** What a handler may answer: nothing (done), or when to run again, which begins a new count of attempts. */
export type JobResult = { again: Temporal.Instant } | undefined;
export type JobHandler = (job: Job, signal: AbortSignal) => Promise<JobResult>;

/** Timers and jobs: due rows in PostgreSQL, claimed with a lease. At least once; a handler must bear a second run. */
export interface Due {
  add(tx: DbOrTx, job: NewJob): Promise<void>;
  /** Several at once, in one statement. Of jobs with the same kind and key the last counts. */
  addAll(tx: DbOrTx, jobs: readonly NewJob[]): Promise<void>;
  cancel(tx: DbOrTx, kind: string, key: string): Promise<void>;
  handle(kind: string, handler: JobHandler, options?: { concurrency?: number }): void;
  /** Told of a job that has used up its attempts and now lies dead. */
  onDead(tell: (job: Job, error: string) => void): void;
  start(): void;
  /** Claims nothing more, waits up to `drainMs` for what runs, then lets go of the rest at once. */
  stop(drainMs: number): Promise<void>;
  running(): number;
}

const LEASE_MS = 3_000;
const HEARTBEAT_MS = 1_000;
const SWEEP_MS = 1_000;
const CHANNEL = "keepwatch_due";
/** Waits between attempts: 0.5 s doubling to 60 s. */
const backoffMs = (attempt: number): number => Math.min(60_000, 500 * 2 ** (attempt - 1));

interface Handler {
  run: JobHandler;
  concurrency: number;
  active: number;
}

interface ClaimedRow {
  id: string;
  kind: string;
  key: string;
  payload: unknown;
  due_at: Temporal.Instant;
  attempts: number;
  max_attempts: number;
  version: number;
}

export function createDue(options: { db: Db; clock: Clock; listener: Listener; log: Log }): Due {
  const { db, clock, log } = options;
  const handlers = new Map<string, Handler>();
  /** By lease: the same row may run twice here for a moment when a lease was lost to a stalled loop. */
  const running = new Map<
    string,
    { id: string; lease: string; done: Promise<void>; abort: AbortController }
  >();
  const deadEars: ((job: Job, error: string) => void)[] = [];
  let started = false;
  let claiming = false;
  let claimAgain = false;
  let cancelTimer = () => {};
  let timerAt: Temporal.Instant | undefined;
  let cancelBeat = () => {};
  let extending = false;

  options.listener.on(CHANNEL, (payload) => wakeAt(Temporal.Instant.fromEpochMilliseconds(Number(payload))));
  options.listener.onReconnect(() => void claim());

  function wakeAt(at: Temporal.Instant): void {
    if (!started || (timerAt && !isBefore(at, timerAt))) return;
    cancelTimer();
    if (!isBefore(clock.now(), at)) {
      timerAt = undefined;
      void claim();
      return;
    }
    timerAt = at;
    cancelTimer = clock.at(at, () => {
      timerAt = undefined;
      void claim();
    });
  }

  /** Takes what is due, as many of each kind as its concurrency allows, until nothing more can be taken. */
  async function claim(): Promise<void> {
    if (claiming) {
      claimAgain = true;
      return;
    }
    claiming = true;
    try {
      do {
        claimAgain = false;
        const room = freeRoom();
        if (!started || room.size === 0) break;
        const rows = await claimRows({ db, room, now: clock.now() });
        const taken = new Map<string, number>();
        for (const { job, lease } of rows) {
          const handler = handlers.get(job.kind);
          if (!handler) continue;
          run(handler, job, lease);
          taken.set(job.kind, (taken.get(job.kind) ?? 0) + 1);
        }
        for (const [kind, count] of taken) if (count === room.get(kind)) claimAgain = true;
      } while (claimAgain && started && [...handlers.values()].some((h) => h.active < h.concurrency));
      await armTimer();
    } catch (error) {
      log.warn({ error }, "could not look for due jobs; the next sweep will");
      wakeAt(later(clock.now(), SWEEP_MS));
    } finally {
      claiming = false;
      if (claimAgain && started) queueMicrotask(() => void claim());
    }
  }

  /** How many more of each kind may run here; kinds that are full are left out. */
  const freeRoom = (): Map<string, number> =>
    new Map(
      [...handlers]
        .map(([kind, { concurrency, active }]) => [kind, concurrency - active] as const)
        .filter(([, room]) => room > 0),
    );

  async function armTimer(): Promise<void> {
    const free = [...freeRoom().keys()];
    const sweep = later(clock.now(), SWEEP_MS);
    if (free.length === 0) return wakeAt(sweep);
    const row = await db
      .selectFrom("due_jobs")
      .select((eb) => eb.fn.min("due_at").as("due"))
      .where("dead_at", "is", null)
      .where("kind", "in", free)
      .executeTakeFirst();
    const due = row?.due as Temporal.Instant | null | undefined;
    wakeAt(due && isBefore(due, sweep) ? due : sweep);
  }

  function run(handler: Handler, row: ClaimedRow, lease: string): void {
    handler.active += 1;
    const abort = new AbortController();
    const job: Job = {
      id: row.id,
      kind: row.kind,
      key: row.key,
      payload: row.payload,
      attempt: row.attempts,
      dueAt: row.due_at,
    };
    const done = (async () => {
      try {
        const result = await handler.run(job, abort.signal);
        failpoint("due:before-done");
        await finish({ db, row, lease, now: clock.now(), again: result?.again });
      } catch (error) {
        if (!abort.signal.aborted) await fail(row, job, { lease, error });
      }
    })()
      .catch((error: unknown) =>
        log.error({ error, kind: job.kind, key: job.key }, "a job could not be put back"),
      )
      .finally(() => {
        running.delete(lease);
        handler.active -= 1;
        if (started) void claim();
      });
    running.set(lease, { id: row.id, lease, done, abort });
  }

  async function fail(
    row: ClaimedRow,
    job: Job,
    { lease, error }: { lease: string; error: unknown },
  ): Promise<void> {
    const message = error instanceof Error ? error.message : String(error);
    const dead = row.attempts >= row.max_attempts;
    log.warn({ error, kind: job.kind, key: job.key, attempt: job.attempt, dead }, "a job failed");
    await db
      .updateTable("due_jobs")
      .set({
        lease: null,
        last_error: message.slice(0, 2000),
        due_at: later(clock.now(), backoffMs(row.attempts)),
        dead_at: dead ? clock.now() : null,
      })
      .where("id", "=", row.id)
      .where("lease", "=", lease)
      .execute();
    if (dead) for (const tell of deadEars) tell(job, message);
  }

  /** Moves on the lease of everything that still runs here; a job whose lease was lost is told to stop. */
  function beat(): void {
    cancelBeat = clock.at(later(clock.now(), HEARTBEAT_MS), () => {
      if (!started && running.size === 0) return;
      void extendOnce();
      beat();
    });
  }

  /** One at a time: on a slow database two of them would wait for each other's rows. */
  async function extendOnce(): Promise<void> {
    if (extending) return;
    extending = true;
    await extendLeases().catch((error: unknown) => log.warn({ error }, "could not extend leases"));
    extending = false;
  }

  async function extendLeases(): Promise<void> {
    const mine = [...running.values()];
    if (mine.length === 0) return;
    const kept = await db
      .updateTable("due_jobs")
      .set({ due_at: later(clock.now(), LEASE_MS) })
      .where("lease", "in", [...running.keys()])
      .returning("lease")
      .execute();
    const leases = new Set(kept.map((row) => row.lease));
    for (const { lease, abort } of mine) if (!leases.has(lease)) abort.abort(new Error("the lease was lost"));
  }

  return {
    add: (tx, job) => addJobs(tx, clock, [job]),
    addAll: (tx, jobs) => addJobs(tx, clock, jobs),
    async cancel(tx, kind, key) {
      await tx.deleteFrom("due_jobs").where("kind", "=", kind).where("key", "=", key).execute();
    },
    handle(kind, handler, settings = {}) {
      handlers.set(kind, { run: handler, concurrency: settings.concurrency ?? 4, active: 0 });
    },
    onDead: (tell) => void deadEars.push(tell),
    start() {
      started = true;
      beat();
      void claim();
    },
    async stop(drainMs) {
      started = false;
      cancelTimer();
      timerAt = undefined; // started again, it waits for no timer that is gone
      const drained = Promise.all([...running.values()].map(({ done }) => done));
      const limit = AbortSignal.timeout(drainMs);
      await Promise.race([drained, new Promise((resolve) => limit.addEventListener("abort", resolve))]);
      cancelBeat();
      await letGo(
        db,
        clock.now(),
        [...running.values()].map(({ lease }) => lease),
      );
      for (const { abort } of running.values()) abort.abort(new Error("stopping"));
    },
    running: () => running.size,
  };
}

async function addJobs(tx: DbOrTx, clock: Clock, jobs: readonly NewJob[]): Promise<void> {
  // In order of their keys, so that two that add the same ones never wait for each other in a circle.
  const once = [...new Map(jobs.map((job) => [`${job.kind} ${job.key}`, job])).entries()].sort(([a], [b]) =>
    a < b ? -1 : 1,
  );
  const earliest = once.map(([, job]) => job.at).sort(Temporal.Instant.compare)[0];
  if (!earliest) return;
  const rows = once.map(([, job]) => ({
    id: newId(clock),
    kind: job.kind,
    key: job.key,
    payload: JSON.stringify(job.payload ?? {}),
    due_at: job.at.toString(),
    max_attempts: job.maxAttempts ?? 10,
    created_at: clock.now().toString(),
  }));
  const column = <Name extends keyof (typeof rows)[number]>(name: Name) => rows.map((row) => row[name]);
  // A job under way keeps its lease's time; `finish` sees the new version and makes it due again.
  await sql`
    insert into due_jobs (id, kind, key, payload, due_at, max_attempts, created_at)
    select * from unnest(
      ${column("id")}::uuid[], ${column("kind")}::text[], ${column("key")}::text[], ${column("payload")}::jsonb[],
      ${column("due_at")}::timestamptz[], ${column("max_attempts")}::integer[], ${column("created_at")}::timestamptz[])
    on conflict (kind, key) do update set
      payload = excluded.payload,
      version = due_jobs.version + 1,
      due_at = case when due_jobs.lease is null or due_jobs.dead_at is not null
        then least(due_jobs.due_at, excluded.due_at) else due_jobs.due_at end,
      attempts = case when due_jobs.lease is null then 0 else due_jobs.attempts end,
      dead_at = null`.execute(tx);
  await notify(tx, CHANNEL, String(earliest.epochMilliseconds));
}

/**
 * A claim or a job's end may be lost with PostgreSQL's last half second: the job is due again, as after any death of its
 * worker. So these wait for no disk. The setting holds for the statement's own transaction and must be read to be set.
 */
const WITHOUT_WAITING = sql`(select set_config('synchronous_commit', 'off', true)) is not null`;

/** Takes what is due, in one round trip: of each kind as many as there is room for, the earliest first. */
async function claimRows(options: {
  db: Db;
  room: ReadonlyMap<string, number>;
  now: Temporal.Instant;
}): Promise<{ job: ClaimedRow; lease: string }[]> {
  const { db, room, now } = options;
  const { rows } = await sql<ClaimedRow & { lease: string }>`
    update due_jobs set lease = gen_random_uuid(), attempts = attempts + 1, due_at = ${later(now, LEASE_MS)}
    where ${WITHOUT_WAITING} and id in (
      select job.id
      from unnest(${[...room.keys()]}::text[], ${[...room.values()]}::integer[]) as free(kind, room)
      cross join lateral (
        select id from due_jobs
        where kind = free.kind and dead_at is null and due_at <= ${now}
        order by due_at limit free.room for update skip locked) as job)
    returning id, kind, key, payload, due_at, attempts, max_attempts, version, lease`.execute(db);
  return rows.map((job) => ({ job, lease: job.lease }));
}

/** Deletes the job if the lease is still ours and nobody asked for another run; otherwise makes it due again. */
async function finish(options: {
  db: Db;
  row: ClaimedRow;
  lease: string;
  now: Temporal.Instant;
  again: Temporal.Instant | undefined;
}): Promise<void> {
  const { db, row, lease, now, again } = options;
  if (!again) {
    const deleted = await db
      .deleteFrom("due_jobs")
      .where("id", "=", row.id)
      .where("lease", "=", lease)
      .where("version", "=", row.version)
      .where(sql<boolean>`${WITHOUT_WAITING}`)
      .executeTakeFirst();
    if (deleted.numDeletedRows > 0n) return;
  }
  const next: RawBuilder<Temporal.Instant> = again
    ? sql`case when version = ${row.version} then ${again}::timestamptz else ${now}::timestamptz end`
    : sql`${now}::timestamptz`;
  await db
    .updateTable("due_jobs")
    .set({ lease: null, attempts: 0, last_error: null, due_at: next })
    .where("id", "=", row.id)
    .where("lease", "=", lease)
    .execute();
}

async function letGo(db: Db, now: Temporal.Instant, leases: string[]): Promise<void> {
  if (leases.length === 0) return;
  await db.updateTable("due_jobs").set({ lease: null, due_at: now }).where("lease", "in", leases).execute();
}
