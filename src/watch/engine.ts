import type { Selectable } from "kysely";
import { later } from "../platform/clock.ts";
import type { Platform } from "../platform/platform.ts";
import type { Secrets } from "../platform/secrets.ts";
import { startCoverageWatch } from "./coverage-watch.ts";
import {
  type JudgePolicy,
  type JudgeState,
  judge,
  newJudgeState,
  policyOf,
  UNWATCHED,
  unwatched,
} from "./judge.ts";
import { openConfig } from "./kind-config.ts";
import { kindById, type MonitorKind, monitorKinds } from "./kinds/index.ts";
import { NO_TIMINGS } from "./kinds/kind.ts";
import { kindOf } from "./monitors.ts";
import {
  type Coverage,
  type Gap,
  type ProbeResult,
  type Prober,
  type ProberOptions,
  type ProbeTarget,
  startProber,
} from "./prober/prober.ts";
import { createSamples } from "./samples.ts";
import type { Check } from "./schema.ts";
import type { Reference } from "./sight/model.ts";
import { startSight } from "./sight/start.ts";
import { createSlowWindows } from "./slow-windows.ts";
import type { MonitorTable, SlowLimit } from "./table.ts";
import { commitSteady, commitTransition } from "./transition.ts";

/** The running watch of one process. */
export interface Watch {
  prober: Prober;
  coverage(): Coverage;
  stop(): Promise<void>;
}

interface Watching {
  id: string;
  slug: string;
  /** Whom its checks go to; empty when that is nobody in particular. */
  host: string;
  /** Of the row it was read from: a newer one is read again. */
  updatedAt: Temporal.Instant;
  policy: JudgePolicy;
  slow: SlowLimit | null;
  state: JudgeState;
  /** Results of one monitor are dealt with one after the other. */
  queue: Promise<void>;
}

/** Kinds that wait to be told: nothing is checked. */
const TOLD_KINDS = monitorKinds
  .filter(({ probed = true }: MonitorKind) => !probed)
  .map(({ id }) => id as string);
const COMMIT_AGAIN_MS = 1_000;
/** When sight is back, those not seen meanwhile are looked at again one after the other. */
const LOOK_AGAIN_EVERY_MS = 5;

export interface WatchOptions {
  guard: ProberOptions["guard"];
  /** What is asked before failures are believed; without any they always are. */
  references?: readonly Reference[];
}

/** Checks every monitor that is not paused, judges what comes back, and commits what changed. */
export async function startWatch(platform: Platform, options: WatchOptions): Promise<Watch> {
  const { db, clock, live, log } = platform;
  const sight = await startSight(platform, {
    references: options.references ?? [],
    lookAgain(ids) {
      const now = clock.now().epochMilliseconds;
      for (const [i, id] of ids.entries()) prober.recheckAt(id, now + i * LOOK_AGAIN_EVERY_MS);
    },
  });
  const samples = createSamples({ db, clock, live, log });
  const windows = createSlowWindows({ db, clock, log });
  const all = new Map<string, Watching>();
  const prober = startProber({
    clock,
    guard: options.guard,
    onResult: (id, result) => {
      const watching = all.get(id);
      if (watching) watching.queue = watching.queue.then(() => take(watching, result));
    },
    onGap(gap) {
      log.warn(roundedGap(gap), "the clock jumped, the machine slept or the prober stood still");
      const goneMs = gap.sleptMs + gap.stalledMs;
      const now = clock.now().epochMilliseconds;
      const words = gap.sleptMs > gap.stalledMs ? "the machine slept" : "the prober stood still";
      for (const watching of all.values())
        if (goneMs > 0) missed(watching, { fromMs: Math.round(now - goneMs), words });
    },
    onFault: (error) => log.error({ error }, "the prober failed and was started again"),
  });

  async function take(watching: Watching, measured: ProbeResult): Promise<void> {
    // Paused or deleted while it waited here, or begun anew.
    if (all.get(watching.id) !== watching) return;
    // The prober counts fractions of a millisecond; instants are kept in whole ones.
    const whole = { ...measured, at: Math.round(measured.at), endedAt: Math.round(measured.endedAt) };
    const { id, host, state } = watching;
    const reviewed = await sight.review({ id, host, status: state.status }, whole);
    // Paused while the references were asked.
    if (all.get(watching.id) !== watching) return;
    const now = clock.now().epochMilliseconds;
    const result = await windows.review(watching, reviewed);
    const judgement = judge(watching.state, result, watching.policy, now);
    const check = checkOf(result, judgement.counted);
    platform.metrics.checks.inc({ status: judgement.counted });
    const { transition, state: after } = judgement;
    if (transition || judgement.steady) {
      try {
        if (transition) await commitTransition(platform, watching, { transition, check, judge: after });
        else await commitSteady(platform, watching, { check, judge: after });
      } catch (error) {
        // The state stays as it was, so that the next result leads to the same transition again.
        log.error({ error, monitor: watching.slug }, "a transition could not be stored yet");
        prober.recheckAt(watching.id, now + COMMIT_AGAIN_MS);
        return;
      }
    }
    watching.state = judgement.state;
    samples.add({ monitorId: watching.id, check, judge: judgement.state });
    if (judgement.recheckAt !== undefined) prober.recheckAt(watching.id, judgement.recheckAt);
  }

  /** Time in which nobody looked is unknown time in the monitor's history. */
  function missed(watching: Watching, { fromMs, words }: { fromMs: number; words: string }): void {
    const note = async () => {
      if (all.get(watching.id) !== watching) return;
      const { policy, state } = watching;
      const now = clock.now().epochMilliseconds;
      const reason = `[unknown] nobody looked: ${words} from ${instant(fromMs)} on`;
      const gap = unwatched(state, { fromMs, reason }, { policy, now });
      if (!gap) return;
      const check: Check = {
        ...{ at: instant(now), status: "unknown", reason, cause: UNWATCHED },
        ...{ timings: NO_TIMINGS, evidence: null },
      };
      await commitTransition(platform, watching, { transition: gap.transition, check, judge: gap.state });
      watching.state = gap.state;
    };
    watching.queue = watching.queue
      .then(note)
      .catch((error: unknown) => log.error({ error, monitor: watching.slug }, "a gap could not be stored"));
  }

  async function load(id?: string): Promise<void> {
    const rows = await db
      .selectFrom("monitors")
      .select([
        ...(["id", "slug", "kind", "config", "every_ms", "timeout_ms", "confirm", "slow"] as const),
        ...(["status", "judge", "updated_at"] as const),
      ])
      .where("paused_at", "is", null)
      .where("kind", "not in", TOLD_KINDS)
      .$if(id !== undefined, (query) => query.where("id", "=", id ?? ""))
      .execute();
    if (id !== undefined && rows.length === 0) forget(id);
    for (const row of rows) {
      try {
        put(row);
      } catch (error) {
        // One that this version can't read, or whose secrets were sealed under another key, stops no other.
        log.error({ error, monitor: row.slug }, "a monitor cannot be watched");
        forget(row.id);
      }
    }
  }

  function forget(id: string): void {
    all.delete(id);
    windows.forget(id);
    prober.remove(id);
  }

  function put(row: WatchedRow): void {
    const known = all.get(row.id);
    // The limit may be another, and reach back further.
    windows.forget(row.id);
    const target = targetOf(row, platform.secrets);
    const fresh = {
      ...{ id: row.id, slug: row.slug, updatedAt: row.updated_at, policy: policyOf(row) },
      ...{ host: hostOf(target), slow: row.slow },
    };
    // Paused and resumed in a moment: the row knows nothing any more, and so must we.
    const forgotten = row.judge === null && row.status === "unknown" && known?.state.status !== "unknown";
    if (known && !forgotten) Object.assign(known, fresh);
    else {
      const state = (row.judge as JudgeState | null) ?? newJudgeState(clock.now().epochMilliseconds);
      const watching = { ...fresh, state, queue: known?.queue ?? Promise.resolve() };
      all.set(row.id, watching);
      if (state.lastAt !== null)
        missed(watching, { fromMs: state.lastAt, words: "Keepwatch was not running" });
    }
    prober.set(target);
    // A new monitor is looked at now, not when its turn on the grid comes.
    if (row.judge === null && (!known || forgotten)) prober.recheckAt(row.id, clock.now().epochMilliseconds);
  }

  const reloads = new Map<string, Promise<void>>();
  const stopHearing = live.subscribe((event) => {
    if (event.type !== "monitor") return;
    const last = reloads.get(event.id) ?? Promise.resolve();
    const reload = last
      .then(() => load(event.id))
      .catch((error: unknown) => log.error({ error }, "a changed monitor could not be read"))
      .finally(() => {
        if (reloads.get(event.id) === reload) reloads.delete(event.id);
      });
    reloads.set(event.id, reload);
  });
  let stopCoverage = () => {};
  try {
    stopCoverage = await startCoverageWatch(platform, prober.coverage);
    await load();
  } catch (error) {
    stopHearing();
    stopCoverage();
    sight.stop();
    await prober.stop();
    await samples.stop();
    throw error;
  }
  // What changed while nobody listened (the database was away) is found here.
  let cancelSweep = () => {};
  const sweep = () => {
    cancelSweep = clock.at(later(clock.now(), 30_000), () => {
      void reloadAll().finally(sweep);
    });
  };
  const reloadAll = async () => {
    try {
      const rows = await db
        .selectFrom("monitors")
        .select(["id", "updated_at"])
        .where("paused_at", "is", null)
        .where("kind", "not in", TOLD_KINDS)
        .execute();
      const there = new Map(rows.map((row) => [row.id, row.updated_at]));
      for (const id of all.keys()) if (!there.has(id)) forget(id);
      for (const [id, updatedAt] of there) if (!all.get(id)?.updatedAt.equals(updatedAt)) await load(id);
    } catch (error) {
      log.warn({ error }, "monitors could not be compared with the database");
    }
  };
  sweep();
  return {
    prober,
    coverage: () => prober.coverage(),
    async stop() {
      stopHearing();
      cancelSweep();
      stopCoverage();
      sight.stop();
      await prober.stop();
      await Promise.all([...all.values()].map(({ queue }) => queue));
      await samples.stop();
    },
  };
}

type WatchedRow = Pick<
  Selectable<MonitorTable>,
  | "id"
  | "slug"
  | "kind"
  | "config"
  | "every_ms"
  | "timeout_ms"
  | "confirm"
  | "slow"
  | "status"
  | "judge"
  | "updated_at"
>;

/** A configuration that an older version accepted may have none. */
function hostOf({ kind, config }: ProbeTarget): string {
  try {
    return kindById(kind)?.host(config) ?? "";
  } catch {
    return "";
  }
}

const targetOf = (row: WatchedRow, secrets: Secrets): ProbeTarget => ({
  id: row.id,
  kind: row.kind,
  config: openConfig(kindOf(row.kind), row.config, secrets),
  everyMs: row.every_ms,
  timeoutMs: row.timeout_ms,
});

const instant = (ms: number): string =>
  Temporal.Instant.fromEpochMilliseconds(ms).toString({ smallestUnit: "second" });

const roundedGap = (gap: Gap): Gap => ({
  jumpedMs: Math.round(gap.jumpedMs),
  sleptMs: Math.round(gap.sleptMs),
  stalledMs: Math.round(gap.stalledMs),
});

/** A result as it is stored and shown. */
export function checkOf(result: ProbeResult, counted: Check["status"]): Check {
  const at = Temporal.Instant.fromEpochMilliseconds(Math.round(result.at)).toString();
  const reason =
    counted === result.status ? result.reason : `${result.reason} (not counted: ${result.suspect})`;
  return {
    at,
    status: counted,
    reason,
    cause: result.cause,
    timings: result.timings,
    evidence: result.evidence,
  };
}
