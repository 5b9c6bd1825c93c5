import { later } from "../platform/clock.ts";
import type { Platform } from "../platform/platform.ts";
import { type JudgePolicy, type JudgeState, judge, newJudgeState } from "./judge.ts";
import { openConfig } from "./kind-config.ts";
import { type MonitorRow, monitorRows } from "./monitor-json.ts";
import { kindOf } from "./monitors.ts";
import {
  type Coverage,
  type ProbeResult,
  type Prober,
  type ProberOptions,
  startProber,
} from "./prober/prober.ts";
import { createSamples } from "./samples.ts";
import type { Check } from "./schema.ts";
import { commitTransition, type Watched } from "./transition.ts";
import "./table.ts";

/** The running watch of one process. */
export interface Watch {
  prober: Prober;
  coverage(): Coverage;
  stop(): Promise<void>;
}

interface Watching {
  watched: Watched;
  policy: JudgePolicy;
  state: JudgeState;
  /** Results of one monitor are dealt with one after the other. */
  queue: Promise<void>;
}

const COMMIT_AGAIN_MS = 1_000;

/** Checks every monitor that is not paused, judges what comes back, and commits what changed. */
export async function startWatch(
  platform: Platform,
  options: { guard: ProberOptions["guard"] },
): Promise<Watch> {
  const { db, clock, live, log } = platform;
  const samples = createSamples({ db, clock, live, log });
  const all = new Map<string, Watching>();
  const prober = startProber({
    clock,
    guard: options.guard,
    onResult: (id, result) => {
      const watching = all.get(id);
      if (watching) watching.queue = watching.queue.then(() => take(watching, result));
    },
    onFault: (error) => log.error({ error }, "the prober failed and was started again"),
  });

  async function take(watching: Watching, measured: ProbeResult): Promise<void> {
    // The prober counts fractions of a millisecond; instants are kept in whole ones.
    const result = { ...measured, at: Math.round(measured.at), endedAt: Math.round(measured.endedAt) };
    const now = clock.now().epochMilliseconds;
    const judgement = judge(watching.state, result, watching.policy, now);
    const check = checkOf(result, judgement.counted);
    platform.metrics.checks.inc({ status: judgement.counted });
    if (judgement.transition) {
      try {
        await commitTransition(platform, watching.watched, {
          transition: judgement.transition,
          check,
          judge: judgement.state,
        });
      } catch (error) {
        // The state stays as it was, so that the next result leads to the same transition again.
        log.error({ error, monitor: watching.watched.slug }, "a transition could not be stored yet");
        prober.recheckAt(watching.watched.id, now + COMMIT_AGAIN_MS);
        return;
      }
    }
    watching.state = judgement.state;
    samples.add({ monitorId: watching.watched.id, check, judge: judgement.state });
    if (judgement.recheckAt !== undefined) prober.recheckAt(watching.watched.id, judgement.recheckAt);
  }

  async function load(id?: string): Promise<void> {
    const rows = await monitorRows(db)
      .select("services.urgency as service_urgency")
      .$if(id !== undefined, (query) => query.where("monitors.id", "=", id ?? ""))
      .execute();
    const active = rows.filter((row) => row.paused_at === null);
    if (id !== undefined && active.length === 0) {
      all.delete(id);
      prober.remove(id);
    }
    for (const row of active) put(row);
  }

  function put(row: MonitorRow & { service_urgency: "high" | "low" }): void {
    const known = all.get(row.id);
    const watched = watchedOf(row);
    const policy = policyOf(row);
    // Paused and resumed in a moment: the row knows nothing any more, and so must we.
    const forgotten = row.judge === null && row.status === "unknown" && known?.state.status !== "unknown";
    if (known && !forgotten) Object.assign(known, { watched, policy });
    else {
      const state = (row.judge as JudgeState | null) ?? newJudgeState(clock.now().epochMilliseconds);
      all.set(row.id, { watched, policy, state, queue: known?.queue ?? Promise.resolve() });
    }
    const config = openConfig(kindOf(row.kind), row.config, platform.secrets);
    prober.set({ id: row.id, kind: row.kind, config, everyMs: row.every_ms, timeoutMs: row.timeout_ms });
    // A new monitor is looked at now, not when its turn on the grid comes.
    if (!known && row.judge === null) prober.recheckAt(row.id, clock.now().epochMilliseconds);
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
  await load();
  // What changed while nobody listened (the database was away) is found here.
  let cancelSweep = () => {};
  const sweep = () => {
    cancelSweep = clock.at(later(clock.now(), 30_000), () => {
      void reloadAll().finally(sweep);
    });
  };
  const reloadAll = async () => {
    try {
      const rows = await db.selectFrom("monitors").select("id").where("paused_at", "is", null).execute();
      const there = new Set(rows.map((row) => row.id));
      for (const id of all.keys()) {
        if (there.has(id)) continue;
        all.delete(id);
        prober.remove(id);
      }
      for (const id of there) if (!all.has(id)) await load(id);
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
      await prober.stop();
      await Promise.all([...all.values()].map(({ queue }) => queue));
      await samples.stop();
    },
  };
}

const watchedOf = (row: MonitorRow & { service_urgency: "high" | "low" }): Watched => ({
  id: row.id,
  slug: row.slug,
  name: row.name,
  serviceId: row.service_id,
  serviceName: row.service_name,
  team: row.team,
  visibility: row.visibility,
  severity: row.severity,
  urgency: row.urgency ?? row.service_urgency,
  labels: row.labels,
});

const policyOf = (row: MonitorRow): JudgePolicy => ({
  everyMs: row.every_ms,
  timeoutMs: row.timeout_ms,
  failures: row.confirm.failures,
  retryEveryMs: row.confirm.retryEveryMs,
  recoveries: row.confirm.recoveries,
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
